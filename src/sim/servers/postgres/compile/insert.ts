/** INSERT, with ON CONFLICT. */
import type { Expr, InsertStatement, OnConflictAction } from 'pgsql-ast-parser';
import type { TableDefinition } from '../catalog/definitions.js';
import { notModelled, PostgresError } from '../errors.js';
import { BLOCKED, type Execution, type Row, type RowSource } from '../execution.js';
import type { Value } from '../types/value.js';
import { condition } from './coerce.js';
import { defaultOf } from './constraints.js';
import { expression } from './expression.js';
import { type Arbiter, InsertCursor, type InsertParts } from './insert-cursor.js';
import { assigned, assignments, columnOf, targetRange } from './modify.js';
import { type Expression, Scope } from './scope.js';
import { type Compiled, output, select } from './select.js';

/** The rows to insert: a source of whole rows,. */
type Rows = (execution: Execution) => RowSource;

export function insert(scope: Scope, ast: InsertStatement): Compiled {
  const { table, range } = targetRange(scope, ast.into);
  const columns = (ast.columns ?? table.columns).map(({ name }) => columnOf(table, name));
  if (new Set(columns).size < columns.length) {
    throw new PostgresError('42701', `column "${repeated(ast)}" specified more than once`);
  }
  // The rows to insert do not see the table's own columns.
  const { ranges } = scope;
  ranges.splice(0, ranges.length);
  const rows = sourceRows(scope, table, columns, ast);
  ranges.push(range);
  const conflict = ast.onConflict ? arbiter(scope, table, ast.onConflict) : undefined;
  if (conflict !== undefined) ranges.splice(1);
  scope.clause = 'RETURNING';
  const given = ast.returning ? output(scope, ast.returning) : undefined;
  scope.compilation.suspends = true;
  const parts: InsertParts = {
    table,
    slot: range.slot,
    rows,
    conflict,
    returning: given?.evaluators,
  };
  return { columns: given?.columns ?? [], open: (execution) => new InsertCursor(parts, execution) };
}

function repeated(ast: InsertStatement): string {
  const names = (ast.columns ?? []).map(({ name }) => name);
  return names.find((name, at) => names.indexOf(name) < at) ?? '';
}

function refuseIdentity(table: TableDefinition, column: number, overriding: boolean): void {
  const { identity, name } = table.columns[column]!;
  if (identity !== 'always' || overriding) return;
  throw new PostgresError(
    '428C9',
    `cannot insert a non-DEFAULT value into column "${name}"`,
    `Column "${name}" is an identity column defined as GENERATED ALWAYS.`,
  );
}

type Cell = Expression['evaluate'] | undefined;

function sourceRows(
  scope: Scope,
  table: TableDefinition,
  columns: readonly number[],
  ast: InsertStatement,
): Rows {
  const overriding = ast.overriding === 'system';
  const { insert: source } = ast;
  const sized = (width: number): void => {
    if (width > columns.length) {
      throw new PostgresError('42601', 'INSERT has more expressions than target columns');
    }
    if (width < columns.length && ast.columns) {
      throw new PostgresError('42601', 'INSERT has more target columns than expressions');
    }
  };
  if (source.type === 'values') {
    const lists = source.values.map((list) => {
      sized(list.length);
      return list.map((item, at) => cell(scope, table, columns[at]!, item, overriding));
    });
    return (execution) => valueRows(execution, table, columns, lists);
  }
  const inside = new Scope(scope.compilation, scope);
  const { columns: given, open } = select(inside, source);
  sized(given.length);
  let row: Row = [];
  const cells = given.map(({ type }, at): Cell => {
    refuseIdentity(table, columns[at]!, overriding);
    return assigned(scope, table, columns[at]!, { type, evaluate: () => row[at]! });
  });
  return (execution) => {
    const inner = open(execution);
    return {
      next: () => {
        const next = inner.next();
        if (next === undefined || next === BLOCKED) return next;
        row = next;
        return wholeRow(execution, table, columns, cells);
      },
    };
  };
}

function cell(
  scope: Scope,
  table: TableDefinition,
  column: number,
  item: Expr,
  overriding: boolean,
): Cell {
  if (item.type === 'default') return undefined;
  refuseIdentity(table, column, overriding);
  return assigned(scope, table, column, expression(scope, item));
}

function valueRows(
  execution: Execution,
  table: TableDefinition,
  columns: readonly number[],
  lists: readonly (readonly Cell[])[],
): RowSource {
  let at = 0;
  return {
    next: () => {
      const cells = lists[at];
      if (cells === undefined) return undefined;
      execution.beginRow();
      const row = wholeRow(execution, table, columns, cells);
      execution.endRow();
      at += 1;
      return row;
    },
  };
}

/** A row in the order of the table; what is not given is its default. */
function wholeRow(
  execution: Execution,
  table: TableDefinition,
  columns: readonly number[],
  cells: readonly Cell[],
): Value[] {
  const row: Value[] = [];
  const given: boolean[] = [];
  for (const [at, evaluate] of cells.entries()) {
    if (evaluate === undefined) continue;
    row[columns[at]!] = evaluate(execution);
    given[columns[at]!] = true;
  }
  for (let column = 0; column < table.columns.length; column++) {
    if (given[column] !== true) row[column] = defaultOf(execution, table, column);
  }
  return row;
}

/** ON CONFLICT: which indexes decide, and what is done instead. */
function arbiter(scope: Scope, table: TableDefinition, ast: OnConflictAction): Arbiter {
  const { on, do: action } = ast;
  const indexes = arbiterIndexes(table, on);
  if (action === 'do nothing') return { indexes, update: undefined };
  if (on === undefined) {
    throw new PostgresError(
      '42601',
      'ON CONFLICT DO UPDATE requires inference specification or constraint name',
    );
  }
  const columns = table.columns.map((column) => ({ name: column.name, type: column.type }));
  const excluded = scope.addRange('excluded', columns, table, new Set());
  const sets = assignments(scope, table, action.sets);
  scope.clause = 'WHERE';
  const where = ast.where
    ? condition(scope.compilation, expression(scope, ast.where), 'WHERE').evaluate
    : undefined;
  scope.clause = undefined;
  return { indexes, update: { sets, where, excludedSlot: excluded.slot } };
}

function arbiterIndexes(table: TableDefinition, on: OnConflictAction['on']): readonly number[] {
  const { uniques } = table;
  if (on === undefined) return uniques.map((_index, at) => at);
  if (on.type === 'on constraint') {
    const at = uniques.findIndex(({ name }) => name === on.constraint.name);
    if (at >= 0) return [at];
    throw new PostgresError(
      '42704',
      `constraint "${on.constraint.name}" for table "${table.name}" does not exist`,
    );
  }
  const wanted = on.exprs.map((expr) => {
    if (expr.type !== 'ref') throw notModelled('ON CONFLICT (expression)');
    const at = table.columns.findIndex(({ name }) => name === expr.name);
    if (at < 0) throw new PostgresError('42703', `column "${expr.name}" does not exist`);
    return at;
  });
  const fits = uniques.flatMap(({ columns }, at) =>
    columns.length === new Set(wanted).size && columns.every((column) => wanted.includes(column))
      ? [at]
      : [],
  );
  if (fits.length > 0) return fits;
  throw new PostgresError(
    '42P10',
    'there is no unique or exclusion constraint matching the ON CONFLICT specification',
  );
}
