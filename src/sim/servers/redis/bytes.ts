/**
 * Redis strings are bytes, ours are JavaScript strings. A string stands for its UTF-8 bytes; a byte
 * that is not part of valid UTF-8 stands as a lone surrogate U+DC80 … U+DCFF (0xDC00 + the byte),
 * so that cutting a character in two and joining it again loses nothing. Plain text never contains
 * such a surrogate, and everything below takes a short way for ASCII.
 */

/** Whether a string has only ASCII characters: then its bytes are its char codes. */
function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) > 0x7f) return false;
  }
  return true;
}

/** Whether the char code stands for one raw byte. */
function isRawByte(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff;
}

/** Number of bytes a string stands for: what STRLEN counts. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (isRawByte(code)) bytes += 1;
    else if (code >= 0xd800 && code < 0xdc00 && text.codePointAt(index)! > 0xffff) {
      bytes += 4;
      index++;
    } else bytes += 3;
  }
  return bytes;
}

/** The bytes a string stands for. A surrogate that stands for nothing becomes U+FFFD. */
export function toBytes(text: string): number[] {
  const bytes: number[] = [];
  for (let index = 0; index < text.length; index++) {
    let code = text.codePointAt(index)!;
    if (code > 0xffff) index++;
    if (isRawByte(code)) {
      bytes.push(code - 0xdc00);
      continue;
    }
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f));
    else if (code < 0x10000) {
      bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    } else {
      bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f));
      bytes.push(0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
    }
  }
  return bytes;
}

/** Length of the UTF-8 character at `start`, or 0 if there is no valid one (RFC 3629). */
function characterLength(bytes: ArrayLike<number>, start: number): number {
  const first = bytes[start]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (length === 0 || first > 0xf4 || start + length > bytes.length) return 0;
  for (let offset = 1; offset < length; offset++) {
    if ((bytes[start + offset]! & 0xc0) !== 0x80) return 0;
  }
  const second = bytes[start + 1]!;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return length;
}

/** The string that stands for these bytes. */
export function fromBytes(bytes: ArrayLike<number>): string {
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const length = characterLength(bytes, index);
    const first = bytes[index]!;
    if (length === 0) text += String.fromCharCode(0xdc00 + first);
    else if (length === 1) text += String.fromCharCode(first);
    else {
      let code = first & (0xff >> (length + 1));
      for (let offset = 1; offset < length; offset++) {
        code = (code << 6) | (bytes[index + offset]! & 0x3f);
      }
      text += String.fromCodePoint(code);
    }
    index += length === 0 ? 1 : length;
  }
  return text;
}

/** One character for each byte: for what works on bytes and is written for characters. */
export function binary(text: string): string {
  return isAscii(text) ? text : String.fromCharCode(...toBytes(text));
}

/** Bytes `start` up to but not including `end`. */
export function sliceBytes(text: string, start: number, end: number): string {
  if (isAscii(text)) return text.slice(start, end);
  return fromBytes(toBytes(text).slice(start, end));
}

/** `head` followed by `tail`; raw bytes that now make up a character become that character. */
export function joinBytes(head: string, tail: string): string {
  if (!isRawByte(tail.charCodeAt(0)) || !isRawByte(head.charCodeAt(head.length - 1))) {
    return head + tail;
  }
  return fromBytes([...toBytes(head), ...toBytes(tail)]);
}

/** `text` with `patch` written over it from byte `offset` on, zero bytes in between if needed. */
export function overwriteBytes(text: string, offset: number, patch: string): string {
  const bytes = toBytes(text);
  while (bytes.length < offset) bytes.push(0);
  const patchBytes = toBytes(patch);
  for (let index = 0; index < patchBytes.length; index++)
    bytes[offset + index] = patchBytes[index]!;
  return fromBytes(bytes);
}

/** Order of two strings by their bytes, as `memcmp` has it: negative, 0 or positive. */
export function compareBytes(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    if (left < 0xd800 && right < 0xd800) return left - right;
    return compareEncoded(toBytes(a), toBytes(b));
  }
  return a.length - b.length;
}

function compareEncoded(a: readonly number[], b: readonly number[]): number {
  const common = Math.min(a.length, b.length);
  for (let index = 0; index < common; index++) {
    if (a[index] !== b[index]) return a[index]! - b[index]!;
  }
  return a.length - b.length;
}
