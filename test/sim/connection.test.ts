/** Connections are TCP: in order, lost as a whole, never sent twice (R7). */
import { describe, expect, test } from 'vitest';
import { RETRANSMISSION_US } from '../../src/sim/limits.js';
import { link, runCaller, told } from './calling.js';
import { at, LATENCY_US, linkOf, override } from './run.js';

describe('R7 a live connection', () => {
  test('R7 is first in, first out in both directions, whatever the latencies', async () => {
    const fast = 18; // 18 mod 9 is 0, which is 0.2 ms.
    const slow = 17; // 17 mod 9 is 8, which is 1 ms.
    const overrides = [
      override(linkOf(0), 'latency-request', 1, 0, slow),
      override(linkOf(0), 'latency-request', 1, 1, fast),
      override(linkOf(0), 'latency-reply', 1, 0, slow),
      override(linkOf(0), 'latency-reply', 1, 1, fast),
    ].map((entry) => ({ ...entry, n: 1_000 }));
    const { seen, messages } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        const replies = ['one', 'two'].map((word) => redis.call('ECHO', word));
        for (const reply of replies) seen.push(await told(environment, reply));
      },
      { overrides },
    );
    expect(seen).toEqual(['one at 2', 'two at 2']);
    expect(messages.map(({ endedAtUs }) => endedAtUs)).toEqual([1_000, 1_000, 2_000, 2_000]);
  });

  test('R7 a rare message takes 50 ms, and all behind it wait', async () => {
    const overrides = [{ ...override(linkOf(0), 'latency-request', 1, 0, 3), n: 1_000 }];
    const { messages } = await runCaller(
      (environment) => {
        const redis = environment.redis[0]!;
        return Promise.all([redis.call('PING'), redis.call('PING')]);
      },
      { overrides },
    );
    expect(messages.slice(0, 2).map(({ endedAtUs }) => endedAtUs)).toEqual([50_000, 50_000]);
  });
});

describe('R7 a lost request', () => {
  test('R7 was sent and not applied; the call rejects, and nothing is sent again', async () => {
    const { seen, requests, result } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        await redis.call('PING');
        await environment.sleep(1);
        seen.push(await told(environment, redis.call('SET', 'job', 'x')));
        seen.push(await told(environment, redis.call('GET', 'job')));
      },
      { faults: [link({ class: 'lost-request', at: at(2_000) })] },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 3.4', 'null at 4.6']);
    expect(requests.map(({ text, fate }) => `${text} ${fate}`)).toEqual([
      'PING delivered',
      'SET job x lost',
      'GET job delivered',
    ]);
    expect(result.history.records.some(({ type }) => type === 'lease')).toBe(false);
  });

  test('R7 is no less sent for being the first on its connection', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        seen.push(await told(environment, environment.redis[0]!.call('SET', 'job', 'x')));
      },
      { faults: [link({ class: 'lost-request' })] },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 1.2']);
  });

  test('R7 all calls in flight on the connection are lost with it', async () => {
    const { seen, requests } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        const calls = ['a', 'b', 'c'].map((word) => redis.call('SET', word, 'x'));
        for (const one of calls) seen.push(await told(environment, one));
        seen.push(await told(environment, redis.call('EXISTS', 'a', 'b', 'c')));
      },
      { faults: [link({ class: 'lost-request' })] },
    );
    expect(seen.slice(0, 3)).toEqual(Array(3).fill('ConnectionLost, sent, at 1.2'));
    expect(seen[3]).toBe('0 at 2.4');
    expect(requests.map(({ fate }) => fate)).toEqual(['lost', 'lost', 'lost', 'delivered']);
  });
});

describe('R7 a lost reply', () => {
  test('R7 the request was applied, the call rejects, nothing is sent again', async () => {
    const { seen, requests } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        seen.push(await told(environment, redis.call('INCR', 'count')));
        seen.push(await told(environment, redis.call('GET', 'count')));
      },
      { faults: [link({ class: 'lost-reply' })] },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 1.2', '1 at 2.4']);
    expect(requests.map(({ text }) => text)).toEqual(['INCR count', 'GET count']);
  });

  test('R7 the session has ended at the server too', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        seen.push(
          await told(
            environment,
            redis.subscribe('news', () => {}),
          ),
        );
        seen.push(String(await redis.call('PUBSUB', 'NUMSUB', 'news')));
      },
      { faults: [link({ class: 'lost-reply' })] },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 1.2', 'news,0']);
  });
});

