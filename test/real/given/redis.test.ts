/** A Redis of the user's is lent to a run, and is afterwards as it was. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect } from 'vitest';
import { UsageError } from '../../../src/host/engine-api.js';
import { placeOf } from '../../../src/real/given/note.js';
import { parseAddresses } from '../../../src/real/servers/address.js';
import { startRedis } from '../../../src/real/servers/redis.js';
import { askRedis } from '../../../src/real/servers/redis-wire.js';
import { stateFolder } from '../../../src/real/servers/state.js';
import { ServerTrouble } from '../../../src/real/servers/trouble.js';
import { itNeeds } from '../servers/needing.js';
import { given, lend, MARK } from './lending.js';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function start(...args: Parameters<typeof startRedis>) {
  const server = await startRedis(...args);
  endings.push(() => server.stop());
  return server;
}

const itRedis = itNeeds('redis');
const ONE = { servers: ['r1'] };

describe('a Redis that is lent', () => {
  itRedis('loses what bears the mark, of any type, and keeps all else', async () => {
    const server = await start();
    const foreign = ['SET', 'hf-ffffffff:orders', 'theirs'];
    const loan = await lend(await given('redis', server.url), ONE);
    const ours = [
      ['SET', `${MARK}:orders`, 'A1'],
      ['HSET', `redisson_lock_queue:{${MARK}:orders}`, 'A', '1'],
      ['RPUSH', `waiting {${MARK}:*?[a]}`, 'A'],
      // Names are bytes, and need not be text.
      ['SET', `Größe:${MARK}:orders`, 'A1'],
      ['SET', Buffer.from(`\xff\xfe:${MARK}`, 'latin1'), 'A1'],
    ];
    await askRedis(server, [foreign, ...ours]);
    await loan.giveBack();
    expect(await askRedis(server, [['KEYS', '*']])).toEqual([['hf-ffffffff:orders']]);
    // Twice is once.
    await askRedis(server, [ours[0]!]);
    await loan.giveBack();
    expect(await askRedis(server, [['DBSIZE']])).toEqual([2]);
  });

  itRedis('is refused, and not touched, if it holds the mark already', async () => {
    const [free, server] = [await start(), await start({ id: 'r2' })];
    await askRedis(server, [['SET', `{${MARK}:orders}`, 'theirs']]);
    const had = await given('redis', `${free.url},${server.url}`);
    const error: unknown = await lend(had, { servers: ['r1', 'r2'] }).catch((why: unknown) => why);
    expect(error).toBeInstanceOf(ServerTrouble);
    expect((error as Error).message).toBe(
      `${server.url} is already holding our prefix, ${MARK}, which was drawn for this run: ` +
        'nothing there was touched; run it again, and another one is drawn',
    );
    expect(await askRedis(server, [['GET', `{${MARK}:orders}`]])).toEqual(['theirs']);
  });

  itRedis('is one server, by whatever names it goes', async () => {
    const server = await start();
    const names = `${server.url},redis://localhost:${server.port}/1`;
    await expect(given('redis', names)).rejects.toThrow(
      new UsageError(
        `--redis names one server twice, as ${server.url} and as ` +
          `redis://localhost:${server.port}/1: it would count as two; name it once`,
      ),
    );
  });

  itRedis('is used with the password and the database of its address', async () => {
    const server = await start({ settings: { requirepass: 'se:cret' } });
    const url = `redis://:se%3Acret@127.0.0.1:${server.port}/3`;
    const loan = await lend(await given('redis', url), ONE);
    const login = [['AUTH', 'se:cret']];
    const key = `${MARK}:orders`;
    const both = [
      ['SET', key, '0'],
      ['SELECT', '3'],
      ['SET', key, '3'],
    ];
    await askRedis(server, [...login, ...both]);
    await loan.giveBack();
    const left = [['DBSIZE'], ['SELECT', '3'], ['DBSIZE']];
    expect(await askRedis(server, [...login, ...left])).toEqual(['OK', 1, 'OK', 0]);
  });

  itRedis('that is gone by then is told of, and the others are given back', async () => {
    const [gone, server] = [await start(), await start({ id: 'r2' })];
    const had = await given('redis', `${gone.url},${server.url}`);
    const loan = await lend(had, { servers: ['r1', 'r2'] });
    await askRedis(server, [['SET', `${MARK}:orders`, 'A1']]);
    await gone.stop();
    await expect(loan.giveBack()).rejects.toThrow(
      `${gone.url} may still have what this run made, whose names hold ${MARK}: removing it failed`,
    );
    expect(await askRedis(server, [['DBSIZE']])).toEqual([0]);
  });

  itRedis('loses what a tool left there that was killed', async () => {
    const server = await start();
    const place = placeOf(parseAddresses('redis', server.url)[0]!);
    const dead = { pid: 1, startedAt: 'never', boot: 'another' };
    const note = { mark: 'hf-dead0000', owner: dead, places: [place] };
    const file = path.join(stateFolder(), 'hf-dead0000.mark');
    writeFileSync(file, JSON.stringify(note));
    await askRedis(server, [
      ['SET', 'hf-dead0000:orders', 'A1'],
      ['SET', 'theirs', '1'],
    ]);
    const loan = await lend(await given('redis', server.url), ONE);
    expect(await askRedis(server, [['KEYS', '*']])).toEqual([['theirs']]);
    await loan.giveBack();
  });

  itRedis('is not enough for a lock that takes more, or that counts on replicas', async () => {
    const server = await start();
    const had = await given('redis', server.url);
    const five = { lock: 'redlock', servers: ['r1', 'r2', 'r3', 'r4', 'r5'] };
    await expect(lend(had, five)).rejects.toThrow(
      new UsageError(
        '--redis names 1, and redlock takes 5 independent servers: name 5, separated by commas',
      ),
    );
    const elsewhere = { lock: 'etcd-mutex', servers: ['e1'] };
    await expect(lend(had, elsewhere)).rejects.toThrow(
      '--redis: etcd-mutex uses no server of that',
    );
    for (const wanted of [
      { ...ONE, lock: 'set-nx-replicated' },
      { ...ONE, replicas: 2 },
    ]) {
      await expect(lend(had, wanted)).rejects.toThrow('counts on replicas, which Holdfast gives');
    }
  });
});
