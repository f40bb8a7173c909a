/**
 * A run on a PostgreSQL that the user has, in a database of its own: its tables are the run's, and
 * advisory locks hold within one database only.
 */
import { Client, DatabaseError } from 'pg';
import { postgresFraming } from '../proxy/postgres.js';
import { framed } from '../proxy/tunnel.js';
import type { ServerAddress } from '../servers/address.js';
import { Obstacle } from '../servers/obstacle.js';
import { POSTGRES_USER } from '../servers/postgres.js';
import { Poolers } from '../stage/poolers.js';
import type { GivenService, Login } from './service.js';

const LIMIT_MS = 10_000;
/** SQLSTATE: `duplicate_database`, and `insufficient_privilege`. */
const IS_THERE = '42P04';
const MAY_NOT = '42501';

export const GIVEN_POSTGRES: GivenService = {
  // Rows run out when somebody looks.
  expiryMarginUs: 2_000,
  open: () => framed(postgresFraming),
  login: (address, mark) => ({ ...accountOf(address), database: mark }),
  poolers(address, server) {
    const { host, port } = address;
    return Poolers.start({ ...accountOf(address), host, port }, server);
  },
  beat: () => Promise.resolve(undefined),
  async claim(address, mark, schema) {
    try {
      // Whoever is connected to template1 is in nobody's way so.
      await run(address, accountOf(address), `CREATE DATABASE "${mark}" TEMPLATE template0`);
    } catch (error) {
      const code = error instanceof DatabaseError ? error.code : undefined;
      if (code === IS_THERE) return false;
      if (code !== MAY_NOT) throw error;
      const { user } = accountOf(address);
      throw new Obstacle(
        `does not let its user ${user} make a database, and a run needs one of its own: ` +
          `ALTER ROLE ${user} CREATEDB, or name another user`,
      );
    }
    await prepare(address, { ...accountOf(address), database: mark }, schema ?? 'SELECT 1');
    return true;
  },
  async remove(address, mark) {
    const drop = `DROP DATABASE IF EXISTS "${mark}" WITH (FORCE)`;
    await run(address, accountOf(address), drop);
  },
};

/** The database is the one that was there before. */
function accountOf({ user = POSTGRES_USER, password, database }: ServerAddress): Login {
  return {
    user,
    database: database === '' ? user : database,
    ...(password !== undefined && { password }),
  };
}

/** Looks whether clients get into the database that was made, and does there what a lock wants. */
async function prepare(address: ServerAddress, own: Login, sql: string): Promise<void> {
  try {
    await run(address, own, sql);
  } catch (error) {
    throw new Obstacle(
      `makes a database for a run, and then it cannot be used (${(error as Error).message}): if ` +
        'that is a pooler, name the server behind it',
    );
  }
}

async function run({ host, port }: ServerAddress, login: Login, sql: string): Promise<void> {
  const limits = { connectionTimeoutMillis: LIMIT_MS, query_timeout: LIMIT_MS };
  const client = new Client({ host, port, ...login, ...limits });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => {});
  }
}