describe('R7 half-open', () => {
  test('R7 is silence: the call neither resolves nor rejects, the server has forgotten', async () => {
    const { seen, requests } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        redis.call('SET', 'job', 'x').then(
          () => seen.push('reply'),
          () => seen.push('error'),
        );
        await environment.sleep(90_000);
        seen.push(`nothing by ${environment.monoMs()}`);
      },
      { faults: [link({ class: 'half-open' })] },
    );
    expect(seen[0]).toBe('nothing by 90000');
    expect(requests.map(({ fate }) => fate)).toEqual(['lost']);
  });

  test('R7 a call timeout ends it, and the next call opens a new connection', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!.within(100);
        seen.push(await told(environment, redis.call('SET', 'job', 'x')));
        seen.push(await told(environment, redis.call('EXISTS', 'job')));
      },
      { faults: [link({ class: 'half-open' })] },
    );
    expect(seen).toEqual(['CallTimeout at 100', '0 at 101.2']);
  });
});

describe('R7 a partition', () => {
  const partition = (direction: string, durationUs: number) =>
    link({ class: 'partition', direction, durationUs });
  const HEALED_MS = 10 + RETRANSMISSION_US / 1_000;

  test.each([
    ['to-server', HEALED_MS + LATENCY_US / 1_000],
    ['to-client', HEALED_MS],
    ['both', HEALED_MS + LATENCY_US / 1_000],
  ])(
    'R7 holds bytes, which arrive one retransmission delay after it heals: %s',
    async (direction, atMs) => {
      const { seen, requests } = await runCaller(
        async (environment, seen) => {
          seen.push(await told(environment, environment.redis[0]!.call('PING')));
        },
        { faults: [partition(direction, 10_000)] },
      );
      expect(seen).toEqual([`PONG at ${atMs}`]);
      const held = direction !== 'to-client';
      expect(requests[0]!.endedAtUs).toBe(held ? HEALED_MS * 1_000 : LATENCY_US);
    },
  );

  test('R7 what was held arrives in order', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        const calls = [];
        for (let round = 0; round < 4; round++) {
          calls.push(redis.call('RPUSH', 'list', round));
          await environment.sleep(1);
        }
        await Promise.all(calls);
        seen.push(String(await redis.call('LRANGE', 'list', 0, -1)));
      },
      { faults: [partition('to-server', 10_000)] },
    );
    expect(seen).toEqual(['0,1,2,3']);
  });

  test('R7 what is sent after it has healed takes its ordinary time', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        await environment.sleep(11);
        seen.push(await told(environment, environment.redis[0]!.call('PING')));
      },
      { faults: [partition('both', 10_000)] },
    );
    expect(seen).toEqual(['PONG at 12.2']);
  });

  test('R7 a call timeout gives up before it heals; the request is applied all the same', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!.within(5);
        seen.push(await told(environment, redis.call('SET', 'job', 'x')));
        await environment.sleep(300);
        seen.push(await told(environment, redis.call('GET', 'job')));
      },
      { faults: [partition('both', 10_000)] },
    );
    expect(seen[0]).toBe('CallTimeout at 5');
    expect(seen[1]).toMatch(/^x /);
  });

  test('R7 other links are not touched', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const [first, second] = environment.redis;
        void first!.call('PING').catch(() => {});
        seen.push(await told(environment, second!.call('PING')));
      },
      { faults: [partition('both', 10_000)], servers: 2 },
    );
    expect(seen).toEqual(['PONG at 1.2']);
  });
});

describe('R7 a user timeout', () => {
  test('R7 closes the connection after 60 s without an acknowledgement', async () => {
    const { seen } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        const calls = [redis.call('PING'), environment.sleep(1_000).then(() => redis.call('PING'))];
        for (const one of calls) seen.push(await told(environment, one));
      },
      { faults: [link({ class: 'partition', direction: 'both', durationUs: 90_000_000 })] },
    );
    expect(seen).toEqual(['ConnectionLost, sent, at 60000', 'ConnectionLost, sent, at 60000']);
  });
});

describe('R7 a delay', () => {
  test('R7 makes what leaves in its time arrive later, and all behind it', async () => {
    const { seen, requests } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!;
        const first = redis.call('ECHO', 'first');
        await environment.sleep(2);
        const second = redis.call('ECHO', 'second');
        seen.push(await told(environment, first), await told(environment, second));
        seen.push(await told(environment, redis.call('ECHO', 'third')));
      },
      {
        faults: [link({ class: 'delay', direction: 'to-server', durationUs: 1_000, byUs: 5_000 })],
      },
    );
    expect(requests.map(({ endedAtUs }) => endedAtUs)).toEqual([5_600, 5_600, 6_800]);
    expect(seen).toEqual(['first at 6.2', 'second at 6.2', 'third at 7.4']);
  });

  test('R7 of replies leaves the requests alone', async () => {
    const { seen, requests } = await runCaller(
      async (environment, seen) => {
        seen.push(await told(environment, environment.redis[0]!.call('PING')));
      },
      {
        faults: [link({ class: 'delay', direction: 'to-client', durationUs: 1_000, byUs: 5_000 })],
      },
    );
    expect(requests[0]!.endedAtUs).toBe(600);
    expect(seen).toEqual(['PONG at 6.2']);
  });
});
