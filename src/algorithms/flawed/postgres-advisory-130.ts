/**
 * Flaw: the connections go through a pooler in transaction mode. The lock belongs to the session
 * that the pooler happened to lend, and the pooler lends it on; on the same session the next client
 * is granted the lock too, since a session may take a lock that it has.
 */
import { defineLock } from '../lock.js';
import { poolOf } from '../lock-table.js';
import { ADVISORY } from '../postgres-advisory.js';
import { SESSION_LOCK_OPTIONS, SessionLock } from '../session-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

export default defineLock({
  name: 'postgres-advisory-130',
  summary: 'An advisory lock of a session that a pooler lends to others as well.',
  source:
    'pgbouncer/pgbouncer#102; PgBouncer documentation, "Features", section "SQL feature map for ' +
    'pooling modes"; PostgreSQL documentation, "Advisory Lock Functions" (they stack)',
  services: { postgres: 1 },
  options: SESSION_LOCK_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['interleaving'],
    runs: 2_000,
  },
  fixedBy: 'postgres-advisory',
  create(environment, options) {
    const pool = poolOf(environment, options).through('transaction');
    return new SessionLock(environment, options, pool, ADVISORY);
  },
});
