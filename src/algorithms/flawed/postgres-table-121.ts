/**
 * Flaw: the time is read first, and the statement that takes the lock is run with it later. A
 * client that sleeps in between writes an expiry that is over, which the next client finds run out
 * and overwrites, although the first has only just been granted the lock.
 */
import { defineLock } from '../lock.js';
import { LOCK_TABLE_OPTIONS, LockTable, poolOf, type TableDesign } from '../lock-table.js';
import { LOCKS_TABLE, RELEASE } from '../postgres-table.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

const TIME = 'SELECT now() AS time';
const ACQUIRE = `
  INSERT INTO locks (key, owner, expires_at)
  VALUES ($1, $2, $4::timestamptz + make_interval(secs => $3::float8 / 1000))
  ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at
  WHERE locks.expires_at <= $4::timestamptz
  RETURNING owner`;
const RENEW = `
  UPDATE locks SET expires_at = $4::timestamptz + make_interval(secs => $3::float8 / 1000)
  WHERE key = $1 AND owner = $2 AND expires_at > $4::timestamptz
  RETURNING owner`;

export default defineLock({
  name: 'postgres-table-121',
  summary: 'A row with owner and expiry in PostgreSQL, written with a time that was read before.',
  source: 'lukas-krecan/ShedLock#132 (a pause between the computation of now and the update)',
  services: { postgres: 1 },
  options: LOCK_TABLE_OPTIONS,
  schema: LOCKS_TABLE,
  claims: NAIVE_CLAIMS,
  flaw: { property: 'ownership', faults: ['pause'], runs: 2_000 },
  fixedBy: 'postgres-table',
  create(environment, options) {
    const pool = poolOf(environment, options);
    const design: TableDesign = {
      async readTime() {
        const { rows } = await pool.query(TIME);
        return String(rows[0]!['time']);
      },
      take: (key, ownerId, ttlMs, time) => pool.query(ACQUIRE, [key, ownerId, ttlMs, time]),
      extend: (key, ownerId, ttlMs, time) => pool.query(RENEW, [key, ownerId, ttlMs, time]),
      giveBack: (key, ownerId) => pool.query(RELEASE, [key, ownerId]),
    };
    return new LockTable(environment, options, design);
  },
});
