/**
 * Conversions between types: of literals and parameters whose type the context decides, and casts,
 * written or implied.
 */
import { datatypeMismatch, notModelled, outOfRange, PostgresError } from '../errors.js';
import type { Execution } from '../execution.js';
import { roundHalfEven } from '../types/interval.js';
import { fromNumber, Numeric, toInteger, toNumber } from '../types/numeric.js';
import { type CastContext, canCast, categoryOf, displayName, type Type } from '../types/type.js';
import { checkInt4, checkInt8, fromText, toText, type Value } from '../types/value.js';
import type { Compilation, Expression } from './scope.js';

export function constant(type: Type, value: Value): Expression {
  return { type, evaluate: () => value };
}

export function literal(text: string): Expression {
  return { type: 'unknown', evaluate: () => text, literal: text };
}

export function parameter(compilation: Compilation, at: number): Expression {
  const evaluate = (execution: Execution): Value => execution.params[at]!;
  const type = compilation.parameters[at];
  while (compilation.parameters.length <= at) compilation.parameters.push(undefined);
  return type === undefined ? { type: 'unknown', evaluate, parameter: at } : { type, evaluate };
}

/** An expression of unknown type becomes one of this type; any other stays as it is. */
export function resolve(compilation: Compilation, expression: Expression, type: Type): Expression {
  if (expression.type !== 'unknown') return expression;
  if (expression.literal !== undefined) return constant(type, fromText(expression.literal, type));
  if (expression.parameter !== undefined) {
    compilation.decideParameter(expression.parameter, type);
  }
  return { type, evaluate: expression.evaluate };
}

type Convert = (value: Value) => Value;

function floatToInteger(value: number, type: 'integer' | 'bigint'): number {
  if (!Number.isFinite(value)) throw outOfRange(type);
  return roundHalfEven(value);
}

const CONVERSIONS: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ['int4 int8', (value) => BigInt(value as number)],
  ['int4 float8', (value) => value],
  ['int4 numeric', (value) => new Numeric(BigInt(value as number), 0)],
  ['int4 bool', (value) => value !== 0],
  ['bool int4', (value) => (value === true ? 1 : 0)],
  ['int8 int4', (value) => toInt4(value as bigint)],
  ['int8 float8', (value) => Number(value)],
  ['int8 numeric', (value) => new Numeric(value as bigint, 0)],
  ['numeric int4', (value) => toInt4(toInteger(value as Numeric))],
  ['numeric int8', (value) => checkInt8(toInteger(value as Numeric))],
  ['numeric float8', (value) => toNumber(value as Numeric)],
  ['float8 int4', (value) => checkInt4(floatToInteger(value as number, 'integer'))],
  ['float8 int8', (value) => checkInt8(BigInt(floatToInteger(value as number, 'bigint')))],
  ['float8 numeric', (value) => fromNumber(value as number)],
  ['timestamp timestamptz', (value) => value],
  ['timestamptz timestamp', (value) => value],
]);

function toInt4(value: bigint): number {
  if (value > 2_147_483_647n || value < -2_147_483_648n) throw outOfRange('integer');
  return Number(value);
}

function conversion(from: Type, to: Type): Convert {
  const known = CONVERSIONS.get(`${from} ${to}`);
  if (known !== undefined) return known;
  if (categoryOf(from) === 'S' && categoryOf(to) === 'S') return (value) => value;
  if (categoryOf(to) === 'S') {
    if (from === 'bool') return (value) => (value === true ? 'true' : 'false');
    return (value) => toText(value, from);
  }
  if (categoryOf(from) === 'S') return (value) => fromText(value as string, to);
  throw notModelled(`cast from ${displayName(from)} to ${displayName(to)}`);
}

/** The expression as one of another type; undefined: there is no such cast in this context. */
export function coerce(
  compilation: Compilation,
  expression: Expression,
  to: Type,
  context: CastContext,
): Expression | undefined {
  if (expression.type === to) return expression;
  if (expression.type === 'unknown') return resolve(compilation, expression, to);
  if (!canCast(expression.type, to, context)) return undefined;
  const convert = conversion(expression.type, to);
  const { evaluate } = expression;
  return {
    type: to,
    evaluate: (execution) => {
      const value = evaluate(execution);
      return value === null ? null : convert(value);
    },
  };
}

/** A written cast, `x::type`. */
export function cast(
  compilation: Compilation,
  expression: Expression,
  to: Type,
  length: number | undefined,
): Expression {
  const converted = coerce(compilation, expression, to, 'e');
  if (converted === undefined) {
    throw new PostgresError(
      '42846',
      `cannot cast type ${displayName(expression.type)} to ${displayName(to)}`,
    );
  }
  if (length === undefined) return converted;
  const { evaluate } = converted;
  return {
    type: to,
    evaluate: (execution) => {
      const value = evaluate(execution);
      return typeof value === 'string' ? [...value].slice(0, length).join('') : value;
    },
  };
}

/** A condition: WHERE, AND, CASE WHEN. */
export function condition(
  compilation: Compilation,
  expression: Expression,
  where: string,
): Expression {
  const converted = coerce(compilation, expression, 'bool', 'i');
  if (converted !== undefined) return converted;
  throw datatypeMismatch(
    `argument of ${where} must be type boolean, not type ${displayName(expression.type)}`,
  );
}

/** One type for several expressions: CASE, COALESCE, IN, VALUES (select_common_type). */
export function commonType(
  compilation: Compilation,
  expressions: readonly Expression[],
  what: string,
): { readonly type: Type; readonly expressions: readonly Expression[] } {
  let type: Type = 'unknown';
  for (const { type: own } of expressions) {
    if (own === 'unknown' || own === type) continue;
    if (type === 'unknown') type = own;
    else if (categoryOf(own) !== categoryOf(type)) {
      throw datatypeMismatch(
        `${what} types ${displayName(type)} and ${displayName(own)} cannot be matched`,
      );
    } else if (canCast(type, own, 'i') && !canCast(own, type, 'i')) type = own;
  }
  const common = type === 'unknown' ? 'text' : type;
  return {
    type: common,
    expressions: expressions.map((expression) => coerce(compilation, expression, common, 'i')!),
  };
}
