/**
 * Marks that are in use on servers of the user's, written down like servers that were started: a
 * tool that was killed could not remove what bears its mark, so the next one that is given the same
 * server does. Passwords are not written down.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ServerAddress } from '../servers/address.js';
import { identityOf, isAlive, type ProcessIdentity } from '../servers/process-identity.js';
import { stateFolder, writeWhole } from '../servers/state.js';

export interface MarkNote {
  readonly mark: string;
  /** The tool that uses it; `null` where processes cannot be known again. */
  readonly owner: ProcessIdentity | null;
  /** Where it is in use. */
  readonly places: readonly string[];
  /** What stands before it in names there (`MarkedNames.before`). */
  readonly before: readonly string[];
}

const ENDING = '.mark';
/** What is removed by a note bears this: anything shorter might be somebody else's. */
const MARK = /^hf-[0-9a-f]{8}$/;

/** What names a server in a note. */
export function placeOf({ service, host, port, database }: ServerAddress): string {
  return `${service} ${host} ${port} ${database}`;
}

const fileOf = (mark: string): string => path.join(stateFolder(), mark + ENDING);

export function noteMark(
  mark: string,
  addresses: readonly ServerAddress[],
  before: Iterable<string>,
): void {
  const owner = identityOf(process.pid) ?? null;
  write({ mark, owner, places: addresses.map(placeOf), before: [...before] });
}

function write(note: MarkNote): void {
  writeWhole(fileOf(note.mark), `${JSON.stringify(note)}\n`);
}

/** Nothing bears the mark any more, at least there. */
export function forgetMark(mark: string, places?: readonly string[]): void {
  const file = fileOf(mark);
  const note = existsSync(file) ? read(file) : undefined;
  const left = note?.places.filter((place) => places?.includes(place) === false) ?? [];
  if (note !== undefined && left.length > 0) write({ ...note, places: left });
  else rmSync(file, { force: true });
}

/** Marks of tools that are no more. */
export function abandonedMarks(): MarkNote[] {
  const files = readdirSync(stateFolder()).filter((name) => name.endsWith(ENDING));
  const notes = files.flatMap((name) => read(path.join(stateFolder(), name)) ?? []);
  return notes.filter(({ owner }) => owner !== null && !isAlive(owner));
}

/** `undefined` for a file that is gone by now, or is no note. */
function read(file: string): MarkNote | undefined {
  try {
    const note = { before: [], ...JSON.parse(readFileSync(file, 'utf8')) } as MarkNote;
    const { mark, owner, places, before } = note;
    const isOurs = MARK.test(mark) && path.basename(file) === mark + ENDING;
    const isWhole = owner !== undefined && [places, before].every(isTexts);
    return isOurs && isWhole ? note : undefined;
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
