/**
 * Flaw: the key holds the same value for everybody and is deleted without a look. A holder that
 * overran its TTL deletes the key of the next holder, and a third client is granted while the
 * second works.
 */
import { KEY_SERVER_OPTIONS, KeyServer } from '../key-server.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'blind-delete',
  summary: 'One Redis key with a TTL, released by a plain DEL, whoever set it.',
  source: 'laravel/framework#26213 (cache locks up to 5.7.9 deleted the lock of any owner)',
  services: { redis: 1 },
  options: KEY_SERVER_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'mutual-exclusion', class: 'double-grant', faults: ['pause'], runs: 1_000 },
  fixedBy: 'set-nx',
  create(environment, options) {
    const server = new KeyServer(environment, options, {
      newOwnerId: () => 'locked',
      remove: (redis, key) => redis.call('DEL', key),
    });
    return {
      acquire: (key, wanted) =>
        server.acquire(key, wanted, (value) =>
          server.redis.call('SET', key, value, 'NX', 'PX', wanted.ttlMs),
        ),
    };
  },
});
