/**
 * Ranges of keys, in the order of their UTF-8 bytes, and the two ways etcd reads the end of one:
 * '' is the key alone, '\0' is everything from the key on (`etcdserver/apply.go: mkGteRange`).
 */

/** Stands in `rangeEnd` for: no end. */
export const FROM_KEY = '\0';

/** Order of two texts by their bytes: negative, 0 or positive. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates, which stand for the highest characters, before U+E000 … U+FFFF. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Whether a range that begins with `key` and ends with `rangeEnd` holds `candidate`. */
export function inRange(candidate: string, key: string, rangeEnd: string): boolean {
  if (rangeEnd === '') return candidate === key;
  if (compareBytes(candidate, key) < 0) return false;
  return rangeEnd === FROM_KEY || compareBytes(candidate, rangeEnd) < 0;
}
