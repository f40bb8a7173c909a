/**
 * A transaction and its subtransactions: what it changed, and so what to undo; when it became
 * visible; what it reads as the time.
 */

import type { Catalog } from '../catalog/catalog.js';
import type { Lock } from '../locks/lock-manager.js';
import type { RowMode } from '../locks/modes.js';
import type { Session } from '../session.js';
import type { SettingsState } from '../settings.js';
import type { Table, Version } from './table.js';

/** A transaction id: of a transaction, or of a savepoint's part of it. */
export class Xid {
  running = true;
  /** What waiters for its end wait at; made when the first does. */
  lock: Lock | undefined = undefined;
  constructor(
    readonly number: number,
    readonly transaction: Transaction,
  ) {}

  get committed(): boolean {
    return this.transaction.commitSequence !== 0;
  }
}

/** A row version that came, or one that went, or one that another replaced. */
export interface Change {
  readonly table: Table;
  readonly before: Version | undefined;
  readonly after: Version | undefined;
}

export interface RowLockHeld {
  readonly table: Table;
  readonly key: string;
  readonly mode: RowMode;
}

export interface Savepoint {
  readonly name: string;
  /** Lengths of the transaction's lists when it was made. */
  readonly changes: number;
  readonly acquired: number;
  readonly rowLocks: number;
  readonly settings: SettingsState;
  readonly notifications: number;
  readonly catalog: Catalog | undefined;
  readonly xids: number;
  readonly weak: number;
}

export interface Acquired {
  readonly lock: Lock;
  readonly mode: number;
}

export class Transaction {
  /** Ids that still count, outermost first. */
  readonly xids: Xid[] = [];
  /** 0 until it commits; then its place in the order of commits. */
  commitSequence = 0;
  /** Number of the statement within the transaction. */
  command = 0;
  /** Opened by BEGIN. */
  explicit = false;
  failed = false;
  /** A sequence wrote to the log on its behalf: its commit flushes the log. */
  logged = false;
  changes: Change[] = [];
  readonly acquired: Acquired[] = [];
  readonly rowLocks: RowLockHeld[] = [];
  readonly savepoints: Savepoint[] = [];
  /** Tables locked weakly, without the lock manager: pairs of table and mode. */
  readonly weak: { readonly table: Table; readonly mode: number }[] = [];
  readonly notifications: { readonly channel: string; readonly payload: string }[] = [];
  /** The definitions it sees if it changed them. */
  catalog: Catalog | undefined = undefined;

  constructor(
    readonly session: Session,
    /** now(), in microseconds. */
    readonly startUs: number,
  ) {}
}

/** What a statement sees: all that committed before it, and what its transaction did before. */
export interface Snapshot {
  readonly transaction: Transaction;
  readonly sequence: number;
  readonly command: number;
}
