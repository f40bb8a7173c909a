/** How connections end, and what their ends learn of it (R7). */
import { describe, expect, test } from 'vitest';
import type { RedisConnection } from '../../src/algorithms/environment.js';
import type { Fault } from '../../src/fault.js';
import { link, runCaller, told } from './calling.js';
import { at } from './run.js';

describe('R7 the end of a connection', () => {
  test('R7 a call timeout closes it: other calls in flight reject as lost, sent', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const patient = environment.redis[0]!;
        const calls = [patient.call('PING'), patient.within(5).call('PING'), patient.call('PING')];
        for (const one of calls) seen.push(await told(environment, one));
        seen.push(await told(environment, patient.call('PING')));
      },
      {
        faults: [link({ class: 'delay', direction: 'to-server', durationUs: 1_000, byUs: 50_000 })],
      },
    );
    expect(seen).toEqual([
      'ConnectionLost, sent, at 5',
      'CallTimeout at 5',
      'ConnectionLost, sent, at 5',
      'PONG at 6.2',
    ]);
  });

  test('R7 a call with a timeout gives up in time also behind a patient one', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const patient = environment.redis[0]!;
        const calls = [patient.call('PING'), patient.within(5).call('PING')];
        for (const one of calls) seen.push(await told(environment, one));
      },
      {
        faults: [link({ class: 'delay', direction: 'to-client', durationUs: 1_000, byUs: 50_000 })],
      },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 5', 'CallTimeout at 5']);
  });

  test('R7 a call timeout counts on the monotonic clock of its host, at whatever rate', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        seen.push(await told(environment, environment.redis[0]!.within(30).call('PING')));
      },
      {
        faults: [
          link({ class: 'half-open' }),
          {
            id: 'f2',
            class: 'clock-drift',
            at: at(10_000),
            host: 'A',
            ppm: 500_000,
            durationUs: 90_000,
          },
        ],
      },
    );
    expect(seen[0]).toMatch(/^CallTimeout/);
    // 10 ms at rate 1 and the rest at rate 1.5: due when the clock shows 30 ms, at 23.333 ms.
    const shownMs = Number(seen[0]!.split(' ').at(-1));
    expect(Math.round(shownMs)).toBe(30);
  });

  test('R7 calls to several servers time out each at its own time, in whatever order', async () => {
    const silent = (server: string): Fault => ({
      id: `f${server}`,
      class: 'half-open',
      at: at(0),
      client: 'A',
      server,
    });
    const { seen } = await runCaller(
      async (environment, seen) => {
        const [first, second, third] = environment.redis;
        const call = async (redis: RedisConnection, callTimeoutMs: number) => {
          seen.push(await told(environment, redis.within(callTimeoutMs).call('PING')));
        };
        await environment.sleep(1);
        // The second is due before the first, the third at the same instant as the first.
        const calls = [call(first!, 30), call(second!, 10), call(third!, 30)];
        await Promise.all(calls);
        seen.push(await told(environment, first!.call('PING')));
      },
      { servers: 3, faults: ['r1', 'r2', 'r3'].map(silent) },
    );
    expect(seen).toEqual([
      'CallTimeout at 11',
      'CallTimeout at 31',
      'CallTimeout at 31',
      'PONG at 32.2',
    ]);
  });

  test('R7 a subscription that is not confirmed in time is given up too', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!.within(5);
        seen.push(
          await told(
            environment,
            redis.subscribe('freed', () => {}),
          ),
        );
      },
      {
        faults: [link({ class: 'delay', direction: 'to-server', durationUs: 1_000, byUs: 50_000 })],
      },
    );
    expect(seen).toEqual(['CallTimeout at 5']);
  });

  test('R7 after a call timeout the server hears that its client has gone', async () => {
    const { seen } = await runCaller(async (environment, seen) => {
      const redis = environment.redis[0]!;
      seen.push(await told(environment, redis.within(5).call('BLPOP', 'list', 0)));
      await environment.sleep(2);
      await redis.call('RPUSH', 'list', 'x');
      seen.push(String(await redis.call('LLEN', 'list')));
    });
    expect(seen).toEqual(['CallTimeout at 5', '1']);
  });

  test('R7 closing rejects what is pending; what had left is applied', async () => {
    const { seen } = await runCaller(async (environment, seen) => {
      const redis = environment.redis[0]!;
      const set = redis.call('SET', 'job', 'x');
      redis.close();
      seen.push(await told(environment, set));
      await environment.sleep(2);
      seen.push(await told(environment, redis.call('GET', 'job')));
    });
    expect(seen).toEqual(['ConnectionLost, sent, at 0', 'x at 3.2']);
  });

  test('R7 a server that is down refuses: nothing was sent', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        await environment.sleep(1);
        seen.push(await told(environment, environment.redis[0]!.call('PING')));
        await environment.sleep(20);
        seen.push(await told(environment, environment.redis[0]!.call('PING')));
      },
      {
        faults: [
          { id: 'f1', class: 'server-crash', at: at(500), host: 'r1', restartAfterUs: 10_000 },
        ],
      },
    );
    expect(seen).toEqual(['ConnectionLost, not sent, at 2.2', 'PONG at 23.4']);
  });

  test('R7 R8 a server that crashes resets its connections; a request on its way may be lost', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        await redis.call('PING');
        seen.push(await told(environment, redis.call('SET', 'job', 'x')));
      },
      {
        faults: [
          { id: 'f1', class: 'server-crash', at: at(1_500), host: 'r1', restartAfterUs: 10_000 },
        ],
      },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 2.1']);
  });
});

describe('R7 a subscription', () => {
  test('R7 has a connection of its own and hears of its loss', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        const subscription = await redis.subscribe('news', (message) => seen.push(message));
        await redis.call('PUBLISH', 'news', 'hello');
        await subscription.lost;
        seen.push(`lost at ${environment.monoMs()}`);
      },
      {
        faults: [
          { id: 'f1', class: 'server-crash', at: at(10_000), host: 'r1', restartAfterUs: 1_000 },
        ],
      },
    );
    expect(seen).toEqual(['hello', 'lost at 10.6']);
  });

  test('R7 closing it ends the session at the server', async () => {
    const { seen } = await runCaller(async (environment, seen) => {
      const redis = environment.redis[0]!;
      const subscription = await redis.subscribe('news', () => {});
      seen.push(String(await redis.call('PUBSUB', 'NUMSUB', 'news')));
      subscription.close();
      await environment.sleep(2);
      seen.push(String(await redis.call('PUBSUB', 'NUMSUB', 'news')));
    });
    expect(seen).toEqual(['news,1', 'news,0']);
  });
});
