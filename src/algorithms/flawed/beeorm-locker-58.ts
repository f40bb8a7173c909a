/**
 * Flaw: the wait is as long as the TTL, which BeeORM allows. The lock beneath gives up one TTL
 * after the call, and between the tries that is an error which BeeORM does not take for "not
 * obtained": it panics, in a process that only waited for its turn. Nobody recovers here: what
 * called the lock never goes on.
 */
import { BEEORM_OPTIONS, beeormLock, Panic } from '../beeorm-locker.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

/** The TTL that clients ask for if nothing else is said. */
const USUAL_TTL_MS = 10_000;
const IDLE_MS = 1_000;

export default defineLock({
  name: 'beeorm-locker-58',
  summary: "BeeORM's locker with a wait as long as the TTL: whoever waits in vain dies of it.",
  source: 'latolukasz/beeorm v3: locker.go, Obtain; bsm/redislock v0.9.4: redislock.go, Obtain',
  services: { redis: 1 },
  options: {
    ...BEEORM_OPTIONS,
    waitTimeoutMs: { ...BEEORM_OPTIONS.waitTimeoutMs, default: USUAL_TTL_MS },
  },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'progress', faults: ['interleaving'], runs: 500 },
  fixedBy: 'beeorm-locker',
  create(environment, options) {
    const lock = beeormLock(environment, options);
    return {
      async acquire(key, wanted) {
        try {
          return await lock.acquire(key, wanted);
        } catch (error) {
          // What is left of the process does nothing, and never ends the call.
          while (error instanceof Panic) await environment.sleep(IDLE_MS);
          throw error;
        }
      },
    };
  },
});
