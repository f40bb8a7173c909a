/** The text of a lock file, for tests of what lock code may do to its surroundings. */

/** One that does something first, in line 7, whenever a client acquires. */
export function lockSource(name: string, first: string): string {
  return `import { defineLock } from 'holdfast';
export default defineLock({
  name: '${name}', summary: 'made for a test', source: 'this test', services: { redis: 1 },
  options: {}, claims: {},
  create: (env) => ({
    async acquire(key, { ttlMs }) {
      ${first}
      const ownerId = env.ownerId();
      const reply = await env.redis[0].call('SET', key, ownerId, 'NX', 'PX', ttlMs);
      if (reply !== 'OK') return { granted: false, reason: 'held' };
      const release = async () => (await env.redis[0].call('DEL', key)) === 1;
      return { granted: true, ownerId, release };
    },
  }),
});
`;
}
