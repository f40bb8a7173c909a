/**
 * Text that is not ASCII as UTF-8, one byte per character, and back. Bytes that are no UTF-8 (a
 * packed structure, say) come out as lone surrogates, U+DC80 to U+DCFF, and go in again as the
 * bytes they stand for, so nothing is lost on the way through the server (the `surrogateescape` of
 * Python's PEP 383).
 */

export function encodeText(text: string): string {
  let bytes = '';
  for (const character of text) bytes += encode(character.codePointAt(0)!);
  return bytes;
}

export function decodeText(bytes: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = decode(bytes, at);
    text += String.fromCodePoint(code);
    at += size;
  }
  return text;
}

/** The UTF-8 encoding of a code point; a lone surrogate that stands for no byte becomes U+FFFD. */
function encode(code: number): string {
  if (code < 0x80) return String.fromCharCode(code);
  if (code >= 0xdc80 && code <= 0xdcff) return String.fromCharCode(code - 0xdc00);
  if (code >= 0xd800 && code <= 0xdfff) return encode(0xfffd);
  return encodeUtf8(code);
}

/** The UTF-8 form of any number below 2^21, surrogates too. */
export function encodeUtf8(code: number): string {
  const tail = (shift: number) => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x80) return String.fromCharCode(code);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), tail(0));
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (code >> 18), tail(12), tail(6), tail(0));
}

/** The code point at a place, or the surrogate for a byte that starts no valid sequence there. */
function decode(bytes: string, at: number): { code: number; size: number } {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { code: first, size: 1 };
  const size = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
  let code = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const byte = bytes.charCodeAt(at + i);
    // Past the end `byte` is NaN, which the mask turns into 0.
    if ((byte & 0xc0) !== 0x80) return { code: 0xdc00 + first, size: 1 };
    code = (code << 6) | (byte & 0x3f);
  }
  const isValid = size > 1 && code >= SMALLEST[size]! && code <= 0x10ffff && !isSurrogate(code);
  return isValid ? { code, size } : { code: 0xdc00 + first, size: 1 };
}

/** Smallest code point that needs a sequence of that many bytes. */
const SMALLEST = [0, 0, 0x80, 0x800, 0x10000];

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
