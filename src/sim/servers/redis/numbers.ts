/**
 * Integers and floats as Redis reads and writes them. Redis integers have 64 bits: they are numbers
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

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i;
const INFINITE = /^([+-]?)inf(?:inity)?$/i;

/** Reads a double as C's `strtod` does when it has to use up the text; undefined otherwise. */
export function parseDouble(text: string): number | undefined {
  const digits = parseDigits(text);
  if (digits !== undefined) return digits;
  if (DECIMAL.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) && !underflowed(value, text) ? value : undefined;
  }
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  const hexadecimal = HEXADECIMAL.exec(text);
  return hexadecimal === null ? undefined : hexadecimalValue(hexadecimal);
}

/** Whether a text that is not zero became zero: an error (`ERANGE`) to Redis. */
function underflowed(value: number, text: string): boolean {
  return value === 0 && /[1-9]/.test(text.replace(/e.*/i, ''));
}

function hexadecimalValue(match: RegExpExecArray): number | undefined {
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole.length + fraction.length === 0) return undefined;
  const shift = Number(exponent) - 4 * fraction.length;
  if (Math.abs(shift) > 1000) return undefined;
  let value = Number(BigInt(`0x${whole}${fraction}`));
  for (let left = Math.abs(shift); left > 0; left--) value = shift < 0 ? value / 2 : value * 2;
  return sign === '-' ? -value : value;
}

/** A double as `printf("%.17g")` writes it, the form of every score Redis replies. */
export function formatDouble(value: number): string {
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  if (Number.isSafeInteger(value)) return Object.is(value, -0) ? '-0' : String(value);
  const sign = value < 0 ? '-' : '';
  let exponent = Number(Math.abs(value).toExponential(16).split('e')[1]);
  let digits = significantDigits(Math.abs(value), exponent);
  if (digits.length > 17) {
    exponent += 1;
    digits = digits.slice(0, 17);
  }
  if (exponent < -4 || exponent >= 17) {
    const mantissa = trimZeros(`${digits[0]}.${digits.slice(1)}`);
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}${trimZeros(`0.${'0'.repeat(-exponent - 1)}${digits}`)}`;
  return `${sign}${trimZeros(`${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`)}`;
}

/** The 17 significant digits of a positive double, exactly rounded, ties to even as in C. */
function significantDigits(value: number, exponent: number): string {
  const { mantissa, shift } = binaryParts(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (shift >= 0) numerator <<= BigInt(shift);
  else denominator <<= BigInt(-shift);
  const scale = 16 - exponent;
  if (scale >= 0) numerator *= 10n ** BigInt(scale);
  else denominator *= 10n ** BigInt(-scale);
  return String(divideToEven(numerator, denominator));
}

/** A positive double as mantissa × 2^shift with an integer mantissa. */
function binaryParts(value: number): { mantissa: bigint; shift: number } {
  let shift = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    shift -= 1;
  }
  return { mantissa: BigInt(scaled), shift };
}

/** Quotient of two non-negative bigints, rounded to nearest, ties to even. */
export function divideToEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  if (twice > denominator || (twice === denominator && (quotient & 1n) === 1n))
    return quotient + 1n;
  return quotient;
}

/** A decimal without the zeros, and the point, that say nothing at its end. */
export function trimZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0*$/, '') : decimal;
}
