/**
 * Flaw: the release looks whether the key is its own and deletes it in two commands. If the key
 * expires and somebody else is granted in between, the delete takes the lock of the new holder.
 */
import { KEY_SERVER_OPTIONS, KeyServer } from '../key-server.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'get-then-delete',
  summary: 'One Redis key with a TTL; its owner is checked by GET before a separate DEL.',
  source: 'redis/redis-py#1031 (release checked the owner and deleted without a transaction)',
  services: { redis: 1 },
  options: KEY_SERVER_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'ownership', faults: ['pause'], runs: 2_000 },
  fixedBy: 'set-nx',
  create(environment, options) {
    const server = new KeyServer(environment, options, {
      async remove(redis, key, ownerId) {
        if ((await redis.call('GET', key)) !== ownerId) return 0;
        return redis.call('DEL', key);
      },
    });
    return {
      acquire: (key, wanted) =>
        server.acquire(key, wanted, (ownerId) =>
          server.redis.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs),
        ),
    };
  },
});
