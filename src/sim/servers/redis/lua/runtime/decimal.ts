/**
 * The decimal digits of a double, exactly: a double is mantissa × 2^exponent, so integers of any
 * length give every digit `printf` could be asked for, rounded to nearest and ties to even.
 */
import { decompose } from './float.js';

export interface Digits {
  /** Without a point; the first one is not zero unless the value is. */
  readonly digits: string;
  /** Power of ten the first digit stands for. */
  readonly exponent: number;
}

/** The fewest digits that read back as the value, which is finite and not negative. */
export function shortestDigits(value: number): Digits {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** Exactly `count` significant digits (1 … 100) of a finite value that is not negative. */
export function exactDigits(value: number, count: number): Digits {
  // The language rounds to nearest too, but a tie upwards; a tie has `count` + 1 digits.
  if (count <= 100 && !isTie(value, count)) {
    const [mantissa, exponent] = value.toExponential(count - 1).split('e') as [string, string];
    return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
  }
  return slowDigits(value, count);
}

/** Whether the value is a decimal of one digit more than `count`, and that digit a 5. */
function isTie(value: number, count: number): boolean {
  const longer = value.toExponential(Math.min(count, 100));
  return longer.slice(0, longer.indexOf('e')).endsWith('5') && Number(longer) === value;
}

function slowDigits(value: number, count: number): Digits {
  // The shortest decimal may have been rounded up to a power of ten: try one place below.
  let exponent = shortestDigits(value).exponent - 1;
  let digits = fixedDigits(value, count - 1 - exponent);
  while (digits.length > count) {
    exponent += 1;
    digits = fixedDigits(value, count - 1 - exponent);
  }
  return { digits, exponent };
}

/** value × 10^places, rounded to an integer, as digits: `places` may be negative. */
export function fixedDigits(value: number, places: number): string {
  const { mantissa, exponent } = decompose(value);
  let numerator = mantissa;
  let denominator = 1n;
  if (places >= 0) numerator *= 10n ** BigInt(places);
  else denominator *= 10n ** BigInt(-places);
  if (exponent >= 0) numerator <<= BigInt(exponent);
  else denominator <<= BigInt(-exponent);
  return roundedQuotient(numerator, denominator).toString();
}

function roundedQuotient(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = 2n * (numerator % denominator);
  const isUp = twice > denominator || (twice === denominator && quotient % 2n === 1n);
  return isUp ? quotient + 1n : quotient;
}
