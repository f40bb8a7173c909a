/**
 * exp, log, pow and the trigonometric functions. The language lets engines compute those as they
 * please, so the simulation computes them itself, on integers that stand for binary fractions:
 * precise enough that the result is the double nearest to the true value.
 */
import { decompose, frexp, fromInteger } from './float.js';

/** Bits after the point in most calculations: a double needs 53. */
const PRECISION = 260;

/** Bits enough for values around 2^±exponent; of few sizes, so that constants serve again. */
function precisionFor(exponent: number): number {
  return PRECISION + 256 * Math.ceil(Math.abs(exponent) / 256);
}

type Fixed = bigint;

/** A finite value that is not negative as an integer multiple of 2^−precision, cut off. */
function fixedMagnitude(value: number, precision: number): Fixed {
  const { mantissa, exponent } = decompose(value);
  const shift = exponent + precision;
  return shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
}

function fixedOf(value: number, precision: number): Fixed {
  return value < 0 ? -fixedMagnitude(-value, precision) : fixedMagnitude(value, precision);
}

function fromFixed(value: Fixed, precision: number): number {
  return value < 0n ? -fromInteger(-value, -precision) : fromInteger(value, -precision);
}

function one(precision: number): Fixed {
  return 1n << BigInt(precision);
}

function multiply(a: Fixed, b: Fixed, precision: number): Fixed {
  return (a * b) >> BigInt(precision);
}

function divide(a: Fixed, b: Fixed, precision: number): Fixed {
  return (a << BigInt(precision)) / b;
}

