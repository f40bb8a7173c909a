/**
 * Flaw: the lock of the usual tutorial. Every client writes the same word, with a TTL in seconds,
 * and releases by a plain delete. Nothing says whose the lock is, and nobody looks at a clock: a
 * holder that overran its TTL deletes the key of the next one.
 */
import { defineLock } from '../lock.js';
import { callTimeoutOption, refused, retrying, retryOptions } from '../retry.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'notes-naive',
  summary: "SET key 'locked' NX EX, and DEL: one Redis key that nobody owns.",
  source: 'Redis documentation, SET, "Patterns", which warns of it; laravel/framework#26213',
  services: { redis: 1 },
  options: {
    callTimeoutMs: callTimeoutOption(500),
    ...retryOptions({ retryDelayMs: 100, retryJitterMs: 100 }),
  },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'mutual-exclusion', class: 'double-grant', faults: ['pause'], runs: 1_000 },
  fixedBy: 'set-nx',
  create(environment, options) {
    const redis = environment.redis[0]!.within(options.callTimeoutMs);
    return {
      acquire: (key, wanted) =>
        retrying(environment, wanted, options, async () => {
          const seconds = Math.max(1, Math.floor(wanted.ttlMs / 1000));
          const reply = await redis.call('SET', key, 'locked', 'NX', 'EX', seconds);
          if (reply === null) return refused('held');
          return { granted: true, release: async () => (await redis.call('DEL', key)) === 1 };
        }),
    };
  },
});
