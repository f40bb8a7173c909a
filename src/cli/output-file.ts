/** Writes a file that an option names. */
import { accessSync, constants, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../host/engine-api.js';

/**
 * For work that takes long: said before it begins.
 *
 * @throws {UsageError} that names the option and the file, if it could not be written now.
 */
export function mustBeWritable(option: string, file: string): void {
  try {
    accessSync(existsSync(file) ? file : path.dirname(path.resolve(file)), constants.W_OK);
  } catch (error) {
    throw unwritable(option, file, error);
  }
}

/** @throws {UsageError} that names the option and the file, if it cannot be written. */
export function writeOutput(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(option, file, error);
  }
}

function unwritable(option: string, file: string, error: unknown): UsageError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unwritable';
  return new UsageError(`${option}: ${file} cannot be written (${code})`);
}
