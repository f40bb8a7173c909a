/** Writes the trace of a run to a file. */
import { writeFileSync } from 'node:fs';
import { CHECKERS } from '../checkers/index.js';
import { checkAll } from '../checkers/merge.js';
import { UsageError } from '../host/engine-api.js';
import type { TraceFile } from '../timeline/format.js';
import { traceFile } from '../timeline/write.js';
import type { Trace } from '../trace.js';
import { ourVersion } from './version.js';

/** A trace in columns, with the verdicts of its history. `replay`: its code, where known. */
export function traceColumns(trace: Trace, replay?: string): TraceFile {
  const { properties } = checkAll(trace.history, CHECKERS);
  return traceFile(trace, properties, ourVersion(), replay);
}

export function traceText(trace: Trace, replay?: string): string {
  return `${JSON.stringify(traceColumns(trace, replay))}\n`;
}

/**
 * Writes it with the verdicts of its history.
 *
 * @throws {UsageError} if the file cannot be written.
 */
export function writeTrace(file: string, trace: Trace): void {
  writeText('--trace', file, traceText(trace));
}

/**
 * Writes what an option asked for.
 *
 * @throws {UsageError} naming the option and the file, if it cannot be written.
 */
export function writeText(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new UsageError(`${option}: ${file} cannot be written (${code})`);
  }
}
