/**
 * hashtext and hashtextextended: Jenkins' lookup3 over the bytes of the text, as PostgreSQL uses it
 * (PostgreSQL sources: hashfn.c, `hash_bytes` and `hash_bytes_extended`).
 */

const rotate = (value: number, by: number): number => (value << by) | (value >>> (32 - by));

const INITIAL = 0x9e37_79b9 + 3_923_095;

class State {
  a: number;
  b: number;
  c: number;

  constructor(length: number, seed: bigint) {
    const start = (INITIAL + length) | 0;
    this.a = start;
    this.b = start;
    this.c = start;
    if (seed === 0n) return;
    this.a = (start + Number(BigInt.asIntN(32, seed >> 32n))) | 0;
    this.b = (start + Number(BigInt.asIntN(32, seed))) | 0;
    this.mix();
  }

  add(bytes: Uint8Array, at: number, skip: 0 | 1): void {
    const word = (from: number, zeros: 0 | 1): number => {
      let value = 0;
      for (let index = 3; index >= zeros; index--) {
        value = (value << 8) | (bytes[from + index - zeros] ?? 0);
      }
      return zeros === 0 ? value : value << 8;
    };
    this.a = (this.a + word(at, 0)) | 0;
    this.b = (this.b + word(at + 4, 0)) | 0;
    this.c = (this.c + word(at + 8, skip)) | 0;
  }

  mix(): void {
    let { a, b, c } = this;
    a = (a - c) ^ rotate(c, 4);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8);
    b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16);
    c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19);
    a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4);
    b = (b + a) | 0;
    this.a = a;
    this.b = b;
    this.c = c;
  }

  finish(): void {
    let { a, b, c } = this;
    c = ((c ^ b) - rotate(b, 14)) | 0;
    a = ((a ^ c) - rotate(c, 11)) | 0;
    b = ((b ^ a) - rotate(a, 25)) | 0;
    c = ((c ^ b) - rotate(b, 16)) | 0;
    a = ((a ^ c) - rotate(c, 4)) | 0;
    b = ((b ^ a) - rotate(a, 14)) | 0;
    c = ((c ^ b) - rotate(b, 24)) | 0;
    this.b = b;
    this.c = c;
  }
}

function hash(text: string, seed: bigint): State {
  const bytes = new TextEncoder().encode(text);
  const state = new State(bytes.length, seed);
  let at = 0;
  for (; bytes.length - at >= 12; at += 12) {
    state.add(bytes, at, 0);
    state.mix();
  }
  // Of what is left the lowest byte of the last word is the place of the length.
  state.add(bytes, at, 1);
  state.finish();
  return state;
}

export function hashText(text: string): number {
  return hash(text, 0n).c;
}

export function hashTextExtended(text: string, seed: bigint): bigint {
  const { b, c } = hash(text, seed);
  return BigInt.asIntN(64, (BigInt(b >>> 0) << 32n) | BigInt(c >>> 0));
}
