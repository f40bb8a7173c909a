/**
 * Queries inside expressions. One that names nothing of the query around it runs once, when it is
 * first needed; any other runs for each row.
 */
import type { Expr, SelectStatement } from 'pgsql-ast-parser';
import { notModelled, PostgresError } from '../errors.js';
import { BLOCKED, type Execution, SUSPENDED, type Tuple } from '../execution.js';
import { elementOf, type Type } from '../types/type.js';
import type { Value } from '../types/value.js';
import { coerce, resolve } from './coerce.js';
import { expression } from './expression.js';
import { binary } from './operators.js';
import type { OutputColumn } from './plan.js';
import { type Expression, Scope } from './scope.js';
import { select } from './select.js';

interface Inner {
  readonly columns: readonly OutputColumn[];
  /** All its rows; throws if they have to wait. */
  readonly rows: (execution: Execution) => readonly Tuple[];
}

function inner(outer: Scope, ast: SelectStatement): Inner {
  const { compilation } = outer;
  const scope = new Scope(compilation, outer);
  const locksBefore = compilation.suspends;
  compilation.suspends = false;
  const { columns, open } = select(scope, ast);
  const mayWait = compilation.suspends;
  compilation.suspends = mayWait || locksBefore;
  if (!scope.correlated) {
    const at = compilation.materialised;
    compilation.materialised += 1;
    return {
      columns,
      rows: (execution) => {
        const rows = execution.rowsOf(at, open);
        if (rows === BLOCKED) throw SUSPENDED;
        return rows;
      },
    };
  }
  if (mayWait) throw notModelled('a subquery that waits and depends on the row around it');
  return { columns, rows: (execution) => collect(open(execution)) };
}

function collect(source: { next(): unknown }): readonly Tuple[] {
  const rows: Tuple[] = [];
  for (let row = source.next(); row !== undefined; row = source.next()) {
    rows.push({ values: row as readonly Value[] });
  }
  return rows;
}

function single(columns: readonly OutputColumn[]): Type {
  if (columns.length !== 1) {
    throw new PostgresError('42601', 'subquery must return only one column');
  }
  return columns[0]!.type;
}

/** `(SELECT …)` as a value. */
export function scalarQuery(scope: Scope, ast: SelectStatement): Expression {
  const { columns, rows } = inner(scope, ast);
  return {
    type: single(columns),
    evaluate: (execution) => {
      const all = rows(execution);
      if (all.length > 1) {
        throw new PostgresError(
          '21000',
          'more than one row returned by a subquery used as an expression',
        );
      }
      return all[0]?.values[0] ?? null;
    },
  };
}

export function existsQuery(scope: Scope, ast: Expr): Expression {
  if (ast.type !== 'select' && ast.type !== 'with' && ast.type !== 'values') {
    throw notModelled('EXISTS of something else than a query');
  }
  const { rows } = inner(scope, ast);
  return { type: 'bool', evaluate: (execution) => rows(execution).length > 0 };
}

/** `left = value` for the value that `slot` holds. */
function equality(
  scope: Scope,
  left: Expression,
  type: Type,
): (execution: Execution, value: Value) => Value {
  let held: Value = null;
  const { compilation } = scope;
  const test = binary(compilation, '=', left, { type, evaluate: () => held }).evaluate;
  return (execution, value) => {
    held = value;
    return test(execution);
  };
}

export function inQuery(
  scope: Scope,
  left: Expression,
  ast: SelectStatement,
  not: boolean,
): Expression {
  const { columns, rows } = inner(scope, ast);
  if (columns.length !== 1) throw new PostgresError('42601', 'subquery has too many columns');
  const equal = equality(scope, left, columns[0]!.type);
  return {
    type: 'bool',
    evaluate: (execution) => {
      let unknown = false;
      for (const { values } of rows(execution)) {
        const same = equal(execution, values[0]!);
        if (same === true) return !not;
        if (same === null) unknown = true;
      }
      return unknown ? null : not;
    },
  };
}

/** `left = ANY (array)`, or of a query. */
export function anyOf(scope: Scope, left: Expression, ast: Expr): Expression {
  if (ast.type === 'select' || ast.type === 'with' || ast.type === 'values') {
    return inQuery(scope, left, ast, false);
  }
  const { compilation } = scope;
  if (ast.type === 'array') throw notModelled('ARRAY[…]');
  const whole = expression(scope, ast);
  const element = left.type === 'unknown' ? 'text' : left.type;
  const array = whole.type === 'unknown' ? resolve(compilation, whole, arrayOf(element)) : whole;
  const type = elementOf(array.type);
  if (type === undefined) {
    throw new PostgresError('42809', 'op ANY/ALL (array) requires array on right side');
  }
  const equal = equality(scope, coerce(compilation, left, element, 'i')!, type);
  return {
    type: 'bool',
    evaluate: (execution) => {
      const items = array.evaluate(execution) as readonly Value[] | null;
      if (items === null) return null;
      let unknown = false;
      for (const item of items) {
        const same = equal(execution, item);
        if (same === true) return true;
        if (same === null) unknown = true;
      }
      return unknown ? null : false;
    },
  };
}

function arrayOf(element: Type): Type {
  if (/^(int4|int8|text|varchar|uuid)$/.test(element)) return `${element}[]` as Type;
  throw notModelled(`an array of ${element}`);
}
