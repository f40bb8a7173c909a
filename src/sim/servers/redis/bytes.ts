/**
 * Redis strings are bytes, ours are JavaScript strings that stand for their UTF-8 bytes (see
 * `lua/bytes.ts` for bytes that are no UTF-8). These are the places where Redis counts, cuts or
 * compares bytes; ASCII takes a short way.
 */
import { fromBytes, isAscii, toBytes } from './lua/bytes.js';

/** Number of bytes: what STRLEN counts. */
export function byteLength(text: string): number {
  return toBytes(text).length;
}

/** Bytes `start` up to but not including `end`. */
export function sliceBytes(text: string, start: number, end: number): string {
  return fromBytes(toBytes(text).slice(start, end));
}

/** `head` followed by `tail`: two halves of a character make that character. */
export function joinBytes(head: string, tail: string): string {
  return isAscii(head) && isAscii(tail) ? head + tail : fromBytes(toBytes(head) + toBytes(tail));
}

/** `text` with `patch` written over it from byte `offset` on, zero bytes in between if needed. */
export function overwriteBytes(text: string, offset: number, patch: string): string {
  const bytes = toBytes(text).padEnd(offset, '\0');
  const patchBytes = toBytes(patch);
  const tail = bytes.slice(offset + patchBytes.length);
  return fromBytes(bytes.slice(0, offset) + patchBytes + tail);
}

/** Order of two strings by their bytes, as `memcmp` has it: negative, 0 or positive. */
export function compareBytes(a: string, b: string): number {
  const left = toBytes(a);
  const right = toBytes(b);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
