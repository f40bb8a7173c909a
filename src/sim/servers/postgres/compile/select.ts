/** SELECT, VALUES and WITH: compiled to a plan that opens a cursor over its rows. */
import type {
  Expr,
  SelectedColumn,
  SelectFromStatement,
  SelectStatement,
  ValuesStatement,
  WithStatement,
} from 'pgsql-ast-parser';
import { notModelled, PostgresError } from '../errors.js';
import type { Execution, RowSource } from '../execution.js';
import { ROW_SHARE, rowMode } from '../locks/modes.js';
import { ARGUMENT, type LockingClause } from '../syntax/rewrite.js';
import { displayName } from '../types/type.js';
import type { Value } from '../types/value.js';
import { coerce, commonType, condition, resolve } from './coerce.js';
import { bindCommonTables } from './common-tables.js';
import { expression } from './expression.js';
import { from } from './from.js';
import type { OutputColumn } from './plan.js';
import type { Expression, Scope } from './scope.js';
import { type RowMark, SelectCursor, type SelectParts, type SortKey } from './select-cursor.js';

export interface Compiled {
  readonly columns: readonly OutputColumn[];
  readonly open: (execution: Execution) => RowSource;
}

/** Compiles a query in a scope of its own. */
export function select(scope: Scope, ast: SelectStatement): Compiled {
  switch (ast.type) {
    case 'select':
      return selectFrom(scope, ast);
    case 'values':
      return values(scope, ast);
    case 'with':
      return withSelect(scope, ast);
    default:
      throw notModelled(ast.type.toUpperCase());
  }
}

function withSelect(scope: Scope, ast: WithStatement): Compiled {
  bindCommonTables(scope, ast.bind);
  const { in: main } = ast;
  if (main.type === 'insert' || main.type === 'update' || main.type === 'delete') {
    throw notModelled('WITH … INSERT, UPDATE or DELETE inside a query');
  }
  return select(scope, main);
}

function values(scope: Scope, ast: ValuesStatement): Compiled {
  const { compilation } = scope;
  const rows = ast.values.map((row) => row.map((item) => expression(scope, item)));
  const width = rows[0]!.length;
  if (rows.some((row) => row.length !== width)) {
    throw new PostgresError('42601', 'VALUES lists must all be the same length');
  }
  const columns: OutputColumn[] = [];
  const evaluators = rows.map((): Expression['evaluate'][] => []);
  for (let at = 0; at < width; at++) {
    const { type, expressions } = commonType(
      compilation,
      rows.map((row) => row[at]!),
      'VALUES',
    );
    columns.push({ name: `column${at + 1}`, type });
    for (const [row, item] of expressions.entries()) evaluators[row]!.push(item.evaluate);
  }
  return {
    columns,
    open: (execution) => {
      let row = 0;
      return {
        next: () => {
          const current = evaluators[row];
          row += 1;
          return current?.map((evaluate) => evaluate(execution));
        },
      };
    },
  };
}

/** Columns of the list behind SELECT or RETURNING. */
export interface Output {
  readonly columns: OutputColumn[];
  readonly evaluators: Expression['evaluate'][];
}

export function output(scope: Scope, list: readonly SelectedColumn[]): Output {
  const columns: OutputColumn[] = [];
  const evaluators: Expression['evaluate'][] = [];
  for (const { expr, alias } of list) {
    if (expr.type === 'ref' && expr.name === '*') {
      star(scope, expr.table?.name, columns, evaluators);
      continue;
    }
    const item = resolve(scope.compilation, expression(scope, expr), 'text');
    columns.push({ name: alias?.name ?? nameOf(expr), type: item.type });
    evaluators.push(item.evaluate);
  }
  return { columns, evaluators };
}

