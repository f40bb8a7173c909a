/** Where there is no redis-server, ioredis-mock stands in for it, and proves nothing. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { heldAgainst } from '../../../src/real/check/doubt.js';
import { askRedis, encode, RedisRefusal } from '../../../src/real/servers/redis-wire.js';
import { RedisStandIn } from '../../../src/real/stand-in/redis-stand-in.js';
import type { ServerPlan } from '../../../src/scenario.js';
import { classic } from '../../cli/real/command.js';
import { builtMain } from '../../packaging/built.js';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-stand-in-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const PLAN: ServerPlan = { id: 'r1', persistence: 'none', replicaLagUs: [0] };

async function start() {
  const standIn = await RedisStandIn.start(PLAN, false);
  endings.push(() => standIn.stop());
  return standIn;
}

describe('a stand-in', () => {
  it('answers in the protocol of Redis, on data that its connections share', async () => {
    const [{ upstream }, other] = [await start(), await start()];
    const set = ['SET', 'k', 'v', 'NX', 'PX', '10000'];
    const hash = [
      ['HSET', 'h', 'f', '1'],
      ['HGETALL', 'h'],
    ];
    const replies = await askRedis(upstream, [['PING'], set, set, ['EXISTS', 'k', 'h'], ...hash]);
    expect(replies).toEqual(['PONG', 'OK', null, 1, 1, ['f', '1']]);
    const script = "return {redis.call('GET', KEYS[1]), false, 2}";
    expect(await askRedis(upstream, [['EVAL', script, '1', 'k']])).toEqual([['v', null, 2]]);
    const [refusal] = await askRedis(upstream, [['NOSUCH']]);
    expect(refusal).toEqual(new RedisRefusal("ERR unknown command 'NOSUCH'"));
    expect(await askRedis(other.upstream, [['GET', 'k']])).toEqual([null]);
  });

  it('hands messages on to who subscribes', async () => {
    const { upstream } = await start();
    const socket = connect(upstream);
    endings.push(() => socket.destroy());
    let heard = '';
    socket.on('data', (bytes) => {
      heard += String(bytes);
    });
    socket.write(encode(['SUBSCRIBE', 'news']));
    await vi.waitFor(() => expect(heard).toContain('subscribe'));
    expect(heard).toBe('*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n');
    expect(await askRedis(upstream, [['PUBLISH', 'news', 'free']])).toEqual([1]);
    await vi.waitFor(() => expect(heard).toContain('free'));
    expect(heard).toContain('*3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$4\r\nfree\r\n');
  });

  it('may be missing as well', async () => {
    await expect(RedisStandIn.start(PLAN, false, 'no-such-mock')).rejects.toThrow(
      'redis-server is not installed, and no-such-mock, which could stand in for it, neither: ' +
        'apt-get install redis-server, or npm install --save-dev no-such-mock; or name a Redis ' +
        'that runs, as in --redis redis://127.0.0.1:6379',
    );
  });

  it('has no replicas', async () => {
    await expect(RedisStandIn.start(PLAN, true)).rejects.toThrow(
      'the lock counts on replicas of r1, and redis-server is not installed: ioredis-mock, which',
    );
  });
});

describe('what broke on a stand-in', () => {
  it('is unknown, unless the lock’s author says as much', () => {
    const witness = [1, 2];
    const valid = { property: 'leak', verdict: 'valid', witness } as const;
    const claimed = { property: 'progress', verdict: 'invalid', witness, expected: true } as const;
    const broken = { property: 'ownership', verdict: 'invalid', witness } as const;
    const judged = { properties: [valid, claimed, broken], differences: ['a', 'b'] };
    expect(heldAgainst({ hasStandIn: true }, judged)).toEqual({
      properties: [
        valid,
        claimed,
        {
          ...broken,
          verdict: 'unknown',
          reason: 'it ran on ioredis-mock, which differs from Redis',
        },
      ],
      differences: ['2 replies of ioredis-mock were not those of a Redis'],
    });
  });
});

describe('what broke where a server answered otherwise than its model', () => {
  it('is unknown: what the server did, or in which order, is not known', () => {
    const broken = { property: 'ownership', verdict: 'invalid', witness: [1, 2] } as const;
    const ground = { hasStandIn: false };
    const alike = { properties: [broken], differences: [] };
    expect(heldAgainst(ground, alike)).toEqual(alike);
    const { properties, differences } = heldAgainst(ground, { ...alike, differences: ['a'] });
    expect(properties).toMatchObject([{ verdict: 'unknown', reason: expect.anything() }]);
    expect(differences).toEqual(['a']);
  });
});

/** A machine without any server. */
function real(...argv: string[]) {
  return new Promise<{ code: number | string | null; out: string; err: string }>((resolve) => {
    const env = { ...process.env, PATH: folder, NO_COLOR: '1', COLUMNS: '80' };
    const options = { env, timeout: 110_000, cwd: folder };
    const args = [builtMain(), 'real', ...argv];
    execFile(process.execPath, args, options, (error, out, err) => {
      // Lines are broken where the page ends.
      const flat = out.replaceAll(/\n {2}/g, ' ');
      resolve({ code: error === null ? 0 : (error.code ?? null), out: flat, err });
    });
  });
}

const LABEL = new RegExp(
  String.raw`ioredis-mock 8\.\d+\.\d+ in place of redis-server, which is not installed ` +
    String.raw`\(scripts/install-servers\)`,
);

/** Nobody is kept out by it. */
const OPEN_TO_ALL = `
export default {
  name: 'open-to-all', summary: 'It grants.', source: 'none',
  services: { redis: 1 }, options: {}, claims: {},
  create: ({ redis }) => ({
    async acquire(key) {
      await redis[0].call('SET', key, 'taken');
      return { granted: true, release: async () => true };
    },
  }),
};
`;

describe('holdfast real without redis-server', () => {
  it('holds nothing against a lock that broke on the stand-in', async () => {
    writeFileSync(path.join(folder, 'open-to-all.ts'), OPEN_TO_ALL);
    const options = ['--runs', '1', '--ttl', '1s', '--clients', '3'];
    const { code, out } = await real('check', './open-to-all.ts', ...options);
    expect(out).toMatch(LABEL);
    expect(out).toMatch(/\? mutual-exclusion.*it ran on ioredis-mock, which differs from Redis/);
    expect(out).not.toContain('✗');
    expect(code).toBe(2);
  });

  it('soaks a lock on the stand-in', async () => {
    const { code, out } = await real('soak', 'set-nx', '--time', '2s', '--clients', '2');
    expect(out).toMatch(LABEL);
    expect(out).toContain('✓ nothing unclaimed broke');
    expect(code).toBe(0);
  });

  it('plays no story there', async () => {
    const { replay } = classic('lease-gc-pause');
    const { code, err } = await real('replay', replay);
    expect(err).toContain('redis-server is not installed: apt-get install redis-server');
    expect(code).toBe(2);
  });
});
