/** `holdfast servers`: what it starts, what it says of it, and that nothing stays. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { StandingServer } from '../../src/real/servers/health.js';
import { readRecords } from '../../src/real/servers/state.js';
import { itNeeds, runs } from '../real/servers/needing.js';
import { holdfast } from './command-line.js';

const before = process.env['XDG_CACHE_HOME'];
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'holdfast-servers-cli-'));
  process.env['XDG_CACHE_HOME'] = folder;
});
afterAll(async () => {
  await holdfast(['servers', 'down']);
  process.env['XDG_CACHE_HOME'] = before;
  rmSync(folder, { recursive: true });
});

const servers = (...argv: string[]) => holdfast(['servers', ...argv], { columns: 80 });

async function standing(): Promise<StandingServer[]> {
  return JSON.parse((await servers('status', '--json')).out) as StandingServer[];
}

const itAll = itNeeds('redis', 'postgres', 'pgbouncer', 'etcd', 'zookeeper');
const itRedis = itNeeds('redis');

const EVERYTHING = [
  ...['r1', 'r1-replica-1', 'r1-replica-2', 'r2', 'r3', 'r4', 'r5'],
  ...['e1', 'p1', 'p1-session', 'p1-transaction', 'z1'],
];

describe('holdfast servers', () => {
  itAll('starts everything, says so the second time, and ends it', async () => {
    const up = await servers('up');
    expect([up.code, up.err]).toEqual([0, '']);
    expect(up.out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(up.out).toContain('They run until holdfast servers down.');

    const status = await standing();
    expect(status.map(({ id }) => id)).toEqual(EVERYTHING);
    expect(new Set(status.map(({ health }) => health))).toEqual(new Set(['up']));
    for (const { pid, url } of status) expect(up.out).toMatch(new RegExp(`${url} .*pid ${pid}`));

    const again = await servers('up');
    expect(again.code).toBe(0);
    expect(again.out).toContain('redis, etcd, postgres and zookeeper are up already.');
    expect((await standing()).map(({ pid }) => pid)).toEqual(status.map(({ pid }) => pid));

    const folders = readRecords().map(([, record]) => record.folder);
    expect((await servers('down')).code).toBe(0);
    expect(status.map(({ pid }) => runs(pid))).toEqual(status.map(() => false));
    expect(folders.filter((one) => existsSync(one))).toEqual([]);
    expect((await servers('down')).out).toBe('Nothing was up.\n');
  });

  itRedis('starts what is named, and anew if one of them is gone', async () => {
    expect((await servers('up', 'redis', '--redis-count', '2')).code).toBe(0);
    const [first] = await standing();
    expect((await standing()).map(({ id }) => id)).toEqual([
      'r1',
      'r1-replica-1',
      'r1-replica-2',
      'r2',
    ]);
    process.kill(first!.pid!, 'SIGKILL');
    while (runs(first!.pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    const status = await servers('status');
    expect(status.code).toBe(2);
    expect(status.out).toMatch(/ {2}r1 .* dead\n/);
    expect(status.out).toContain('r1 is dead; holdfast servers up starts their service anew.');
    expect((await servers('up', 'redis')).code).toBe(0);
    const after = await standing();
    expect(after.map(({ id, health }) => `${id} ${health}`)).toEqual([
      'r1 up',
      'r1-replica-1 up',
      'r1-replica-2 up',
      'r2 up',
    ]);
    const other = await servers('up', 'redis', '--redis-count', '3');
    expect([other.code, other.err]).toEqual([
      2,
      'holdfast: there are 2 Redis servers already, and --redis-count asks for 3: first holdfast ' +
        'servers down redis\n',
    ]);
    expect((await servers('down', 'redis')).out).toBe(
      'Ended r2, r1-replica-2, r1-replica-1 and r1, and removed their folders.\n',
    );
  });

  itRedis('looks at servers that somebody has', async () => {
    await servers('up', 'redis', '--redis-count', '1');
    const [primary, replica] = await standing();
    const good = await servers('status', '--redis', primary!.url);
    expect([good.code, good.out]).toEqual([
      0,
      `${primary!.url}  redis ${primary!.version}, can be used\n`,
    ]);
    const bad = await servers('status', '--redis', `${primary!.url},${replica!.url}`);
    expect([bad.code, bad.err]).toEqual([
      2,
      `holdfast: ${replica!.url} is a replica, and so read-only: name its primary, ` +
        `127.0.0.1:${primary!.port}\n`,
    ]);
    await servers('down');
  });

  const WRONG: readonly (readonly [argv: readonly string[], sentence: string])[] = [
    [['servers'], 'servers takes a command: up or status or down'],
    [['servers', 'stop'], 'servers has no command stop; '],
    [['servers', 'up', 'mysql'], 'servers: there is no service "mysql"; '],
    [['servers', 'up', '--redis-count', '0'], '--redis-count takes a whole number from 1 to 20'],
    [['servers', 'status', '--redis', 'here'], '--redis takes an address such as redis://'],
    [['servers', 'down', '--all'], "unknown option '--all'"],
  ];
  it.each(WRONG)('%j is wrong usage', async (argv, sentence) => {
    const { code, err, out } = await holdfast(argv);
    expect([code, out]).toEqual([64, '']);
    expect(err).toContain(`holdfast: ${sentence}`);
  });

  it('says what is not installed, and how to install it', async () => {
    const programs = process.env['PATH'];
    process.env['PATH'] = folder;
    // Which programs there are is asked once.
    vi.resetModules();
    const fresh = await import('./command-line.js');
    try {
      const { code, out, err } = await fresh.holdfast(['servers', 'up', 'zookeeper']);
      expect([code, out, err]).toEqual([
        2,
        '',
        'holdfast: ZooKeeper is not installed: apt-get install zookeeper default-jre-headless; ' +
          'scripts/install-servers installs all servers on Debian\n',
      ]);
    } finally {
      process.env['PATH'] = programs;
    }
  });
});
