/**
 * What all sessions share: definitions, rows, locks, the order of commits, and who may go on. What
 * waits and what wakes goes through here.
 */
import { type Catalog, emptyCatalog } from './catalog/catalog.js';
import type { TableDefinition } from './catalog/definitions.js';
import { FatalError, PostgresError, undefinedTable } from './errors.js';
import { checkDeadlock, deadlockError } from './locks/deadlock.js';
import { Lock, type LockLevel, LockManager, type Waiter } from './locks/lock-manager.js';
import { EXCLUSIVE, ROW_EXCLUSIVE, ROW_MODE_NAMES, SHARE } from './locks/modes.js';
import type { LockEnd, PostgresMessage, PostgresPort, PostgresServerOptions } from './port.js';
import { NEVER, type Session } from './session.js';
import { CommitLog } from './storage/log.js';
import { Sequence } from './storage/sequence.js';
import { Table } from './storage/table.js';
import type { RowLockHeld, Transaction } from './storage/transaction.js';

/** wal_writer_delay, 200 ms: what was not flushed by a commit is on disk after three of them. */
const WAL_WRITER_DELAY_US = 200_000;
export const UNFLUSHED_MAX_US = 3 * WAL_WRITER_DELAY_US;

/** Numbers of objects begin here, as in a new installation. */
const FIRST_OID = 16_384;
const FIRST_XID = 740;

export class Engine {
  catalog: Catalog = emptyCatalog();
  /** The transaction that has changed definitions and not ended. */
  definer: Transaction | undefined = undefined;
  commitSequence = 1;
  xidCount = FIRST_XID;
  /** Statements that wait: they may still look at old versions of rows. */
  blockedCount = 0;
  readonly sessions = new Map<number, Session>();
  /** Sessions that may go on. */
  readonly ready: Session[] = [];
  readonly log: CommitLog;
  readonly locks = new LockManager((waiter) => this.granted(waiter));
  private readonly tables = new Map<object, Table>();
  private readonly sequences = new Map<object, Sequence>();

  constructor(
    readonly options: PostgresServerOptions,
    readonly port: PostgresPort,
    /** Ends a session by itself, not by its client. */
    readonly close: (session: Session) => void,
  ) {
    this.log = new CommitLog(Math.max(options.replicaLagUs, UNFLUSHED_MAX_US));
  }

  table(definition: TableDefinition): Table {
    let table = this.tables.get(definition.storage);
    if (table === undefined) {
      table = new Table(FIRST_OID + this.tables.size, definition);
      this.tables.set(definition.storage, table);
    }
    if (table.definition !== definition) table.definition = definition;
    return table;
  }

  sequence(transaction: Transaction, name: string): Sequence {
    const { sequences } = transaction.catalog ?? this.catalog;
    const plain = name.replace(/^public\./, '').replaceAll('"', '');
    const definition = sequences.get(plain);
    if (definition === undefined) {
      if (/^\d/.test(name)) throw new PostgresError('42602', `invalid name syntax`);
      throw undefinedTable(plain);
    }
    let sequence = this.sequences.get(definition);
    if (sequence === undefined) {
      sequence = new Sequence(definition);
      this.sequences.set(definition, sequence);
    }
    return sequence;
  }

  nextValue(session: Session, sequence: Sequence): bigint {
    let value = 0n;
    this.writeSequence(session, sequence, () => {
      value = sequence.next().value;
    });
    session.currentValues.set(sequence, value);
    session.last = sequence;
    return value;
  }

  /** Changes a sequence, and notes what the log says of it if that is something else now. */
  writeSequence(session: Session, sequence: Sequence, write: () => void): void {
    const before = sequence.logged;
    write();
    if (sequence.logged === before) return;
    if (session.transaction !== undefined) session.transaction.logged = true;
    this.log.append({
      atUs: this.port.monoUs(),
      flushed: false,
      changes: [],
      catalogBefore: undefined,
      sequence,
      sequenceBefore: before,
    });
  }

  recoverSequences(): void {
    for (const sequence of this.sequences.values()) sequence.recover(sequence.logged);
  }

  /** A lock was granted, at once or after a wait. */
  acquired(session: Session, lock: Lock, mode: number, level: LockLevel): void {
    if (level === 'passing') return;
    if (level === 'transaction') session.transaction?.acquired.push({ lock, mode });
    this.reportAdvisory(session, lock, mode, level, undefined);
  }

