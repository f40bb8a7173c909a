/** A real PostgreSQL as stories need it: it stands still, recovers, and runs without rights. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect } from 'vitest';
import { type PostgresServer, startPostgres } from '../../../src/real/servers/postgres.js';
import { itNeeds, runs } from './needing.js';

let server: PostgresServer | undefined;
const clients: pg.Client[] = [];

async function running(): Promise<PostgresServer> {
  server ??= await startPostgres();
  return server;
}

async function connect({ url }: PostgresServer): Promise<pg.Client> {
  const client = new pg.Client(url);
  // Its server is killed under it.
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  return client;
}

afterAll(async () => {
  for (const client of clients) await client.end();
  await server?.stop();
});

const itPostgres = itNeeds('postgres');

describe('a real PostgreSQL', () => {
  itPostgres('runs as somebody without rights, of the version that it says', async () => {
    const postgres = await running();
    const client = await connect(postgres);
    const { rows } = await client.query('SHOW server_version');
    expect(rows[0].server_version).toMatch(new RegExp(`^${postgres.version}\\b`));
    const status = readFileSync(`/proc/${postgres.pid}/status`, 'utf8');
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0');
  });

  itPostgres('stands still with all its sessions while it is frozen', async () => {
    const postgres = await running();
    const client = await connect(postgres);
    postgres.freeze();
    let isAnswered = false;
    const asked = client.query('SELECT 1').then(() => {
      isAnswered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isAnswered).toBe(false);
    postgres.thaw();
    await asked;
  });

  itPostgres('has after a kill what was committed, and nothing else', async () => {
    const postgres = await running();
    const [one, other] = [await connect(postgres), await connect(postgres)];
    const own = await one.query('SELECT pg_backend_pid() AS pid');
    await one.query('CREATE TABLE kept (k int); INSERT INTO kept VALUES (1)');
    await one.query('SELECT pg_advisory_lock(7)');
    await other.query('BEGIN');
    await other.query('INSERT INTO kept VALUES (2)');
    await postgres.kill();
    expect(runs(own.rows[0].pid)).toBe(false);
    await postgres.start();
    const after = await connect(postgres);
    expect((await after.query('SELECT k FROM kept')).rows).toEqual([{ k: 1 }]);
    expect((await after.query('SELECT pg_try_advisory_lock(7) AS got')).rows).toEqual([
      { got: true },
    ]);
  });

  itPostgres('leaves neither process nor folder', async () => {
    const postgres = await running();
    const [{ pid }, folder] = [postgres, path.dirname(postgres.socket)];
    expect([existsSync(folder), runs(pid)]).toEqual([true, true]);
    await postgres.stop();
    expect([existsSync(folder), runs(pid)]).toEqual([false, false]);
  });
});
