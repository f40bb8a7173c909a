/** What only a real Redis shows of its clients: locks on it, and servers that are not there. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { outcome } from '../../sim/run.js';
import { isInstalled } from '../servers/needing.js';
import { expectToExclude, soundLocks } from './lock-story.js';
import { openClient } from './real-arm.js';
import { type RedisService, SERVERS, startRedisService } from './redis-service.js';

describe.each(isInstalled('redis') ? ['a real connection to Redis'] : [])('%s', () => {
  let redis: RedisService;
  beforeAll(async () => {
    redis = await startRedisService(SERVERS);
  });
  afterAll(() => redis.stop());

  test.each(soundLocks('redis'))('$name excludes and hands over', (algorithm) =>
    expectToExclude(redis, algorithm),
  );

  test('R7 a server that cannot be reached was sent nothing; the next call tries anew', async () => {
    const { env, proxy, calls, close } = await openClient(redis, 'A');
    proxy.refuse(true);
    const [connection] = env.redis;
    const neverSent = { name: 'ConnectionLost', sent: false };
    for (const call of [
      () => connection!.call('PING'),
      () => connection!.within(5_000).call('PING'),
      () => connection!.subscribe('c', () => {}),
    ]) {
      expect((await outcome<unknown>(call()))[1]).toMatchObject(neverSent);
    }
    expect(calls.sent).toEqual([]);
    proxy.refuse(false);
    await connection!.call('PING');
    expect(calls.sent).toEqual(['PING']);
    await close();
    expect((await outcome(connection!.call('PING')))[1]).toMatchObject(neverSent);
  });

  test('R7 without a time limit a call is lost after the user timeout of TCP', async () => {
    const { env, close } = await openClient(redis, 'A');
    const [connection] = env.redis;
    await connection!.call('PING');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let isOver = false;
      const waiting = outcome(connection!.call('BLPOP', 'never', 0)).finally(() => {
        isOver = true;
      });
      await vi.advanceTimersByTimeAsync(59_999);
      expect(isOver).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect((await waiting)[1]).toMatchObject({ name: 'ConnectionLost', sent: true });
    } finally {
      vi.useRealTimers();
    }
    await close();
  });

  test('R7 who closes before there is a connection has sent nothing', async () => {
    const { env, calls, close } = await openClient(redis, 'A');
    const [connection] = env.redis;
    const first = outcome(connection!.call('PING'));
    connection!.close();
    const second = outcome(connection!.call('GET', 'none'));
    expect((await first)[1]).toMatchObject({ name: 'ConnectionLost', sent: false });
    expect(await second).toEqual(['ok', null]);
    expect(calls.sent).toEqual(['GET none']);
    await close();
  });

  test('R7 when the server goes, whoever waits is told, and the next call finds it again', async () => {
    const { env, calls, proxy, close } = await openClient(redis, 'A');
    const [connection] = env.redis;
    await connection!.call('SET', 'k', 'forgotten');
    const messages: string[] = [];
    const { lost } = await connection!.subscribe('c', (message) => messages.push(message));
    const waiting = outcome(connection!.call('BLPOP', 'never', 0));
    await redis.restart();
    await lost;
    expect((await waiting)[1]).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(await connection!.call('GET', 'k')).toBe(null);
    await connection!.call('PUBLISH', 'c', 'to nobody');
    expect(messages).toEqual([]);
    expect(calls.sent.filter((text) => text.startsWith('SUBSCRIBE'))).toHaveLength(1);
    expect(proxy.accepted).toBe(3);
    await close();
  });

  test('all calls share one connection, and nothing but them is sent', async () => {
    const { env, proxy, close } = await openClient(redis, 'A');
    const [connection] = env.redis;
    await Promise.all([connection!.call('PING'), connection!.within(5_000).call('PING')]);
    expect(proxy.accepted).toBe(1);
    await close();
  });

  test('the library sends nothing of its own', async () => {
    const [{ env, close }, other] = [await openClient(redis, 'A'), await openClient(redis, 'B')];
    await env.redis[0]!.call('CONFIG', 'RESETSTAT');
    await other.env.redis[0]!.call('PING');
    await other.close();
    const stats = String(await env.redis[0]!.call('INFO', 'commandstats'));
    const names = [...stats.matchAll(/^cmdstat_([^:]+)/gm)].map(([, name]) => name!);
    const ofReplicas = new Set(['psync', 'replconf']);
    const ofClients = names.filter((name) => !ofReplicas.has(name));
    expect(ofClients.sort()).toEqual(['config|resetstat', 'ping']);
    await close();
  });
});
