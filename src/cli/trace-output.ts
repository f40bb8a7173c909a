/** Writes the trace of a run to a file. */
import { CHECKERS } from '../checkers/index.js';
import { checkAll } from '../checkers/merge.js';
import { traceFile } from '../timeline/write.js';
import type { Trace } from '../trace.js';
import { writeOutput } from './output-file.js';
import { ourVersion } from './version.js';

/**
 * Writes it with the verdicts of its history.
 *
 * @throws {UsageError} if the file cannot be written.
 */
export function writeTrace(file: string, trace: Trace): void {
  const { properties } = checkAll(trace.history, CHECKERS);
  const text = JSON.stringify(traceFile(trace, properties, ourVersion()));
  writeOutput('--trace', file, `${text}\n`);
}
