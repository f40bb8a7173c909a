/** Writes a file that an option names, and says before long work that it could not. */
import { accessSync, constants, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../host/engine-api.js';

/**
 * For work that takes long: said before it begins, and without touching the file.
 *
 * @throws {UsageError} that names the option and the file, if it could not be written now.
 */
export function mustBeWritable(option: string, file: string): void {
  const code = codeInTheWay(file);
  if (code !== undefined) throw unwritable(option, file, code);
}

/** The same of several options, whose files have to be different ones. */
export function mustAllBeWritable<N extends string>(
  options: { readonly [name in N]?: string },
  names: readonly N[],
): void {
  const seen = new Map<string, N>();
  for (const name of names) {
    const file = options[name];
    if (file === undefined) continue;
    mustBeWritable(`--${name}`, file);
    const absolute = path.resolve(file);
    const other = seen.get(absolute);
    if (other !== undefined) {
      throw new UsageError(`--${other} and --${name} both name ${file}; name a file for each`);
    }
    seen.set(absolute, name);
  }
}

/** @throws {UsageError} that names the option and the file, if it cannot be written. */
export function writeOutput(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(option, file, codeOf(error));
  }
}

/** The code of the error that writing it would end with, as far as can be seen. */
function codeInTheWay(file: string): string | undefined {
  if (file === '') return 'ENOENT';
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    // A name that ends in a slash is meant to be a folder, whether it is there or not.
    if (file.endsWith('/') || found?.isDirectory()) return 'EISDIR';
    accessSync(found === undefined ? path.dirname(path.resolve(file)) : file, constants.W_OK);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unwritable';
}

function unwritable(option: string, file: string, code: string): UsageError {
  const what = file === '' ? 'a file without a name' : file;
  return new UsageError(`${option}: ${what} cannot be written (${code}); ${remedy(code, file)}`);
}

function remedy(code: string, file: string): string {
  if (file === '') return 'give it one';
  if (code === 'EISDIR') return 'it is a folder: name a file in it';
  const folder = path.dirname(file);
  if (code === 'ENOENT') return `there is no folder ${folder}: create it, or name another file`;
  if (code === 'ENOTDIR') return `${folder} is no folder: name another file`;
  if (code === 'EACCES' || code === 'EPERM') return 'name another file, or change who may write it';
  return 'name another file';
}
