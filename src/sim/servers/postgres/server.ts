/**
 * The simulated PostgreSQL: version 15, one primary with one asynchronous replica, as a state
 * machine. Queries and faults come in, messages and ground truth go to the port.
 *
 * What outlives a crash is what was flushed: with `synchronous_commit = on` every commit, with
 * `off` all but the last 3 × wal_writer_delay at most (PostgreSQL documentation, "Asynchronous
 * Commit"). A replica that is promoted has the commits that are at least as old as its lag, in
 * their order, and no session, no lock and nothing of a transaction that had not committed.
 */
import { Engine, UNFLUSHED_MAX_US } from './engine.js';
import { FatalError, PostgresError } from './errors.js';
import type {
  LockEnd,
  PostgresPort,
  PostgresQuery,
  PostgresServer,
  PostgresServerOptions,
} from './port.js';
import type { Refusal } from './refusals.js';
import { begin, fail, proceed } from './runner.js';
import { NEVER, Session } from './session.js';
import { Settings } from './settings.js';
import type { LogRecord } from './storage/log.js';
import { reportRow, rollback, undo } from './transactions.js';

const FIRST_PROCESS_ID = 1000;

class SimulatedPostgres implements PostgresServer {
  private readonly engine: Engine;
  private processes = 0;
  private alarmAtUs = NEVER;
  /** While the server is down: when it went, on its monotonic clock. */
  private downSinceUs: number | undefined;

  constructor(
    private readonly options: PostgresServerOptions,
    private readonly port: PostgresPort,
  ) {
    this.engine = new Engine(options, port, (session) => this.end(session, 'session end'));
  }

  connect(connection: number): void {
    if (this.downSinceUs !== undefined) return;
    this.processes += 1;
    this.engine.sessions.set(
      connection,
      new Session(
        connection,
        FIRST_PROCESS_ID + this.processes,
        new Settings(this.options.synchronousCommit),
      ),
    );
  }

  disconnect(connection: number): void {
    const session = this.engine.sessions.get(connection);
    if (session === undefined) return;
    // A backend that waits does not look at its socket: it waits on, and runs what it was told.
    if (session.blocked) {
      session.gone = true;
      session.pending.length = 0;
      return;
    }
    this.end(session, 'session end');
    this.goOn();
  }

  /** Ends a session: its transaction is undone, and all its locks are gone. */
  private end(session: Session, end: LockEnd): void {
    const { engine } = this;
    engine.abandon(session);
    engine.sessions.delete(session.connection);
    session.running = undefined;
    session.pending.length = 0;
    if (session.transaction !== undefined) rollback(engine, session, end);
    session.transaction = undefined;
    engine.unlockAllAdvisory(session, end);
  }

  execute(connection: number, query: PostgresQuery): void {
    const session = this.engine.sessions.get(connection);
    if (session === undefined) return;
    if (session.running !== undefined) {
      session.pending.push(query);
      return;
    }
    begin(this.engine, session, query);
    this.follow(session);
    this.goOn();
  }

  refuse(connection: number, query: PostgresQuery, refusal: Refusal): void {
    const session = this.engine.sessions.get(connection);
    if (session === undefined) return;
    if (session.running !== undefined) {
      session.pending.push(query);
      return;
    }
    const { severity, code, message } = refusal;
    const error = severity === 'FATAL' ? FatalError : PostgresError;
    fail(this.engine, session, new error(code, message));
    this.goOn();
  }

  checkpoint(): void {
    this.engine.log.forget();
  }

  /** Runs what a session sent while it was busy. */
  private follow(session: Session): void {
    while (session.running === undefined && session.pending.length > 0) {
      begin(this.engine, session, session.pending.shift()!);
    }
  }

  /** Lets everybody go on who may, one at a time. */
  private goOn(): void {
    const { ready } = this.engine;
    while (ready.length > 0) {
      const at = ready.length === 1 ? 0 : this.port.choose(ready.length);
      const [session] = ready.splice(at, 1);
      proceed(this.engine, session!);
      this.follow(session!);
    }
    this.resetAlarm();
  }

  private resetAlarm(): void {
    let atUs = NEVER;
    for (const session of this.engine.sessions.values()) {
      atUs = Math.min(atUs, session.nextDeadlineUs());
    }
    if (atUs === this.alarmAtUs) return;
    this.alarmAtUs = atUs;
    this.port.setAlarm('mono', atUs === NEVER ? undefined : atUs);
  }

  alarm(): void {
    if (this.downSinceUs !== undefined) return;
    const nowUs = this.port.monoUs();
    this.alarmAtUs = NEVER;
    // The earliest first: who is woken by it may free what another waits for.
    for (;;) {
      let next: Session | undefined;
      let atUs = nowUs;
      for (const session of this.engine.sessions.values()) {
        const deadlineUs = session.nextDeadlineUs();
        if (deadlineUs > atUs || (deadlineUs === atUs && next !== undefined)) continue;
        next = session;
        atUs = deadlineUs;
      }
      if (next === undefined) break;
      this.engine.expire(next, nowUs);
      this.goOn();
    }
    this.resetAlarm();
  }

  crash(): void {
    this.downSinceUs ??= this.port.monoUs();
    this.sever();
  }

  restart(): void {
    const { engine } = this;
    const downUs = this.downSinceUs ?? this.port.monoUs();
    const cutUs = downUs - this.port.choose(UNFLUSHED_MAX_US);
    this.lose(engine.log.takeUnflushedAfter(cutUs));
    this.downSinceUs = undefined;
  }

  promote(): void {
    const { engine, options } = this;
    const nowUs = this.downSinceUs ?? this.port.monoUs();
    this.sever();
    this.lose(engine.log.takeAfter(nowUs - options.replicaLagUs));
    this.downSinceUs = undefined;
  }

  /** Ends all sessions: the server they were on is gone. */
  private sever(): void {
    const { engine } = this;
    for (const session of [...engine.sessions.values()]) engine.abandon(session);
    for (const session of [...engine.sessions.values()]) this.end(session, 'lost');
    engine.ready.length = 0;
    this.resetAlarm();
  }

  /** Undoes what did not get as far as the log that the server goes on from. */
  private lose(records: readonly LogRecord[]): void {
    const { engine } = this;
    for (const { changes, catalogBefore, sequence, sequenceBefore } of records) {
      for (const { table, before, after } of changes.toReversed()) {
        undo({ table, before, after });
        if (before !== undefined && !table.versions.includes(before)) table.versions.push(before);
        reportRow(engine, table, after, before, 'lost');
      }
      if (catalogBefore !== undefined) engine.catalog = catalogBefore;
      if (sequence !== undefined) sequence.logged = sequenceBefore!;
    }
    engine.recoverSequences();
  }
}

/**
 * A simulated PostgreSQL server without tables and connections.
 *
 * @throws RangeError for a lag that is not a whole number of microseconds from 0 on.
 */
export function createPostgresServer(
  options: PostgresServerOptions,
  port: PostgresPort,
): PostgresServer {
  const { replicaLagUs } = options;
  if (!Number.isSafeInteger(replicaLagUs) || replicaLagUs < 0) {
    throw new RangeError(`replicaLagUs must be whole microseconds from 0 on: ${replicaLagUs}`);
  }
  return new SimulatedPostgres(options, port);
}
