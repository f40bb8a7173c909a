/**
 * An advisory lock of PostgreSQL at the level of the session, on a connection of its own: it is
 * held until it is unlocked on that session, or the session ends.
 */
import { defineLock } from './lock.js';
import { poolOf } from './lock-table.js';
import { LEFT_TO_SESSION, SESSION_OVERLAPS, SESSION_UNFENCED } from './postgres-claims.js';
import type { PostgresClient } from './postgres-connection.js';
import { SESSION_LOCK_OPTIONS, type SessionDesign, SessionLock } from './session-lock.js';

const TRY = 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held';
const LOCK_TIMEOUT = "SELECT set_config('lock_timeout', $1, false)";
const WAIT = 'SELECT pg_advisory_lock(hashtextextended($1, 0))';
const UNLOCK = 'SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS held';

async function isHeld(session: PostgresClient, text: string, key: string): Promise<boolean> {
  const { rows } = await session.query(text, [key]);
  return rows[0]?.['held'] === true;
}

export const ADVISORY: SessionDesign = {
  take: (session, key) => isHeld(session, TRY, key),
  async wait(session, waiting, key, lockTimeout) {
    await session.query(LOCK_TIMEOUT, [lockTimeout]);
    await waiting.query(WAIT, [key]);
    return true;
  },
  giveBack: (session, key) => isHeld(session, UNLOCK, key),
};

export default defineLock({
  name: 'postgres-advisory',
  summary: 'An advisory lock of a PostgreSQL session that has a connection of its own.',
  source:
    'PostgreSQL documentation, "Explicit Locking", section "Advisory Locks", and "System ' +
    'Administration Functions", section "Advisory Lock Functions"',
  services: { postgres: 1 },
  options: SESSION_LOCK_OPTIONS,
  claims: {
    'mutual-exclusion': SESSION_OVERLAPS,
    'resource-safety': SESSION_UNFENCED,
    ownership: { default: 'holds' },
    leak: LEFT_TO_SESSION,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) =>
    new SessionLock(environment, options, poolOf(environment, options), ADVISORY),
});
