/**
 * What was started, written down before it runs: one file for each server, in a folder of the
 * user's cache. So a tool that was killed leaves nothing behind: the next one finds the records
 * whose owner is dead, ends what is left of their processes, and removes their folders.
 */
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import {
  identityIn,
  identityOf,
  isAlive,
  type ProcessIdentity,
  userOf,
} from './process-identity.js';
import type { ServerEntry } from './server.js';
import { killFamily } from './signals.js';
import { ServerTrouble } from './trouble.js';

/** What one record says. */
export interface ServerRecord {
  readonly entry: ServerEntry;
  /** Where the server has its data, its log, and what it wrote down of its process. */
  readonly folder: string;
  /** The user that it runs as. */
  readonly user: number;
  /** Whose end is its end; `null` if it lives on until `holdfast servers down`. */
  readonly owner: ProcessIdentity | null;
}

/** Folders of servers begin so. */
const PREFIX = 'holdfast-server-';

/** Where a server writes its own line of `/proc` before it becomes the program it is. */
export const processFile = (folder: string): string => path.join(folder, 'process');

export const logFile = (folder: string): string => path.join(folder, 'log');

const ELSEWHERE = 'set XDG_CACHE_HOME to a folder that can be written';

/** The folder of the records, which is made if it is not there. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CACHE_HOME } = env;
  const cache = XDG_CACHE_HOME ? XDG_CACHE_HOME : path.join(homedir(), '.cache');
  const folder = path.join(cache, 'holdfast', 'servers');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ServerTrouble(
      `${folder} cannot be made (${(error as Error).message}); servers are written down there: ` +
        ELSEWHERE,
    );
  }
  return folder;
}

/** The folder of a new server is made. */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    throw new ServerTrouble(
      `${folder}, where a server would have its data, cannot be made ` +
        `(${(error as Error).message}): set TMPDIR to a folder that can be written`,
    );
  }
}

/** Writes a file in the folder of the records, whole or not at all. */
export function writeWhole(file: string, text: string): void {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    throw new ServerTrouble(
      `${file} cannot be written (${(error as Error).message}); what is in use is written down ` +
        `there: ${ELSEWHERE}`,
    );
  }
}

/** A place for a new server: a name for its folder, which nobody has, and its record. */
export function newPlace(): { readonly folder: string; readonly recordFile: string } {
  const name = randomBytes(8).toString('hex');
  return {
    folder: path.join(tmpdir(), PREFIX + name),
    recordFile: path.join(stateFolder(), `${name}.json`),
  };
}

/** Written whole or not at all: a reader never sees half of a record. */
export function writeRecord(file: string, record: ServerRecord): void {
  writeWhole(file, `${JSON.stringify(record)}\n`);
}

/** All records, with their files, in the order of kinds and ids. */
export function readRecords(): (readonly [file: string, record: ServerRecord])[] {
  const folder = stateFolder();
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .flatMap((name) => {
      const file = path.join(folder, name);
      const record = readRecord(file);
      return record === undefined ? [] : [[file, record] as const];
    });
}

/** `undefined` for a file that is gone by now, or is no record. */
function readRecord(file: string): ServerRecord | undefined {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as ServerRecord;
    const isOurs = path.basename(record.folder).startsWith(PREFIX);
    return isOurs && record.owner !== undefined ? record : undefined;
  } catch {
    return undefined;
  }
}

/** The process of a server, if exactly that one still runs. */
export function processOf({ folder, user }: Pick<ServerRecord, 'folder' | 'user'>) {
  const identity = identityIn(processFile(folder));
  if (identity === undefined || !isAlive(identity)) return undefined;
  return userOf(identity.pid) === user ? identity : undefined;
}

/**
 * Ends a server and removes its folder and record, in this order, so that one who is killed amid
 * it leaves the record.
 *
 * @throws ServerTrouble if the process does not end.
 */
export function remove(file: string, record: ServerRecord): void {
  const { folder, entry } = record;
  const running = processOf(record);
  if (running !== undefined && !killFamily(running)) {
    throw new ServerTrouble(
      `${entry.id} (pid ${running.pid}) does not end, not even by SIGKILL; its folder ${folder} ` +
        'is left to look at',
    );
  }
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  rmSync(file, { force: true });
}

/** Ends what tools left behind that are no more. Answers what it was. */
export function removeOrphans(): ServerEntry[] {
  const orphans = readRecords().filter(([, { owner }]) => owner !== null && !isAlive(owner));
  for (const [file, record] of orphans) remove(file, record);
  return orphans.map(([, { entry }]) => entry);
}

export function ourselves(): ProcessIdentity {
  const identity = identityOf(process.pid);
  if (identity !== undefined) return identity;
  throw new ServerTrouble(
    'real servers are started on Linux only: there is no /proc, by which processes are known ' +
      'again; name servers that run elsewhere, as in --redis redis://127.0.0.1:6379',
  );
}
