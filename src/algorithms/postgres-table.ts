/**
 * A lock that is a row: key, owner and expiry, where the database's clock says when it is over. One
 * statement takes a free lock or one that has run out, and answers nothing if somebody has it; an
 * owner renews and removes its own row only.
 */
import { defineLock } from './lock.js';
import { LOCK_TABLE_OPTIONS, LockTable, poolOf, statements } from './lock-table.js';
import {
  LEFT_TO_EXPIRY,
  TABLE_OVERLAPS,
  TABLE_UNFENCED,
  TOLD_BY_OWN_CLOCK,
} from './postgres-claims.js';

const ACQUIRE = `
  INSERT INTO locks (key, owner, expires_at)
  VALUES ($1, $2, now() + make_interval(secs => $3::float8 / 1000))
  ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
  WHERE locks.expires_at <= now()
  RETURNING owner`;
const RENEW = `
  UPDATE locks SET expires_at = now() + make_interval(secs => $3::float8 / 1000)
  WHERE key = $1 AND owner = $2 AND expires_at > now()
  RETURNING owner`;
export const RELEASE = `
  DELETE FROM locks WHERE key = $1 AND owner = $2 RETURNING expires_at > now() AS held`;

export const LOCKS_TABLE =
  'CREATE TABLE locks (key text PRIMARY KEY, owner text NOT NULL, expires_at timestamptz NOT NULL)';

export default defineLock({
  name: 'postgres-table',
  summary: 'A row with owner and expiry in PostgreSQL, stolen when it has run out there.',
  source:
    'PostgreSQL documentation, "INSERT", section "ON CONFLICT Clause"; the table as in ' +
    'lukas-krecan/ShedLock with usingDbTime()',
  services: { postgres: 1 },
  options: LOCK_TABLE_OPTIONS,
  schema: LOCKS_TABLE,
  claims: {
    'mutual-exclusion': TABLE_OVERLAPS,
    'resource-safety': TABLE_UNFENCED,
    ownership: { default: 'holds' },
    leak: LEFT_TO_EXPIRY,
    progress: { default: 'holds' },
    belief: TOLD_BY_OWN_CLOCK,
  },
  create(environment, options) {
    const pool = poolOf(environment, options);
    return new LockTable(environment, options, statements(pool, ACQUIRE, RENEW, RELEASE));
  },
});
