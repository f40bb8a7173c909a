/** The command line of real servers, called for one built-in lock after the other. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { withSection } from '../conformance/report.js';

/** What `holdfast list --json` says of a lock. */
export interface Listed {
  readonly name: string;
  readonly flawed: boolean;
}

const COMMAND = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const PAGE = fileURLToPath(new URL('../../reports/conformance.md', import.meta.url));
const LIMIT_MS = 600_000;
const AT_ONCE = 2;
/** Their waits by default, of 5 s and of 10 s, may not be longer than their TTLs. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'beeorm-locker': ['--ttl', '6s'],
  'beeorm-locker-56': ['--ttl', '6s'],
  'beeorm-locker-58': ['--ttl', '10s'],
};

/** What `holdfast real <command> <lock>` found, with what that lock needs and these options. */
export async function real<T>(
  command: string,
  lock: string,
  options: readonly string[],
): Promise<T> {
  const needs = NEEDS[lock] ?? [];
  const args = ['real', command, lock, ...needs, ...options, '--json'];
  const ended = await holdfast(args);
  const document = JSON.parse(ended.out || '{"error":{}}') as T & { readonly error?: unknown };
  // That it could not run says nothing of a lock.
  if (document.error === undefined) return document;
  throw new Error(`holdfast ${args.join(' ')} ended with ${ended.how}: ${ended.err.trim()}`);
}

interface Ended {
  readonly out: string;
  readonly err: string;
  /** Its exit code, or the signal that ended it. */
  readonly how: string;
}

function holdfast(args: readonly string[]): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: '1' };
  const options = { timeout: LIMIT_MS, maxBuffer: Number.POSITIVE_INFINITY, env };
  return new Promise((resolve) => {
    execFile(process.execPath, [COMMAND, ...args], options, (error, out, err) => {
      resolve({ out, err, how: String(error?.signal ?? error?.code ?? 0) });
    });
  });
}

/**
 * Does the same with every lock whose name contains all words of the command line, those that are
 * flawed on purpose last; what came of it in that order. Unless there are such words, it becomes a
 * section of the page.
 */
export async function everyLock<T>(
  isWanted: (lock: Listed) => boolean,
  act: (lock: Listed) => Promise<T>,
  section: (all: readonly T[]) => string,
): Promise<void> {
  const words = process.argv.slice(2);
  const { out } = await holdfast(['list', 'locks', '--json']);
  const wanted = (JSON.parse(out) as readonly Listed[])
    .filter(isWanted)
    .filter(({ name }) => words.every((word) => name.includes(word)))
    .sort((a, b) => Number(a.flawed) - Number(b.flawed));
  const done = new Map<Listed, T>();
  const failed: unknown[] = [];
  const waiting = [...wanted];
  const work = async () => {
    for (let lock = waiting.shift(); lock !== undefined; lock = waiting.shift()) {
      const outcome = await act(lock).catch((error: unknown) => void failed.push(error));
      if (outcome !== undefined) done.set(lock, outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (failed.length > 0) throw new AggregateError(failed, 'nothing was written');
  if (words.length > 0) return;
  const text = section(wanted.map((lock) => done.get(lock)!));
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), text));
}

export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
