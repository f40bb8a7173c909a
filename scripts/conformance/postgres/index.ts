/**
 * PostgreSQL: sessions spend their time waiting, so several databases of one server play at a time.
 */
import type { PostgresServer } from '../../../src/real/servers/postgres.js';
import { Connection } from '../../record/postgres/connection.js';
import type { Sequence } from '../../record/postgres/sequence.js';
import type { Result } from '../result.js';
import { type LaneStarter, run, type Wish } from '../run.js';
import { versionOf, withPostgres } from '../servers.js';
import { POSTGRES, postgresArm } from './service.js';

const LANES = 8;

function starter({ socket }: PostgresServer, database: string): LaneStarter<Sequence> {
  return async (play) => {
    const control = await Connection.open(socket, database);
    await play(postgresArm(socket, control, database));
    control.close();
  };
}

export function conformPostgres(wish: Wish, lanes = LANES): Promise<Result> {
  return withPostgres(async (server) => {
    const names = Array.from({ length: lanes }, (_none, lane) => `lane${lane}`);
    const control = await Connection.open(server.socket);
    for (const name of names) await control.query(`CREATE DATABASE ${name}`);
    control.close();
    const starters = names.map((name) => starter(server, name));
    return { ...(await run(POSTGRES, wish, starters)), server: versionOf('postgres') };
  });
}
