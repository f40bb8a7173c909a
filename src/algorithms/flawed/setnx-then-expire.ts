/**
 * Flaw: the key is set by one command and gets its TTL by the next. A client that dies between the
 * two leaves a key that never expires, and nobody is granted any more.
 */
import { KEY_SERVER_OPTIONS, KeyServer } from '../key-server.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'setnx-then-expire',
  summary: 'One Redis key, set by SETNX and given its TTL by a second command.',
  source: 'redis/redis-py#902; laravel/horizon#1738; lukas-krecan/ShedLock#65',
  services: { redis: 1 },
  options: KEY_SERVER_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'for-ever', faults: ['client-crash'], runs: 1_000 },
  fixedBy: 'set-nx',
  create(environment, options) {
    const server = new KeyServer(environment, options);
    return {
      acquire: (key, wanted) =>
        server.acquire(key, wanted, async (ownerId) => {
          if ((await server.redis.call('SETNX', key, ownerId)) !== 1) return null;
          await server.redis.call('PEXPIRE', key, wanted.ttlMs);
          return 'OK';
        }),
    };
  },
});
