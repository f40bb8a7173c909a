/**
 * Runs an INSERT: row by row, waiting for whoever is about to insert the same key, and with ON
 * CONFLICT taking the row that is there instead (PostgreSQL sources: nodeModifyTable.c).
 */
import type { TableDefinition } from '../catalog/definitions.js';
import { PostgresError } from '../errors.js';
import {
  BLOCKED,
  type Blocked,
  type Execution,
  type Row,
  type RowSource,
  SUSPENDED,
} from '../execution.js';
import { NO_KEY_UPDATE, UPDATE } from '../locks/modes.js';
import { lockVersion, replaceVersion } from '../locks/row-locks.js';
import { type Table, updateMode, type Version } from '../storage/table.js';
import { Xid } from '../storage/transaction.js';
import { enterIndexes, findConflict } from '../storage/unique.js';
import type { Value } from '../types/value.js';
import { assignedValues, returned } from './change-cursor.js';
import { checkRow } from './constraints.js';
import type { Assignment } from './modify.js';

type Evaluate = (execution: Execution) => Value;

export interface Arbiter {
  /** Unique indexes that decide, by number. */
  readonly indexes: readonly number[];
  /** Undefined: DO NOTHING. */
  readonly update:
    | {
        readonly sets: readonly Assignment[];
        readonly where: Evaluate | undefined;
        readonly excludedSlot: number;
      }
    | undefined;
}

export interface InsertParts {
  readonly table: TableDefinition;
  readonly slot: number;
  readonly rows: (execution: Execution) => RowSource;
  readonly conflict: Arbiter | undefined;
  readonly returning: readonly Evaluate[] | undefined;
}

export class InsertCursor implements RowSource {
  private readonly table: Table;
  private readonly rows: RowSource;
  /** Whether a row is done but its RETURNING is not. */
  private giving = false;
  /** The row in hand, until it is in the table. */
  private row: readonly Value[] | undefined = undefined;
  /** The row in the table, while its indexes wait. */
  private inserted: Version | undefined = undefined;
  /** The row that is there already, while its lock or its update waits. */
  private existing: Version | undefined = undefined;

  constructor(
    private readonly parts: InsertParts,
    private readonly execution: Execution,
  ) {
    this.table = execution.engine.table(parts.table);
    this.rows = parts.rows(execution);
  }

  next(): Row | undefined | Blocked {
    try {
      return this.step();
    } catch (error) {
      if (error === SUSPENDED) return BLOCKED;
      throw error;
    }
  }

  private step(): Row | undefined | Blocked {
    for (;;) {
      if (this.giving) {
        const given = returned(this.execution, this.parts.returning);
        this.giving = false;
        return given;
      }
      if (this.row === undefined) {
        const next = this.rows.next();
        if (next === undefined || next === BLOCKED) return next;
        checkRow(this.execution, this.parts.table, next);
        this.row = next;
      }
      const version = this.place(this.row);
      if (version === BLOCKED) return BLOCKED;
      this.row = undefined;
      this.inserted = undefined;
      this.existing = undefined;
      if (version === undefined) continue;
      this.execution.tuples[this.parts.slot] = version;
      this.giving = true;
    }
  }

  /** Inserts the row or does what ON CONFLICT says; undefined: nothing. */
  private place(row: readonly Value[]): Version | undefined | Blocked {
    const { conflict } = this.parts;
    while (conflict !== undefined && this.inserted === undefined) {
      const found = this.existing ?? this.conflict(row, conflict);
      if (found === BLOCKED) return BLOCKED;
      if (found === undefined) break;
      if (conflict.update === undefined) return undefined;
      this.existing = found;
      const updated = this.update(row, found, conflict.update);
      if (updated !== 'again') return updated;
      this.existing = undefined;
    }
    return this.insert(row);
  }

  private insert(row: readonly Value[]): Version | Blocked {
    const { execution, table } = this;
    if (this.inserted === undefined) {
      const after = table.add(row, execution.assignXid(), execution.command);
      execution.transaction.changes.push({ table, before: undefined, after });
      this.inserted = after;
    }
    return enterIndexes(execution, table, this.inserted) ? this.inserted : BLOCKED;
  }

  private conflict(row: readonly Value[], { indexes }: Arbiter): Version | undefined | Blocked {
    const { execution, table } = this;
    for (const at of indexes) {
      let found = findConflict(execution, table, at, row, undefined);
      while (found instanceof Xid) {
        if (!execution.awaitEnd(found)) return BLOCKED;
        found = findConflict(execution, table, at, row, undefined);
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** DO UPDATE of the row that is there; `again`: it is there no more. */
  private update(
    row: readonly Value[],
    existing: Version,
    { sets, where, excludedSlot }: NonNullable<Arbiter['update']>,
  ): Version | undefined | Blocked | 'again' {
    const { execution, table, parts } = this;
    if (
      existing.xmin.transaction === execution.transaction &&
      existing.command >= execution.command
    ) {
      throw new PostgresError(
        '21000',
        'ON CONFLICT DO UPDATE command cannot affect row a second time',
      );
    }
    const keyed = sets.some(({ column }) => parts.table.keyColumns.includes(column));
    const outcome = lockVersion(execution, table, existing, keyed ? UPDATE : NO_KEY_UPDATE, 'wait');
    if (outcome === 'blocked') return BLOCKED;
    if (outcome !== 'done') return 'again';
    execution.tuples[parts.slot] = existing;
    execution.tuples[excludedSlot] = { values: row };
    execution.beginRow();
    if (where !== undefined && where(execution) !== true) {
      execution.endRow();
      return undefined;
    }
    const values = assignedValues(execution, parts.table, existing.values, sets);
    execution.endRow();
    checkRow(execution, parts.table, values);
    const mode = updateMode(parts.table, existing.values, values);
    replaceVersion(execution, table, existing, values, mode);
    const after = existing.next!;
    if (mode !== UPDATE) return after;
    after.indexed = 0;
    this.inserted = after;
    return enterIndexes(execution, table, after) ? after : BLOCKED;
  }
}
