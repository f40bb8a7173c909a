/**
 * Flaw: as everything else that the program asks its database, lock and unlock are transactions of
 * their own, through a pooler in transaction mode. Unlock may run on another session than lock: it
 * finds nothing to unlock there, says so in a warning that nobody reads, and the lock stays.
 */
import { defineLock } from '../lock.js';
import { poolOf } from '../lock-table.js';
import { ADVISORY } from '../postgres-advisory.js';
import type { PostgresClient } from '../postgres-connection.js';
import { SESSION_LOCK_OPTIONS, type SessionDesign, SessionLock } from '../session-lock.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

/** In a transaction, as a library that maps objects to tables does. */
async function inTransaction<T>(session: PostgresClient, work: () => Promise<T>): Promise<T> {
  await session.query('BEGIN');
  const answer = await work();
  await session.query('COMMIT');
  return answer;
}

const IN_TRANSACTIONS: SessionDesign = {
  take: (session, key) => inTransaction(session, () => ADVISORY.take(session, key)),
  wait: (session, waiting, key, lockTimeout) =>
    inTransaction(session, () => ADVISORY.wait(session, waiting, key, lockTimeout)),
  giveBack: (session, key) => inTransaction(session, () => ADVISORY.giveBack(session, key)),
};

export default defineLock({
  name: 'postgres-advisory-129',
  summary: 'An advisory lock taken and given back in transactions that a pooler spreads.',
  source:
    'goauthentik/authentik#23876, pgbouncer/pgbouncer#102, #418, ' +
    'ClosureTree/with_advisory_lock#43, alphagov/govuk-puppet#7920, electric-sql/electric#2682',
  services: { postgres: 1 },
  options: SESSION_LOCK_OPTIONS,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'leak', faults: ['interleaving'], runs: 2_000 },
  fixedBy: 'postgres-advisory',
  create(environment, options) {
    const pool = poolOf(environment, options).through('transaction');
    return new SessionLock(environment, options, pool, IN_TRANSACTIONS);
  },
});
