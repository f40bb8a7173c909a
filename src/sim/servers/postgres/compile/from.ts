/**
 * FROM: tables, queries, and how their rows are combined. Combinations come one after the other,
 * the last range fastest; a condition of a join is tried as soon as its sides are there.
 */
import type { Expr, From, QNameAliased } from 'pgsql-ast-parser';
import { notModelled } from '../errors.js';
import { BLOCKED, type Blocked, type Execution, type RowSource, type Tuple } from '../execution.js';
import { ACCESS_SHARE } from '../locks/modes.js';
import { isVisible, type Table } from '../storage/table.js';
import type { Value } from '../types/value.js';
import { condition } from './coerce.js';
import { expression } from './expression.js';
import type { OutputColumn } from './plan.js';
import { type Range, Scope } from './scope.js';
import { select } from './select.js';

type Evaluate = (execution: Execution) => Value;

/** One range with its rows and how it is joined to those before it. */
export interface Joined {
  readonly range: Range;
  readonly rows: (execution: Execution) => readonly Tuple[] | Blocked;
  readonly on: Evaluate | undefined;
  readonly left: boolean;
  /** The tuple that stands for none. */
  readonly nulls: Tuple;
}

/** The versions of a table that the statement sees. */
export function visibleVersions(execution: Execution, table: Table): readonly Tuple[] {
  const seen: Tuple[] = [];
  for (const version of table.versions) if (isVisible(version, execution)) seen.push(version);
  return seen;
}

export function qualified(name: QNameAliased | { name: string; schema?: string }): string {
  const { schema } = name;
  return schema === undefined || schema === 'public' ? name.name : `${schema}.${name.name}`;
}

/** Ranges for a list of FROM items. */
export function from(scope: Scope, items: readonly From[]): Joined[] {
  return items.map((item) => {
    const before = [...scope.ranges];
    const { range, rows } = source(scope, item);
    const { join } = item as { join?: { type: string; on?: Expr; using?: { name: string }[] } };
    if (join !== undefined && !/^(INNER|LEFT|CROSS) JOIN$/.test(join.type)) {
      throw notModelled(join.type);
    }
    let on: Evaluate | undefined;
    if (join?.on !== undefined) {
      on = condition(scope.compilation, expression(scope, join.on), 'JOIN/ON').evaluate;
    } else if (join?.using !== undefined) {
      on = using(
        scope,
        before,
        range,
        join.using.map(({ name }) => name),
      );
    }
    const left = join?.type === 'LEFT JOIN';
    return { range, rows, on, left, nulls: { values: range.columns.map(() => null) } };
  });
}

function using(
  scope: Scope,
  before: readonly Range[],
  range: Range,
  names: readonly string[],
): Evaluate {
  const tests = names.map((name) => {
    const other = before.find(({ columns }) => columns.some((column) => column.name === name));
    if (other === undefined) throw notModelled(`USING (${name})`);
    (range.hidden as Set<string>).add(name);
    const side = (alias: string): Expr => ({ type: 'ref', table: { name: alias }, name });
    return expression(scope, {
      type: 'binary',
      op: '=',
      left: side(other.alias),
      right: side(range.alias),
    }).evaluate;
  });
  return (execution) => tests.every((test) => test(execution) === true);
}

type Source = Pick<Joined, 'range' | 'rows'>;

function source(scope: Scope, item: From): Source {
  if (item.type === 'table') return named(scope, item.name);
  if (item.type === 'call') throw notModelled(`function ${item.function.name} in FROM`);
  if (item.lateral) throw notModelled('LATERAL');
  const inside = new Scope(scope.compilation, scope);
  // A query in FROM does not see what stands beside it.
  const { ranges } = scope;
  const beside = ranges.splice(0, ranges.length);
  const { columns, open } = select(inside, item.statement);
  ranges.push(...beside);
  if (inside.correlated) throw notModelled('a query in FROM that depends on the row around it');
  const names = item.columnNames?.map(({ name }) => name) ?? [];
  const shown = columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
  return {
    range: scope.addRange(item.alias, shown, undefined, new Set()),
    rows: kept(scope, open),
  };
}

function kept(scope: Scope, open: (execution: Execution) => RowSource): Joined['rows'] {
  const at = scope.compilation.materialised;
  scope.compilation.materialised += 1;
  return (execution) => execution.rowsOf(at, open);
}

function named(scope: Scope, name: QNameAliased): Source {
  const alias = name.alias ?? name.name;
  const common = name.schema === undefined ? scope.commonTable(name.name) : undefined;
  if (common !== undefined) {
    const range = scope.addRange(alias, common.columns, undefined, new Set());
    return { range, rows: (execution) => execution.rowsOf(common.at, common.open) };
  }
  if (/^pg_/.test(name.name)) throw notModelled(`table ${name.name}`);
  const definition = scope.compilation.table(qualified(name), ACCESS_SHARE);
  const columns: OutputColumn[] = definition.columns.map((column) => ({
    name: column.name,
    type: column.type,
  }));
  const range = scope.addRange(alias, columns, definition, new Set());
  return {
    range,
    rows: (execution) => visibleVersions(execution, execution.engine.table(definition)),
  };
}

/** Walks through the combinations of rows, and leaves each in the execution. */
export class Combinations {
  private readonly rows: (readonly Tuple[])[] = [];
  private readonly at: number[] = [];
  private readonly matched: boolean[] = [];
  private level = 0;
  private exhausted = false;

  constructor(
    private readonly joined: readonly Joined[],
    private readonly execution: Execution,
  ) {}

  /** False: it waits; the rows of all ranges have to be there first. */
  load(): boolean {
    while (this.rows.length < this.joined.length) {
      const rows = this.joined[this.rows.length]!.rows(this.execution);
      if (rows === BLOCKED) return false;
      this.rows.push(rows);
      this.at.push(-1);
      this.matched.push(false);
    }
    return true;
  }

  /** Moves on; false: there are no more. */
  next(): boolean {
    const { joined } = this;
    if (joined.length === 0) {
      const first = !this.exhausted;
      this.exhausted = true;
      return first;
    }
    while (this.level >= 0) {
      if (!this.advance()) {
        this.level -= 1;
        continue;
      }
      if (this.level === joined.length - 1) return true;
      this.level += 1;
      this.at[this.level] = -1;
      this.matched[this.level] = false;
    }
    return false;
  }

  /** The next row of the range in hand that its condition lets through. */
  private advance(): boolean {
    const { level, execution } = this;
    const { range, on, left, nulls } = this.joined[level]!;
    const rows = this.rows[level]!;
    for (let at = this.at[level]! + 1; at < rows.length; at++) {
      execution.tuples[range.slot] = rows[at]!;
      if (on !== undefined && on(execution) !== true) continue;
      this.at[level] = at;
      this.matched[level] = true;
      return true;
    }
    this.at[level] = rows.length;
    if (!left || this.matched[level]) return false;
    this.matched[level] = true;
    execution.tuples[range.slot] = nulls;
    return true;
  }
}
