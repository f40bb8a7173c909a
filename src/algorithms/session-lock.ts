/**
 * What the locks of a PostgreSQL session have in common: the server holds them until they are
 * given back or the session ends, and there is no TTL. Whoever waits does so in the server, which
 * wakes it up, for as long as `lock_timeout` says. A connection that ends takes the lock with it,
 * and the holder is told as soon as its client knows.
 */
import { Deadline, GONE } from './deadline.js';
import type { Environment } from './environment.js';
import type { AcquireOptions, Grant, Lock, Refusal } from './lock.js';
import { PostgresError } from './postgres.js';
import type { PostgresClient, PostgresConnection } from './postgres-connection.js';
import { callTimeoutOption, type RetryOptions, refused, retrying, retryOptions } from './retry.js';

/** Options of every lock of a session. What waits for the lock may wait so much longer. */
export const SESSION_LOCK_OPTIONS = {
  callTimeoutMs: callTimeoutOption(1_000),
  ...retryOptions({ retryDelayMs: 200, retryJitterMs: 200 }),
} as const;

export interface SessionLockOptions extends RetryOptions {
  readonly callTimeoutMs: number;
}

/** How a lock is taken and given back on a session. */
export interface SessionDesign {
  /** One try; whether it was granted. */
  take(session: PostgresClient, key: string): Promise<boolean>;
  /** Waits in the server, `lock_timeout` at most; `waiting` is the session with time to wait. */
  wait(
    session: PostgresClient,
    waiting: PostgresClient,
    key: string,
    lockTimeout: string,
  ): Promise<boolean>;
  /** Whether it had the lock. */
  giveBack(session: PostgresClient, key: string): Promise<boolean>;
}

/** lock_not_available: nobody waits, or not that long. */
const LOCK_NOT_AVAILABLE = '55P03';

export class SessionLock implements Lock {
  constructor(
    readonly environment: Environment,
    private readonly options: SessionLockOptions,
    private readonly pool: PostgresConnection,
    private readonly design: SessionDesign,
  ) {}

  acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    const { environment, options } = this;
    const { waitMs } = wanted;
    const untilMs = waitMs === undefined ? Number.POSITIVE_INFINITY : environment.monoMs() + waitMs;
    return retrying(environment, wanted, options, () => {
      const leftMs = waitMs === 0 ? 0 : Math.ceil(untilMs - environment.monoMs());
      return this.#attempt(key, leftMs);
    });
  }

  async #attempt(key: string, leftMs: number): Promise<Grant | Refusal> {
    const session = await this.pool.connect();
    let taken: boolean;
    try {
      taken = await this.#take(session, key, leftMs);
    } catch (error) {
      session.release(true);
      throw error;
    }
    if (!taken) {
      session.release();
      return refused('held');
    }
    const deadline = new Deadline(this.environment, Number.POSITIVE_INFINITY);
    session.onEnd(() => deadline.lose(GONE));
    const grant = new SessionGrant(session, deadline, () => this.design.giveBack(session, key));
    return deadline.over ? refused('session ended') : grant;
  }

  async #take(session: PostgresClient, key: string, leftMs: number): Promise<boolean> {
    const { design, options } = this;
    try {
      if (leftMs <= 0) return await design.take(session, key);
      const waiting = session.within(leftMs + options.callTimeoutMs);
      const lockTimeout = leftMs === Number.POSITIVE_INFINITY ? '0' : `${leftMs}ms`;
      return await design.wait(session, waiting, key, lockTimeout);
    } catch (error) {
      if (error instanceof PostgresError && error.code === LOCK_NOT_AVAILABLE) return false;
      throw error;
    }
  }
}

/** The lock is ours while its session lives. */
class SessionGrant implements Grant {
  readonly granted = true;

  constructor(
    private readonly session: PostgresClient,
    private readonly deadline: Deadline,
    private readonly giveBack: () => Promise<boolean>,
  ) {}

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  onLost(callback: () => void): void {
    this.deadline.onLost(callback);
  }

  /** What is not given back ends with the session, so a session that failed is closed. */
  async release(): Promise<boolean> {
    if (this.deadline.over) return false;
    this.deadline.end();
    let held: boolean;
    try {
      held = await this.giveBack();
    } catch (error) {
      this.session.release(true);
      throw error;
    }
    this.session.release();
    return held;
  }
}
