/**
 * How transactions begin and end: commit makes changes visible and tells the world; rollback undoes
 * them, as far back as a savepoint or the beginning.
 */
import type { Engine } from './engine.js';
import { PostgresError } from './errors.js';
import { EXCLUSIVE } from './locks/modes.js';
import type { LockEnd, PostgresRow, RowChangeKind } from './port.js';
import type { Session } from './session.js';
import type { Table, Version } from './storage/table.js';
import { type Change, type Savepoint, Transaction } from './storage/transaction.js';

export function beginTransaction(session: Session, startUs: number): Transaction {
  const transaction = new Transaction(session, startUs);
  session.transaction = transaction;
  return transaction;
}

export function undo({ table, before, after }: Change): void {
  if (after !== undefined) table.remove(after);
  if (before === undefined) return;
  before.xmax = undefined;
  before.next = undefined;
}

function row(table: Table, version: Version | undefined): PostgresRow | undefined {
  return version === undefined ? undefined : table.rowOf(version.values);
}

export function reportRow(
  engine: Engine,
  table: Table,
  before: Version | undefined,
  after: Version | undefined,
  change: RowChangeKind,
  session?: number,
): void {
  const key = table.keyOf((before ?? after)!.values);
  if (key === undefined) return;
  const { name } = table.definition;
  engine.port.rowChanged(name, key, row(table, before), row(table, after), change, session);
}

/** Tells of every row that is another after the commit than it was before the transaction. */
function reportRows(engine: Engine, transaction: Transaction): void {
  for (const { table, before, after } of transaction.changes) {
    // A version of this transaction that it changed again is no state that anybody saw.
    if (before !== undefined && before.xmin.transaction === transaction) continue;
    let last = after;
    while (last?.xmax?.transaction === transaction) last = last.next;
    if (before === undefined && last === undefined) continue;
    const change = before === undefined ? 'insert' : last === undefined ? 'delete' : 'update';
    reportRow(engine, table, before, last, change, transaction.session.connection);
  }
}

export function commit(engine: Engine, session: Session): void {
  const transaction = session.transaction!;
  const { changes, xids, catalog, logged } = transaction;
  if (changes.length > 0 || xids.length > 0 || catalog !== undefined || logged) {
    engine.commitSequence += 1;
    transaction.commitSequence = engine.commitSequence;
    for (const xid of xids) xid.running = false;
    if (changes.length > 0 || catalog !== undefined || logged) record(engine, session, transaction);
  }
  if (catalog !== undefined) {
    engine.catalog = catalog;
    engine.definer = undefined;
  }
  session.settings.commit();
  session.transaction = undefined;
  reportRows(engine, transaction);
  release(engine, session, transaction, 'transaction end');
  prune(engine, changes);
  publish(engine, transaction);
  // Its rows refer to it for as long as they are there: it must not refer to the rows before them.
  transaction.changes = [];
  transaction.savepoints.length = 0;
}

function record(engine: Engine, session: Session, { changes, catalog }: Transaction): void {
  engine.log.append({
    atUs: engine.port.monoUs(),
    flushed: session.settings.text('synchronous_commit') !== 'off',
    changes,
    catalogBefore: catalog === undefined ? undefined : engine.catalog,
    sequence: undefined,
    sequenceBefore: undefined,
  });
}

function prune(engine: Engine, changes: readonly Change[]): void {
  for (const { table, before } of changes) if (before !== undefined) table.dead += 1;
  if (engine.blockedCount > 0) return;
  for (const { table } of changes) table.prune();
}

/** Notifications go to whoever listens when the transaction commits. */
function publish(engine: Engine, { notifications }: Transaction): void {
  if (notifications.length === 0) return;
  const seen = new Set<string>();
  for (const notification of notifications) {
    const name = `${notification.channel}\0${notification.payload}`;
    if (seen.has(name)) continue;
    seen.add(name);
    for (const session of engine.sessions.values()) {
      if (session.listening.has(notification.channel)) session.notifications.push(notification);
    }
  }
  for (const session of engine.sessions.values()) {
    if (session.running === undefined) deliver(engine, session);
  }
}

