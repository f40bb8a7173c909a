/**
 * One statement while it runs: what it sees, its parameters, the rows in hand, and how it waits. A
 * statement that has to wait returns all the way out and is called again when it may go on.
 */
import type { Engine } from './engine.js';
import { Lock, type LockLevel } from './locks/lock-manager.js';
import { EXCLUSIVE, type RowMode, SHARE } from './locks/modes.js';
import type { Session } from './session.js';
import type { Table, Version } from './storage/table.js';
import { type Snapshot, type Transaction, Xid } from './storage/transaction.js';
import type { Value } from './types/value.js';

/** What a step answers that has to wait. */
export const BLOCKED = Symbol('blocked');
export type Blocked = typeof BLOCKED;

/** Thrown by an expression that has to wait; never seen outside of the statement. */
class Suspended extends Error {}
export const SUSPENDED = new Suspended('suspended');

export interface Tuple {
  readonly values: readonly Value[];
}

export type Row = readonly Value[];

/** Gives rows one by one; undefined: there are no more. */
export interface RowSource {
  next(): Row | undefined | Blocked;
}

/** A query inside the statement whose rows are kept. */
export interface Materialised {
  readonly source: RowSource;
  readonly rows: Tuple[];
  complete: boolean;
}

export class Execution implements Snapshot {
  readonly sequence: number;
  readonly command: number;
  /** By number of the range in the statement. */
  readonly tuples: Tuple[] = [];
  /** Of the group in hand. */
  aggregates: readonly Value[] = [];
  readonly materialised: (Materialised | undefined)[] = [];
  /** Effects of the row in hand that must not happen again when it is taken up after a wait. */
  private readonly memo: Value[] = [];
  private memoAt = 0;
  /** A version whose newer ones are being locked too. */
  following: Version | undefined = undefined;
  /** The lock of a tuple that says it is this statement's turn. */
  private turn: Lock | undefined = undefined;
  private turnMode = 0;

  constructor(
    readonly engine: Engine,
    readonly session: Session,
    readonly transaction: Transaction,
    readonly params: readonly Value[],
    /** statement_timestamp(). */
    readonly statementUs: number,
    /** Whether an expression of it may wait, and so be evaluated again. */
    private readonly suspends: boolean,
  ) {
    this.sequence = engine.commitSequence;
    this.command = transaction.command;
  }

  /** Before the expressions of a row are evaluated, for the first time or again. */
  beginRow(): void {
    this.memoAt = 0;
  }

  /** After they were. */
  endRow(): void {
    if (this.memo.length > 0) this.memo.length = 0;
  }

  /** Something with an effect, which happens once for a row even if the row is taken up again. */
  once(effect: () => Value): Value {
    if (!this.suspends) return effect();
    if (this.memoAt === this.memo.length) this.memo.push(effect());
    this.memoAt += 1;
    return this.memo[this.memoAt - 1]!;
  }

  /** The same for a wait: `begin` answers whether it is over at once. */
  wait(begin: () => boolean): null {
    if (this.memoAt < this.memo.length) {
      this.memoAt += 1;
      return null;
    }
    if (!begin()) throw SUSPENDED;
    this.memo.push(null);
    this.memoAt += 1;
    return null;
  }

  /** The rows of a query inside the statement, all of them. */
  rowsOf(at: number, open: (execution: Execution) => RowSource): Tuple[] | Blocked {
    let kept = this.materialised[at];
    if (kept === undefined) {
      kept = { source: open(this), rows: [], complete: false };
      this.materialised[at] = kept;
    }
    while (!kept.complete) {
      const row = kept.source.next();
      if (row === BLOCKED) return BLOCKED;
      if (row === undefined) kept.complete = true;
      else kept.rows.push({ values: row });
    }
    return kept.rows;
  }

  /** The id under which the current part of the transaction writes. */
  assignXid(): Xid {
    const { transaction, engine } = this;
    const { savepoints, xids } = transaction;
    if (xids.length > (savepoints.at(-1)?.xids ?? 0)) return xids.at(-1)!;
    engine.xidCount += 1;
    const xid = new Xid(engine.xidCount, transaction);
    xids.push(xid);
    return xid;
  }

  /** Takes a lock or begins to wait for it: false. */
  acquire(lock: Lock, mode: number, level: LockLevel): boolean {
    return this.engine.acquire(this.session, lock, mode, level);
  }

  /** Takes the turn for a tuple, or begins to wait for it. */
  takeTurn(lock: Lock, mode: number): boolean {
    // Also after a wait for it: only a grant brings the statement back here.
    if (this.turn === lock) {
      if (this.session.granted === lock) this.session.granted = undefined;
      return true;
    }
    this.turn = lock;
    this.turnMode = mode;
    return this.acquire(lock, mode, 'transaction');
  }

  leaveTurn(): void {
    const { turn } = this;
    if (turn === undefined) return;
    this.turn = undefined;
    this.engine.locks.release(this.session, turn, this.turnMode, 'transaction');
  }

  /** Waits until a transaction has ended; true: the wait is over. */
  awaitEnd(xid: Xid): boolean {
    if (xid.lock === undefined) {
      xid.lock = new Lock(() => `transaction ${xid.number}`, undefined);
      this.engine.locks.hold(xid.transaction.session, xid.lock, EXCLUSIVE, 'transaction');
    }
    return this.acquire(xid.lock, SHARE, 'passing');
  }

  /** Ground truth: the transaction has a row lock. */
  rowLocked(table: Table, version: Version, mode: RowMode): void {
    const key = table.keyOf(version.values);
    if (key === undefined) return;
    const { rowLocks } = this.transaction;
    for (const held of rowLocks) {
      if (held.mode >= mode && held.table === table && held.key === key) return;
    }
    const held = { table, key, mode };
    rowLocks.push(held);
    this.engine.reportRowLock(this.session, held, undefined);
  }
}
