/** A pooler in front of PostgreSQL: whose session a client has, in each of its modes. */
import pg from 'pg';
import { afterAll, describe, expect } from 'vitest';
import { type PoolMode, startPgBouncer } from '../../../src/real/servers/pgbouncer.js';
import { type PostgresServer, startPostgres } from '../../../src/real/servers/postgres.js';
import { itNeeds } from './needing.js';

let postgres: PostgresServer | undefined;
afterAll(() => postgres?.stop());

async function client(url: string): Promise<pg.Client> {
  const one = new pg.Client(url);
  one.on('error', () => {});
  await one.connect();
  return one;
}

/** One client takes an advisory lock and asks for nothing more; whether another one gets it. */
async function otherGets(mode: PoolMode): Promise<boolean> {
  postgres ??= await startPostgres();
  const pooler = await startPgBouncer({ postgres, mode });
  const [one, other] = [await client(pooler.url), await client(pooler.url)];
  try {
    await one.query('SELECT pg_advisory_lock(1)');
    const { rows } = await other.query('SELECT pg_try_advisory_lock(1) AS got');
    return rows[0].got as boolean;
  } finally {
    await one.end();
    await other.end();
    await pooler.stop();
  }
}

const itPooler = itNeeds('postgres', 'pgbouncer');

describe('a real pgbouncer', () => {
  itPooler('in session mode keeps the sessions of clients apart', async () => {
    expect(await otherGets('session')).toBe(false);
  });

  itPooler('in transaction mode gives two clients the same session', async () => {
    expect(await otherGets('transaction')).toBe(true);
  });

  itPooler(
    'lets a client wait while the server is down, and reaches it when it is back',
    async () => {
      postgres ??= await startPostgres();
      const pooler = await startPgBouncer({ postgres, mode: 'transaction' });
      const one = await client(pooler.url);
      await one.query('SELECT 1');
      await postgres.kill();
      // That its session is gone it learns from the kernel, or from this query, which fails then.
      const waiting = one.query('SELECT 1').catch(() => {});
      await postgres.start();
      await waiting;
      const after = await client(pooler.url);
      expect((await after.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
      await one.end().catch(() => {});
      await after.end();
      await pooler.stop();
    },
  );
});