function squareRoot(a: Fixed, precision: number): Fixed {
  const target = a << BigInt(precision);
  if (target === 0n) return 0n;
  let root = 1n << BigInt(Math.ceil(target.toString(16).length * 2) + 1);
  for (;;) {
    const next = (root + target / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** A power series whose terms follow from each other, up to the first that is zero. */
function series(first: Fixed, next: (term: Fixed, i: bigint) => Fixed): Fixed {
  let sum = 0n;
  let term = first;
  for (let i = 1n; term !== 0n && term !== -1n; i++) {
    sum += term;
    term = next(term, i);
  }
  return sum;
}

/** atanh(x) or, with `sign` −1, atan(x), for |x| well below 1. */
function inverseTangent(x: Fixed, sign: bigint, precision: number): Fixed {
  const square = sign * multiply(x, x, precision);
  let power = x;
  let sum = 0n;
  for (let i = 1n; power !== 0n && power !== -1n; i += 2n) {
    sum += power / i;
    power = multiply(power, square, precision);
  }
  return sum;
}

const constants = new Map<string, Fixed>();

function constant(name: string, precision: number, compute: (precision: number) => Fixed): Fixed {
  const key = `${name}/${precision}`;
  const known = constants.get(key);
  if (known !== undefined) return known;
  const guard = 16;
  const value = compute(precision + guard) >> BigInt(guard);
  constants.set(key, value);
  return value;
}

function ln2(precision: number): Fixed {
  return constant('ln2', precision, (bits) => 2n * inverseTangent(one(bits) / 3n, 1n, bits));
}

function pi(precision: number): Fixed {
  return constant('pi', precision, (bits) => {
    const part = (n: bigint) => inverseTangent(one(bits) / n, -1n, bits);
    return 16n * part(5n) - 4n * part(239n);
  });
}

/** e^x for any x as mantissa × 2^exponent. */
function expFixed(x: Fixed, precision: number): { mantissa: bigint; exponent: number } {
  const halvings = 8n;
  const twos = divideFloor(x, ln2(precision));
  const rest = (x - twos * ln2(precision)) >> halvings;
  let power = series(one(precision), (term, i) => multiply(term, rest, precision) / i);
  for (let i = 0n; i < halvings; i++) power = multiply(power, power, precision);
  return { mantissa: power, exponent: Number(twos) - precision };
}

function divideFloor(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** Natural logarithm of a positive finite value. */
function logFixed(value: number, precision: number): Fixed {
  const { fraction, exponent } = frexp(value);
  const isLow = fraction < 0.7;
  const m = fixedMagnitude(isLow ? fraction * 2 : fraction, precision);
  const ratio = divide(m - one(precision), m + one(precision), precision);
  const twos = BigInt(isLow ? exponent - 1 : exponent);
  return 2n * inverseTangent(ratio, 1n, precision) + twos * ln2(precision);
}

export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 710) return Infinity;
  if (x < -746) return 0;
  const { mantissa, exponent } = expFixed(fixedOf(x, PRECISION), PRECISION);
  return fromInteger(mantissa, exponent);
}

export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  return fromFixed(logFixed(x, PRECISION), PRECISION);
}

export function log10(x: number): number {
  if (!(x > 0) || x === Infinity) return log(x);
  return fromFixed(divide(logFixed(x, PRECISION), logFixed(10, PRECISION), PRECISION), PRECISION);
}

/** C's `pow`, special cases included (C99, F.9.4.4). */
export function pow(x: number, y: number): number {
  if (x === 1 || y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const isOdd = Number.isInteger(y) && Math.abs(y % 2) === 1;
  const magnitude = powMagnitude(Math.abs(x), y);
  if (x > 0 || Object.is(x, 0)) return magnitude;
  if (x !== 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y))
    return Number.NaN;
  return isOdd ? -magnitude : magnitude;
}

/** x^y for x ≥ 0, y ≠ 0. */
function powMagnitude(x: number, y: number): number {
  if (x === 1) return 1;
  if (!Number.isFinite(y)) return x > 1 === y > 0 ? Infinity : 0;
  if (x === 0 || x === Infinity) return (x === 0) === y > 0 ? 0 : Infinity;
  const exact = integerPower(x, y);
  if (exact !== undefined) return exact;
  const logarithm = logFixed(x, PRECISION);
  const estimate = fromFixed(logarithm, PRECISION) * y;
  if (estimate > 710) return Infinity;
  if (estimate < -746) return 0;
  const { mantissa, exponent } = decompose(Math.abs(y));
  const product = logarithm * (y < 0 ? -mantissa : mantissa);
  const shifted = exponent >= 0 ? product << BigInt(exponent) : product >> BigInt(-exponent);
  const power = expFixed(shifted, PRECISION);
  return fromInteger(power.mantissa, power.exponent);
}

/** x^y where multiplying is exact throughout. */
function integerPower(x: number, y: number): number | undefined {
  if (!Number.isInteger(x) || !Number.isInteger(y) || y < 0 || y > 64) return undefined;
  let power = 1;
  for (let i = 0; i < y; i++) power *= x;
  return power <= Number.MAX_SAFE_INTEGER ? power : undefined;
}

/** sin and cos of a finite x, with as many bits after the point as a tiny or huge x needs. */
function sineAndCosine(x: number): { sine: Fixed; cosine: Fixed; precision: number } {
  const precision = precisionFor(frexp(x).exponent);
  const halfPi = pi(precision) >> 1n;
  const angle = fixedOf(x, precision);
  const quadrant = divideFloor(angle + (halfPi >> 1n), halfPi);
  const rest = angle - quadrant * halfPi;
  const square = -multiply(rest, rest, precision);
  const step = (from: bigint) => (term: Fixed, i: bigint) =>
    multiply(term, square, precision) / ((2n * i + from) * (2n * i + from - 1n));
  const sine = series(rest, step(1n));
  const cosine = series(one(precision), step(0n));
  switch (Number(((quadrant % 4n) + 4n) % 4n)) {
    case 0:
      return { sine, cosine, precision };
    case 1:
      return { sine: cosine, cosine: -sine, precision };
    case 2:
      return { sine: -sine, cosine: -cosine, precision };
    default:
      return { sine: -cosine, cosine: sine, precision };
  }
}

export function sin(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (x === 0) return x;
  const { sine, precision } = sineAndCosine(x);
  return fromFixed(sine, precision);
}

export function cos(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  const { cosine, precision } = sineAndCosine(x);
  return fromFixed(cosine, precision);
}

export function tan(x: number): number {
  if (!Number.isFinite(x)) return Number.NaN;
  if (x === 0) return x;
  const { sine, cosine, precision } = sineAndCosine(x);
  return fromFixed(divide(sine, cosine, precision), precision);
}

/** atan of a quotient of integers that are not negative, precise relative to its own size. */
function arctangent(numerator: bigint, denominator: bigint): { angle: Fixed; precision: number } {
  const bits = (value: bigint) => value.toString(16).length * 4;
  const precision = precisionFor(Math.max(0, bits(denominator) - bits(numerator)));
  if (numerator > denominator) {
    const { angle, precision: inner } = arctangent(denominator, numerator);
    return { angle: (pi(inner) >> 1n) - angle, precision: inner };
  }
  let x = divide(numerator, denominator, precision);
  // atan x = 2 atan (x / (1 + √(1 + x²))): small arguments make the series short.
  const halvings = 3;
  for (let i = 0; i < halvings; i++) {
    const root = squareRoot(one(precision) + multiply(x, x, precision), precision);
    x = divide(x, one(precision) + root, precision);
  }
  return { angle: inverseTangent(x, -1n, precision) << BigInt(halvings), precision };
}

/** C's `atan2`, special cases included (C99, F.9.1.4). */
export function atan2(y: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const isLeft = x < 0 || Object.is(x, -0);
  const isDown = y < 0 || Object.is(y, -0);
  const sign = isDown ? -1 : 1;
  if (y === 0 && !isLeft) return y;
  const a = finiteRatio(y, x);
  const { angle, precision } = arctangent(a.numerator, a.denominator);
  return sign * fromFixed(isLeft ? pi(precision) - angle : angle, precision);
}

/** |y| : |x| as integers; infinities stand to each other as 1 : 1 and to the rest as 1 : 0. */
function finiteRatio(y: number, x: number): { numerator: bigint; denominator: bigint } {
  const isInfinite = !Number.isFinite(x) || !Number.isFinite(y);
  const weight = (value: number) => (Number.isFinite(value) ? 0 : 1);
  const a = decompose(isInfinite ? weight(y) : Math.abs(y));
  const b = decompose(isInfinite ? weight(x) : Math.abs(x));
  const common = Math.min(a.exponent, b.exponent);
  return {
    numerator: a.mantissa << BigInt(a.exponent - common),
    denominator: b.mantissa << BigInt(b.exponent - common),
  };
}

export function atan(x: number): number {
  return atan2(x, 1);
}

export function asin(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  if (x === 0) return x;
  const { leg, side } = rightTriangle(x);
  const { angle, precision } = arctangent(side, leg);
  return (x < 0 ? -1 : 1) * fromFixed(angle, precision);
}

export function acos(x: number): number {
  if (!(Math.abs(x) <= 1)) return Number.NaN;
  const { leg, side } = rightTriangle(x);
  const { angle, precision } = arctangent(leg, side);
  return fromFixed(x < 0 ? pi(precision) - angle : angle, precision);
}

/** |x| and √(1 − x²) on one scale. */
function rightTriangle(x: number): { leg: Fixed; side: Fixed } {
  const precision = precisionFor(frexp(x).exponent);
  const side = fixedMagnitude(Math.abs(x), precision);
  const leg = squareRoot(one(precision) - multiply(side, side, precision), precision);
  return { leg, side };
}

/** e^x and e^−x for 0 ≤ x ≤ 750 on one scale. */
function exponentials(x: number): { grown: Fixed; shrunk: Fixed; precision: number } {
  const precision = precisionFor(frexp(x).exponent);
  const { mantissa, exponent } = expFixed(fixedMagnitude(x, precision), precision);
  const shift = exponent + precision;
  const grown = shift >= 0 ? mantissa << BigInt(shift) : mantissa >> BigInt(-shift);
  return { grown, shrunk: divide(one(precision), grown, precision), precision };
}

export function sinh(x: number): number {
  if (x < 0) return -sinh(-x);
  if (x === 0 || !(x <= 750)) return x > 750 ? Infinity : x;
  const { grown, shrunk, precision } = exponentials(x);
  return fromFixed((grown - shrunk) >> 1n, precision);
}

export function cosh(x: number): number {
  if (!(Math.abs(x) <= 750)) return Math.abs(x) > 750 ? Infinity : x;
  const { grown, shrunk, precision } = exponentials(Math.abs(x));
  return fromFixed((grown + shrunk) >> 1n, precision);
}

export function tanh(x: number): number {
  if (x < 0) return -tanh(-x);
  if (x === 0 || !(x <= 30)) return x > 30 ? 1 : x;
  const { grown, shrunk, precision } = exponentials(x);
  return fromFixed(divide(grown - shrunk, grown + shrunk, precision), precision);
}
