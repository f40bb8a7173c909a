/** A statement made ready to run: once for each text and catalog. */
import type { Catalog } from '../catalog/catalog.js';
import type { TableDefinition } from '../catalog/definitions.js';
import type { Execution, RowSource } from '../execution.js';
import type { Type } from '../types/type.js';

export interface OutputColumn {
  readonly name: string;
  readonly type: Type;
}

/** A table that the statement uses, and the lock it takes first. */
export interface UsedTable {
  readonly definition: TableDefinition;
  readonly mode: number;
}

export interface Plan {
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';
  readonly parameters: readonly Type[];
  /** Undefined: it gives no rows. */
  readonly columns: readonly OutputColumn[] | undefined;
  readonly tables: readonly UsedTable[];
  /** Whether an expression of it may wait. */
  readonly suspends: boolean;
  /** Opens the statement itself: a row each for what it gives, or what it did. */
  readonly open: (execution: Execution) => RowSource;
  /** Parts with effects that run to their end even if nobody reads them. */
  readonly finish: readonly ((execution: Execution) => boolean)[];
}

/** A change of definitions. */
export interface Definition {
  /** The command tag. */
  readonly command: string;
  /** Tables that nobody else may use meanwhile. */
  readonly tables: readonly UsedTable[];
  readonly notice: { readonly code: string; readonly message: string } | undefined;
  /** The catalog afterwards. */
  readonly catalog: Catalog;
}
