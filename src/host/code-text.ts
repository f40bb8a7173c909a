/** Replay codes as a user names them: themselves, or, since they may be long, a file. */
import { readFileSync } from 'node:fs';
import { UsageError } from './engine-api.js';

export function isReplayCode(text: string): boolean {
  return /^hf\d*_/.test(text);
}

/**
 * The code, from a file if that is what was named.
 *
 * @throws UsageError if it is neither a code nor such a file.
 */
export function codeOf(named: string): string {
  if (isReplayCode(named)) return named;
  try {
    return readFileSync(named, 'utf8').trim();
  } catch {
    throw new UsageError(
      `${named} is no replay code (they begin with hf1_) and no file that holds one`,
    );
  }
}
