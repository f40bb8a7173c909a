/**
 * Flaw: Redlock without its third step. The votes are counted but not the time they took, so votes
 * that waited in the socket of a paused client still make a grant, and the holder cannot ask what
 * is left of its term.
 */
import { inBackground } from '../call-failure.js';
import { deleteIfOwn } from '../key-server.js';
import { defineLock } from '../lock.js';
import { countVotes, majority } from '../quorum.js';
import { QUORUM_OPTIONS } from '../quorum-lock.js';
import { refused, removing, retrying } from '../retry.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'redlock-no-validity',
  summary: 'A majority of Redis servers holds, however long it took to gather it.',
  source:
    'swarthy/redis-semaphore 5.8.0: RedlockMutex; redlock 5.0.0-beta.2 accepts late votes too',
  services: { redis: 'servers' },
  options: QUORUM_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause', 'delay'],
    runs: 500,
  },
  fixedBy: 'redlock',
  create(environment, options) {
    const servers = environment.redis.map((server) => server.within(options.callTimeoutMs));
    const quorum = majority(servers.length);
    return {
      acquire: (key, wanted) =>
        retrying(environment, wanted, options, async () => {
          const ownerId = environment.ownerId();
          const replies = servers.map((server) =>
            server.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs),
          );
          const won = (await countVotes(replies, 'OK', quorum)).yes >= quorum;
          const remove = () =>
            servers.map((server) =>
              removing(environment, options, () => deleteIfOwn(server, key, ownerId)),
            );
          if (!won) {
            for (const removal of remove()) inBackground(removal);
            return refused('no quorum');
          }
          return {
            granted: true,
            ownerId,
            release: async () => (await countVotes(remove(), true, quorum)).yes >= quorum,
          };
        }),
    };
  },
});
