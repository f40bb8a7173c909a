/**
 * A pool of connections to a real PostgreSQL, as a lock sees it: `Client`s of `pg` in a pool of our
 * own, which lends the connection that was given back last, as the simulated one does. What may go
 * through a pooler goes to the address of one.
 */
import { ConnectionLost } from '../../algorithms/environment.js';
import type {
  PostgresNotice,
  PostgresNotification,
  PostgresParameter,
  PostgresResult,
} from '../../algorithms/postgres.js';
import type {
  PoolerMode,
  PostgresClient,
  PostgresConnection,
} from '../../algorithms/postgres-connection.js';
import { callTimeoutFrom } from '../../sim/services/service-connection.js';
import type { ClientCalls } from './client-calls.js';
import { MissingPart } from './missing-part.js';
import { type PostgresAddress, PostgresSession } from './postgres-session.js';

/** Where the poolers in front of a server are, by their mode. */
export type PoolerAddresses = { readonly [Mode in PoolerMode]?: PostgresAddress };

/**
 * The way to one server. Nothing is opened yet.
 *
 * @param callTimeoutMs of each call; absent: none.
 */
export function postgresConnection(
  calls: ClientCalls,
  direct: PostgresAddress,
  poolers: PoolerAddresses = {},
  callTimeoutMs?: number,
): PostgresConnection {
  const limitMs =
    callTimeoutMs === undefined ? undefined : callTimeoutFrom(callTimeoutMs, 'callTimeoutMs');
  return new RealPostgresConnection({ calls, direct, poolers }, new Pool(calls, direct), limitMs);
}

/** The connections of this process to a server, by one way. */
class Pool {
  private readonly idle: PostgresSession[] = [];
  private readonly all = new Set<PostgresSession>();

  constructor(
    readonly calls: ClientCalls,
    private readonly address: PostgresAddress,
  ) {}

  /** The one that was given back last, or a new one. */
  take(): PostgresSession {
    for (let session = this.idle.pop(); session !== undefined; session = this.idle.pop()) {
      if (session.isOpen) return session;
    }
    const session: PostgresSession = new PostgresSession(this.calls, this.address, () => {
      this.all.delete(session);
    });
    this.all.add(session);
    return session;
  }

  giveBack(session: PostgresSession): void {
    if (session.isOpen) this.idle.push(session);
  }

  close(): void {
    for (const session of this.all) session.close();
  }
}

interface Setting {
  readonly calls: ClientCalls;
  readonly direct: PostgresAddress;
  readonly poolers: PoolerAddresses;
}

class RealPostgresConnection implements PostgresConnection {
  readonly server: string;

  constructor(
    private readonly setting: Setting,
    private readonly pool: Pool,
    private readonly callTimeoutMs: number | undefined,
  ) {
    this.server = setting.direct.server;
  }

  query(text: string, values?: readonly PostgresParameter[]): Promise<PostgresResult> {
    const { pool } = this;
    pool.calls.enter();
    const session = pool.take();
    return session.run(text, values, this.callTimeoutMs).then(
      (result) => {
        pool.giveBack(session);
        return result;
      },
      (error: unknown) => {
        session.close();
        throw error;
      },
    );
  }

  connect(): Promise<PostgresClient> {
    const { pool } = this;
    pool.calls.enter();
    return Promise.resolve(new RealPostgresClient(pool, pool.take(), this.callTimeoutMs));
  }

  within(callTimeoutMs: number): PostgresConnection {
    const limitMs = callTimeoutFrom(callTimeoutMs, 'within');
    return new RealPostgresConnection(this.setting, this.pool, limitMs);
  }

  through(mode: PoolerMode): PostgresConnection {
    const { setting, callTimeoutMs } = this;
    const address = setting.poolers[mode];
    if (address === undefined) {
      throw new MissingPart(
        `PgBouncer in ${mode} mode`,
        `start one in front of ${this.server}, and give its address`,
      );
    }
    return new RealPostgresConnection(setting, new Pool(setting.calls, address), callTimeoutMs);
  }

  close(): void {
    this.pool.calls.enter();
    this.pool.close();
  }
}

class RealPostgresClient implements PostgresClient {
  constructor(
    private readonly pool: Pool,
    private readonly session: PostgresSession,
    private readonly callTimeoutMs: number | undefined,
  ) {}

  query(text: string, values?: readonly PostgresParameter[]): Promise<PostgresResult> {
    const { pool, session } = this;
    pool.calls.enter();
    if (!session.isOpen) return Promise.reject(new ConnectionLost(false));
    return session.run(text, values, this.callTimeoutMs);
  }

  within(callTimeoutMs: number): PostgresClient {
    const { pool, session } = this;
    return new RealPostgresClient(pool, session, callTimeoutFrom(callTimeoutMs, 'within'));
  }

  onNotification(callback: (notification: PostgresNotification) => void): void {
    this.session.onNotification = callback;
  }

  onNotice(callback: (notice: PostgresNotice) => void): void {
    this.session.onNotice = callback;
  }

  onEnd(callback: () => void): void {
    const { session } = this;
    if (session.isOpen) session.onEnd = callback;
    else callback();
  }

  release(destroy = false): void {
    const { pool, session } = this;
    session.onNotification = undefined;
    session.onNotice = undefined;
    session.onEnd = undefined;
    if (!destroy) {
      pool.giveBack(session);
      return;
    }
    pool.calls.enter();
    session.close();
  }
}
