/** `holdfast real` on servers that the user has: runs side by side, and what ends them early. */
import { type ChildProcess, execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { startEtcd } from '../../../src/real/servers/etcd.js';
import { etcdKeys, etcdPut } from '../../../src/real/servers/etcd-api.js';
import { startPostgres } from '../../../src/real/servers/postgres.js';
import { startRedis } from '../../../src/real/servers/redis.js';
import { askRedis } from '../../../src/real/servers/redis-wire.js';
import { startZooKeeper } from '../../../src/real/servers/zookeeper.js';
import { classic } from '../../cli/real/command.js';
import { builtMain } from '../../packaging/built.js';
import { itNeeds } from '../servers/needing.js';

interface Ended {
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

function real(argv: readonly string[], begun: (child: ChildProcess) => void = () => {}) {
  return new Promise<Ended>((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', COLUMNS: '80' };
    const args = [builtMain(), 'real', ...argv];
    const options = { env, timeout: 110_000 };
    begun(
      execFile(process.execPath, args, options, (error, out, err) => {
        resolve({ code: error === null ? 0 : (error.code ?? null), out, err });
      }),
    );
  });
}

function play(id: string, ...argv: string[]) {
  return real(['replay', classic(id).replay, ...argv]);
}

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function startWithForeignKey() {
  const server = await startRedis();
  endings.push(() => server.stop());
  await askRedis(server, [['SET', 'foreign', 'theirs']]);
  return server;
}

const WHOSE = [
  ['KEYS', '*'],
  ['GET', 'foreign'],
];
const AS_IT_WAS = [['foreign'], 'theirs'];
const itRedis = itNeeds('redis');
const itAll = itNeeds('postgres', 'pgbouncer', 'etcd', 'zookeeper');

describe('holdfast real on servers that are the user’s', () => {
  itRedis('runs twice at once on one server, and leaves it as it was', async () => {
    const server = await startWithForeignKey();
    const few = ['--runs', '1', '--clients', '2', '--ttl', '1s'];
    const argv = ['check', 'set-nx', ...few, '--redis', server.url];
    for (const { code, out } of await Promise.all([real(argv), real(argv)])) {
      expect(out).toContain(`1 run on r1 redis ${server.version} at ${server.url}`);
      expect(out).toContain('✓ mutual-exclusion');
      expect(out).not.toContain('the model');
      expect(code).toBe(0);
    }
    expect(await askRedis(server, WHOSE)).toEqual(AS_IT_WAS);
  });

  itRedis('plays a story there, unless something is to be done to the server', async () => {
    const server = await startWithForeignKey();
    const [paused, failover] = await Promise.all([
      play('lease-gc-pause', '--redis', server.url),
      play('failover-async-repl', '--redis', server.url),
    ]);
    expect(paused.out).toContain('confirmed: the same happened on the real servers');
    expect(paused.code).toBe(1);
    expect(failover.out.replaceAll(/\s+/g, ' ')).toContain(
      `cannot be played here: r1, ${server.url}, is to hand over to another one: that is done to ` +
        'servers that Holdfast starts itself, and never to one of yours; leave --redis out',
    );
    expect(failover.code).toBe(2);
    expect(await askRedis(server, WHOSE)).toEqual(AS_IT_WAS);
  });

  itAll('runs on a PostgreSQL, an etcd and a ZooKeeper, and leaves them as they were', async () => {
    const [postgres, etcd, zookeeper] = await Promise.all([
      startPostgres(),
      startEtcd(),
      startZooKeeper(),
    ]);
    endings.push(
      () => postgres.stop(),
      () => etcd.stop(),
      () => zookeeper.stop(),
    );
    const member = etcd.members[0]!;
    // It has counted before.
    for (const value of ['1', '2', '3']) await etcdPut(member, 'foreign', value, 5_000);
    const check = (lock: string, ...argv: string[]) =>
      real(['check', lock, '--runs', '1', '--clients', '2', '--ttl', '4s', ...argv]);
    // Others write to it meanwhile.
    const others = setInterval(() => void etcdPut(member, 'foreign', '4', 5_000), 50);
    endings.push(() => clearInterval(others));
    const ended = await Promise.all([
      // Through a pooler of ours.
      play('pgadv-pooled-reentry', '--postgres', postgres.url),
      play('etcd-grant-after-expiry', '--etcd', member.url),
      check('etcd-mutex', '--etcd', member.url),
      check('zookeeper-lock', '--zookeeper', zookeeper.servers[0]!.url),
    ]);
    clearInterval(others);
    expect(ended.map(({ code }) => code)).toEqual([1, 1, 0, 0]);
    for (const { out } of ended) expect(out).not.toContain('the model');
    expect(await etcdKeys(member, 'hf-')).toEqual([]);
    const client = new pg.Client(postgres.url);
    await client.connect();
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE datname ~ $1', [
      'hf',
    ]);
    await client.end();
    expect(rows).toEqual([]);
  });

  itRedis('removes what is there when it is interrupted', async () => {
    const interrupted = async (signal: 'SIGINT' | 'SIGTERM') => {
      const server = await startWithForeignKey();
      // A lock that no time ends, and that nobody gives back when its holder is gone.
      const many = ['--runs', '50', '--clients', '2'];
      const argv = ['check', 'no-ttl', ...many, '--redis', server.url];
      let child: ChildProcess | undefined;
      const ended = real(argv, (begun) => {
        child = begun;
      });
      while ((await askRedis(server, [['DBSIZE']]))[0] === 1) await pause(5);
      child?.kill(signal);
      expect((await ended).code).toBe(130);
      expect(await askRedis(server, WHOSE)).toEqual(AS_IT_WAS);
    };
    await Promise.all([interrupted('SIGINT'), interrupted('SIGTERM')]);
  });

  itRedis('says before anything begins what is wrong with a server', async () => {
    const server = await startRedis({ settings: { requirepass: 'secret' } });
    endings.push(() => server.stop());
    for (const argv of [
      ['check', 'set-nx'],
      ['soak', 'set-nx', '--time', '2s'],
    ]) {
      expect(await real([...argv, '--redis', server.url])).toEqual({
        code: 2,
        out: '',
        err: `holdfast: ${server.url} needs a password: redis://:password@host:port\n`,
      });
    }
    const free = await startWithForeignKey();
    expect(await real(['check', 'redlock', '--redis', free.url])).toMatchObject({
      code: 64,
      err: expect.stringContaining('redlock takes 5 independent servers: name 5') as string,
    });
    await free.stop();
    expect(await real(['check', 'set-nx', '--redis', free.url])).toMatchObject({
      code: 2,
      err: expect.stringContaining(`${free.url} cannot be reached`) as string,
    });
  });

  test('takes nothing for an address that is none', async () => {
    expect(await real(['check', 'set-nx', '--redis', 'here'])).toMatchObject({
      code: 64,
      err: expect.stringContaining('--redis takes an address such as redis://') as string,
    });
  });
});
