/**
 * The lock in a table, with a fencing token: the statement that takes the lock counts the grant in
 * the same row, so the number is minted with the lease and comes back in the same answer. A release
 * leaves the row, and the count in it, for the next grant.
 */
import { defineLock } from './lock.js';
import { LOCK_TABLE_OPTIONS, LockTable, poolOf, statements } from './lock-table.js';
import {
  COUNT_IN_ROW,
  LEFT_TO_EXPIRY,
  TABLE_OVERLAPS,
  TOLD_BY_OWN_CLOCK,
} from './postgres-claims.js';

const ACQUIRE = `
  INSERT INTO fenced_locks (key, owner, expires_at, fence)
  VALUES ($1, $2, now() + make_interval(secs => $3::float8 / 1000), 1)
  ON CONFLICT (key) DO UPDATE
  SET owner = excluded.owner, expires_at = excluded.expires_at, fence = fenced_locks.fence + 1
  WHERE fenced_locks.owner IS NULL OR fenced_locks.expires_at <= now()
  RETURNING fence`;
const RENEW = `
  UPDATE fenced_locks SET expires_at = now() + make_interval(secs => $3::float8 / 1000)
  WHERE key = $1 AND owner = $2 AND expires_at > now()
  RETURNING owner`;
const RELEASE = `
  UPDATE fenced_locks SET owner = NULL WHERE key = $1 AND owner = $2
  RETURNING expires_at > now() AS held`;

export default defineLock({
  name: 'postgres-table-fenced',
  summary: 'A row with owner and expiry in PostgreSQL that counts its grants as fencing tokens.',
  source:
    'M. Kleppmann, "How to do distributed locking", 2016, section "Making the lock safe with ' +
    'fencing"; PostgreSQL documentation, "INSERT", section "ON CONFLICT Clause"',
  services: { postgres: 1 },
  options: LOCK_TABLE_OPTIONS,
  schema: `CREATE TABLE fenced_locks (
    key text PRIMARY KEY, owner text, expires_at timestamptz NOT NULL, fence bigint NOT NULL)`,
  claims: {
    'mutual-exclusion': TABLE_OVERLAPS,
    'resource-safety': COUNT_IN_ROW,
    fencing: COUNT_IN_ROW,
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