/** A session is told of notifications when it is outside of a transaction. */
export function deliver(engine: Engine, session: Session): void {
  if (session.notifications.length === 0 || session.transaction !== undefined) return;
  for (const { channel, payload } of session.notifications.splice(0)) {
    engine.send(session, { kind: 'notification', channel, payload });
  }
}

function release(engine: Engine, session: Session, transaction: Transaction, end: LockEnd): void {
  for (const held of transaction.rowLocks) engine.reportRowLock(session, held, end);
  transaction.rowLocks.length = 0;
  engine.locks.releaseAll(session, 'transaction', (lock, mode, count) => {
    for (let at = 0; at < count; at++) {
      engine.reportAdvisory(session, lock, mode, 'transaction', end);
    }
  });
  transaction.acquired.length = 0;
  transaction.weak.length = 0;
}

/** Undoes all of it; what is left of a block is for the caller. */
export function rollback(engine: Engine, session: Session, end: LockEnd): void {
  const transaction = session.transaction!;
  for (const change of transaction.changes.splice(0).reverse()) undo(change);
  for (const xid of transaction.xids.splice(0)) xid.running = false;
  transaction.savepoints.length = 0;
  transaction.notifications.length = 0;
  if (engine.definer === transaction) engine.definer = undefined;
  transaction.catalog = undefined;
  session.settings.rollback();
  release(engine, session, transaction, end);
}

export function savepoint(session: Session, name: string): void {
  const transaction = session.transaction!;
  transaction.savepoints.push({
    name,
    changes: transaction.changes.length,
    acquired: transaction.acquired.length,
    rowLocks: transaction.rowLocks.length,
    settings: session.settings.save(),
    notifications: transaction.notifications.length,
    catalog: transaction.catalog,
    xids: transaction.xids.length,
    weak: transaction.weak.length,
  });
}

function find({ savepoints }: Transaction, name: string): number {
  const at = savepoints.findLastIndex((candidate) => candidate.name === name);
  if (at >= 0) return at;
  throw new PostgresError('3B001', `savepoint "${name}" does not exist`);
}

export function releaseSavepoint(transaction: Transaction, name: string): void {
  transaction.savepoints.splice(find(transaction, name));
}

export function rollbackToSavepoint(engine: Engine, session: Session, name: string): void {
  const transaction = session.transaction!;
  const at = find(transaction, name);
  const mark = transaction.savepoints[at]!;
  transaction.savepoints.length = at + 1;
  undoTo(engine, session, mark);
  transaction.failed = false;
}

/** Undoes what came after a savepoint, and gives back the locks taken since. */
export function undoTo(engine: Engine, session: Session, mark: Savepoint): void {
  const transaction = session.transaction!;
  const { changes, xids, rowLocks, acquired, notifications } = transaction;
  for (const change of changes.splice(mark.changes).reverse()) undo(change);
  notifications.length = mark.notifications;
  if (mark.catalog === undefined && engine.definer === transaction) engine.definer = undefined;
  transaction.catalog = mark.catalog;
  session.settings.restore(mark.settings);
  for (const held of rowLocks.splice(mark.rowLocks)) {
    engine.reportRowLock(session, held, 'released');
  }
  for (const { lock, mode } of acquired.splice(mark.acquired).reverse()) {
    if (!engine.locks.holds(session, lock, mode, 'transaction')) continue;
    engine.reportAdvisory(session, lock, mode, 'transaction', 'released');
    engine.locks.release(session, lock, mode, 'transaction');
  }
  for (const { table, mode } of transaction.weak.splice(mark.weak)) {
    if (table.lock !== undefined) engine.locks.release(session, table.lock, mode, 'transaction');
  }
  for (const xid of xids.splice(mark.xids)) {
    xid.running = false;
    if (xid.lock !== undefined) {
      engine.locks.release(session, xid.lock, EXCLUSIVE, 'transaction');
    }
  }
}
