/**
 * SHA-1 (FIPS 180-4, §6.1.2), by which Redis names scripts. Plain code, because the simulator's
 * core may use neither Node's nor the browser's cryptography.
 */

/** The digest of a byte string as 40 lower-case hexadecimal digits. */
export function sha1(bytes: string): string {
  const state = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Int32Array(80);
  const padded = pad(bytes);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) words[i] = padded.getInt32(at + 4 * i);
    mixBlock(state, words);
  }
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Appends a one bit, zeros up to a multiple of 64 bytes, and the length in bits. */
function pad(bytes: string) {
  const length = Math.ceil((bytes.length + 9) / 64) * 64;
  const view = new DataView(new ArrayBuffer(length));
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(length - 8, BigInt(bytes.length) * 8n);
  return { length, getInt32: (at: number) => view.getInt32(at) };
}

function mixBlock(state: Int32Array, words: Int32Array): void {
  for (let i = 16; i < 80; i++) {
    words[i] = rotateLeft(words[i - 3]! ^ words[i - 8]! ^ words[i - 14]! ^ words[i - 16]!, 1);
  }
  let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
  for (let i = 0; i < 80; i++) {
    const mixed = rotateLeft(a, 5) + mix(i, b, c, d) + e + ROUND_CONSTANTS[Math.floor(i / 20)]!;
    e = d;
    d = c;
    c = rotateLeft(b, 30);
    b = a;
    a = (mixed + words[i]!) | 0;
  }
  [a, b, c, d, e].forEach((word, i) => {
    state[i] = state[i]! + word;
  });
}

const ROUND_CONSTANTS = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return (b & c) | (~b & d);
  if (round < 40 || round >= 60) return b ^ c ^ d;
  return (b & c) | (b & d) | (c & d);
}

function rotateLeft(word: number, count: number): number {
  return (word << count) | (word >>> (32 - count));
}
