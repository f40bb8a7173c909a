/**
 * Redisson's `RFencedLock`: the script that enters the lock also counts the grant, and its holder
 * takes the number from that very answer (`lockAndGetToken`). Who enters again gets a new number.
 */
import { defineLock } from './lock.js';
import { type Hold, REDISSON_OPTIONS } from './redisson-base.js';
import { COUNTED, FENCED, REDISSON_LEAK, UNWARNED } from './redisson-claims.js';
import { RedissonLock } from './redisson-lock.js';
import { ENTER_AND_COUNT } from './redisson-scripts.js';

export class RedissonFencedLock extends RedissonLock {
  /** `tryLockAndGetToken` ends as its requests do. */
  protected override readonly refusesOnSilence = false;

  protected override async enter(hold: Hold): Promise<number | null> {
    const { key, ownerId, leaseMs } = hold;
    const keys = [key, tokenName(key)];
    const answer = await this.redis.eval(ENTER_AND_COUNT, keys, [leaseMs, ownerId]);
    const [takenForMs, count] = answer as [number, number];
    if (count < 0) return takenForMs;
    hold.fencingToken = count;
    return null;
  }
}

/** The counter of a lock. */
export function tokenName(key: string): string {
  return `redisson_lock_token:{${key}}`;
}

export default defineLock({
  name: 'redisson-fenced',
  summary: "Redisson's fenced lock: each grant is numbered by the script that makes it.",
  source: 'redisson/redisson v4.7.0: RedissonFencedLock.java (lockAndGetToken)',
  services: { redis: 1 },
  options: REDISSON_OPTIONS,
  declares: { wokenByMessage: true, reentrant: true },
  claims: {
    'mutual-exclusion': UNWARNED,
    'resource-safety': FENCED,
    fencing: FENCED,
    reentrancy: COUNTED,
    ownership: { default: 'holds' },
    leak: REDISSON_LEAK,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) => new RedissonFencedLock(environment, options),
});