function star(
  scope: Scope,
  table: string | undefined,
  columns: OutputColumn[],
  evaluators: Expression['evaluate'][],
): void {
  const ranges = scope.ranges.filter(({ alias }) => table === undefined || alias === table);
  if (ranges.length === 0) {
    if (table === undefined) {
      throw new PostgresError('42601', 'SELECT * with no tables specified is not valid');
    }
    throw new PostgresError('42P01', `missing FROM-clause entry for table "${table}"`);
  }
  for (const range of ranges) {
    for (const [at, column] of range.columns.entries()) {
      if (table === undefined && range.hidden.has(column.name)) continue;
      scope.plain.push({ range, column: at });
      columns.push(column);
      evaluators.push((execution) => execution.tuples[range.slot]!.values[at]!);
    }
  }
}

/** The name that a column gets if none is written (FigureColname). */
function nameOf(expr: Expr): string {
  switch (expr.type) {
    case 'ref':
      return expr.name.startsWith(ARGUMENT) ? '?column?' : expr.name;
    case 'call':
      return expr.function.name;
    case 'cast': {
      const inner = nameOf(expr.operand);
      if (inner !== '?column?') return inner;
      return expr.to.kind === 'array' ? '?column?' : internalName(expr.to.name);
    }
    case 'extract':
      return 'extract';
    case 'keyword':
      return expr.keyword;
    case 'case':
      return (expr.else && nameOf(expr.else) !== '?column?' && nameOf(expr.else)) || 'case';
    case 'binary':
      return expr.op === 'AT TIME ZONE' ? 'timezone' : '?column?';
    case 'select': {
      const [first] = expr.columns ?? [];
      return first === undefined ? '?column?' : (first.alias?.name ?? nameOf(first.expr));
    }
    default:
      return '?column?';
  }
}

const INTERNAL: ReadonlyMap<string, string> = new Map([
  ['int', 'int4'],
  ['integer', 'int4'],
  ['bigint', 'int8'],
  ['boolean', 'bool'],
  ['double precision', 'float8'],
  ['character varying', 'varchar'],
  ['timestamp with time zone', 'timestamptz'],
  ['timestamp without time zone', 'timestamp'],
]);

const internalName = (name: string): string => INTERNAL.get(name) ?? name;

function selectFrom(scope: Scope, ast: SelectFromStatement): Compiled {
  const { compilation } = scope;
  if (Array.isArray(ast.distinct)) throw notModelled('DISTINCT ON');
  const locking = compilation.locking(ast._location?.start);
  const before = compilation.tables.length;
  const joined = from(scope, ast.from ?? []);
  if (locking.length > 0) {
    for (const [at, used] of compilation.tables.entries()) {
      if (at >= before) compilation.tables[at] = { ...used, mode: ROW_SHARE };
    }
  }
  scope.clause = 'WHERE';
  const where = ast.where
    ? condition(compilation, expression(scope, ast.where), 'WHERE').evaluate
    : undefined;
  scope.clause = undefined;
  scope.plain.length = 0;
  const { columns, evaluators } = output(scope, ast.columns ?? []);
  const groupBy = grouping(scope, ast);
  const having = ast.having
    ? condition(compilation, expression(scope, ast.having), 'HAVING').evaluate
    : undefined;
  const sort = sorting(scope, ast, columns, evaluators);
  const grouped = groupBy.length > 0 || scope.aggregates.length > 0 || having !== undefined;
  if (grouped) checkGrouped(scope, ast.groupBy ?? []);
  if (locking.length > 0) refuseLocking(locking, ast, grouped);
  const parts: SelectParts = {
    joined,
    where,
    columns: evaluators,
    grouped: grouped ? { keys: groupBy, aggregates: scope.aggregates, having } : undefined,
    sort,
    distinct: ast.distinct === 'distinct',
    marks: rowMarks(scope, locking),
    limit: bound(scope, ast.limit?.limit ?? undefined, 'LIMIT'),
    offset: bound(scope, ast.limit?.offset ?? undefined, 'OFFSET'),
  };
  if (parts.marks.length > 0) compilation.suspends = true;
  return { columns, open: (execution) => new SelectCursor(parts, execution) };
}

function grouping(scope: Scope, ast: SelectFromStatement): Expression['evaluate'][] {
  return (ast.groupBy ?? []).map((item) => {
    if (item.type !== 'ref') throw notModelled('GROUP BY of an expression');
    return expression(scope, item).evaluate;
  });
}

