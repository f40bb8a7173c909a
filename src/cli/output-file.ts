/** Writes a file that an option names, and says before long work that it could not. */
import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { UsageError } from '../host/engine-api.js';

const { O_NOCTTY, O_NONBLOCK, O_WRONLY, W_OK } = constants;

/**
 * For work that takes long: said before it begins, and leaving everything as it was.
 *
 * @throws {UsageError} that names the option and the file, if it could not be written now.
 */
export function mustBeWritable(option: string, file: string): void {
  const code = codeInTheWay(file);
  if (code !== undefined) throw unwritable(option, file, code);
}

/** The same of several options, whose files have to be different ones, and none that is read. */
export function mustAllBeWritable<N extends string>(
  options: { readonly [name in N]?: string | undefined },
  names: readonly N[],
  inputs: readonly (string | undefined)[] = [],
): void {
  const read = new Set(inputs.flatMap((file) => (file === undefined ? [] : [placeOf(file)])));
  const seen = new Map<string, N>();
  for (const name of names) {
    const file = options[name];
    if (file === undefined) continue;
    mustBeWritable(`--${name}`, file);
    const place = placeOf(file);
    if (read.has(place)) {
      throw new UsageError(`--${name}: ${file} is read, and would be lost; name another file`);
    }
    const other = seen.get(place);
    if (other !== undefined) {
      throw new UsageError(`--${other} and --${name} both name ${file}; name a file for each`);
    }
    seen.set(place, name);
  }
}

/** Those of the words that name files, and nothing of ours. */
export function filesIn(words: readonly (string | undefined)[]): (string | undefined)[] {
  return words.filter((word) => word !== undefined && /[./\\]/.test(word));
}

/** One for all names of a file, whether it is there or not. */
function placeOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

/** @throws {UsageError} that names the option and the file, if it cannot be written. */
export function writeOutput(option: string, file: string, text: string): void {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isFIFO()) writeToReader(file, text);
    else writeWhole(file, text, found === undefined);
  } catch (error) {
    throw unwritable(option, file, codeOf(error));
  }
}

/** Leaves no half of a file that was not there before. */
function writeWhole(file: string, text: string, isNew: boolean): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    if (isNew) rmSync(endOfLinks(file), { force: true });
    throw error;
  }
}

/** To open a FIFO takes until somebody reads it, unless it is asked first whether somebody does. */
function writeToReader(file: string, text: string): void {
  const held = openSync(file, O_WRONLY | O_NONBLOCK);
  try {
    writeFileSync(file, text);
  } finally {
    closeSync(held);
  }
}

/** The code of the error that writing it would end with, as far as can be seen. */
function codeInTheWay(file: string): string | undefined {
  if (file === '') return 'ENOENT';
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    // A name that ends in a slash is meant to be a folder, whether it is there or not.
    if (file.endsWith('/') || found?.isDirectory()) return 'EISDIR';
    tryOut(file, found);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

/** Permissions do not tell all: below /proc everybody who may write can create nothing. */
function tryOut(file: string, found: Stats | undefined): void {
  if (found === undefined) {
    const created = endOfLinks(file);
    closeSync(openSync(created, 'wx'));
    rmSync(created);
    // Who reads a FIFO would take the end of a trial for the end of all.
  } else if (found.isFIFO()) accessSync(file, W_OK);
  else closeSync(openSync(file, O_WRONLY | O_NONBLOCK | O_NOCTTY));
}

/** What is created when a file is written that is not there, but may be a link to elsewhere. */
function endOfLinks(file: string): string {
  if (lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return file;
  const target = readlinkSync(file);
  if (path.isAbsolute(target)) return endOfLinks(target);
  return endOfLinks(`${realpathSync(path.dirname(file))}${path.sep}${target}`);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unwritable';
}

function unwritable(option: string, file: string, code: string): UsageError {
  const what = file === '' ? 'a file without a name' : file;
  return new UsageError(`${option}: ${what} cannot be written (${code}); ${remedy(code, file)}`);
}

const REMEDIES: Readonly<Record<string, string>> = {
  EISDIR: 'it is a folder: name a file in it',
  EACCES: 'name another file, or change who may write it',
  EPERM: 'name another file, or change who may write it',
  ELOOP: 'its links lead in a circle: name another file',
  ENOSPC: 'there is no room left: make some, or name another file',
  EROFS: 'its disk can only be read: name another file',
  ENXIO: 'nobody reads it: have it read, or name another file',
  EPIPE: 'who read it has left: have it read to its end, or name another file',
};

function remedy(code: string, file: string): string {
  if (file === '') return 'give it one';
  if (code === 'ENOENT') return remedyOfAbsent(file);
  if (code === 'ENOTDIR') return `${path.dirname(file)} is no folder: name another file`;
  return REMEDIES[code] ?? 'name another file';
}

function remedyOfAbsent(file: string): string {
  const end = endOfLinks(file);
  const folder = path.dirname(end);
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined) {
    return `nothing can be created in ${folder}: name a file elsewhere`;
  }
  const linked = end === file ? '' : ', to which it links';
  return `there is no folder ${folder}${linked}: create it, or name another file`;
}