  reportAdvisory(
    session: Session,
    lock: Lock,
    mode: number,
    level: 'session' | 'transaction',
    end: LockEnd | undefined,
  ): void {
    if (lock.advisory === undefined) return;
    this.port.lockChanged({
      kind: 'advisory',
      key: lock.advisory.text,
      mode: mode === SHARE ? 'share' : 'exclusive',
      level,
      session: session.connection,
      end,
    });
  }

  reportRowLock(
    session: Session,
    { table, key, mode }: RowLockHeld,
    end: LockEnd | undefined,
  ): void {
    this.port.lockChanged({
      kind: 'row',
      key: `${table.definition.name}:${key}`,
      mode: ROW_MODE_NAMES[mode]!,
      level: 'transaction',
      session: session.connection,
      end,
    });
  }

  unlockAdvisory(session: Session, lock: Lock, mode: number): boolean {
    if (this.locks.holds(session, lock, mode, 'session')) {
      // First the end of this hold, then whoever is granted because of it.
      this.reportAdvisory(session, lock, mode, 'session', 'released');
      this.locks.release(session, lock, mode, 'session');
      return true;
    }
    this.locks.wake(lock);
    this.notice(
      session,
      'WARNING',
      '01000',
      `you don't own a lock of type ${mode === EXCLUSIVE ? 'ExclusiveLock' : 'ShareLock'}`,
    );
    return false;
  }

  unlockAllAdvisory(session: Session, end: LockEnd): void {
    this.locks.releaseAll(session, 'session', (lock, mode, count) => {
      for (let at = 0; at < count; at++) this.reportAdvisory(session, lock, mode, 'session', end);
    });
  }

  /** Sends a message, unless nobody is there to read it. */
  send(session: Session, message: PostgresMessage): void {
    if (!session.gone) this.port.send(session.connection, message);
  }

  notice(session: Session, severity: 'WARNING' | 'NOTICE', code: string, message: string): void {
    this.send(session, {
      kind: 'notice',
      severity,
      code,
      message,
      detail: undefined,
      constraint: undefined,
      table: undefined,
    });
  }

  /** Takes a lock, or begins to wait for it: false. Asked again after the wait, it has it. */
  acquire(session: Session, lock: Lock, mode: number, level: LockLevel): boolean {
    if (session.granted === lock) {
      session.granted = undefined;
      return true;
    }
    if (this.locks.tryAcquire(session, lock, mode, level)) {
      this.acquired(session, lock, mode, level);
      return true;
    }
    return this.startWait(session, lock, mode, level);
  }

  /** Begins to wait for a lock; true: it was granted after all. */
  private startWait(session: Session, lock: Lock, mode: number, level: LockLevel): boolean {
    const waiter: Waiter = { owner: session, lock, mode, level };
    const outcome = this.locks.enqueue(waiter);
    if (outcome === 'granted') {
      this.acquired(session, lock, mode, level);
      return true;
    }
    if (outcome !== 'waiting') throw deadlockError([waiter, outcome]);
    const nowUs = this.port.monoUs();
    const lockTimeoutMs = session.settings.durationMs('lock_timeout');
    session.lockDeadlineUs = lockTimeoutMs === 0 ? NEVER : nowUs + lockTimeoutMs * 1000;
    session.deadlockAtUs = nowUs + session.settings.durationMs('deadlock_timeout') * 1000;
    this.block(session);
    return false;
  }

  startSleep(session: Session, durationUs: number): boolean {
    if (session.slept) {
      session.slept = false;
      return true;
    }
    if (durationUs <= 0) return true;
    session.sleepUntilUs = this.port.monoUs() + durationUs;
    this.block(session);
    return false;
  }

  private block(session: Session): void {
    session.blocked = true;
    this.blockedCount += 1;
  }

  private granted(waiter: Waiter): void {
    const session = waiter.owner as Session;
    this.acquired(session, waiter.lock, waiter.mode, waiter.level);
    session.granted = waiter.lock;
    this.unblock(session);
  }

  private unblock(session: Session): void {
    session.blocked = false;
    this.blockedCount -= 1;
    session.sleepUntilUs = NEVER;
    session.lockDeadlineUs = NEVER;
    session.deadlockAtUs = NEVER;
    this.ready.push(session);
  }

  /** Ends a wait with an error. */
  fail(session: Session, error: PostgresError): void {
    session.failure = error;
    if (session.waiting !== undefined) this.locks.cancel(session.waiting);
    this.unblock(session);
  }

