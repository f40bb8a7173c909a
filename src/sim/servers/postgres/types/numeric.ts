/**
 * Exact decimals: an integer and how many of its digits stand behind the point. What `extract` and
 * decimal literals give; sums, differences, products, quotients and comparisons.
 */
import { invalidInput, outOfRange } from '../errors.js';

export class Numeric {
  constructor(
    readonly digits: bigint,
    readonly scale: number,
  ) {}
}

const power = (scale: number): bigint => 10n ** BigInt(scale);

function align(a: Numeric, b: Numeric): readonly [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  return [a.digits * power(scale - a.scale), b.digits * power(scale - b.scale), scale];
}

export function add(a: Numeric, b: Numeric): Numeric {
  const [left, right, scale] = align(a, b);
  return new Numeric(left + right, scale);
}

export function subtract(a: Numeric, b: Numeric): Numeric {
  const [left, right, scale] = align(a, b);
  return new Numeric(left - right, scale);
}

export function multiply(a: Numeric, b: Numeric): Numeric {
  return new Numeric(a.digits * b.digits, a.scale + b.scale);
}

/** The first digit that is not 0, of digits worth 10,000 each, and its place. */
function leading({ digits, scale }: Numeric): { readonly place: number; readonly digit: bigint } {
  if (digits === 0n) return { place: 0, digit: 0n };
  const size = digits < 0n ? -digits : digits;
  const place = Math.floor((String(size).length - 1 - scale) / 4);
  const unit = 10_000n ** BigInt(Math.abs(place));
  const digit = place < 0 ? (size * unit) / power(scale) : size / (power(scale) * unit);
  return { place, digit };
}

const SIGNIFICANT_DIGITS = 16;

/** A quotient has at least 16 significant digits, counted by fours (`select_div_scale`). */
export function divide(a: Numeric, b: Numeric): Numeric {
  const [first, second] = [leading(a), leading(b)];
  const place = first.place - second.place - (first.digit <= second.digit ? 1 : 0);
  const scale = Math.max(SIGNIFICANT_DIGITS - place * 4, a.scale, b.scale, 0);
  // One digit more than wanted, so that the last can be rounded.
  const exact = (a.digits * power(scale + 1 + b.scale)) / (b.digits * power(a.scale));
  return new Numeric(toInteger(new Numeric(exact, 1)), scale);
}

export function compare(a: Numeric, b: Numeric): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Rounds half away from zero, as numeric does. */
export function toInteger({ digits, scale }: Numeric): bigint {
  if (scale === 0) return digits;
  const unit = power(scale);
  const half = unit / 2n;
  return digits < 0n ? -((-digits + half) / unit) : (digits + half) / unit;
}

/** The next integer at or below (`floor`) or above (`ceil`). */
export function toward({ digits, scale }: Numeric, direction: 'floor' | 'ceil'): Numeric {
  const unit = power(scale);
  const cut = digits / unit;
  const exact = cut * unit === digits;
  if (exact) return new Numeric(cut, 0);
  if (direction === 'floor') return new Numeric(digits < 0n ? cut - 1n : cut, 0);
  return new Numeric(digits > 0n ? cut + 1n : cut, 0);
}

export function toNumber(value: Numeric): number {
  return Number(numericText(value));
}

export function numericText({ digits, scale }: Numeric): string {
  const negative = digits < 0n;
  const text = String(negative ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  const fraction = scale === 0 ? '' : `.${text.slice(text.length - scale)}`;
  return `${negative ? '-' : ''}${whole}${fraction}`;
}

export function parseNumeric(text: string): Numeric {
  const match = /^\s*([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?\s*$/i.exec(text);
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) {
    throw invalidInput('numeric', text);
  }
  const exponent = Number(match[4] ?? 0);
  if (Math.abs(exponent) > 400) throw outOfRange('numeric field overflow: value');
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}` || '0') * (match[1] === '-' ? -1n : 1n);
  const scale = fraction.length - exponent;
  return scale < 0 ? new Numeric(digits * power(-scale), 0) : new Numeric(digits, scale);
}

/** The shortest decimal that a double stands for, as its text output has it. */
export function fromNumber(value: number): Numeric {
  return parseNumeric(floatText(value));
}

/** A double's text: PostgreSQL writes the shortest that reads back, as JavaScript does. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const [mantissa, exponent] = text.split('e');
  const size = Math.abs(value);
  // %g switches to an exponent from 1e15 on and below 1e-4, JavaScript at other places.
  if (exponent === undefined && size < 1e15 && (size >= 1e-4 || value === 0)) return text;
  return scientific(mantissa!, Number(exponent ?? 0));
}

function scientific(mantissa: string, exponent: number): string {
  const negative = mantissa.startsWith('-');
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.');
  const all = `${whole}${fraction}`;
  const lead = all.length - all.replace(/^0+/, '').length;
  const digits = all.slice(lead).replace(/0+$/, '');
  const power10 = exponent + whole!.length - 1 - lead;
  const size = Math.abs(power10);
  const tail = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const shown = `${power10 < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`;
  return `${negative ? '-' : ''}${digits[0]}${tail}e${shown}`;
}
