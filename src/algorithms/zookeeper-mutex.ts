/**
 * Locks on ZooKeeper: a place in the queue, a turn, and word of the loss of the session while it is
 * held. The locks and their flawed versions differ in their design.
 */
import { isCallFailure } from './call-failure.js';
import type { Environment } from './environment.js';
import type { AcquireOptions, Grant, Lock, Refusal } from './lock.js';
import type { OptionValues } from './option-spec.js';
import { refused } from './retry.js';
import { Holding, RememberedGrant, SessionGrant, SilentGrant } from './zookeeper-grant.js';
import { Contender, isExclusive, latestBefore, type QueueDesign } from './zookeeper-queue.js';
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
  /** Whether a grant carries the transaction that created its znode. */
  readonly isFenced: boolean;
  /** Whether a release counts for one acquire of several, and not for all of them. */
  readonly countsReleases: boolean;
}

/** Everybody waits for the one before. */
export const MUTEX_DESIGN: ZooKeeperLockDesign = {
  isProtected: true,
  checksOwner: true,
  tellsHolder: true,
  isFenced: true,
  countsReleases: true,
  predecessorOf: (children, own) => latestBefore(children, own),
};

/**
 * Readers wait for the last writer before them. A fencing token would be of no use: readers that
 * hold together reach the resource in any order.
 */
export const READ_WRITE_DESIGN: ZooKeeperLockDesign = {
  ...MUTEX_DESIGN,
  isFenced: false,
  predecessorOf: (children, own) =>
    isExclusive(own) ? latestBefore(children, own) : latestBefore(children, own, isExclusive),
};

export class ZooKeeperLock implements Lock {
  #session: LockSession | undefined;

  constructor(
    private readonly environment: Environment,
    private readonly options: ZooKeeperLockOptions,
    private readonly design: ZooKeeperLockDesign,
  ) {}

  async acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    const { environment, design } = this;
    const { waitMs = Number.POSITIVE_INFINITY, mode = 'exclusive', holder, signal } = wanted;
    if (holder instanceof SilentGrant) return this.#grant(holder.holding);
    this.#session ??= this.#open(wanted.ttlMs);
    const untilMs = waitMs === Number.POSITIVE_INFINITY ? waitMs : environment.monoMs() + waitMs;
    const contender = new Contender(environment, this.#session, design, key, mode, untilMs);
    try {
      for (;;) {
        const place = await contender.enter();
        const turn = await contender.waitForTurn(place, signal);
        if (turn === 'ours') return this.#grant(new Holding(this.#session, contender));
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

  /** One more acquire of what is held. */
  #grant(holding: Holding): Grant {
    const { tellsHolder, isFenced, countsReleases } = this.design;
    holding.acquires = countsReleases ? holding.acquires + 1 : 1;
    const fencingToken = isFenced ? holding.czxid : undefined;
    return tellsHolder
      ? new SessionGrant(holding, fencingToken)
      : new RememberedGrant(holding, fencingToken);
  }
}