  /** Forgets that a session waits: it is gone. */
  abandon(session: Session): void {
    if (session.waiting !== undefined) this.locks.cancel(session.waiting);
    const at = this.ready.indexOf(session);
    if (at >= 0) this.ready.splice(at, 1);
    if (session.blocked) this.blockedCount -= 1;
    session.blocked = false;
  }

  cancel(processId: number): boolean {
    for (const session of this.sessions.values()) {
      if (session.processId !== processId) continue;
      if (session.blocked) {
        this.fail(session, new PostgresError('57014', 'canceling statement due to user request'));
      }
      return true;
    }
    this.noSuchProcess(processId);
    return false;
  }

  terminate(processId: number): boolean {
    for (const session of this.sessions.values()) {
      if (session.processId !== processId) continue;
      const error = new FatalError('57P01', 'terminating connection due to administrator command');
      if (session.blocked) this.fail(session, error);
      else if (session.running === undefined) this.expel(session, error);
      else throw error;
      return true;
    }
    this.noSuchProcess(processId);
    return false;
  }

  private noSuchProcess(processId: number): void {
    for (const session of this.sessions.values()) {
      if (session.running === undefined || session.blocked) continue;
      const message = `PID ${processId} is not a PostgreSQL server process`;
      this.notice(session, 'WARNING', '01000', message);
    }
  }

  /** Sends a fatal error and ends the session. */
  expel(session: Session, error: PostgresError): void {
    this.send(session, errorMessage(error));
    this.send(session, { kind: 'closed' });
    this.close(session);
  }

  /** Everything that is due at this reading of the monotonic clock, for one session. */
  expire(session: Session, nowUs: number): void {
    if (!session.blocked) {
      if (session.idleDeadlineUs <= nowUs) this.expireIdle(session);
      return;
    }
    if (session.sleepUntilUs <= nowUs) {
      session.slept = true;
      this.unblock(session);
      return;
    }
    if (session.deadlockAtUs <= nowUs) {
      session.deadlockAtUs = NEVER;
      const found = checkDeadlock(session);
      if (found instanceof PostgresError) return this.fail(session, found);
      for (const waiter of found ?? []) this.locks.wake(waiter.lock);
      if (!session.blocked) return;
    }
    const { lockDeadlineUs, statementDeadlineUs } = session;
    if (lockDeadlineUs <= nowUs && lockDeadlineUs <= statementDeadlineUs) {
      const error = new PostgresError('55P03', 'canceling statement due to lock timeout');
      return this.fail(session, error);
    }
    if (statementDeadlineUs <= nowUs) {
      this.fail(
        session,
        new PostgresError('57014', 'canceling statement due to statement timeout'),
      );
    }
  }

  private expireIdle(session: Session): void {
    session.idleDeadlineUs = NEVER;
    const error =
      session.transaction === undefined
        ? new FatalError('57P05', 'terminating connection due to idle-session timeout')
        : new FatalError('25P03', 'terminating connection due to idle-in-transaction timeout');
    this.expel(session, error);
  }

  /** Takes the lock of a table that a statement needs; false: it waits. */
  lockTable(
    session: Session,
    table: Table,
    mode: number,
    acquire: (lock: Lock, mode: number) => boolean,
  ): boolean {
    const transaction = session.transaction!;
    if (table.lock?.idle) table.lock = undefined;
    if (mode <= ROW_EXCLUSIVE && table.lock === undefined) {
      const { weak } = transaction;
      for (const held of weak) if (held.table === table && held.mode === mode) return true;
      weak.push({ table, mode });
      return true;
    }
    return acquire(this.strongLock(table), mode);
  }

  /** The lock of a table with all who have it weakly as its holders. */
  private strongLock(table: Table): Lock {
    if (table.lock !== undefined) return table.lock;
    const lock = new Lock(() => `relation ${table.oid} of database 5`, undefined);
    table.lock = lock;
    for (const session of this.sessions.values()) {
      for (const held of session.transaction?.weak ?? []) {
        if (held.table === table) this.locks.hold(session, lock, held.mode, 'transaction');
      }
    }
    return lock;
  }
}

export function errorMessage(error: PostgresError) {
  return {
    kind: 'error' as const,
    severity: error.severity,
    code: error.code,
    message: error.message,
    detail: error.detail,
    constraint: error.constraint,
    table: error.table,
  };
}
