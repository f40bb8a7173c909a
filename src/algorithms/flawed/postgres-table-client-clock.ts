/**
 * Flaw: the row says until when it is held by the clock of whoever wrote it, and whoever finds it
 * compares that with a clock of its own. A client whose clock is ahead takes a lock that is held.
 */
import { defineLock } from '../lock.js';
import { LOCK_TABLE_OPTIONS, LockTable, poolOf, type TableDesign } from '../lock-table.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

const ACQUIRE = `
  INSERT INTO client_locks (key, owner, lock_until) VALUES ($1, $2, $3)
  ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, lock_until = excluded.lock_until
  WHERE client_locks.lock_until <= $4
  RETURNING owner`;
const RENEW = `
  UPDATE client_locks SET lock_until = $3 WHERE key = $1 AND owner = $2 AND lock_until > $4
  RETURNING owner`;
const RELEASE = `
  DELETE FROM client_locks WHERE key = $1 AND owner = $2 RETURNING lock_until > $3 AS held`;

export default defineLock({
  name: 'postgres-table-client-clock',
  summary: 'A row with owner and expiry in PostgreSQL, by the clocks of the clients.',
  source: 'lukas-krecan/ShedLock#231, #263, #639, #1439 (times of the node, without usingDbTime())',
  services: { postgres: 1 },
  options: LOCK_TABLE_OPTIONS,
  schema: `CREATE TABLE client_locks (
    key text PRIMARY KEY, owner text NOT NULL, lock_until bigint NOT NULL)`,
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['clock-step'],
    runs: 2_000,
  },
  fixedBy: 'postgres-table',
  create(environment, options) {
    const pool = poolOf(environment, options);
    const nowMs = () => Math.floor(environment.wallMs());
    const writing = (text: string) => (key: string, ownerId: string, ttlMs: number) => {
      const atMs = nowMs();
      return pool.query(text, [key, ownerId, atMs + ttlMs, atMs]);
    };
    const design: TableDesign = {
      take: writing(ACQUIRE),
      extend: writing(RENEW),
      giveBack: (key, ownerId) => pool.query(RELEASE, [key, ownerId, nowMs()]),
    };
    return new LockTable(environment, options, design);
  },
});
