/**
 * Redisson's `RLock` on one Redis: a hash from its holder to how often it has entered, renewed by a
 * watchdog while its client lives, or held for a lease time; who waits is woken by a message.
 */

import { defineLock } from './lock.js';
import {
  type Hold,
  REDISSON_OPTIONS,
  RedissonBaseLock,
  UNLOCK_LATCH_MS,
  UNLOCK_MESSAGE,
} from './redisson-base.js';
import { COUNTED, REDISSON_LEAK, UNFENCED, UNWARNED } from './redisson-claims.js';
import { ENTER, LEAVE } from './redisson-scripts.js';

export class RedissonLock extends RedissonBaseLock {
  protected enter({ key, ownerId, leaseMs }: Hold): Promise<number | null> {
    return this.redis.eval(ENTER, [key], [leaseMs, ownerId]) as Promise<number | null>;
  }

  protected leave(hold: Hold, latch: string): Promise<number | null> {
    const { key, ownerId, leaseMs } = hold;
    const args = [UNLOCK_MESSAGE, leaseMs, ownerId, 'publish', UNLOCK_LATCH_MS];
    const left = this.redis.eval(LEAVE, [key, this.channel(hold), latch], args);
    return left as Promise<number | null>;
  }
}

export default defineLock({
  name: 'redisson-lock',
  summary: "Redisson's reentrant lock: a hash of holders, a watchdog, and messages for who waits.",
  source:
    'redisson/redisson v4.7.0: RedissonLock.java, RedissonBaseLock.java, renewal/LockTask.java',
  services: { redis: 1 },
  options: REDISSON_OPTIONS,
  declares: { reentrant: true },
  claims: {
    'mutual-exclusion': UNWARNED,
    'resource-safety': UNFENCED,
    reentrancy: COUNTED,
    ownership: { default: 'holds' },
    leak: REDISSON_LEAK,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) => new RedissonLock(environment, options),
});
