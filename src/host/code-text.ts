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
  const text = textIn(named);
  if (text !== undefined && isReplayCode(text)) return text;
  const what = named.trim() === '' ? JSON.stringify(named) : named;
  throw new UsageError(
    `${what} is no replay code (they begin with hf1_) and no file that holds one`,
  );
}

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
