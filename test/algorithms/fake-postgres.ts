/**
 * A PostgreSQL for the small world of a lock's tests: the simulated server on the world's clock,
 * with a pooler in front of it, and pools whose queries take 1 ms each way and can be lost or held.
 */
import { CallTimeout, ConnectionLost } from '../../src/algorithms/environment.js';
import {
  PostgresError,
  type PostgresParameter,
  type PostgresResult,
  type PostgresRow,
} from '../../src/algorithms/postgres.js';
import type {
  PoolerMode,
  PostgresClient,
  PostgresConnection,
} from '../../src/algorithms/postgres-connection.js';
import { createPooler, type Pooler } from '../../src/sim/servers/postgres/pooler.js';
import type {
  PostgresMessage,
  PostgresQuery,
  PostgresServer,
} from '../../src/sim/servers/postgres/port.js';
import { createPostgresServer } from '../../src/sim/servers/postgres/server.js';
import { PostgresReply, queryText, toClientResult } from '../../src/sim/services/postgres-reply.js';
import type { FakeWorld } from './fake-environment.js';

const LATENCY_MS = 1;
const POOLED = 1_000;

/** What happens to the next query of a pool. */
export type PostgresStrike =
  | 'lost-request'
  | 'lost-reply'
  | 'silence'
  | { readonly delayReplyMs: number };

type End = (message: PostgresMessage) => void;

export class FakeDatabase {
  readonly server: PostgresServer;
  private readonly ends = new Map<number, End>();
  private readonly poolers = new Map<PoolerMode, Pooler>();
  private sessions = 0;
  private cancelAlarm = () => {};

  constructor(readonly world: FakeWorld) {
    this.server = createPostgresServer(
      { synchronousCommit: true, replicaLagUs: 0 },
      {
        wallUs: () => 1_800_000_000_000_000 + Math.round(world.nowMs * 1_000),
        monoUs: () => Math.round(world.nowMs * 1_000),
        send: (session, message) => this.sent(session, message),
        setAlarm: (_clock, atUs) => {
          this.cancelAlarm();
          if (atUs === undefined) return;
          this.cancelAlarm = world.schedule(atUs / 1_000 - world.nowMs, () => this.server.alarm());
        },
        rowChanged: () => {},
        lockChanged: () => {},
        choose: () => 0,
      },
    );
  }

  private sent(session: number, message: PostgresMessage): void {
    if (session < POOLED) this.ends.get(session)?.(message);
    else for (const pooler of this.poolers.values()) pooler.received(session - POOLED, message);
  }

  /** A session whose messages go to `end`; answers its number. */
  connect(mode: PoolerMode | undefined, end: End): number {
    this.sessions += 1;
    this.ends.set(this.sessions, end);
    (mode === undefined ? this.server : this.pooler(mode)).connect(this.sessions);
    return this.sessions;
  }

  execute(mode: PoolerMode | undefined, session: number, query: PostgresQuery): void {
    (mode === undefined ? this.server : this.pooler(mode)).execute(session, query);
  }

  disconnect(mode: PoolerMode | undefined, session: number): void {
    (mode === undefined ? this.server : this.pooler(mode)).disconnect(session);
  }

  private pooler(mode: PoolerMode): Pooler {
    let pooler = this.poolers.get(mode);
    if (pooler !== undefined) return pooler;
    pooler = createPooler(
      { mode, poolSize: 20 },
      {
        send: (client, message) => this.ends.get(client)?.(message),
        server: {
          connect: (link) => this.server.connect(POOLED + link),
          disconnect: (link) => this.server.disconnect(POOLED + link),
          execute: (link, query) => this.server.execute(POOLED + link, query),
        },
      },
    );
    this.poolers.set(mode, pooler);
    return pooler;
  }

  /** Ends all sessions as an administrator does; answers how many there were. */
  endSessions(): number {
    let ended = 0;
    // Each of these queries has a session, and a process id, of its own.
    const last = 1_000 + this.sessions;
    for (let processId = 1_001; processId <= last; processId++) {
      const [row] = this.query(`SELECT pg_terminate_backend(${processId}) AS ended`);
      if (row!['ended'] === true) ended += 1;
    }
    return ended;
  }

  /** Runs a query past all connections, in a session of its own. */
  query(text: string): readonly PostgresRow[] {
    const rows: PostgresRow[] = [];
    const session = this.connect(undefined, (message) => {
      if (message.kind === 'error') throw new Error(message.message);
      if (message.kind === 'result') rows.push(...message.rows);
    });
    this.server.execute(session, { text });
    this.server.disconnect(session);
    return rows;
  }
}

/** What all pools of a client to the database share. */
interface Link {
  readonly world: FakeWorld;
  readonly client: string;
  readonly database: FakeDatabase;
  readonly strikes: PostgresStrike[];
}

interface Pending {
  readonly resolve: (result: PostgresResult) => void;
  readonly reject: (error: Error) => void;
  readonly cancelTimer: () => void;
  readonly delayMs: number;
  readonly lost: boolean;
}

