/**
 * Row locks (PostgreSQL sources: heapam.c, `heap_lock_tuple`, `heap_update`). Who finds a row
 * locked takes the tuple's own lock, so that the first to come is the next in turn, and then waits
 * for the transaction that has the row.
 */
import { PostgresError } from '../errors.js';
import type { Execution } from '../execution.js';
import type { Locker, Table, Version } from '../storage/table.js';
import type { Xid } from '../storage/transaction.js';
import type { WaitPolicy } from '../syntax/rewrite.js';
import type { Value } from '../types/value.js';
import { Lock } from './lock-manager.js';
import { KEY_SHARE, type RowMode, rowModesConflict, TUPLE_MODES } from './modes.js';

/**
 * What became of a try: done; waiting; locked by others (`skipped`); another transaction replaced
 * or deleted the version; this transaction did.
 */
export type RowOutcome = 'done' | 'blocked' | 'skipped' | 'updated' | 'deleted' | 'own';

/** A transaction that holds the row in a mode that excludes this one. */
function blockerOf(version: Version, execution: Execution, mode: RowMode): Xid | undefined {
  const { xmax, lockers } = version;
  if (xmax?.running && rowModesConflict(version.xmaxMode, mode)) return xmax;
  if (lockers === undefined) return undefined;
  for (const { xid, mode: held } of lockers) {
    if (!xid.running || xid.transaction === execution.transaction) continue;
    if (rowModesConflict(held, mode)) return xid;
  }
  return undefined;
}

/** The versions that came after one, the oldest first. */
function* laterThan(version: Version): Generator<Version> {
  for (let later = version.next; later !== undefined; later = later.next) yield later;
}

/**
 * A key share lock may be had beside an update that changes no key. The newer versions are locked
 * with it (`heap_lock_updated_tuple`), and who has one of those in a stronger mode is waited for,
 * whatever the statement says of waiting.
 */
function followUpdates(execution: Execution, version: Version, mode: RowMode): 'done' | 'blocked' {
  execution.following = version;
  for (const later of laterThan(version)) {
    const blocker = blockerOf(later, execution, mode);
    if (blocker !== undefined && !execution.awaitEnd(blocker)) return 'blocked';
  }
  execution.following = undefined;
  return 'done';
}

/** Whether what is followed came to its end, with no newer version deleted or given another key. */
function isFollowed(execution: Execution, version: Version): boolean {
  if (execution.following !== version) return false;
  return [...laterThan(version)].every(
    ({ xmax, xmaxMode }) => xmax === undefined || !rowModesConflict(xmaxMode, KEY_SHARE),
  );
}

function ownLock(version: Version, execution: Execution): RowMode | undefined {
  let strongest: RowMode | undefined;
  for (const { xid, mode } of version.lockers ?? []) {
    if (xid.transaction !== execution.transaction || !xid.running) continue;
    if (strongest === undefined || mode > strongest) strongest = mode;
  }
  return strongest;
}

function turnOf(table: Table, version: Version): Lock {
  version.turn ??= new Lock(
    () => `tuple (0,${version.place}) of relation ${table.oid} of database 5`,
    undefined,
  );
  return version.turn;
}

/** Goes on when the row is free for this mode; does nothing to it yet. */
function reach(
  execution: Execution,
  table: Table,
  version: Version,
  mode: RowMode,
  wait: WaitPolicy,
): RowOutcome {
  for (;;) {
    const { xmax } = version;
    if (xmax !== undefined && xmax.transaction === execution.transaction) return 'own';
    if (xmax !== undefined && !xmax.running && !isFollowed(execution, version)) {
      execution.following = undefined;
      execution.leaveTurn();
      return version.next === undefined ? 'deleted' : 'updated';
    }
    const blocker = blockerOf(version, execution, mode);
    if (blocker === undefined) {
      return xmax === undefined ? 'done' : followUpdates(execution, version, mode);
    }
    if (wait === 'skip locked') {
      execution.leaveTurn();
      return 'skipped';
    }
    if (wait === 'nowait') {
      throw new PostgresError(
        '55P03',
        `could not obtain lock on row in relation "${table.definition.name}"`,
      );
    }
    const member = ownLock(version, execution) !== undefined;
    if (!member && !execution.takeTurn(turnOf(table, version), TUPLE_MODES[mode]!)) {
      return 'blocked';
    }
    if (!execution.awaitEnd(blocker)) return 'blocked';
  }
}

const running = (lockers: readonly Locker[] | undefined): Locker[] =>
  lockers?.filter(({ xid }) => xid.running) ?? [];

/** Locks a version for the rest of the transaction. */
export function lockVersion(
  execution: Execution,
  table: Table,
  version: Version,
  mode: RowMode,
  wait: WaitPolicy,
): RowOutcome {
  const own = ownLock(version, execution);
  if (own !== undefined && own >= mode && !version.xmax) return 'done';
  const outcome = reach(execution, table, version, mode, wait);
  if (outcome !== 'done') return outcome;
  const xid = execution.assignXid();
  for (const locked of [version, ...laterThan(version)]) {
    locked.lockers = running(locked.lockers);
    locked.lockers.push({ xid, mode });
  }
  execution.leaveTurn();
  execution.rowLocked(table, version, mode);
  return 'done';
}

/** Replaces a version, or without values deletes it. */
export function replaceVersion(
  execution: Execution,
  table: Table,
  version: Version,
  values: readonly Value[] | undefined,
  mode: RowMode,
): RowOutcome {
  const outcome = reach(execution, table, version, mode, 'wait');
  if (outcome !== 'done') return outcome;
  const xid = execution.assignXid();
  const { command, transaction } = execution;
  const next = values === undefined ? undefined : table.add(values, xid, command);
  if (next !== undefined) {
    next.indexed = table.definition.uniques.length;
    const kept = running(version.lockers);
    if (kept.length > 0) next.lockers = kept;
  }
  version.xmax = xid;
  version.xmaxMode = mode;
  version.xmaxCommand = command;
  version.next = next;
  transaction.changes.push({ table, before: version, after: next });
  execution.leaveTurn();
  execution.rowLocked(table, version, mode);
  return 'done';
}
