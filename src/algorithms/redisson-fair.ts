/**
 * Redisson's fair lock: who waits stands in a queue at the server, and only the first in it enters
 * or is told of an unlock. A place has a time-out, because its owner may have died; the clocks of
 * the clients decide when it has passed.
 */
import { within } from './claims.js';
import { CallTimeout, ConnectionLost, type Environment } from './environment.js';
import { type Claim, type Claims, defineLock } from './lock.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';
import {
  type Hold,
  REDISSON_OPTIONS,
  RedissonBaseLock,
  UNLOCK_LATCH_MS,
  UNLOCK_MESSAGE,
} from './redisson-base.js';
import { COUNTED, REDISSON_LEAK, UNFENCED, UNWARNED } from './redisson-claims.js';
import { FAIR_ENTER, FAIR_GIVE_UP, FAIR_LEAVE } from './redisson-fair-scripts.js';

export const FAIR_OPTIONS = {
  ...REDISSON_OPTIONS,
  fairLockWaitTimeoutMs: {
    kind: 'number',
    default: 300_000,
    min: 1,
    max: 3_600_000,
    doc: 'what a place lasts beyond the one before it, for who waits without limit, in ms',
  },
  pollMs: {
    kind: 'number',
    default: 1_000,
    min: 1,
    max: 60_000,
    doc: 'pause between two tries of who is told to wait 0 ms, in ms (upstream none)',
  },
} as const satisfies OptionSpecs;

export type FairOptions = OptionValues<typeof FAIR_OPTIONS>;

/** `retryAttempts`, and the shortest `retryDelay`; the longest is twice that. */
const RETRY_ATTEMPTS = 4;
const RETRY_MS = 1_000;

/** The scripts, where a version differs. */
export interface FairDesign {
  readonly enter: string;
  readonly giveUp: string;
}

export class RedissonFairLock extends RedissonBaseLock {
  constructor(
    environment: Environment,
    protected override readonly options: FairOptions,
    private readonly design: FairDesign = { enter: FAIR_ENTER, giveUp: FAIR_GIVE_UP },
  ) {
    super(environment, options);
  }

  /** Each holder listens on a channel of its own. */
  protected override channel(hold: Hold): string {
    return `${super.channel(hold)}:${hold.ownerId}`;
  }

  /** How much later than the place before it that of this holder times out. */
  protected placeMs({ waitMs }: Hold): number {
    const { fairLockWaitTimeoutMs } = this.options;
    return waitMs === undefined || waitMs === 0 ? fairLockWaitTimeoutMs : waitMs;
  }

  protected async enter(hold: Hold): Promise<number | null> {
    const { key, ownerId, leaseMs } = hold;
    const nowMs = Math.floor(this.environment.wallMs());
    const keys = [key, ...queueOf(key)];
    const args = [leaseMs, ownerId, this.placeMs(hold), nowMs];
    const answer = (await this.redis.eval(this.design.enter, keys, args)) as number | null;
    return answer === 0 ? this.options.pollMs : answer;
  }

  /** The one script that is sent again if it is not answered, though it may have run. */
  protected override async giveUp(hold: Hold): Promise<void> {
    const args = [hold.ownerId, this.placeMs(hold)];
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.redis.eval(this.design.giveUp, queueOf(hold.key), args);
        return;
      } catch (error) {
        const mayRepeat = error instanceof CallTimeout || error instanceof ConnectionLost;
        if (!mayRepeat || attempt === RETRY_ATTEMPTS) throw error;
      }
      await this.environment.sleep(RETRY_MS * (1 + this.environment.random()));
    }
  }

  protected leave(hold: Hold, latch: string): Promise<number | null> {
    const { key, ownerId, leaseMs } = hold;
    const nowMs = Math.floor(this.environment.wallMs());
    const left = this.redis.eval(
      FAIR_LEAVE,
      [key, ...queueOf(key), super.channel(hold), latch],
      [UNLOCK_MESSAGE, leaseMs, ownerId, nowMs, 'publish', UNLOCK_LATCH_MS],
    );
    return left as Promise<number | null>;
  }
}

/** The queue of a lock, and the time-outs of its places. */
function queueOf(key: string): [queue: string, timeouts: string] {
  return [`redisson_lock_queue:{${key}}`, `redisson_lock_timeout:{${key}}`];
}

const STUCK_PLACE: Exclude<Claim, 'holds'> = {
  worst: 'breaks',
  reason:
    'a place whose owner has died, or was not told of it and does not give it up, stands until ' +
    'its time-out, and lets nobody enter who is behind it, though the lock is free',
  source: 'redisson/redisson v4.7.0: RedissonFairLock.java, tryLockInnerAsync, threadWaitTime',
};

const STUCK_PLACES: NonNullable<Claims['progress']> = {
  default: 'holds',
  'client-crash': within(10_000, STUCK_PLACE),
  pause: STUCK_PLACE,
  partition: STUCK_PLACE,
  delay: STUCK_PLACE,
  'lost-request': STUCK_PLACE,
  'lost-reply': STUCK_PLACE,
  'half-open': STUCK_PLACE,
  'server-error': STUCK_PLACE,
  'server-crash': STUCK_PLACE,
  failover: STUCK_PLACE,
};

export default defineLock({
  name: 'redisson-fair',
  summary: "Redisson's fair lock: a queue at the server whose places time out.",
  source: 'redisson/redisson v4.7.0: RedissonFairLock.java',
  services: { redis: 1 },
  options: FAIR_OPTIONS,
  declares: { wokenByMessage: true, fairness: 'enqueue-order', reentrant: true },
  claims: {
    'mutual-exclusion': UNWARNED,
    fairness: { default: 'holds' },
    reentrancy: COUNTED,
    'resource-safety': UNFENCED,
    ownership: { default: 'holds' },
    leak: REDISSON_LEAK,
    progress: STUCK_PLACES,
    belief: { default: 'holds' },
  },
  create: (environment, options) => new RedissonFairLock(environment, options),
});
