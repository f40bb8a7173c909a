/**
 * A pool of connections to a simulated PostgreSQL, as a lock sees it (docs/semantics.md, R7): each
 * query has a connection to itself while it runs, as with `pg` for Node.
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
import { Connection } from '../connection.js';
import type { PostgresQuery } from '../servers/postgres/port.js';
import type { PostgresHost } from './postgres-host.js';
import {
  hashQuery,
  type PostgresReply,
  queryText,
  toClientResult,
  toNotice,
} from './postgres-reply.js';
import { callTimeoutFrom, never, type Route, ServiceConnection } from './service-connection.js';

/** A connection, and who listens to it. */
export class PostgresChannel extends Connection {
  onNotification: ((notification: PostgresNotification) => void) | undefined;
  onNotice: ((notice: PostgresNotice) => void) | undefined;
  onEnd: (() => void) | undefined;

  constructor(
    { process, link, host, numbers }: Route,
    /** The pooler that it goes through. */
    readonly pooler: PoolerMode | undefined,
  ) {
    super(process, link, host, numbers.next());
  }

  override decode = toClientResult;

  override onPush = (body: unknown): boolean => {
    const { notices, notifications, answers } = body as PostgresReply;
    const { onNotice, onNotification, process } = this;
    if (notices.length > 0 && onNotice !== undefined) {
      process.run(() => {
        for (const notice of notices) onNotice(toNotice(notice));
      });
    }
    if (notifications.length > 0 && onNotification !== undefined) {
      process.run(() => {
        for (const { channel, payload } of notifications) onNotification({ channel, payload });
      });
    }
    return !answers;
  };

  override onClose = (): void => {
    (this.server as PostgresHost).lostBy(this);
    this.onEnd?.();
  };

  /** Sends a query; the caller has entered. */
  run(
    text: string,
    values: readonly PostgresParameter[] | undefined,
    callTimeoutMs: number | undefined,
  ): Promise<PostgresResult> {
    const query: PostgresQuery = values === undefined ? { text } : { text, values };
    const shown = this.process.host.world.trace === undefined ? '' : queryText(query);
    return this.send(query, hashQuery(query), shown, callTimeoutMs) as Promise<PostgresResult>;
  }
}

/** The connections of a process to a server, by one way, that nobody uses now. */
class Pool {
  private readonly idle: PostgresChannel[] = [];
  readonly all: PostgresChannel[] = [];

  constructor(
    readonly route: Route,
    readonly pooler: PoolerMode | undefined,
  ) {}

  /** The one that was given back last, or a new one. */
  take(): PostgresChannel {
    for (let channel = this.idle.pop(); channel !== undefined; channel = this.idle.pop()) {
      if (channel.open) return channel;
    }
    const channel = new PostgresChannel(this.route, this.pooler);
    this.all.push(channel);
    return channel;
  }

  giveBack(channel: PostgresChannel): void {
    if (channel.open) this.idle.push(channel);
  }

  /** A call enters; a ghost gets nothing. */
  enter(): boolean {
    const { process } = this.route;
    if (!process.enter()) return false;
    if (process.releasing !== undefined) process.releaseLeaves();
    return true;
  }
}

export class SimPostgresConnection extends ServiceConnection implements PostgresConnection {
  constructor(
    route: Route,
    callTimeoutMs?: number,
    private readonly pool = new Pool(route, undefined),
  ) {
    super(route, callTimeoutMs);
  }

  query(text: string, values?: readonly PostgresParameter[]): Promise<PostgresResult> {
    const { pool } = this;
    if (!pool.enter()) return never();
    const channel = pool.take();
    return channel.run(text, values, this.callTimeoutMs).then(
      (result) => {
        pool.giveBack(channel);
        return result;
      },
      (error: unknown) => {
        channel.close();
        throw error;
      },
    );
  }

  connect(): Promise<PostgresClient> {
    const { pool } = this;
    if (!pool.enter()) return never();
    return Promise.resolve(new SimPostgresClient(pool, pool.take(), this.callTimeoutMs));
  }

  within(callTimeoutMs: number): PostgresConnection {
    const { route, pool } = this;
    return new SimPostgresConnection(route, callTimeoutFrom(callTimeoutMs, 'within'), pool);
  }

  through(mode: PoolerMode): PostgresConnection {
    const { route, callTimeoutMs } = this;
    return new SimPostgresConnection(route, callTimeoutMs, new Pool(route, mode));
  }

  override close(): void {
    if (!this.route.process.enter()) return;
    for (const channel of this.pool.all.splice(0)) channel.close();
  }

  protected readonly decode = toClientResult;

  protected textOf(body: unknown): string {
    return queryText(body as PostgresQuery);
  }
}

class SimPostgresClient implements PostgresClient {
  constructor(
    private readonly pool: Pool,
    private readonly channel: PostgresChannel,
    private readonly callTimeoutMs: number | undefined,
  ) {}

  query(text: string, values?: readonly PostgresParameter[]): Promise<PostgresResult> {
    const { pool, channel } = this;
    if (!pool.enter()) return never();
    if (!channel.open) return Promise.reject(new ConnectionLost(false));
    return channel.run(text, values, this.callTimeoutMs);
  }

  within(callTimeoutMs: number): PostgresClient {
    const { pool, channel } = this;
    return new SimPostgresClient(pool, channel, callTimeoutFrom(callTimeoutMs, 'within'));
  }

  onNotification(callback: (notification: PostgresNotification) => void): void {
    this.channel.onNotification = callback;
  }

  onNotice(callback: (notice: PostgresNotice) => void): void {
    this.channel.onNotice = callback;
  }

  onEnd(callback: () => void): void {
    const { channel } = this;
    if (channel.open) channel.onEnd = callback;
    else callback();
  }

  release(destroy = false): void {
    const { pool, channel } = this;
    channel.onNotification = undefined;
    channel.onNotice = undefined;
    channel.onEnd = undefined;
    if (!destroy) pool.giveBack(channel);
    else if (pool.enter()) channel.close();
  }
}
