/**
 * Tokens that are in use on servers of the user's, written down like servers that were started: a
 * tool that was killed could not remove what bears its token, so the next one that is given the same
 * server does. Passwords are not written down.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ServerAddress } from '../servers/address.js';
import { identityOf, isAlive, type ProcessIdentity } from '../servers/process-identity.js';
import { stateFolder } from '../servers/state.js';

export interface TokenNote {
  readonly token: string;
  /** The tool that uses it; `null` where processes cannot be known again. */
  readonly owner: ProcessIdentity | null;
  /** Where it is in use. */
  readonly places: readonly string[];
}

const ENDING = '.token';

/** What names a server in a note. */
export function placeOf({ service, host, port, database }: ServerAddress): string {
  return `${service} ${host} ${port} ${database}`;
}

const fileOf = (token: string): string => path.join(stateFolder(), token + ENDING);

export function noteToken(token: string, addresses: readonly ServerAddress[]): void {
  const owner = identityOf(process.pid) ?? null;
  write({ token, owner, places: addresses.map(placeOf) });
}

function write(note: TokenNote): void {
  const file = fileOf(note.token);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** Nothing bears the token any more, at least there. */
export function forgetToken(token: string, places?: readonly string[]): void {
  const file = fileOf(token);
  const note = existsSync(file) ? read(file) : undefined;
  const left = note?.places.filter((place) => places?.includes(place) === false) ?? [];
  if (note !== undefined && left.length > 0) write({ ...note, places: left });
  else rmSync(file, { force: true });
}

/** Tokens of tools that are no more. */
export function abandonedTokens(): TokenNote[] {
  const files = readdirSync(stateFolder()).filter((name) => name.endsWith(ENDING));
  const notes = files.flatMap((name) => read(path.join(stateFolder(), name)) ?? []);
  return notes.filter(({ owner }) => owner !== null && !isAlive(owner));
}

/** `undefined` for a file that is gone by now, or is no note. */
function read(file: string): TokenNote | undefined {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8')) as TokenNote;
    const isWhole = path.basename(file) === note.token + ENDING && Array.isArray(note.places);
    return isWhole && note.owner !== undefined ? note : undefined;
  } catch {
    return undefined;
  }
}
