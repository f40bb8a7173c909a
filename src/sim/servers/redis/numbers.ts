/**
 * Integers as Redis reads and writes them. Redis integers have 64 bits: they are numbers
 * here as long as a number holds them exactly, and bigints beyond, so that INCR never rounds.
 */

/** A 64-bit signed integer. */
export type Integer = number | bigint;

const INT64_MAX = 0x7fff_ffff_ffff_ffffn;
const INT64_MIN = -0x8000_0000_0000_0000n;

/** A bigint as a number if that loses nothing. */
function narrow(value: bigint): Integer {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** A bigint as an integer of 64 bits, or undefined if it does not fit. */
function within64Bits(value: bigint): Integer | undefined {
  return value > INT64_MAX || value < INT64_MIN ? undefined : narrow(value);
}

/**
 * Reads an integer as `util.c: string2ll` does: canonical decimal digits with an optional minus, no
 * plus, no spaces, no leading zeros, within 64 bits; undefined otherwise.
 */
export function parseInteger(text: string): Integer | undefined {
  const length = text.length;
  const negative = text.charCodeAt(0) === 0x2d;
  const first = negative ? 1 : 0;
  if (length === first || length > 20) return undefined;
  const lead = text.charCodeAt(first);
  if (lead === 0x30) return length === 1 ? 0 : undefined;
  let value = 0;
  for (let index = first; index < length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  if (length - first > 15) return within64Bits(BigInt(text));
  return negative ? -value : value;
}

/** Up to 15 decimal digits and nothing else, the numbers that lock code sends; else undefined. */
export function parseDigits(text: string): number | undefined {
  const { length } = text;
  if (length === 0 || length > 15) return undefined;
  let value = 0;
  for (let index = 0; index < length; index++) {
    const digit = text.charCodeAt(index) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

/** Sum of two integers; undefined if it leaves 64 bits. */
export function addIntegers(a: Integer, b: Integer): Integer | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return within64Bits(BigInt(a) + BigInt(b));
}

/** Product of two integers; undefined if it leaves 64 bits. */
export function multiplyIntegers(a: Integer, b: Integer): Integer | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product;
  }
  return within64Bits(BigInt(a) * BigInt(b));
}

/** Reads an integer for use as an index or count, where exactness beyond 2^53 cannot matter. */
export function parseIndex(text: string): number | undefined {
  const value = parseInteger(text);
  return value === undefined ? undefined : Number(value);
}
