/**
 * Flaw: who was refused subscribes, and then waits for a message at once, for as long as it was
 * told that the lock is taken. An unlock that was published before the subscription was there woke
 * nobody: the lock is free, and its next holder sleeps through the lease of the one before. Here
 * callers use `lock()`, which has no limit, with leases of two minutes.
 */
import { defineLock } from '../lock.js';
import { REDISSON_OPTIONS } from '../redisson-base.js';
import { RedissonLock } from '../redisson-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

class RedissonLock81 extends RedissonLock {
  protected override believed(takenForMs: number): number {
    return takenForMs;
  }
}

export default defineLock({
  name: 'redisson-lock-81',
  summary: "Redisson's lock whose waiters do not look again once they listen.",
  source:
    'redisson/redisson#1763; redisson/redisson#3891 (reported of 3.16.3, called fixed since); ' +
    'redisson/redisson#5070',
  services: { redis: 1 },
  options: {
    ...REDISSON_OPTIONS,
    lockWatchdogTimeoutMs: { ...REDISSON_OPTIONS.lockWatchdogTimeoutMs, default: 120_000 },
  },
  declares: { wokenByMessage: true, reentrant: true },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'progress', faults: ['interleaving'], runs: 2_000 },
  fixedBy: 'redisson-lock',
  create(environment, options) {
    const lock = new RedissonLock81(environment, options);
    return {
      acquire(key, { ttlMs, holder }) {
        return lock.acquire(key, holder === undefined ? { ttlMs } : { ttlMs, holder });
      },
    };
  },
});