function checkGrouped(scope: Scope, keys: readonly Expr[]): void {
  const allowed = keys.map((key) =>
    key.type === 'ref' ? scope.find(key.table?.name, key.name) : undefined,
  );
  for (const { range, column } of scope.plain) {
    if (allowed.some((key) => key?.range === range && key.column === column)) continue;
    const name = `${range.alias}.${range.columns[column]!.name}`;
    throw new PostgresError(
      '42803',
      `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
    );
  }
}

function refuseLocking(
  [clause]: readonly LockingClause[],
  ast: SelectFromStatement,
  grouped: boolean,
): void {
  const name = `FOR ${clause!.mode.toUpperCase()}`;
  let what: string | undefined;
  if (ast.distinct === 'distinct') what = 'DISTINCT clause';
  else if ((ast.groupBy ?? []).length > 0) what = 'GROUP BY clause';
  else if (grouped) what = 'aggregate functions';
  if (what !== undefined) throw new PostgresError('0A000', `${name} is not allowed with ${what}`);
}

function rowMarks(scope: Scope, clauses: readonly LockingClause[]): RowMark[] {
  const marks = new Map<number, RowMark>();
  for (const { mode, of, wait } of clauses) {
    const name = `FOR ${mode.toUpperCase()}`;
    for (const alias of of) {
      if (scope.ranges.some((range) => range.alias === alias)) continue;
      throw new PostgresError(
        '42P01',
        `relation "${alias}" in ${name} clause not found in FROM clause`,
      );
    }
    for (const { alias, slot, table } of scope.ranges) {
      if (of.length > 0 && !of.includes(alias)) continue;
      if (table === undefined) {
        if (of.length > 0) throw notModelled(`${name} OF a query`);
        continue;
      }
      const known = marks.get(slot);
      const strength = rowMode(mode);
      if (known !== undefined && known.mode >= strength && known.wait === wait) continue;
      if (known !== undefined) throw notModelled('several locking clauses for one table');
      marks.set(slot, { slot, table, mode: strength, wait });
    }
  }
  return [...marks.values()];
}

function sorting(
  scope: Scope,
  ast: SelectFromStatement,
  columns: readonly OutputColumn[],
  evaluators: readonly Expression['evaluate'][],
): SortKey[] {
  return (ast.orderBy ?? []).map(({ by, order, nulls }) => {
    const at = outputColumn(by, columns);
    const key =
      at === undefined
        ? resolve(scope.compilation, expression(scope, by), 'text')
        : { type: columns[at]!.type, evaluate: evaluators[at]! };
    const descending = order === 'DESC';
    const nullsFirst = nulls == null ? descending : nulls === 'FIRST';
    return { evaluate: key.evaluate, type: key.type, descending, nullsFirst };
  });
}

/** ORDER BY names a column of the output by number or by name. */
function outputColumn(by: Expr, columns: readonly OutputColumn[]): number | undefined {
  if (by.type === 'integer') {
    if (by.value >= 1 && by.value <= columns.length) return by.value - 1;
    throw new PostgresError('42P10', `ORDER BY position ${by.value} is not in select list`);
  }
  if (by.type !== 'ref' || by.table !== undefined) return undefined;
  const at = columns.findIndex(({ name }) => name === by.name);
  return at < 0 ? undefined : at;
}

function bound(
  scope: Scope,
  ast: Expr | undefined,
  name: string,
): ((execution: Execution) => number | undefined) | undefined {
  if (ast === undefined) return undefined;
  const given = expression(scope, ast);
  const count = coerce(scope.compilation, given, 'int8', 'a');
  if (count === undefined) {
    throw new PostgresError(
      '42804',
      `argument of ${name} must be type bigint, not type ${displayName(given.type)}`,
    );
  }
  return (execution) => {
    const value: Value = count.evaluate(execution);
    if (value === null) return undefined;
    if ((value as bigint) >= 0n) return Number(value);
    const code = name === 'LIMIT' ? '2201W' : '2201X';
    throw new PostgresError(code, `${name} must not be negative`);
  };
}
