/**
 * Flaw: two processes obtain with the same token, the option of the lock beneath BeeORM's. A key
 * that begins with one's own token may be overwritten, so the second is given what the first holds.
 */
import { BEEORM_OPTIONS, beeormLock } from '../beeorm-locker.js';
import { defineLock } from '../lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'beeorm-locker-56',
  summary: 'One Redis key that everybody obtains by the same text, and so at the same time.',
  source: 'bsm/redislock v0.9.4: redislock.go, Options.Token; its CHANGELOG: re-obtain with tokens',
  services: { redis: 1 },
  options: { ...BEEORM_OPTIONS, tokens: { ...BEEORM_OPTIONS.tokens, default: 'shared' } },
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['interleaving'],
    runs: 500,
  },
  fixedBy: 'beeorm-locker',
  create: (environment, options) => beeormLock(environment, options),
});
