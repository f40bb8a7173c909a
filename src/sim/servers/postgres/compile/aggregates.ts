/** Aggregates: one value for a group of rows. */
import type { ExprCall } from 'pgsql-ast-parser';
import { notModelled, PostgresError } from '../errors.js';
import { add } from '../types/numeric.js';
import { displayName, type Type } from '../types/type.js';
import { compareValues, Numeric, type Value } from '../types/value.js';
import { resolve } from './coerce.js';
import { expression } from './expression.js';
import type { Aggregate, Expression, Scope } from './scope.js';

const NAMES = /^(count|max|min|sum|bool_and|bool_or|every)$/;
const OTHERS = /^(avg|string_agg|array_agg|json_agg|jsonb_agg|stddev|variance)$/;

export function isAggregate(name: string): boolean {
  if (OTHERS.test(name)) throw notModelled(`function ${name}`);
  return NAMES.test(name);
}

/** A call of an aggregate: its value is computed for each group, and read here. */
export function aggregate(scope: Scope, ast: ExprCall): Expression {
  const { name } = ast.function;
  if (scope.clause !== undefined) {
    throw new PostgresError('42803', `aggregate functions are not allowed in ${scope.clause}`);
  }
  if (scope.inAggregate) {
    throw new PostgresError('42803', 'aggregate function calls cannot be nested');
  }
  const [argument] = ast.args;
  const star = argument?.type === 'ref' && argument.name === '*';
  scope.inAggregate = true;
  const operand = star || argument === undefined ? undefined : expression(scope, argument);
  scope.inAggregate = false;
  const at = scope.aggregates.length;
  const { type, made } = make(scope, name, operand, ast.distinct === 'distinct');
  scope.aggregates.push(made);
  return { type, evaluate: (execution) => execution.aggregates[at]! };
}

function make(
  scope: Scope,
  name: string,
  operand: Expression | undefined,
  distinct: boolean,
): { readonly type: Type; readonly made: Aggregate } {
  if (name === 'count') return { type: 'int8', made: count(operand, distinct) };
  if (operand === undefined) {
    throw new PostgresError('42883', `function ${name}() does not exist`);
  }
  const value = resolve(scope.compilation, operand, 'text');
  if (name === 'max' || name === 'min') return extreme(name, value);
  if (name === 'sum') return sum(value);
  if (value.type !== 'bool') {
    throw new PostgresError('42883', `function ${name}(${displayName(value.type)}) does not exist`);
  }
  const decides = name === 'bool_or';
  return {
    type: 'bool',
    made: fold(value, null, (state, next) => (state === decides ? state : next)),
  };
}

/** Skips nulls. */
function fold(
  { evaluate }: Expression,
  start: Value,
  step: (state: Value, value: Value) => Value,
): Aggregate {
  return {
    start,
    step: (state, execution) => {
      const value = evaluate(execution);
      return value === null ? state : step(state, value);
    },
  };
}

function count(operand: Expression | undefined, distinct: boolean): Aggregate {
  if (operand === undefined) return { start: 0n, step: (state) => (state as bigint) + 1n };
  if (!distinct) return fold(operand, 0n, (state) => (state as bigint) + 1n);
  throw notModelled('count(DISTINCT …)');
}

function extreme(name: string, value: Expression): { type: Type; made: Aggregate } {
  const { type } = value;
  if (type === 'bool' || type === 'uuid') {
    throw new PostgresError('42883', `function ${name}(${displayName(type)}) does not exist`);
  }
  const sign = name === 'max' ? 1 : -1;
  const better = (state: Value, next: Value): Value =>
    state === null || sign * compareValues(next, state, type) > 0 ? next : state;
  return { type: type === 'varchar' ? 'text' : type, made: fold(value, null, better) };
}

function sum(value: Expression): { type: Type; made: Aggregate } {
  switch (value.type) {
    case 'int4':
      return {
        type: 'int8',
        made: fold(
          value,
          null,
          (state, next) => ((state as bigint) ?? 0n) + BigInt(next as number),
        ),
      };
    case 'int8':
    case 'numeric':
      return {
        type: 'numeric',
        made: fold(value, null, (state, next) => {
          const added = next instanceof Numeric ? next : new Numeric(next as bigint, 0);
          return state === null ? added : add(state as Numeric, added);
        }),
      };
    case 'float8':
      return {
        type: 'float8',
        made: fold(value, null, (state, next) => ((state as number) ?? 0) + (next as number)),
      };
    default:
      throw notModelled(`sum of ${displayName(value.type)}`);
  }
}
