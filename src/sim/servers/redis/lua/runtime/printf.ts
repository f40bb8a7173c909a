/** Numbers that are no small integers as text, as C's `printf` has it with `%g`. */
import { exactDigits, shortestDigits } from './decimal.js';

/** `%.<precision>g`. */
export function formatGeneral(value: number, precision: number): string {
  const special = formatSpecial(value);
  if (special !== undefined) return special;
  const sign = isNegative(value) ? '-' : '';
  const { digits, exponent } = significantDigits(Math.abs(value), Math.max(precision, 1));
  const trimmed = digits.replace(/0+$/, '');
  if (exponent < -4 || exponent >= Math.max(precision, 1)) {
    return sign + scientific(trimmed === '' ? '0' : trimmed, exponent);
  }
  return sign + positional(trimmed, exponent);
}

/** What `printf` writes for a value that is no finite number, whatever the conversion. */
export function formatSpecial(value: number): string | undefined {
  if (Number.isFinite(value)) return undefined;
  // The processors Redis runs on make a NaN with the sign bit set; a script cannot see more of it.
  if (Number.isNaN(value)) return '-nan';
  return value > 0 ? 'inf' : '-inf';
}

export function isNegative(value: number): boolean {
  return value < 0 || Object.is(value, -0);
}

/** `d.ddde±dd` of digits without a point. */
export function scientific(digits: string, exponent: number): string {
  const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
  const magnitude = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.charAt(0)}${fraction}e${exponent < 0 ? '-' : '+'}${magnitude}`;
}

/** `ddd.ddd` of digits whose first stands for 10^exponent. */
function positional(digits: string, exponent: number): string {
  if (digits === '') return '0';
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return digits.padEnd(exponent + 1, '0');
  return `${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** Exactly `count` digits, rounded to nearest and ties to even. */
function significantDigits(value: number, count: number): { digits: string; exponent: number } {
  const shortest = shortestDigits(value);
  // Few digits that read back as the value are also its nearest decimal of that length, unless the
  // value is so small that its own precision is less.
  if (shortest.digits.length <= count && count <= 15 && value >= SMALLEST_NORMAL) return shortest;
  return exactDigits(value, count);
}
