/**
 * What a simulated Redis needs of the world, and what the world does to it. The server is a plain
 * state machine: commands and faults come in, replies and key changes go out, and time is what its
 * own clocks say. It knows nothing of latencies, queues or clients.
 */
import type { Persistence } from '../../../scenario.js';
import type { Reply } from './reply.js';

/** State of a key as the observer sees it: enough to tell whose lease it is and when it ends. */
export interface KeyState {
  readonly type: 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream';
  /** The value of a string; of other types, unset. */
  readonly value?: string;
  /** Fields and values of a hash, as they are now: a later command may change them in place. */
  readonly fields?: ReadonlyMap<string, string>;
  /** Items of a list, as they are now. */
  readonly items?: readonly string[];
  /** Members of a sorted set, as they are now. */
  readonly sorted?: {
    readonly items: readonly { readonly member: string; readonly score: number }[];
    score(member: string): number | undefined;
  };
  /** When it expires, in milliseconds of this server's wall clock; absent: never. */
  readonly expireAtMs?: number;
}

/**
 * Why a key changed: a command wrote or deleted it, a command counted it up or down (`counter`: the
 * INCR and DECR family on a string), its time came, or the server forgot it (crash or failover:
 * `lost`).
 */
export type KeyChange = 'command' | 'counter' | 'expired' | 'lost';

export interface RedisPort {
  /**
   * This server's wall clock, in microseconds: TTLs and the time-outs of blocked calls run on it,
   * as in Redis 7 (timeout.c adds `mstime()`). May step either way.
   */
  wallUs(): number;
  /** This server's monotonic clock, in microseconds: replication and fsync. */
  monoUs(): number;
  /** Sends a reply or a push on a connection; the world keeps their order. */
  send(connection: number, reply: Reply): void;
  /**
   * Asks to be woken by `alarm` at that reading of the clock, at once if it lies in the past;
   * replaces the earlier request.
   */
  setAlarm(clock: 'wall' | 'mono', atUs: number | undefined): void;
  /** Told of every change of a key or of its expiry, after it took effect. */
  keyChanged(
    key: string,
    before: KeyState | undefined,
    after: KeyState | undefined,
    change: KeyChange,
  ): void;
  /**
   * Applies a command that waited behind a blocked call of its connection: the world knows by it
   * whose command it is.
   */
  resume(connection: number, apply: () => void): void;
  /** An integer 0 … n − 1, for SPOP, SRANDMEMBER and their like. */
  choose(n: number): number;
}

export interface RedisServerOptions {
  readonly persistence: Persistence;
  /** Lag of each asynchronous replica, in microseconds: at most two. */
  readonly replicaLagUs: readonly number[];
}

/** The simulated server: what `createRedisServer(options, port)` returns. */
export interface RedisServer {
  connect(connection: number): void;
  /** The connection ended, by either side: its subscriptions, WATCHes and blocked calls with it. */
  disconnect(connection: number): void;
  /** Applies a command; the reply goes to `port.send`, later if the command blocks. */
  execute(connection: number, args: readonly string[]): void;
  /** A clock reached the time asked for, or was stepped: expire keys, end blocked calls. */
  alarm(): void;
  /** Loses power: connections are gone; what a restart finds is what persistence kept. */
  crash(): void;
  restart(): void;
  /** Replica `replica` (from 1) takes over with what had reached it; connections are gone. */
  promote(replica: number): void;
  /** So many replicas spoke up in time: ends the WAIT of a connection with that, if it has one. */
  acknowledge(connection: number, replicas: number): void;
}
