/**
 * Flaw: the owner id is made of the key, as the lock manager's README shows it, so everybody has
 * the same. Whoever overran its TTL deletes the key of the next holder. Nobody even has to: a try
 * that finds the lock taken is undone by its value, which is the holder's, so whoever asks for the
 * lock releases it, and is granted it at the next try.
 */
import { defineLock } from '../lock.js';
import { LOCK_MANAGER_OPTIONS, lockManagerLock } from '../lock-manager.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'lock-manager-66',
  summary:
    'The lock manager of go-common with the generator of its README: one text for everybody.',
  source: 'kittipat1413/go-common v0.22.0: framework/lockmanager/README.md, WithTokenGenerator',
  services: { redis: 1 },
  options: {
    ...LOCK_MANAGER_OPTIONS,
    tokenGenerator: { ...LOCK_MANAGER_OPTIONS.tokenGenerator, default: 'token-for' },
  },
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['interleaving'],
    runs: 500,
  },
  fixedBy: 'lock-manager',
  create: (environment, options) => lockManagerLock(environment, options),
});
