/** Doubles as Redis reads and writes them (`util.c`, `networking.c: addReplyDouble`). */
import { parseDigits } from './numbers.js';

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
