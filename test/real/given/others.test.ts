/** A PostgreSQL, an etcd and a ZooKeeper of the user's are lent, and then as they were. */
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect } from 'vitest';
import { zookeeperClient } from '../../../src/real/client/zookeeper.js';
import type { Loan } from '../../../src/real/given/loan.js';
import { placeOf } from '../../../src/real/given/note.js';
import type { Tunnel, Watcher } from '../../../src/real/proxy/tunnel.js';
import { parseAddresses } from '../../../src/real/servers/address.js';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import { etcdKeys, etcdPut, grantLease, isLease } from '../../../src/real/servers/etcd-api.js';
import { startPostgres } from '../../../src/real/servers/postgres.js';
import { stateFolder } from '../../../src/real/servers/state.js';
import { ServerTrouble } from '../../../src/real/servers/trouble.js';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { itNeeds } from '../servers/needing.js';
import { given, lend, MARK } from './lending.js';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const LIMIT_MS = 5_000;

describe('a PostgreSQL that is lent', () => {
  const itPostgres = itNeeds('postgres');
  const wanted = {
    lock: 'postgres-table',
    servers: ['p1'],
    schema: 'CREATE TABLE orders (id int)',
  };

  async function start() {
    const server = await startPostgres();
    endings.push(() => server.stop());
    const query = async (url: string, sql: string): Promise<readonly unknown[]> => {
      const client = new pg.Client(url);
      await client.connect();
      const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
      await client.end();
      return rows.flat();
    };
    const databases = () => query(server.url, 'SELECT datname FROM pg_database ORDER BY 1');
    return { server, query, databases };
  }

  itPostgres('gives a run a database of its own, with the tables of its lock', async () => {
    const { server, query, databases } = await start();
    const before = await databases();
    const loan = await lend(await given('postgres', server.url), wanted);
    const { login } = loan.serverOf('p1')!;
    expect(login).toEqual({ user: 'postgres', database: MARK });
    const own = `postgres://${login!.user}@127.0.0.1:${server.port}/${MARK}`;
    expect(await query(own, 'SELECT count(*) FROM orders')).toEqual(['0']);
    // Somebody is still connected.
    const client = new pg.Client(own);
    client.on('error', () => {});
    await client.connect();
    await loan.giveBack();
    expect(await databases()).toEqual(before);
  });

  itPostgres('is refused if it has that database, or makes none for its user', async () => {
    const { server, query, databases } = await start();
    await query(server.url, `CREATE DATABASE "${MARK}"`);
    await query(server.url, 'CREATE ROLE poor LOGIN');
    const before = await databases();
    const had = await given('postgres', server.url);
    await expect(lend(had, wanted)).rejects.toThrow('is already holding our prefix, hf-0123abcd');
    const poor = `postgres://poor@127.0.0.1:${server.port}/postgres`;
    await expect(lend(await given('postgres', poor, 'hf-1'), wanted)).rejects.toThrow(
      `${poor} does not let its user poor make a database, and a run needs one of its own: ` +
        'ALTER ROLE poor CREATEDB, or name another user',
    );
    expect(await databases()).toEqual(before);
  });
});

describe('a PostgreSQL that is to be lent', () => {
  const wanted = { lock: 'postgres-advisory', servers: ['p1'] };

  itNeeds('postgres')('is refused if nobody gets into what is made there', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'holdfast-hba-'));
    endings.push(() => rmSync(home, { recursive: true }));
    chmodSync(home, 0o755);
    // As through a pooler that knows its databases by name.
    const lines = ['host postgres postgres 127.0.0.1/32 trust', 'host all all 127.0.0.1/32 reject'];
    writeFileSync(path.join(home, 'hba'), `${lines.join('\n')}\n`);
    const server = await startPostgres({ settings: { hba_file: path.join(home, 'hba') } });
    endings.push(() => server.stop());
    const loan = lend(await given('postgres', server.url), wanted);
    const error: unknown = await loan.catch((why: unknown) => why);
    expect(error).toBeInstanceOf(ServerTrouble);
    expect((error as Error).message).toMatch(
      /^postgres:\S+ makes a database for a run, and then it cannot be used \(.*hf-0123abcd.*\): /,
    );
    const client = new pg.Client(server.url);
    await client.connect();
    const { rows } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [MARK]);
    await client.end();
    expect(rows).toEqual([]);
  });

  itNeeds('postgres')(
    'is told of if it is gone when what a killed tool left there is to be removed',
    async () => {
      const server = await startPostgres();
      const place = placeOf(parseAddresses('postgres', server.url)[0]!);
      const dead = { pid: 1, startedAt: 'never', boot: 'another' };
      const file = path.join(stateFolder(), 'hf-dead0001.mark');
      endings.push(() => rmSync(file));
      writeFileSync(file, JSON.stringify({ mark: 'hf-dead0001', owner: dead, places: [place] }));
      const had = await given('postgres', server.url);
      await server.stop();
      await expect(lend(had, wanted)).rejects.toThrow(
        new ServerTrouble(
          `${server.url} cannot be made ready for a run: connect ECONNREFUSED ` +
            `127.0.0.1:${server.port}`,
        ),
      );
    },
  );
});

