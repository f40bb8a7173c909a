/**
 * Flaw: a thread that is interrupted while its `tryLock()` is under way gives up, and nobody tells
 * the request. What the server grants then is renewed all the same, by a watchdog that no unlock
 * will ever stop, since the thread does not know that it has the lock.
 */
import type { Environment } from '../environment.js';
import type { AcquireOptions, Grant, Refusal } from '../lock.js';
import { defineLock } from '../lock.js';
import { REDISSON_OPTIONS, type RedissonOptions } from '../redisson-base.js';
import { RedissonLock } from '../redisson-lock.js';
import { refused } from '../retry.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

class RedissonLock82 extends RedissonLock {
  constructor(
    environment: Environment,
    options: RedissonOptions,
    private readonly interruptAfterMs: number,
  ) {
    super(environment, options);
  }

  override async acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    let cancel: () => void = () => {};
    const interrupted = new Promise<Refusal>((resolve) => {
      cancel = this.environment.after(this.interruptAfterMs, () => resolve(refused('interrupted')));
    });
    try {
      return await Promise.race([super.acquire(key, { ...wanted, waitMs: 0 }), interrupted]);
    } finally {
      cancel();
    }
  }
}

export default defineLock({
  name: 'redisson-lock-82',
  summary: "Redisson's lock, tried by threads that are interrupted when they wait for the answer.",
  source:
    'redisson/redisson#2714, redisson/redisson#1626 (an interrupted tryLock keeps renewing); ' +
    'redisson/redisson#7272 (a renewal that is scheduled after the unlock has cancelled it)',
  services: { redis: 1 },
  options: {
    ...REDISSON_OPTIONS,
    interruptAfterMs: {
      kind: 'number',
      default: 3,
      min: 1,
      max: 60_000,
      doc: 'a thread that has no answer after so long is interrupted, in ms',
    },
  },
  declares: { wokenByMessage: true, reentrant: true },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'for-ever', faults: ['interleaving'], runs: 2_000 },
  fixedBy: 'redisson-lock',
  create: (environment, options) =>
    new RedissonLock82(environment, options, options.interruptAfterMs),
});
