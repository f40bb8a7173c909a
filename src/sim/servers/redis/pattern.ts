/**
 * Glob patterns of KEYS, SCAN and PSUBSCRIBE (`util.c: stringmatchlen`): `*`, `?`, `[a-z]`, `[^a]`
 * and backslash, byte by byte, with that function's own reading of unfinished classes.
 */
import { toBytes } from './lua/bytes.js';

/** Position after a character class that starts at `[`, and whether it has the character. */
function matchClass(
  pattern: string,
  start: number,
  character: string,
): { end: number; matches: boolean } {
  let at = start + 1;
  const negated = pattern[at] === '^';
  if (negated) at++;
  let found = false;
  for (; at < pattern.length && pattern[at] !== ']'; at++) {
    if (pattern[at] === '\\' && at + 1 < pattern.length) {
      at++;
      if (pattern[at] === character) found = true;
    } else if (pattern[at + 1] === '-' && at + 2 < pattern.length) {
      const [from, to] = [pattern[at]!, pattern[at + 2]!];
      if (
        from <= to ? character >= from && character <= to : character >= to && character <= from
      ) {
        found = true;
      }
      at += 2;
    } else if (pattern[at] === character) {
      found = true;
    }
  }
  return { end: Math.min(at + 1, pattern.length), matches: found !== negated };
}

/** Whether `text` from `at` on matches `pattern` from `from` on. */
function matchFrom(pattern: string, from: number, text: string, start: number): boolean {
  let at = start;
  let position = from;
  while (position < pattern.length) {
    const symbol = pattern[position]!;
    if (symbol === '*') {
      while (pattern[position + 1] === '*') position++;
      if (position + 1 === pattern.length) return true;
      for (let rest = at; rest <= text.length; rest++) {
        if (matchFrom(pattern, position + 1, text, rest)) return true;
      }
      return false;
    }
    if (at >= text.length) return false;
    if (symbol === '[') {
      const { end, matches } = matchClass(pattern, position, text[at]!);
      if (!matches) return false;
      position = end;
    } else {
      if (symbol === '\\' && position + 1 < pattern.length) position++;
      if (symbol !== '?' && pattern[position] !== text[at]) return false;
      position++;
    }
    at++;
  }
  return at === text.length;
}

/** Whether the whole text matches the pattern. An empty text matches the empty pattern alone. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (text === '') return pattern === '';
  return matchFrom(toBytes(pattern), 0, toBytes(text), 0);
}
