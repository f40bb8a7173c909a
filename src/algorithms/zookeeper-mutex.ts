/**
 * Locks on ZooKeeper: a place in the queue, a turn, and word of the loss of the session while it is
 * held. The locks and their flawed versions differ in their design.
 */
import { isCallFailure } from './call-failure.js';
import { LockLost } from './deadline.js';
import type { Environment } from './environment.js';
import type { AcquireOptions, Grant, Lock, Refusal } from './lock.js';
import type { OptionValues } from './option-spec.js';
import { refused } from './retry.js';
import { Contender, type Place, type QueueDesign } from './zookeeper-queue.js';
import { LockSession } from './zookeeper-session.js';

export const ZOOKEEPER_LOCK_OPTIONS = {
  sessionTimeoutMs: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 3_600_000,
    doc: 'session timeout to ask for, in ms; 0: the TTL. A server grants 4 to 40 s',
  },
  sessionExpirationPercent: {
    kind: 'number',
    default: 100,
    min: 1,
    max: 100,
    doc: 'share of the timeout after which a session out of reach is given up, in %',
  },
  retryDelayMs: {
    kind: 'number',
    default: 100,
    min: 1,
    max: 60_000,
    doc: 'pause before a call that failed is repeated, in ms',
  },
} as const;

export type ZooKeeperLockOptions = OptionValues<typeof ZOOKEEPER_LOCK_OPTIONS>;

export interface ZooKeeperLockDesign extends QueueDesign {
  /** Whether the holder is told of the loss of its connection or session. */
  readonly tellsHolder: boolean;
}

/** The connection is lost: the session may end, and the lock with it, unheard. */
const SUSPENDED = new LockLost('the connection to ZooKeeper is lost, and the session may end');
const ENDED = new LockLost('the session has ended, and the lock with it');

export class ZooKeeperLock implements Lock {
  #session: LockSession | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly options: ZooKeeperLockOptions,
    private readonly design: ZooKeeperLockDesign,
  ) {}

  async acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    const { environment, design } = this;
    const { waitMs = Number.POSITIVE_INFINITY } = wanted;
    this.#session ??= this.#open(wanted.ttlMs);
    const untilMs = waitMs === Number.POSITIVE_INFINITY ? waitMs : environment.monoMs() + waitMs;
    const contender = new Contender(environment, this.#session, design, key, 'lock', untilMs);
    try {
      for (;;) {
        const place = await contender.enter();
        const turn = await contender.waitForTurn(place, wanted.signal);
        if (turn === 'ours') return this.#grant(this.#session, contender, place);
        if (turn === 'over') break;
      }
    } catch (error) {
      if (!isCallFailure(error)) throw error;
      await contender.leave();
      return refused(error.message);
    }
    await contender.leave();
    return refused('held');
  }

  #open(ttlMs: number): LockSession {
    const { sessionTimeoutMs, sessionExpirationPercent, retryDelayMs } = this.options;
    return new LockSession(this.environment, {
      timeoutMs: sessionTimeoutMs === 0 ? ttlMs : sessionTimeoutMs,
      expirationPercent: sessionExpirationPercent,
      retryDelayMs,
    });
  }

  #grant(session: LockSession, contender: Contender, { czxid }: Place): Grant {
    if (this.design.tellsHolder) return new SessionGrant(session, contender, czxid);
    return { granted: true, fencingToken: czxid, release: () => contender.remove() };
  }
}

/** The lock is ours while the session lives; without a connection nobody knows whether it does. */
class SessionGrant implements Grant {
  readonly granted = true;
  #loss: LockLost | undefined;
  #controller: AbortController | undefined;
  #onLost: (() => void)[] = [];
  readonly #stopListening: () => void;

  constructor(
    session: LockSession,
    private readonly contender: Contender,
    readonly fencingToken: number,
  ) {
    this.#stopListening = session.onLoss((state) => {
      this.#lose(state === 'SUSPENDED' ? SUSPENDED : ENDED);
    });
  }

  #lose(loss: LockLost): void {
    this.#stopListening();
    this.#loss = loss;
    for (const tell of this.#onLost) tell();
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      this.onLost(() => controller.abort(this.#loss));
    }
    return this.#controller.signal;
  }

  onLost(callback: () => void): void {
    if (this.#loss === undefined) this.#onLost.push(callback);
    else callback();
  }

  release(): Promise<boolean> {
    this.#stopListening();
    return this.contender.remove();
  }
}
