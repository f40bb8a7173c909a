/**
 * Numbers as text, both ways, as C's `strtod` and `printf` have it: Lua 5.1 reads numbers with the
 * one and prints them as `%.14g`; Redis passes them to commands as `%.17g`.
 */
import { parseDigits } from '../../numbers.js';
import { fromInteger } from './float.js';
import { formatGeneral } from './printf.js';

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const HEXADECIMAL =
  /^([+-]?)0[xX](?:([\da-fA-F]+)\.?([\da-fA-F]*)|\.([\da-fA-F]+))(?:[pP]([+-]?\d+))?$/;
const SPECIAL = /^([+-]?)(?:(inf(?:inity)?)|nan(?:\(\w*\))?)$/i;

/** The number a text stands for, spaces around it allowed; `undefined` if it stands for none. */
export function parseNumber(text: string): number | undefined {
  const digits = parseDigits(text);
  if (digits !== undefined) return digits;
  const trimmed = trimSpaces(cString(text));
  if (DECIMAL.test(trimmed)) return Number(trimmed);
  const hexadecimal = HEXADECIMAL.exec(trimmed);
  if (hexadecimal !== null) return parseHexadecimal(hexadecimal);
  const special = SPECIAL.exec(trimmed);
  if (special === null) return undefined;
  if (special[2] === undefined) return Number.NaN;
  return special[1] === '-' ? -Infinity : Infinity;
}

const PREFIX = new RegExp(
  [
    String.raw`[+-]?(?:0x(?:[\da-f]+\.?[\da-f]*|\.[\da-f]+)(?:p[+-]?\d+)?`,
    String.raw`(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`,
    String.raw`inf(?:inity)?|nan(?:\(\w*\))?)`,
  ].join('|'),
  'iy',
);

/** The longest text from a place on that `strtod` would read; empty if there is none. */
export function numberPrefix(text: string, at: number): string {
  PREFIX.lastIndex = at;
  return PREFIX.exec(text)?.[0] ?? '';
}

/** `%.14g`: what `tostring` and `..` make of a number. */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) && value < 1e14 && value > -1e14) return formatSmallInteger(value);
  return formatGeneral(value, 14);
}

/** `%.17g`: what a command receives when a script passes a number. */
export function formatExact(value: number): string {
  if (Number.isSafeInteger(value)) return formatSmallInteger(value);
  return formatGeneral(value, 17);
}

function formatSmallInteger(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

function parseHexadecimal(match: RegExpExecArray): number {
  const whole = match[2] ?? '';
  const fraction = match[3] ?? match[4] ?? '';
  const mantissa = BigInt(`0x${whole}${fraction}`);
  const exponent = Number(match[5] ?? '0') - 4 * fraction.length;
  const value = fromInteger(mantissa, exponent);
  return match[1] === '-' ? -value : value;
}

/** A text up to its first zero byte: where C's functions stop reading. */
export function cString(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Without the characters C's `isspace` knows, at both ends. */
export function trimSpaces(text: string): string {
  return text.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '');
}
