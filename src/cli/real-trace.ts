/** The trace of a run on real servers, in a file. */
import type { TraceOf } from '../real/history/trace.js';
import type { Session } from './context.js';
import { writeOutput } from './output-file.js';
import { ourVersion } from './version.js';

export function writeRealTrace({ terminal }: Session, file: string, trace: TraceOf): void {
  writeOutput('--trace', file, `${JSON.stringify(trace(ourVersion()))}\n`);
  terminal.note(`the trace of the run is in ${file}; npx holdfast view ${file} shows it`);
}
