/** INSERT, UPDATE and DELETE: compiled to a plan that opens a cursor over what they did. */
import type {
  DeleteStatement,
  Expr,
  InsertStatement,
  SelectedColumn,
  SetStatement,
  UpdateStatement,
} from 'pgsql-ast-parser';
import { columnIndex, type TableDefinition } from '../catalog/definitions.js';
import { datatypeMismatch, notModelled, PostgresError } from '../errors.js';
import { ROW_EXCLUSIVE } from '../locks/modes.js';
import { displayName } from '../types/type.js';
import { ChangeCursor, type ChangeParts } from './change-cursor.js';
import { coerce, condition } from './coerce.js';
import { expression } from './expression.js';
import { from, type Joined, qualified, visibleVersions } from './from.js';
import { insert } from './insert.js';
import type { Expression, Range, Scope } from './scope.js';
import { type Compiled, output } from './select.js';

export function modify(
  scope: Scope,
  ast: InsertStatement | UpdateStatement | DeleteStatement,
): Compiled {
  if (ast.type === 'insert') return insert(scope, ast);
  return ast.type === 'update' ? update(scope, ast) : remove(scope, ast);
}

/** The range of the table that is changed. */
export function targetRange(
  scope: Scope,
  name: { readonly name: string; readonly schema?: string; readonly alias?: string },
): { readonly table: TableDefinition; readonly range: Range } {
  const table = scope.compilation.table(qualified(name), ROW_EXCLUSIVE);
  const columns = table.columns.map((column) => ({ name: column.name, type: column.type }));
  const range = scope.addRange(name.alias ?? name.name, columns, table, new Set());
  return { table, range };
}

export interface Assignment {
  readonly column: number;
  /** Undefined: DEFAULT. */
  readonly value: Expression['evaluate'] | undefined;
}

/** A value as one of a column's type; `assignment` casts are allowed. */
export function assigned(
  scope: Scope,
  table: TableDefinition,
  column: number,
  value: Expression,
): Expression['evaluate'] {
  const { name, type, length } = table.columns[column]!;
  const converted = coerce(scope.compilation, value, type, 'a');
  if (converted === undefined) {
    throw datatypeMismatch(
      `column "${name}" is of type ${displayName(type)} ` +
        `but expression is of type ${displayName(value.type)}`,
    );
  }
  const { evaluate } = converted;
  if (length === undefined) return evaluate;
  return (execution) => {
    const text = evaluate(execution);
    if (typeof text !== 'string' || text.length <= length) return text;
    const characters = [...text];
    if (characters.length <= length) return text;
    if (characters.slice(length).every((character) => character === ' ')) {
      return characters.slice(0, length).join('');
    }
    throw new PostgresError('22001', `value too long for type character varying(${length})`);
  };
}

export function columnOf(table: TableDefinition, name: string): number {
  const at = columnIndex(table, name);
  if (at >= 0) return at;
  throw new PostgresError('42703', `column "${name}" of relation "${table.name}" does not exist`);
}

export function assignments(
  scope: Scope,
  table: TableDefinition,
  sets: readonly SetStatement[],
): Assignment[] {
  const seen = new Set<number>();
  return sets.map(({ column: { name }, value }) => {
    const column = columnOf(table, name);
    if (seen.has(column)) {
      throw new PostgresError('42601', `multiple assignments to same column "${name}"`);
    }
    seen.add(column);
    const isDefault = value.type === 'default';
    if (table.columns[column]!.identity === 'always' && !isDefault) {
      throw new PostgresError(
        '428C9',
        `column "${name}" can only be updated to DEFAULT`,
        `Column "${name}" is an identity column defined as GENERATED ALWAYS.`,
      );
    }
    if (isDefault) return { column, value: undefined };
    return { column, value: assigned(scope, table, column, expression(scope, value)) };
  });
}

function where(scope: Scope, ast: Expr | null | undefined): Expression['evaluate'] | undefined {
  if (!ast) return undefined;
  scope.clause = 'WHERE';
  const { evaluate } = condition(scope.compilation, expression(scope, ast), 'WHERE');
  scope.clause = undefined;
  return evaluate;
}

function returning(scope: Scope, list: readonly SelectedColumn[] | null | undefined) {
  scope.clause = 'RETURNING';
  const given = list ? output(scope, list) : undefined;
  scope.clause = undefined;
  return given;
}

function changed(range: Range, table: TableDefinition): Joined {
  return {
    range,
    rows: (execution) => visibleVersions(execution, execution.engine.table(table)),
    on: undefined,
    left: false,
    nulls: { values: [] },
  };
}

function update(scope: Scope, ast: UpdateStatement): Compiled {
  const { table, range } = targetRange(scope, ast.table);
  const target = changed(range, table);
  const others = ast.from ? from(scope, [ast.from]) : [];
  const sets = assignments(scope, table, ast.sets);
  const condition = where(scope, ast.where);
  const given = returning(scope, ast.returning);
  scope.compilation.suspends = true;
  const parts: ChangeParts = {
    table,
    slot: range.slot,
    joined: [target, ...others],
    where: condition,
    sets,
    returning: given?.evaluators,
  };
  return { columns: given?.columns ?? [], open: (execution) => new ChangeCursor(parts, execution) };
}

function remove(scope: Scope, ast: DeleteStatement): Compiled {
  const { table, range } = targetRange(scope, ast.from);
  if ((ast as { using?: unknown }).using !== undefined) throw notModelled('DELETE … USING');
  const condition = where(scope, ast.where);
  const given = returning(scope, ast.returning);
  scope.compilation.suspends = true;
  const parts: ChangeParts = {
    table,
    slot: range.slot,
    joined: [changed(range, table)],
    where: condition,
    sets: undefined,
    returning: given?.evaluators,
  };
  return { columns: given?.columns ?? [], open: (execution) => new ChangeCursor(parts, execution) };
}
