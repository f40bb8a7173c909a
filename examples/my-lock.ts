/**
 * A lock of your own: one Redis key with a TTL, released only by its owner.
 * Try it with `npx holdfast check ./my-lock.ts`.
 */
import { defineLock } from 'holdfast';

const RELEASE = `
  if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
  return 0`;

export default defineLock({
  name: 'my-lock',
  summary: 'SET NX with a TTL, released by a script that checks the owner.',
  source: 'this file',
  services: { redis: 1 },
  options: {},
  claims: {},
  create: (env) => ({
    async acquire(key, { ttlMs, waitMs = Infinity }) {
      const redis = env.redis[0]!;
      const ownerId = env.ownerId();
      const startedAtMs = env.monoMs();
      while ((await redis.call('SET', key, ownerId, 'NX', 'PX', ttlMs)) !== 'OK') {
        if (env.monoMs() - startedAtMs >= waitMs) return { granted: false, reason: 'held' };
        await env.sleep(50);
      }
      const release = async () => (await redis.eval(RELEASE, [key], [ownerId])) === 1;
      return { granted: true, ownerId, release };
    },
  }),
});
