/**
 * A session of etcd's Go client: a lease that is kept alive until the session is closed, and word
 * of its loss (etcd-io/etcd: client/v3/concurrency/session.go, client/v3/lease.go). Faithful to a
 * fault: the client counts the TTL from the arrival of a reply, and looks only twice a second
 * whether it is over, so it may hear of its loss after the lease has ended.
 */
import { inBackground, isCallFailure } from './call-failure.js';
import { Deadline, GONE } from './deadline.js';
import type { Environment } from './environment.js';
import { EtcdError } from './etcd.js';
import { Context } from './etcd-calls.js';
import type { EtcdConnection } from './etcd-connection.js';

/** How often the client sends due keep-alives, and looks for deadlines that have passed. */
const LOOP_MS = 500;
/** `defaultTTL`: the deadline of the first keep-alive. */
const FIRST_DEADLINE_MS = 5_000;

export class EtcdSession {
  /** What `Done()` tells: that the lease is gone, or was not kept alive in time. */
  readonly done: Deadline;
  #cancelTimer: () => void = () => {};

  private constructor(
    private readonly environment: Environment,
    private readonly etcd: EtcdConnection,
    readonly lease: number,
    private readonly ttlMs: number,
    private readonly startedAtMs: number,
  ) {
    this.done = new Deadline(environment, this.#noticedAtMs(startedAtMs + FIRST_DEADLINE_MS));
    this.done.onOver = () => this.#cancelTimer();
    this.#loop();
  }

  /** `NewSession`; throws the failure of a call if there is no lease within `forMs`. */
  static async open(
    environment: Environment,
    etcd: EtcdConnection,
    ttlMs: number,
    forMs: number,
  ): Promise<EtcdSession> {
    const context = Context.of(environment, etcd, forMs);
    const lease = await context.repeat((connection) => connection.grant(ttlMs));
    return new EtcdSession(environment, etcd, lease.id, ttlMs, environment.monoMs());
  }

  /** `Close`: revokes the lease; gives up after its TTL, when it has ended anyway. */
  async close(): Promise<void> {
    this.done.end();
    const context = Context.of(this.environment, this.etcd, this.ttlMs);
    try {
      await context.repeat((connection) => connection.revoke(this.lease));
    } catch (error) {
      if (!(error instanceof EtcdError && error.code === 'NotFound')) throw error;
    }
  }

  /** The next look at the deadlines, from that instant on. */
  #noticedAtMs(deadlineMs: number): number {
    const rounds = Math.ceil((deadlineMs - this.startedAtMs) / LOOP_MS);
    return this.startedAtMs + rounds * LOOP_MS;
  }

  /** Sends a keep-alive, and others until one is answered. */
  #loop(): void {
    if (this.done.over) return;
    inBackground(this.#keepAlive());
    this.#loopAgainIn(LOOP_MS);
  }

  #loopAgainIn(delayMs: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.environment.after(delayMs, () => this.#loop());
  }

  async #keepAlive(): Promise<void> {
    const lease = await this.etcd.keepAlive(this.lease);
    if (this.done.over) return;
    if (lease === undefined) {
      this.done.lose(GONE);
      return;
    }
    const nowMs = this.environment.monoMs();
    if (!this.done.extendTo(this.#noticedAtMs(nowMs + lease.ttlMs))) return;
    this.#loopAgainIn(this.#noticedAtMs(nowMs + lease.ttlMs / 3) - nowMs);
  }
}

/** Closes a session whose lock was not granted: nobody waits for it. */
export function abandon(session: EtcdSession, cleanUp: () => Promise<unknown>): void {
  const close = async (): Promise<void> => {
    try {
      await cleanUp();
    } catch (error) {
      if (!isCallFailure(error)) throw error;
    }
    await session.close();
  };
  inBackground(close());
}
