/**
 * The x87 80-bit floats that INCRBYFLOAT and HINCRBYFLOAT reckon in, done exactly with bigints:
 * with doubles 0.1 + 0.2 would be stored as 0.30000000000000004, where Redis stores 0.3.
 */
import { divideToEven, trimZeros } from './doubles.js';

/** mantissa × 2^shift, the mantissa at most 64 bits wide. */
export interface LongDouble {
  readonly mantissa: bigint;
  readonly shift: number;
}

const WIDTH = 64;
/** Beyond this many decimal places either way no counter goes; it bounds the work. */
const EXPONENT_LIMIT = 4000;

const DECIMAL = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i;

function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** numerator ÷ denominator × 2^shift, rounded to 64 bits, ties to even. */
function roundQuotient(numerator: bigint, denominator: bigint, shift: number): LongDouble {
  const negative = numerator < 0n;
  const size = negative ? -numerator : numerator;
  if (size === 0n) return { mantissa: 0n, shift: 0 };
  const extra = WIDTH + 1 - (bitLength(size) - bitLength(denominator));
  let scaled = extra >= 0 ? size << BigInt(extra) : size;
  let divisor = extra >= 0 ? denominator : denominator << BigInt(-extra);
  let exponent = shift - extra;
  const surplus = bitLength(scaled / divisor) - WIDTH;
  if (surplus > 0) {
    divisor <<= BigInt(surplus);
    exponent += surplus;
  }
  scaled = divideToEven(scaled, divisor);
  return { mantissa: negative ? -scaled : scaled, shift: exponent };
}

/**
 * Reads a decimal number; undefined if it is none, `'infinite'` if it is one of the infinities.
 * What `strtold` takes besides, hexadecimal, is not read.
 */
export function parseLongDouble(text: string): LongDouble | 'infinite' | undefined {
  if (/^[+-]?inf(inity)?$/i.test(text)) return 'infinite';
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  if (whole.length + fraction.length === 0) return undefined;
  const scale = Number(exponent) - fraction.length;
  if (Math.abs(scale) > EXPONENT_LIMIT) return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  if (scale >= 0) return roundQuotient(digits * 10n ** BigInt(scale), 1n, 0);
  return roundQuotient(digits, 10n ** BigInt(-scale), 0);
}

export function addLongDoubles(a: LongDouble, b: LongDouble): LongDouble {
  const shift = Math.min(a.shift, b.shift);
  const sum = (a.mantissa << BigInt(a.shift - shift)) + (b.mantissa << BigInt(b.shift - shift));
  return roundQuotient(sum, 1n, shift);
}

/** As `util.c: ld2string` in its human mode: 17 decimals, then without the zeros at the end. */
export function formatLongDouble(value: LongDouble): string {
  const negative = value.mantissa < 0n;
  const size = (negative ? -value.mantissa : value.mantissa) * 10n ** 17n;
  const scaled =
    value.shift >= 0 ? size << BigInt(value.shift) : divideToEven(size, 1n << BigInt(-value.shift));
  const digits = String(scaled).padStart(18, '0');
  const text = trimZeros(`${digits.slice(0, -17)}.${digits.slice(-17)}`);
  return negative && text !== '0' ? `-${text}` : text;
}
