/** Clocks of real servers, moved: what they say of the time, and when their keys end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { openClock } from '../../../../src/real/servers/clock/server-clock.js';
import { startPostgres } from '../../../../src/real/servers/postgres.js';
import { type RedisServer, startRedis } from '../../../../src/real/servers/redis.js';
import { askRedis, tellRedis } from '../../../../src/real/servers/redis-wire.js';
import type { RealServer } from '../../../../src/real/servers/server.js';
import { itNeeds } from '../needing.js';

const started: RealServer[] = [];
afterEach(async () => {
  for (const server of started.splice(0)) await server.stop();
});

async function redisWithClock(): Promise<RedisServer> {
  const server = await startRedis({ clock: true });
  started.push(server);
  return server;
}

const ask = async (server: RealServer, ...command: string[]) =>
  (await askRedis(server, [command]))[0];

/** Milliseconds by which a Redis is ahead of this machine. */
async function aheadMs(server: RedisServer): Promise<number> {
  const [seconds, micros] = (await ask(server, 'TIME')) as string[];
  return Number(seconds) * 1_000 + Number(micros) / 1_000 - Date.now();
}

/** What passes on this machine between two looks, at most, if it is busy. */
const SLACK_MS = 2_000;

const near = (valueMs: number, expectedMs: number) =>
  expect(Math.abs(valueMs - expectedMs), `${valueMs} is not near ${expectedMs}`).toBeLessThan(
    SLACK_MS,
  );

const itRedis = itNeeds('redis');
const itPostgres = itNeeds('postgres');

describe('the clock of a real Redis', () => {
  itRedis('is the machine’s until it is moved', async () => {
    near(await aheadMs(await redisWithClock()), 0);
  });

  itRedis('shortens what keys have left by the step, and ends them', async () => {
    const server = await redisWithClock();
    await tellRedis(server, 'SET', 'key', 'value', 'PX', '30000');
    await server.clock!.step(20_000_000);
    near(await aheadMs(server), 20_000);
    near(Number(await ask(server, 'PTTL', 'key')), 10_000);
    await server.clock!.step(20_000_000);
    near(await aheadMs(server), 40_000);
    expect(await ask(server, 'GET', 'key')).toBeNull();
  });

  itRedis('goes back by a negative step, and keys last longer', async () => {
    const server = await redisWithClock();
    await tellRedis(server, 'SET', 'key', 'value', 'PX', '30000');
    await server.clock!.step(-3_600_000_000);
    near(Number(await ask(server, 'PTTL', 'key')), 3_630_000);
  });

  itRedis('gains at the rate it is given, from then on', async () => {
    const server = await redisWithClock();
    await tellRedis(server, 'SET', 'key', 'value', 'PX', '1000000');
    const before = Date.now();
    // A thousand times as fast, so that a busy machine does not matter.
    await server.clock!.setRate(999_000_000);
    await pause(100);
    const passedMs = 1_000_000 - Number(await ask(server, 'PTTL', 'key'));
    const elapsedMs = Date.now() - before;
    expect(passedMs).toBeGreaterThanOrEqual(99_000);
    expect(passedMs).toBeLessThanOrEqual((elapsedMs + 2) * 1_000);
    await server.clock!.setRate(0);
    const ahead = server.clock!.offsetUs() / 1_000;
    near(await aheadMs(server), ahead);
    expect(ahead).toBeGreaterThanOrEqual(98_000);
  });

  itRedis('at double rate ends a key in half its time', async () => {
    const server = await redisWithClock();
    await server.clock!.set({ offsetUs: 0, ratePpm: 1_000_000 });
    const before = performance.now();
    await tellRedis(server, 'SET', 'key', 'value', 'PX', '5000');
    while ((await ask(server, 'EXISTS', 'key')) === 1) await pause(5);
    // At its own rate it would last twice as long.
    near(performance.now() - before, 2_500);
    near(await aheadMs(server), 2_500);
  });

  itRedis('stays moved over a restart', async () => {
    const server = await redisWithClock();
    await server.clock!.step(60_000_000);
    await server.kill();
    await server.start();
    near(await aheadMs(server), 60_000);
  });
});

describe('the clock of a real PostgreSQL', () => {
  itPostgres('moves in all sessions, those that are open too', async () => {
    const server = await startPostgres({ clock: true });
    started.push(server);
    const sessions = [new pg.Client(server.url), new pg.Client(server.url)];
    await sessions[0]!.connect();
    await server.clock!.step(3_600_000_000);
    await sessions[1]!.connect();
    for (const session of sessions) {
      const { rows } = await session.query('SELECT clock_timestamp() AS at, now() AS begun');
      near(rows[0].at.getTime() - Date.now(), 3_600_000);
      near(rows[0].begun.getTime() - Date.now(), 3_600_000);
      await session.end();
    }
  });
});

describe('openClock', () => {
  it('says in a sentence that gcc is missing', async () => {
    const before = process.env['PATH'];
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-clock-'));
    process.env['PATH'] = folder;
    try {
      await expect(openClock(folder)).rejects.toThrow(
        'the clock of a server cannot be moved: gcc is not installed; ' +
          'apt-get install gcc libc6-dev',
      );
    } finally {
      process.env['PATH'] = before;
      rmSync(folder, { recursive: true });
    }
  });
});
