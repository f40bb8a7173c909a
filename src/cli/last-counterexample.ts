/**
 * The last counterexample that a check found, kept where caches of a user go, so that
 * `holdfast view` can open it without being told which.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface LastCounterexample {
  /** Its replay code. */
  readonly code: string;
  /** The lock file that the code is about, absolute. */
  readonly lockFile?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Remembers it; where nothing can be written, nothing is remembered. */
export function remember(env: Environment, { code, lockFile }: LastCounterexample): void {
  const file = fileIn(env);
  if (file === undefined) return;
  const kept = { code, ...(lockFile !== undefined && { lockFile: path.resolve(lockFile) }) };
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(kept)}\n`);
  } catch {
    // A cache that cannot be written is no reason to fail a check.
  }
}

export function lastCounterexample(env: Environment): LastCounterexample | undefined {
  const file = fileIn(env);
  if (file === undefined) return undefined;
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as LastCounterexample;
    return typeof kept.code === 'string' ? kept : undefined;
  } catch {
    return undefined;
  }
}

function fileIn({ XDG_CACHE_HOME, HOME, LOCALAPPDATA }: Environment): string | undefined {
  const cache = XDG_CACHE_HOME ?? LOCALAPPDATA ?? (HOME && path.join(HOME, '.cache'));
  return cache ? path.join(cache, 'holdfast', 'last-counterexample.json') : undefined;
}
