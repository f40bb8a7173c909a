/** A real PostgreSQL with its poolers, for tests of its clients. */
import type { PostgresConnection } from '../../../src/algorithms/postgres-connection.js';
import { postgresConnection } from '../../../src/real/client/postgres.js';
import { startPgBouncer } from '../../../src/real/servers/pgbouncer.js';
import { startPostgres } from '../../../src/real/servers/postgres.js';
import type { RealServer } from '../../../src/real/servers/server.js';
import { CallLog, type StartedService } from './real-arm.js';

/** A pooler has no more connections than that. */
const ATTEMPTS = 20;

/** A pooler lends connections that have ended, until it has looked at them. */
async function hasNoticed(pool: PostgresConnection): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

const addressOf = ({ host, port }: RealServer) => ({ server: 'p1', host, port });

export async function startPostgresService(): Promise<StartedService> {
  const postgres = await startPostgres();
  const [session, transaction] = await Promise.all([
    startPgBouncer({ postgres, mode: 'session' }),
    startPgBouncer({ postgres, mode: 'transaction' }),
  ]);
  const poolers = { session: addressOf(session), transaction: addressOf(transaction) };
  const [admin, ...pooled] = [postgres, session, transaction].map((server) =>
    postgresConnection(new CallLog(), addressOf(server)),
  ) as [PostgresConnection, ...PostgresConnection[]];
  return {
    service: 'postgres',
    answersAtEnd: false,
    ports: [postgres.port],
    async clear(schema) {
      await admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'`,
      );
      await Promise.all(pooled.map(hasNoticed));
      await admin.query(
        `SET client_min_messages = 'warning';
        DROP SCHEMA public CASCADE; CREATE SCHEMA public; ${schema ?? ''}`,
      );
    },
    open(calls, [address]) {
      const pool = postgresConnection(calls, address!, poolers);
      return { services: { postgres: [pool] }, close: () => pool.close() };
    },
    async stop() {
      for (const pool of [admin, ...pooled]) pool.close();
      await Promise.all([session.stop(), transaction.stop()]);
      await postgres.stop();
    },
  };
}
