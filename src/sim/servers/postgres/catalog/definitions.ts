/**
 * What a table, an index and a sequence are: made once when they are created, shared by all servers
 * with the same history of definitions, and without any data.
 */
import type { Execution } from '../execution.js';
import type { Type } from '../types/type.js';
import type { Value } from '../types/value.js';

export interface SequenceDefinition {
  readonly name: string;
  readonly start: bigint;
  readonly increment: bigint;
  readonly min: bigint;
  readonly max: bigint;
  readonly cycle: boolean;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: Type;
  /** Characters that a varchar takes. */
  readonly length: number | undefined;
  readonly notNull: boolean;
  readonly defaultValue: ((execution: Execution) => Value) | undefined;
  readonly identity: 'always' | 'by default' | undefined;
  /** The sequence that goes with it: serial or identity. */
  readonly sequence: SequenceDefinition | undefined;
}

export interface UniqueIndex {
  readonly name: string;
  readonly columns: readonly number[];
  readonly primary: boolean;
}

export interface CheckConstraint {
  readonly name: string;
  /** False breaks it; null does not. */
  readonly holds: (execution: Execution, values: readonly Value[]) => boolean;
}

export interface TableDefinition {
  /** Stays the same while the definition changes: what the rows belong to. */
  readonly storage: object;
  readonly name: string;
  readonly columns: readonly ColumnDefinition[];
  readonly uniques: readonly UniqueIndex[];
  readonly primaryKey: UniqueIndex | undefined;
  /** Columns of all unique indexes: who changes one of them locks the row for UPDATE. */
  readonly keyColumns: readonly number[];
  readonly checks: readonly CheckConstraint[];
  /** Names of plain indexes: they decide nothing here. */
  readonly indexes: readonly string[];
}

export function columnIndex(table: TableDefinition, name: string): number {
  return table.columns.findIndex((column) => column.name === name);
}