/** One connection. */
class Session {
  open = true;
  onEnd: (() => void) | undefined;
  private readonly number: number;
  private readonly pending: Pending[] = [];
  private reply = new PostgresReply();

  constructor(
    private readonly link: Link,
    private readonly mode: PoolerMode | undefined,
  ) {
    this.number = link.database.connect(mode, (message) => this.said(message));
  }

  run(query: PostgresQuery, callTimeoutMs: number | undefined): Promise<PostgresResult> {
    const { link, mode, number } = this;
    const { world, client, database } = link;
    const strike = link.strikes.shift();
    return new Promise((resolve, reject) => {
      const cancelTimer =
        callTimeoutMs === undefined || callTimeoutMs === Number.POSITIVE_INFINITY
          ? () => {}
          : world.schedule(callTimeoutMs, () => this.close(new CallTimeout(callTimeoutMs)));
      const delayMs = LATENCY_MS + (typeof strike === 'object' ? strike.delayReplyMs : 0);
      const lost = strike === 'lost-reply';
      this.pending.push({ resolve, reject, cancelTimer, delayMs, lost });
      world.schedule(LATENCY_MS, () => {
        if (strike === 'silence') return;
        if (strike === 'lost-request') return this.close(new ConnectionLost(true));
        world.log.push(`${world.nowMs} ${client} p1 ${queryText(query)}`);
        if (this.open) database.execute(mode, number, query);
      });
    });
  }

  private said(message: PostgresMessage): void {
    const { reply } = this;
    if (message.kind === 'result') reply.results.push(message);
    else if (message.kind === 'error') reply.error = message;
    else if (message.kind === 'closed') this.close(new ConnectionLost(true));
    else if (message.kind === 'ready') this.answer(toClientResult(reply));
  }

  private answer(result: PostgresResult | PostgresError): void {
    this.reply = new PostgresReply();
    const call = this.pending[0];
    if (call === undefined) return;
    if (call.lost) return this.close(new ConnectionLost(true));
    this.link.world.schedule(call.delayMs, () => {
      if (this.pending[0] !== call) return;
      this.pending.shift();
      call.cancelTimer();
      if (result instanceof PostgresError) call.reject(result);
      else call.resolve(result);
    });
  }

  close(error: Error): void {
    if (!this.open) return;
    this.open = false;
    const { database, world } = this.link;
    world.schedule(LATENCY_MS, () => database.disconnect(this.mode, this.number));
    for (const { reject, cancelTimer } of this.pending.splice(0)) {
      cancelTimer();
      reject(error);
    }
    this.onEnd?.();
  }
}

export class FakePool implements PostgresConnection {
  readonly server = 'p1';

  constructor(
    private readonly link: Link,
    private readonly callTimeoutMs?: number,
    private readonly mode?: PoolerMode,
    private readonly idle: Session[] = [],
  ) {}

  /** What happens to the next queries, in order. */
  strike(...strikes: PostgresStrike[]): void {
    this.link.strikes.push(...strikes);
  }

  private take(): Session {
    for (let session = this.idle.pop(); session !== undefined; session = this.idle.pop()) {
      if (session.open) return session;
    }
    return new Session(this.link, this.mode);
  }

  async query(text: string, values?: readonly PostgresParameter[]): Promise<PostgresResult> {
    const session = this.take();
    try {
      const result = await session.run(
        values === undefined ? { text } : { text, values },
        this.callTimeoutMs,
      );
      this.idle.push(session);
      return result;
    } catch (error) {
      session.close(new ConnectionLost(true));
      throw error;
    }
  }

  connect(): Promise<FakeSession> {
    return Promise.resolve(new FakeSession(this.take(), this.idle, this.callTimeoutMs));
  }

  within(callTimeoutMs: number): FakePool {
    return new FakePool(this.link, callTimeoutMs, this.mode, this.idle);
  }

  through(mode: PoolerMode): FakePool {
    return new FakePool(this.link, this.callTimeoutMs, mode);
  }

  close(): void {
    for (const session of this.idle.splice(0)) session.close(new ConnectionLost(true));
  }
}

class FakeSession implements PostgresClient {
  constructor(
    private readonly session: Session,
    private readonly idle: Session[],
    private readonly callTimeoutMs: number | undefined,
  ) {}

  query(text: string, values?: readonly PostgresParameter[]): Promise<PostgresResult> {
    const { session, callTimeoutMs } = this;
    if (!session.open) return Promise.reject(new ConnectionLost(false));
    return session.run(values === undefined ? { text } : { text, values }, callTimeoutMs);
  }

  within(callTimeoutMs: number): FakeSession {
    return new FakeSession(this.session, this.idle, callTimeoutMs);
  }

  onNotification(): void {}
  onNotice(): void {}

  onEnd(callback: () => void): void {
    this.session.onEnd = callback;
    if (!this.session.open) callback();
  }

  release(destroy = false): void {
    this.session.onEnd = undefined;
    if (destroy) this.session.close(new ConnectionLost(true));
    else this.idle.push(this.session);
  }
}
