/**
 * Flaw: the holder asks for its fencing token when it has the lock (`lock()`, then `getToken()`).
 * What it reads is the counter of all grants: if its lease ends before it asks, it gets the number
 * of the next holder, and the resource takes its late writes for theirs.
 */
import { inBackground } from '../call-failure.js';
import { defineLock } from '../lock.js';
import { REDISSON_OPTIONS } from '../redisson-base.js';
import { RedissonFencedLock, tokenName } from '../redisson-fenced.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'redisson-fenced-92',
  summary: "Redisson's fenced lock whose holder reads the shared counter for its own number.",
  source:
    'redisson/redisson v4.7.0: RedissonFencedLock.java, getToken (a GET of the counter); derived ' +
    'from the source',
  services: { redis: 1 },
  options: REDISSON_OPTIONS,
  declares: { reentrant: true },
  claims: { ...NAIVE_CLAIMS, fencing: { default: 'holds' } },
  flaw: { property: 'fencing', faults: ['pause'], runs: 2_000 },
  fixedBy: 'redisson-fenced',
  create(environment, options) {
    const lock = new RedissonFencedLock(environment, options);
    const redis = environment.redis[0]!.within(options.responseTimeoutMs);
    return {
      async acquire(key, wanted) {
        const answer = await lock.acquire(key, wanted);
        if (!answer.granted) return answer;
        const { ownerId } = answer;
        try {
          const fencingToken = Number(await redis.call('GET', tokenName(key)));
          return {
            granted: true,
            ownerId: ownerId!,
            fencingToken,
            release: () => answer.release(),
          };
        } catch (error) {
          inBackground(answer.release());
          throw error;
        }
      },
    };
  },
});
