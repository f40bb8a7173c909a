/**
 * A lock's way to a PostgreSQL server: a pool of connections, as `pg` for Node has it, so that what
 * is written against it runs on a real server. A connection is a session. It opens on first use;
 * nothing is sent twice and nothing is queued while there is none (R7).
 */
import type {
  PostgresNotice,
  PostgresNotification,
  PostgresParameter,
  PostgresResult,
} from './postgres.js';

/** As poolers have it: who has a session of the server, and for how long. */
export type PoolerMode = 'session' | 'transaction';

export interface PostgresConnection {
  /** Name of the server, `p1`. */
  readonly server: string;
  /**
   * Runs a query on an idle connection of the pool, the one used last, or on a new one. Parameters
   * stand for $1, $2, …; without them the text may hold several statements. Rejects with
   * `PostgresError`, with `ConnectionLost`, or, on a pool made by `within`, with `CallTimeout`;
   * after any of these the connection is closed, as by `Pool.query` of `pg`.
   */
  query(text: string, parameters?: readonly PostgresParameter[]): Promise<PostgresResult>;
  /** Takes a connection out of the pool, for queries that belong to one session. */
  connect(): Promise<PostgresClient>;
  /**
   * The same pool, on which each call gives up after so long; `Infinity` for none, as without it.
   * Throws `TypeError` or `RangeError` unless that is a number of milliseconds above 0.
   */
  within(callTimeoutMs: number): PostgresConnection;
  /**
   * A pool of its own to the same server through a pooler such as PgBouncer, in that mode. In
   * `transaction` mode each transaction may be run by another session of the server.
   */
  through(mode: PoolerMode): PostgresConnection;
  /** Closes all connections: pending calls reject with `ConnectionLost`. */
  close(): void;
}

/** A connection of its own. */
export interface PostgresClient {
  /** As that of the pool, on this connection; an error of the server does not close it. */
  query(text: string, parameters?: readonly PostgresParameter[]): Promise<PostgresResult>;
  /** The same connection with another time limit of its calls. */
  within(callTimeoutMs: number): PostgresClient;
  /** Runs as an event of this client, as do the next two. */
  onNotification(callback: (notification: PostgresNotification) => void): void;
  onNotice(callback: (notice: PostgresNotice) => void): void;
  /** The connection has ended, by whichever side; at once if it has. */
  onEnd(callback: () => void): void;
  /**
   * Gives the connection back to the pool, with all that its session still has; `destroy` closes it
   * instead, which ends the session. Nobody is called back any more.
   */
  release(destroy?: boolean): void;
}
