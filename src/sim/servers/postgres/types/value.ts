/**
 * Values at run time, and their text: what a client sends and sees. `bigint` is int8, `number` is
 * int4, float8 and (in microseconds) timestamps; the type is known where an expression is compiled.
 */
import { invalidInput, notModelled, outOfRange, PostgresError } from '../errors.js';
import type { PostgresValue } from '../port.js';
import { Interval, intervalText, parseInterval, spanUs } from './interval.js';
import {
  compare as compareNumeric,
  floatText,
  Numeric,
  numericText,
  parseNumeric,
} from './numeric.js';
import { parseTimestamp, timestampText } from './timestamp.js';
import { displayName, elementOf, type Type } from './type.js';

export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Interval
  | Numeric
  | readonly Value[];

export const INT4_MAX = 2_147_483_647;
export const INT8_MAX = 9_223_372_036_854_775_807n;

export function checkInt4(value: number): number {
  if (value > INT4_MAX || value < -INT4_MAX - 1) throw outOfRange('integer');
  return value;
}

export function checkInt8(value: bigint): bigint {
  if (value > INT8_MAX || value < -INT8_MAX - 1n) throw outOfRange('bigint');
  return value;
}

function integer(text: string, type: 'int4' | 'int8'): bigint {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) throw invalidInput(displayName(type), text);
  const value = BigInt(text.trim().replace(/^\+/, ''));
  const max = type === 'int4' ? BigInt(INT4_MAX) : INT8_MAX;
  if (value > max || value < -max - 1n) {
    throw new PostgresError(
      '22003',
      `value "${text}" is out of range for type ${displayName(type)}`,
    );
  }
  return value;
}

const TRUE = /^(t|tr|tru|true|y|ye|yes|on|1)$/;
const FALSE = /^(f|fa|fal|fals|false|n|no|of|off|0)$/;

function boolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (TRUE.test(word)) return true;
  if (FALSE.test(word)) return false;
  throw invalidInput('boolean', text);
}

function float(text: string): number {
  const word = text.trim();
  if (/^[+-]?inf(inity)?$/i.test(word)) return word.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(word)) return Number.NaN;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word)) {
    throw invalidInput('double precision', text);
  }
  const value = Number(word);
  if (Number.isFinite(value)) return value;
  throw new PostgresError('22003', `"${text}" is out of range for type double precision`);
}

function uuid(text: string): string {
  const digits = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .toLowerCase();
  const match = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/.exec(
    digits,
  );
  if (match === null) throw invalidInput('uuid', text);
  return match.slice(1).join('-');
}

function array(text: string, type: Type): Value {
  const match = /^\s*\{(.*)\}\s*$/.exec(text);
  if (match === null) {
    throw new PostgresError(
      '22P02',
      `malformed array literal: "${text}"`,
      'Array value must start with "{" or dimension information.',
    );
  }
  const body = match[1]!.trim();
  if (/[{}\\]/.test(body)) throw notModelled(`array '${text}'`);
  if (body === '') return [];
  const items = body.match(/"[^"]*"|[^",]+/g) ?? [];
  return items.map((item) => {
    const word = item.trim();
    if (/^null$/i.test(word)) return null;
    return fromText(word.replace(/^"(.*)"$/, '$1'), elementOf(type)!);
  });
}

/** The type's input function. */
export function fromText(text: string, type: Type): Value {
  switch (type) {
    case 'bool':
      return boolean(text);
    case 'int4':
      return Number(integer(text, type));
    case 'int8':
      return integer(text, type);
    case 'float8':
      return float(text);
    case 'numeric':
      return parseNumeric(text);
    case 'timestamptz':
      return parseTimestamp(text, true, displayName(type));
    case 'timestamp':
      return parseTimestamp(text, false, displayName(type));
    case 'interval':
      return parseInterval(text);
    case 'uuid':
      return uuid(text);
    case 'text':
    case 'varchar':
    case 'unknown':
    case 'void':
      return text;
    default:
      return array(text, type);
  }
}

/** The type's output function. */
export function toText(value: Value, type: Type): string {
  switch (type) {
    case 'bool':
      return value === true ? 't' : 'f';
    case 'float8':
      return floatText(value as number);
    case 'numeric':
      return numericText(value as Numeric);
    case 'timestamptz':
    case 'timestamp':
      return timestampText(value as number, type === 'timestamptz');
    case 'interval':
      return intervalText(value as Interval);
    case 'void':
      return '';
    default: {
      const element = elementOf(type);
      if (element === undefined) return String(value);
      const items = (value as readonly Value[]).map((item) =>
        item === null ? 'NULL' : toText(item, element),
      );
      return `{${items.join(',')}}`;
    }
  }
}

/** A value as a client gets it: `pg` makes numbers of int4 and float8, booleans, else text. */
export function toClient(value: Value, type: Type): PostgresValue {
  if (value === null) return null;
  if (type === 'int4' || type === 'float8') return value as number;
  if (type === 'bool') return value as boolean;
  return typeof value === 'string' ? value : toText(value, type);
}

/** Order of two values of one type; text by code points, as with the collation C. */
export function compareValues(a: Value, b: Value, type: Type): number {
  switch (type) {
    case 'interval':
      return spanUs(a as Interval) - spanUs(b as Interval);
    case 'numeric':
      return compareNumeric(a as Numeric, b as Numeric);
    case 'text':
    case 'varchar':
      return compareText(a as string, b as string);
    default:
      return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
  }
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.codePointAt(at)!;
    const right = b.codePointAt(at)!;
    if (left !== right) return left - right;
  }
  return a.length - b.length;
}

/** What equality compares: as a key of a Map. */
export function keyOf(value: Value): string | number | bigint | boolean {
  if (value instanceof Interval) return spanUs(value);
  if (value instanceof Numeric) return numericText(value);
  return value as string;
}

export { Interval, Numeric };