/** A client of the run sent that request. */
function wasSent({ renaming }: Loan, body: unknown): void {
  const watcher = { request() {} } as unknown as Watcher;
  renaming.heardBy(watcher).request({} as Tunnel, { bytes: Buffer.alloc(0), text: '', body });
}

describe('an etcd that is lent', () => {
  itNeeds('etcd')('loses the keys that begin with the mark, and their leases', async () => {
    const cluster = await startEtcd();
    endings.push(() => cluster.stop());
    const place = cluster.members[0]!;
    await etcdPut(place, 'hf-ffffffff:orders', 'theirs', LIMIT_MS);
    const wanted = { lock: 'etcd-mutex', servers: ['e1'] };
    // Of a tool that was killed.
    const note = path.join(stateFolder(), 'hf-dead0002.mark');
    endings.push(() => rmSync(note, { force: true }));
    const places = [placeOf(parseAddresses('etcd', place.url)[0]!)];
    const dead = { pid: 1, startedAt: 'never', boot: 'another' };
    const noted = { mark: 'hf-dead0002', owner: dead, places, before: ['/locks/'] };
    writeFileSync(note, JSON.stringify(noted));
    await etcdPut(place, '/locks/hf-dead0002:orders', '', LIMIT_MS);
    const loan = await lend(await given('etcd', place.url), wanted);
    const lease = await grantLease(place, 60);
    await etcdPut(place, `${MARK}:orders/1`, '', LIMIT_MS, lease);
    await etcdPut(place, `${MARK}:orders/2`, '', LIMIT_MS);
    // A lock of somebody's own puts something before its key.
    const another = await grantLease(place, 60);
    await etcdPut(place, `/locks/${MARK}:orders`, '', LIMIT_MS, another);
    await etcdPut(place, '/locks/hf-ffffffff:orders', 'theirs', LIMIT_MS);
    wasSent(loan, { type: 'put', key: `/locks/${MARK}:orders`, value: '' });
    await expect(lend(await given('etcd', place.url), wanted)).rejects.toThrow(
      `${place.url} is already holding our prefix, ${MARK}`,
    );
    expect(await etcdKeys(place, MARK)).toHaveLength(2);
    await loan.giveBack();
    const left = [...(await etcdKeys(place, '/')), ...(await etcdKeys(place, 'hf-'))];
    expect(existsSync(note)).toBe(false);
    const names = left.map(({ key }) => key);
    expect(names).toEqual(['/locks/hf-ffffffff:orders', 'hf-ffffffff:orders']);
    expect(await isLease(place, lease)).toBe(false);
    expect(await isLease(place, another)).toBe(false);
  });
});

describe('a ZooKeeper that is lent', () => {
  itNeeds('zookeeper')('loses the znodes whose paths begin with the mark', async () => {
    const ensemble = await startZooKeeper();
    endings.push(() => ensemble.stop());
    const { host, port, url } = ensemble.servers[0]!;
    const silent = { enter() {}, sends() {}, event: (code: () => void) => code() };
    const client = zookeeperClient(silent, { server: 'z1', host, port });
    const session = client.connect({ timeoutMs: 10_000 });
    endings.push(() => session.close());
    await session.create('/hf-ffffffff:orders', 'theirs', 'persistent');
    const wanted = { lock: 'zookeeper-lock', servers: ['z1'] };
    const loan = await lend(await given('zookeeper', url), wanted);
    await session.create(`/${MARK}:orders`, '', 'persistent');
    await session.create(`/${MARK}:orders/lock-`, '', 'ephemeral-sequential');
    await session.create('/locks', '', 'persistent');
    for (const mark of [MARK, 'hf-ffffffff']) {
      await session.create(`/locks/of-${mark}:orders`, '', 'persistent');
    }
    wasSent(loan, { type: 'create', path: `/locks/of-${MARK}:orders` });
    wasSent(loan, { type: 'exists', path: `/never/there/${MARK}:orders` });
    await expect(lend(await given('zookeeper', url), wanted)).rejects.toThrow(
      `${url} is already holding our prefix, ${MARK}`,
    );
    expect(await session.exists(`/${MARK}:orders`)).toBeDefined();
    await loan.giveBack();
    expect((await session.getChildren('/')).toSorted()).toEqual([
      'hf-ffffffff:orders',
      'locks',
      'zookeeper',
    ]);
    expect(await session.getChildren('/locks')).toEqual(['of-hf-ffffffff:orders']);
  });
});
