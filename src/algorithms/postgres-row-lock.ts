/**
 * A row that is locked `FOR UPDATE` in a transaction, which stays open for as long as the lock is
 * held. Commit gives it back, and so does whatever else ends the transaction.
 */

import { defineLock } from './lock.js';
import { poolOf } from './lock-table.js';
import { PostgresError } from './postgres.js';
import { LEFT_TO_SESSION, SESSION_OVERLAPS, SESSION_UNFENCED } from './postgres-claims.js';
import type { PostgresClient } from './postgres-connection.js';
import { SESSION_LOCK_OPTIONS, type SessionDesign, SessionLock } from './session-lock.js';

const ADD_ROW = 'INSERT INTO lock_rows (key) VALUES ($1) ON CONFLICT DO NOTHING';
const LOCK_TIMEOUT = "SELECT set_config('lock_timeout', $1, true)";
const WAIT = 'SELECT key FROM lock_rows WHERE key = $1 FOR UPDATE';
const TRY = `${WAIT} NOWAIT`;

/** Locks the row in a transaction; the row is added if nobody has wanted it before. */
async function lockRow(
  session: PostgresClient,
  key: string,
  lock: () => Promise<{ readonly rowCount: number | null }>,
): Promise<boolean> {
  try {
    await session.query('BEGIN');
    if ((await lock()).rowCount === 1) return true;
    await session.query(ADD_ROW, [key]);
    await session.query('COMMIT');
    await session.query('BEGIN');
    if ((await lock()).rowCount === 1) return true;
    await session.query('ROLLBACK');
    return false;
  } catch (error) {
    if (error instanceof PostgresError) await session.query('ROLLBACK');
    throw error;
  }
}

const ROW: SessionDesign = {
  take: (session, key) => lockRow(session, key, () => session.query(TRY, [key])),
  wait: (session, waiting, key, lockTimeout) =>
    lockRow(session, key, async () => {
      await session.query(LOCK_TIMEOUT, [lockTimeout]);
      return waiting.query(WAIT, [key]);
    }),
  async giveBack(session) {
    const { command } = await session.query('COMMIT');
    return command === 'COMMIT';
  },
};

export default defineLock({
  name: 'postgres-row-lock',
  summary: 'A row of PostgreSQL, locked for update in a transaction that stays open.',
  source: 'PostgreSQL documentation, "Explicit Locking", section "Row-Level Locks"',
  services: { postgres: 1 },
  options: SESSION_LOCK_OPTIONS,
  schema: 'CREATE TABLE lock_rows (key text PRIMARY KEY)',
  claims: {
    'mutual-exclusion': SESSION_OVERLAPS,
    'resource-safety': SESSION_UNFENCED,
    ownership: { default: 'holds' },
    leak: LEFT_TO_SESSION,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) =>
    new SessionLock(environment, options, poolOf(environment, options), ROW),
});
