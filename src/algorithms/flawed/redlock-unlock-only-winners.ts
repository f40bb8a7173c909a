/**
 * Flaw: Redlock that removes its key only where the vote was yes. A server whose yes was lost on
 * its way keeps the key until the TTL ends it, and is lost to everybody for that long.
 */
import { defineLock } from '../lock.js';
import { QUORUM_OPTIONS, QuorumLock } from '../quorum-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'redlock-unlock-only-winners',
  summary: 'Redlock that releases only the servers whose yes it has heard.',
  source:
    'Redis documentation, "Distributed Locks with Redis", section "The Redlock Algorithm", step 5, ' +
    'which asks for all servers, "even the instances it believed it was not able to lock"',
  services: { redis: 'servers' },
  options: QUORUM_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', class: 'until-ttl', faults: ['lost-reply'], runs: 500 },
  fixedBy: 'redlock',
  create: (environment, options) =>
    new QuorumLock(environment, { ...options, driftFactor: 0.01 }, (_servers, winners) => [
      ...winners,
    ]),
});
