/** What a run on real servers shows of what it broke: why, in words, and its trace in a file. */
import type { TraceOf } from '../real/history/trace.js';
import type { Property } from '../verdict.js';
import type { Session } from './context.js';
import { writeOutput } from './output-file.js';
import { indented } from './text.js';
import { ourVersion } from './version.js';

/** Why a property broke in that run. */
export function whyLines({ terminal }: Session, trace: TraceOf, property: Property): string[] {
  const { violations } = trace(ourVersion());
  const why = violations.find((violation) => violation.property === property)?.why ?? '';
  return why === '' ? [] : indented(why, terminal.columns, '  why: ', '       ');
}

export function writeRealTrace({ terminal }: Session, file: string, trace: TraceOf): void {
  writeOutput('--trace', file, `${JSON.stringify(trace(ourVersion()))}\n`);
  terminal.note(`the trace of the run is in ${file}; npx holdfast view ${file} shows it`);
}
