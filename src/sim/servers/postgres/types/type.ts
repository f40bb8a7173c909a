/**
 * The types that lock code uses, and what PostgreSQL knows of them: their names, their categories,
 * and which is preferred where several would do (pg_type, pg_cast).
 */
import { PostgresError } from '../errors.js';

export type ScalarType =
  | 'bool'
  | 'int4'
  | 'int8'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'varchar'
  | 'timestamptz'
  | 'timestamp'
  | 'interval'
  | 'uuid'
  | 'void'
  | 'unknown';
export type ArrayType = 'int4[]' | 'int8[]' | 'text[]' | 'varchar[]' | 'uuid[]';
export type Type = ScalarType | ArrayType;

const DISPLAY: ReadonlyMap<Type, string> = new Map<Type, string>([
  ['bool', 'boolean'],
  ['int4', 'integer'],
  ['int8', 'bigint'],
  ['float8', 'double precision'],
  ['varchar', 'character varying'],
  ['timestamptz', 'timestamp with time zone'],
  ['timestamp', 'timestamp without time zone'],
  ['int4[]', 'integer[]'],
  ['int8[]', 'bigint[]'],
  ['varchar[]', 'character varying[]'],
]);

/** The type's name as messages have it. */
export function displayName(type: Type): string {
  return DISPLAY.get(type) ?? type;
}

const BY_NAME: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['bool', 'bool'],
  ['boolean', 'bool'],
  ['int', 'int4'],
  ['int4', 'int4'],
  ['integer', 'int4'],
  ['int8', 'int8'],
  ['bigint', 'int8'],
  ['float8', 'float8'],
  ['double precision', 'float8'],
  ['float', 'float8'],
  ['numeric', 'numeric'],
  ['decimal', 'numeric'],
  ['text', 'text'],
  ['varchar', 'varchar'],
  ['character varying', 'varchar'],
  ['timestamptz', 'timestamptz'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp', 'timestamp'],
  ['timestamp without time zone', 'timestamp'],
  ['interval', 'interval'],
  ['uuid', 'uuid'],
]);

/** Types that PostgreSQL has and this page has not. */
const OTHERS: ReadonlySet<string> = new Set(
  `
    smallint, int2, real, float4, json, jsonb, bytea, date, time, timetz, char, character,
    bpchar, name, oid, xid, xid8, bit, varbit, inet, cidr, money, xml, regclass, regproc,
    smallserial, serial2, point, tsvector, time with time zone, time without time zone
  `
    .trim()
    .split(/,\s*/),
);

export function typeByName(name: string): Type {
  const type = BY_NAME.get(name);
  if (type !== undefined) return type;
  if (OTHERS.has(name)) throw new PostgresError('0A000', `not modelled: type ${name}`);
  throw new PostgresError('42704', `type "${name}" does not exist`);
}

export type Category = 'B' | 'N' | 'S' | 'D' | 'T' | 'U' | 'X' | 'A';

export function categoryOf(type: Type): Category {
  switch (type) {
    case 'bool':
      return 'B';
    case 'int4':
    case 'int8':
    case 'float8':
    case 'numeric':
      return 'N';
    case 'text':
    case 'varchar':
      return 'S';
    case 'timestamptz':
    case 'timestamp':
      return 'D';
    case 'interval':
      return 'T';
    case 'uuid':
    case 'void':
      return 'U';
    case 'unknown':
      return 'X';
    default:
      return 'A';
  }
}

/** Preferred within its category. */
export function isPreferred(type: Type): boolean {
  return (
    type === 'bool' ||
    type === 'float8' ||
    type === 'text' ||
    type === 'timestamptz' ||
    type === 'interval'
  );
}

const IMPLICIT: ReadonlySet<string> = new Set([
  'int4 int8',
  'int4 numeric',
  'int4 float8',
  'int8 numeric',
  'int8 float8',
  'numeric float8',
  'varchar text',
  'text varchar',
  'timestamp timestamptz',
]);

const ASSIGNMENT: ReadonlySet<string> = new Set([
  'int8 int4',
  'numeric int4',
  'numeric int8',
  'float8 int4',
  'float8 int8',
  'float8 numeric',
  'timestamptz timestamp',
]);

/** `e` only when written, `a` also in an assignment, `i` anywhere. */
export type CastContext = 'e' | 'a' | 'i';

/** Whether a value of one type becomes one of another in this context. */
export function canCast(from: Type, to: Type, context: CastContext): boolean {
  if (from === to || from === 'unknown') return true;
  if (IMPLICIT.has(`${from} ${to}`)) return true;
  if (context === 'i' || from === 'void' || to === 'void') return false;
  const toText = categoryOf(to) === 'S';
  if (ASSIGNMENT.has(`${from} ${to}`) || toText) return true;
  if (context === 'a') return false;
  return (
    categoryOf(from) === 'S' || `${from} ${to}` === 'int4 bool' || `${from} ${to}` === 'bool int4'
  );
}

export function elementOf(type: Type): ScalarType | undefined {
  return type.endsWith('[]') ? (type.slice(0, -2) as ScalarType) : undefined;
}
