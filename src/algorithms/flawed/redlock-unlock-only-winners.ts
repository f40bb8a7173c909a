/**
 * Flaw: Redlock that removes its key only where the vote was yes. A server whose yes was lost on
 * its way keeps the key until the TTL ends it, and is lost to everybody for that long.
 */
import { inBackground } from '../call-failure.js';
import { Deadline } from '../deadline.js';
import { deleteIfOwn } from '../key-server.js';
import { defineLock } from '../lock.js';
import { countVotes, majority } from '../quorum.js';
import { DRIFT_CONSTANT_MS, QUORUM_OPTIONS } from '../quorum-lock.js';
import { refused, removing, retrying } from '../retry.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

const DRIFT_FACTOR = 0.01;

export default defineLock({
  name: 'redlock-unlock-only-winners',
  summary: 'Redlock that releases only the servers whose yes it has heard.',
  source:
    'Redis documentation, "Distributed Locks with Redis", section "The Redlock Algorithm", step ' +
    '5, which asks for all servers, "even the instances it believed it was not able to lock"',
  services: { redis: 'servers' },
  options: QUORUM_OPTIONS,
  declares: { driftAllowance: { ratio: DRIFT_FACTOR, constantMs: DRIFT_CONSTANT_MS } },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'until-ttl', faults: ['lost-reply'], runs: 500 },
  fixedBy: 'redlock',
  create(environment, options) {
    const servers = environment.redis.map((server) => server.within(options.callTimeoutMs));
    const quorum = majority(servers.length);
    return {
      acquire: (key, wanted) =>
        retrying(environment, wanted, options, async () => {
          const ownerId = environment.ownerId();
          const validMs = wanted.ttlMs * (1 - DRIFT_FACTOR) - DRIFT_CONSTANT_MS;
          const deadline = new Deadline(environment, environment.monoMs() + validMs);
          const votes = await Promise.allSettled(
            servers.map((server) => server.call('SET', key, ownerId, 'NX', 'PX', wanted.ttlMs)),
          );
          const winners = servers.filter((_, index) => {
            const vote = votes[index]!;
            return vote.status === 'fulfilled' && vote.value === 'OK';
          });
          const remove = () =>
            winners.map((server) =>
              removing(environment, options, () => deleteIfOwn(server, key, ownerId)),
            );
          if (winners.length < quorum || deadline.validForMs() <= 0) {
            for (const removal of remove()) inBackground(removal);
            return refused('no quorum');
          }
          return {
            granted: true,
            ownerId,
            get signal() {
              return deadline.signal;
            },
            onLost: (callback) => deadline.onLost(callback),
            validForMs: () => deadline.validForMs(),
            async release() {
              deadline.end();
              return (await countVotes(remove(), true, quorum)).yes >= quorum;
            },
          };
        }),
    };
  },
});
