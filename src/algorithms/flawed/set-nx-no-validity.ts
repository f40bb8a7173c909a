/**
 * Flaw: nobody looks at a clock. A grant counts however late its reply came, and the holder has no
 * way to ask or to hear that its term is over.
 */
import { deleteIfOwn } from '../key-server.js';
import { defineLock } from '../lock.js';
import { refused, removing, retrying, retryOptions } from '../retry.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'set-nx-no-validity',
  summary: 'One Redis key with a TTL, held until release as far as its client knows.',
  source: 'swarthy/redis-semaphore 5.8.0: Mutex, which takes a late OK for a grant',
  services: { redis: 1 },
  options: retryOptions({ retryDelayMs: 50, retryJitterMs: 50 }),
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause', 'delay'],
    runs: 500,
  },
  fixedBy: 'set-nx',
  create(environment, options) {
    const redis = environment.redis[0]!;
    return {
      acquire: (key, wanted) =>
        retrying(environment, wanted, options, async () => {
          const ownerId = environment.ownerId();
          const reply = await redis.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs);
          if (reply === null) return refused('held');
          return {
            granted: true,
            ownerId,
            release: () => removing(environment, options, () => deleteIfOwn(redis, key, ownerId)),
          };
        }),
    };
  },
});
