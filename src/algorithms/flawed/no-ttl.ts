/**
 * Flaw: the key has no TTL at all. It never ends under its holder, and it never ends without one:
 * whoever dies while holding it holds it for ever.
 */
import { inBackground, mayHaveBeenApplied } from '../call-failure.js';
import { deleteIfOwn, KEY_SERVER_OPTIONS } from '../key-server.js';
import { defineLock } from '../lock.js';
import { refused, removing, retrying } from '../retry.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'no-ttl',
  summary: 'One Redis key, set if absent and never expiring.',
  source: 'mhenrixon/sidekiq-unique-jobs#861, #637 (a killed worker left its digest for ever)',
  services: { redis: 1 },
  options: KEY_SERVER_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'for-ever', faults: ['client-crash'], runs: 200 },
  fixedBy: 'set-nx',
  create(environment, options) {
    const redis = environment.redis[0]!.within(options.callTimeoutMs);
    return {
      acquire: (key, wanted) =>
        retrying(environment, wanted, options, async () => {
          const ownerId = environment.ownerId();
          const release = () =>
            removing(environment, options, () => deleteIfOwn(redis, key, ownerId));
          try {
            if ((await redis.call('SET', key, ownerId, 'NX')) === null) return refused('held');
          } catch (error) {
            if (mayHaveBeenApplied(error)) inBackground(release());
            throw error;
          }
          return { granted: true, ownerId, release };
        }),
    };
  },
});
