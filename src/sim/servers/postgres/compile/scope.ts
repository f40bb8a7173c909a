/**
 * What names mean at a place in a statement, and what is gathered while it is compiled: types of
 * parameters, tables used, queries inside it.
 */
import type { Catalog } from '../catalog/catalog.js';
import type { TableDefinition } from '../catalog/definitions.js';
import { PostgresError, undefinedTable } from '../errors.js';
import type { Execution, RowSource } from '../execution.js';
import type { Query } from '../syntax/parse.js';
import type { LockingClause } from '../syntax/rewrite.js';
import { displayName, type Type } from '../types/type.js';
import type { Value } from '../types/value.js';
import type { OutputColumn, UsedTable } from './plan.js';

export interface Expression {
  readonly type: Type;
  readonly evaluate: (execution: Execution) => Value;
  /** The text of a literal whose type is not known yet. */
  readonly literal?: string;
  /** Number from 0 of a parameter whose type is not known yet. */
  readonly parameter?: number;
}

/** Something in FROM. */
export interface Range {
  readonly alias: string;
  readonly slot: number;
  readonly columns: readonly OutputColumn[];
  readonly table: TableDefinition | undefined;
  /** Columns that `*` leaves out: those that a join merged. */
  readonly hidden: ReadonlySet<string>;
}

export interface CommonTable {
  readonly columns: readonly OutputColumn[];
  readonly at: number;
  readonly open: (execution: Execution) => RowSource;
}

export interface Aggregate {
  readonly start: Value;
  readonly step: (state: Value, execution: Execution) => Value;
}

/** One statement being compiled. */
export class Compilation {
  readonly parameters: (Type | undefined)[];
  readonly tables: UsedTable[] = [];
  slots = 0;
  materialised = 0;
  suspends = false;
  readonly finish: ((execution: Execution) => boolean)[] = [];

  constructor(
    readonly catalog: Catalog,
    private readonly source: Query,
  ) {
    this.parameters = [...source.parameters];
  }

  /** The text between two places, as the parser read it. */
  text(location: { readonly start: number; readonly end: number } | undefined): string {
    return location === undefined ? '' : this.source.text.slice(location.start, location.end);
  }

  locking(start: number | undefined): readonly LockingClause[] {
    return (start === undefined ? undefined : this.source.locking.get(start)) ?? [];
  }

  table(name: string, mode: number): TableDefinition {
    const definition = this.catalog.tables.get(name);
    if (definition === undefined) throw undefinedTable(name);
    this.tables.push({ definition, mode });
    return definition;
  }

  /** Types of all parameters; those that nothing decided are text. */
  parameterTypes(): Type[] {
    return Array.from(this.parameters, (type) => type ?? 'text');
  }

  decideParameter(at: number, type: Type): void {
    const before = this.parameters[at];
    if (before !== undefined && before !== type) {
      throw new PostgresError(
        '42P08',
        `inconsistent types deduced for parameter $${at + 1}`,
        `${displayName(before)} versus ${displayName(type)}`,
      );
    }
    this.parameters[at] = type;
  }
}

export interface ColumnReference {
  readonly range: Range;
  readonly column: number;
}

export class Scope {
  readonly ranges: Range[] = [];
  readonly commonTables = new Map<string, CommonTable>();
  readonly aggregates: Aggregate[] = [];
  /** Set while the arguments of an aggregate are compiled. */
  inAggregate = false;
  /** Columns named outside of aggregates. */
  readonly plain: ColumnReference[] = [];
  /** Whether it names something of the query around it. */
  correlated = false;
  /** Which clause is compiled, if it may not have aggregates. */
  clause: string | undefined = undefined;

  constructor(
    readonly compilation: Compilation,
    readonly parent: Scope | undefined,
  ) {}

  addRange(
    alias: string,
    columns: readonly OutputColumn[],
    table: TableDefinition | undefined,
    hidden: ReadonlySet<string>,
  ): Range {
    if (this.ranges.some((range) => range.alias === alias)) {
      throw new PostgresError('42712', `table name "${alias}" specified more than once`);
    }
    const slot = this.compilation.slots;
    this.compilation.slots += 1;
    const range: Range = { alias, slot, columns, table, hidden };
    this.ranges.push(range);
    return range;
  }

  commonTable(name: string): CommonTable | undefined {
    return this.commonTables.get(name) ?? this.parent?.commonTable(name);
  }

  find(table: string | undefined, name: string): ColumnReference {
    const found = this.lookup(table, name);
    if (found !== undefined) {
      if (!this.inAggregate) this.plain.push(found);
      return found;
    }
    const outer = this.parent?.tryFind(table, name);
    if (outer !== undefined) {
      this.correlated = true;
      return outer;
    }
    if (table === undefined) throw new PostgresError('42703', `column "${name}" does not exist`);
    if (this.hasRange(table)) {
      throw new PostgresError('42703', `column ${table}.${name} does not exist`);
    }
    throw new PostgresError('42P01', `missing FROM-clause entry for table "${table}"`);
  }

  private tryFind(table: string | undefined, name: string): ColumnReference | undefined {
    const found = this.lookup(table, name);
    if (found !== undefined) {
      if (!this.inAggregate) this.plain.push(found);
      return found;
    }
    const outer = this.parent?.tryFind(table, name);
    if (outer !== undefined) this.correlated = true;
    return outer;
  }

  private hasRange(alias: string): boolean {
    return this.ranges.some((range) => range.alias === alias) || !!this.parent?.hasRange(alias);
  }

  private lookup(table: string | undefined, name: string): ColumnReference | undefined {
    let found: ColumnReference | undefined;
    for (const range of this.ranges) {
      if (table !== undefined ? range.alias !== table : range.hidden.has(name)) continue;
      const column = range.columns.findIndex((candidate) => candidate.name === name);
      if (column < 0) continue;
      if (found !== undefined) {
        throw new PostgresError('42702', `column reference "${name}" is ambiguous`);
      }
      found = { range, column };
    }
    return found;
  }
}
