/**
 * Lua strings are bytes, JavaScript strings are not. Inside the engine a string holds one byte per
 * character; at its boundary text becomes its UTF-8 bytes and back. Text in ASCII is the same on
 * both sides and passes as it is; for other text see utf8.ts.
 */
import { decodeText, encodeText } from './utf8.js';

const NOT_ASCII = /[\u0080-\uffff]/;
/** Up to here a loop is faster than the engine of expressions: keys and owner ids. */
const SHORT = 48;

export function isAscii(text: string): boolean {
  const { length } = text;
  if (length > SHORT) return !NOT_ASCII.test(text);
  for (let index = 0; index < length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** Whether a script may contain bytes above 0x7f, written out or as escapes. */
export function mayHaveBytes(source: string): boolean {
  return !isAscii(source) || /\\\d/.test(source);
}

/** The UTF-8 bytes of a text, one per character. */
export function toBytes(text: string): string {
  return isAscii(text) ? text : encodeText(text);
}

/** The text whose UTF-8 bytes these are. */
export function fromBytes(bytes: string): string {
  return isAscii(bytes) ? bytes : decodeText(bytes);
}
