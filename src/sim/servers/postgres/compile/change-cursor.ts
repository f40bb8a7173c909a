/**
 * Runs an UPDATE or DELETE: row by row, waiting for whoever has a row, and looking again at one
 * that another transaction changed meanwhile (EvalPlanQual at READ COMMITTED).
 */
import type { TableDefinition } from '../catalog/definitions.js';
import {
  BLOCKED,
  type Blocked,
  type Execution,
  type Row,
  type RowSource,
  SUSPENDED,
} from '../execution.js';
import { type RowMode, UPDATE } from '../locks/modes.js';
import { lockVersion, replaceVersion } from '../locks/row-locks.js';
import { type Table, updateMode, type Version } from '../storage/table.js';
import { enterIndexes } from '../storage/unique.js';
import type { Value } from '../types/value.js';
import { checkRow, defaultOf } from './constraints.js';
import { Combinations, type Joined } from './from.js';
import type { Assignment } from './modify.js';

type Evaluate = (execution: Execution) => Value;

export interface ChangeParts {
  readonly table: TableDefinition;
  readonly slot: number;
  readonly joined: readonly Joined[];
  readonly where: Evaluate | undefined;
  /** Undefined: DELETE. */
  readonly sets: readonly Assignment[] | undefined;
  readonly returning: readonly Evaluate[] | undefined;
}

/** A row that a statement did something to and that gives nothing back. */
const NO_COLUMNS: Row = [];

/** What RETURNING gives for the row in hand. */
export function returned(execution: Execution, columns: readonly Evaluate[] | undefined): Row {
  if (columns === undefined) return NO_COLUMNS;
  execution.beginRow();
  const row = columns.map((evaluate) => evaluate(execution));
  execution.endRow();
  return row;
}

/** The values of a row after an UPDATE. */
export function assignedValues(
  execution: Execution,
  table: TableDefinition,
  before: readonly Value[],
  sets: readonly Assignment[],
): Value[] {
  const values = [...before];
  for (const { column, value } of sets) {
    values[column] = value === undefined ? defaultOf(execution, table, column) : value(execution);
  }
  return values;
}

type Phase = 'test' | 'replace' | 'relock' | 'indexes';

export class ChangeCursor implements RowSource {
  private readonly combinations: Combinations;
  private readonly table: Table;
  private inHand = false;
  private phase: Phase = 'test';
  /** Whether a row is done but its RETURNING is not. */
  private giving = false;
  private values: Value[] | undefined = undefined;
  private mode: RowMode = UPDATE;

  constructor(
    private readonly parts: ChangeParts,
    private readonly execution: Execution,
  ) {
    this.combinations = new Combinations(parts.joined, execution);
    this.table = execution.engine.table(parts.table);
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
    if (!this.combinations.load()) return BLOCKED;
    for (;;) {
      if (this.giving) return this.give();
      if (!this.inHand) {
        if (!this.combinations.next()) return undefined;
        this.inHand = true;
        this.phase = 'test';
      }
      const done = this.change();
      if (done === BLOCKED) return BLOCKED;
      this.inHand = false;
      if (done) this.prepareRow();
    }
  }

  /** Goes on with the row in hand; false: there is nothing to change. */
  private change(): boolean | Blocked {
    for (;;) {
      if (this.phase === 'test' && !this.test()) return false;
      const outcome = this.phase === 'relock' ? this.relock() : this.replace();
      if (outcome !== undefined) return outcome;
    }
  }

  /** Tries WHERE on the version in hand and computes what becomes of it. */
  private test(): boolean {
    const { execution, parts } = this;
    const { where, sets, slot } = parts;
    execution.beginRow();
    if (where !== undefined && where(execution) !== true) {
      execution.endRow();
      return false;
    }
    const version = execution.tuples[slot] as Version;
    if (sets === undefined) this.values = undefined;
    else {
      this.values = assignedValues(execution, parts.table, version.values, sets);
      checkRow(execution, parts.table, this.values);
      this.mode = updateMode(parts.table, version.values, this.values);
    }
    execution.endRow();
    this.phase = 'replace';
    return true;
  }

  private replace(): boolean | Blocked | undefined {
    const { execution, table, values, mode } = this;
    const version = execution.tuples[this.parts.slot] as Version;
    if (this.phase === 'replace') {
      const outcome = replaceVersion(execution, table, version, values, mode);
      if (outcome === 'blocked') return BLOCKED;
      if (outcome === 'updated') {
        execution.tuples[this.parts.slot] = version.next!;
        this.phase = 'relock';
        return undefined;
      }
      if (outcome !== 'done') return false;
      if (values === undefined || mode !== UPDATE) return true;
      version.next!.indexed = 0;
      this.phase = 'indexes';
    }
    return enterIndexes(execution, table, version.next!) ? true : BLOCKED;
  }

  /** Locks the newest version before WHERE is tried on it again. */
  private relock(): boolean | Blocked | undefined {
    const { execution, table, mode } = this;
    const version = execution.tuples[this.parts.slot] as Version;
    const outcome = lockVersion(execution, table, version, mode, 'wait');
    if (outcome === 'blocked') return BLOCKED;
    if (outcome === 'updated') {
      execution.tuples[this.parts.slot] = version.next!;
      return undefined;
    }
    if (outcome !== 'done') return false;
    this.phase = 'test';
    return undefined;
  }

  /** RETURNING sees what an UPDATE made, and what a DELETE took. */
  private prepareRow(): void {
    const { execution, parts } = this;
    this.giving = true;
    if (parts.returning === undefined || parts.sets === undefined) return;
    execution.tuples[parts.slot] = (execution.tuples[parts.slot] as Version).next!;
  }

  private give(): Row {
    const row = returned(this.execution, this.parts.returning);
    this.giving = false;
    return row;
  }
}
