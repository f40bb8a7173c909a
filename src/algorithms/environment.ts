/**
 * What a lock sees of the world: the clocks, timers and randomness of its own client, and
 * connections to the services it asked for. The simulator and the real servers implement the same
 * interfaces, so the same lock runs on both. Every call may be paused by the nemesis on entry (R4).
 */

import type { EtcdConnection } from './etcd-connection.js';
import type { PostgresConnection } from './postgres-connection.js';
import type { ZooKeeperClient } from './zookeeper.js';

/** What a Redis server may answer: a status is its text; errors reject with `ReplyError`. */
export type RedisReply = string | number | null | readonly RedisReply[];

/** A command's arguments are sent as text, as the protocol does. */
export type RedisArgument = string | number;

/**
 * A connection to one Redis server. It opens on first use and again after it was lost; nothing is
 * sent twice and nothing is queued while it is down (R7). Replies arrive in the order of calls.
 */
export interface RedisConnection {
  /** Name of the server, `r1`, `r2`, … */
  readonly server: string;
  /**
   * Sends one command. Rejects with `ReplyError` (the server's error text), with `ConnectionLost`,
   * or, on a connection made by `within`, with `CallTimeout`, which also closes the connection.
   * Throws `TypeError` if a word of it is neither a text nor a number.
   */
  call(command: string, ...args: RedisArgument[]): Promise<RedisReply>;
  /** `EVAL script n keys… args…`. */
  eval(
    script: string,
    keys: readonly string[],
    args?: readonly RedisArgument[],
  ): Promise<RedisReply>;
  /** Opens a subscriber connection beside this one; `onMessage` runs as an event of this client. */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<Subscription>;
  /**
   * The same connection, on which each call and each subscribing gives up after so long; `Infinity`
   * for none, as without it. Throws `TypeError` or `RangeError` unless that is a number of
   * milliseconds above 0.
   */
  within(callTimeoutMs: number): RedisConnection;
  /** Closes the connection: pending calls reject with `ConnectionLost`. */
  close(): void;
}

export interface Subscription {
  /** Ends the subscription and its connection. */
  close(): void;
  /** Resolves when the subscription was lost with its connection. */
  readonly lost: Promise<void>;
}

/** The server answered with an error: `message` is its text, `WRONGTYPE Operation against…`. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

/** The connection ended with the call unanswered. `sent`: it may have been applied (R7). */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor(readonly sent: boolean) {
    super(
      sent
        ? 'connection lost, the request may have been applied'
        : 'connection lost before the request was sent',
    );
  }
}

/** No reply in the time given to `within`; the request may have been applied, then or later. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
  readonly sent = true;
  constructor(callTimeoutMs: number) {
    super(`no reply within ${callTimeoutMs} ms`);
  }
}

/** The world as one client sees it. Bound to that client and its incarnation (R8). */
export interface Environment {
  /** Name of this client, `A`, `B`, … */
  readonly client: string;
  /** This client's wall clock, in milliseconds with a fraction; can step (`Date.now`). */
  wallMs(): number;
  /** This client's monotonic clock, in milliseconds with a fraction (`performance.now`). */
  monoMs(): number;
  /** Resolves after `ms` of this client's monotonic clock, or when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `callback` after `ms` of this client's monotonic clock; the answer cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** A number in [0, 1). */
  random(): number;
  /** A new id that nobody else has: 20 random bytes as text. Makes this operation its owner. */
  ownerId(): string;
  /** Connections to the Redis servers this lock asked for, one each, in order. */
  readonly redis: readonly RedisConnection[];
  /** Connections to the etcd clusters this lock asked for, one each, in order. */
  readonly etcd: readonly EtcdConnection[];
  /** Pools of connections to the PostgreSQL servers it asked for, one each, in order. */
  readonly postgres: readonly PostgresConnection[];
  /** Clients of the ZooKeeper ensembles this lock asked for, one each, in order. */
  readonly zookeeper: readonly ZooKeeperClient[];
}
