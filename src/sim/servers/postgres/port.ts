/**
 * What a simulated PostgreSQL needs of the world, and what the world does to it. The server is a
 * plain state machine: statements and faults come in, messages and ground truth go out, and time is
 * what its own clocks say. It knows nothing of latencies, queues or clients.
 */

import type { Refusal } from './refusals.js';

/** A value in a row, as a client gets it: whatever is no number and no boolean is its text. */
export type PostgresValue = string | number | boolean | null;
export type PostgresRow = Readonly<Record<string, PostgresValue>>;

/** State after a query: outside of a transaction block, inside, or inside one that failed. */
export type TransactionStatus = 'idle' | 'transaction' | 'failed';

export interface ErrorFields {
  readonly severity: 'ERROR' | 'FATAL' | 'WARNING' | 'NOTICE';
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
}

/** `rowCount` is undefined where the command tag has no number. */
export interface ResultMessage {
  readonly kind: 'result';
  readonly command: string;
  readonly rowCount: number | undefined;
  readonly rows: readonly PostgresRow[];
}

/**
 * What the server sends. Every query ends with `ready`, unless the session ends: then with
 * `closed`.
 */
export type PostgresMessage =
  | ResultMessage
  | (ErrorFields & { readonly kind: 'error' | 'notice' })
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string }
  | { readonly kind: 'ready'; readonly status: TransactionStatus }
  | { readonly kind: 'closed' };

/** Why a lock ended. `released`: by pg_advisory_unlock or ROLLBACK TO; `lost`: the server went. */
export type LockEnd = 'released' | 'transaction end' | 'session end' | 'lost';

/** A grant or an end of an advisory or row lock. `session` is the number of the connection. */
export interface LockChange {
  readonly kind: 'advisory' | 'row';
  /** `42`, or `1,2` for two keys; of a row `table:key`. */
  readonly key: string;
  /** `exclusive`, `share`; of a row `update`, `no key update`, `share`, `key share`. */
  readonly mode: string;
  /** Advisory: of the session, or of its transaction; row locks are of the transaction. */
  readonly level: 'session' | 'transaction';
  readonly session: number;
  /** Undefined: it was granted. */
  readonly end: LockEnd | undefined;
}

export type RowChangeKind = 'insert' | 'update' | 'delete' | 'lost';

export interface PostgresPort {
  /** This server's wall clock, in microseconds since 1970: now(), clock_timestamp(). */
  wallUs(): number;
  /** This server's monotonic clock, in microseconds: every timeout, replication, WAL writes. */
  monoUs(): number;
  /** Sends a message on a connection; the world keeps their order. */
  send(connection: number, message: PostgresMessage): void;
  /** Asks to be woken by `alarm` at that reading; replaces the earlier request. */
  setAlarm(clock: 'wall' | 'mono', atUs: number | undefined): void;
  /** A commit of that session made a change visible, or a crash or failover undid it (`lost`). */
  rowChanged(
    table: string,
    key: string,
    before: PostgresRow | undefined,
    after: PostgresRow | undefined,
    change: RowChangeKind,
    session?: number,
  ): void;
  lockChanged(change: LockChange): void;
  /** An integer 0 … n − 1: who of several woken at once goes first, how much a crash loses. */
  choose(n: number): number;
}

export interface PostgresServerOptions {
  /** Default of `synchronous_commit`; `off` may lose the last 3 × `wal_writer_delay`. */
  readonly synchronousCommit: boolean;
  /** Lag of the asynchronous replica that `promote` turns to, in microseconds. */
  readonly replicaLagUs: number;
}

export interface PostgresQuery {
  /** One statement, or without `values` several with `;` between. */
  readonly text: string;
  /** Parameters $1, $2, …: sent as text, as clients do. */
  readonly values?: readonly (string | number | bigint | boolean | null)[];
}

/** The simulated server: what `createPostgresServer(options, port)` returns. */
export interface PostgresServer {
  connect(connection: number): void;
  /** The connection ended: its transaction is rolled back, its session locks are gone. */
  disconnect(connection: number): void;
  /** Runs a query; messages go to `port.send`, later if it blocks. */
  execute(connection: number, query: PostgresQuery): void;
  /** Fails a query with that error; a session that is busy runs it like others. */
  refuse(connection: number, query: PostgresQuery, refusal: Refusal): void;
  /** What has been committed so far outlives every crash and failover. */
  checkpoint(): void;
  /** A clock reached the time asked for: timeouts, deadlock checks, sleeps. */
  alarm(): void;
  crash(): void;
  restart(): void;
  /** The replica takes over with what had reached it; connections and locks are gone. */
  promote(): void;
}
