/** Writes a file that an option names. */
import { writeFileSync } from 'node:fs';
import { UsageError } from '../host/engine-api.js';

/** @throws {UsageError} that names the option and the file, if it cannot be written. */
export function writeOutput(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unwritable';
    throw new UsageError(`${option}: ${file} cannot be written (${code})`);
  }
}
