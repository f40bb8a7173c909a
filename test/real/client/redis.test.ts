/** What a connection to Redis promises, of a simulated and of a real one (R7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  CallTimeout,
  ConnectionLost,
  type RedisConnection,
  ReplyError,
} from '../../../src/algorithms/environment.js';
import { outcome } from '../../sim/run.js';
import { isInstalled } from '../servers/needing.js';
import { type Arm, type Code, simulatedArm } from './arm.js';
import { realArm } from './real-arm.js';
import { type RedisService, startRedisService } from './redis-service.js';

const isReal = isInstalled('redis');
let redis: RedisService;
beforeAll(async () => {
  if (isReal) redis = await startRedisService(1);
});
afterAll(async () => {
  if (isReal) await redis.stop();
});

const arms: readonly Arm[] = [
  simulatedArm('redis'),
  ...(isReal ? [{ name: 'real', run: (...args) => realArm(redis).run(...args) } as Arm] : []),
];

const of = ({ env }: Parameters<Code>[0]): RedisConnection => env.redis[0]!;

describe.each(arms)('a $name connection to Redis', (arm) => {
  const alone = async (code: Code, setting?: Parameters<Arm['run']>[1]) =>
    (await arm.run({ A: code }, setting))['A']!;

  test('answers text, numbers, nil, statuses and arrays of them', async () => {
    const { value, sent } = await alone(async (stage) => {
      const connection = of(stage);
      return [
        await connection.call('SET', 'k', 'é'),
        await connection.call('GET', 'k'),
        await connection.call('GET', 'none'),
        await connection.call('SET', 'k', '', 'PX', 60_000),
        await connection.call('GET', 'k'),
        await connection.call('INCRBY', 'n', 7),
        await connection.call('INCRBY', 'n', '9007199254740993'),
        await connection.call('HSET', 'h', 'a', 1, 'b', 2.5),
        await connection.call('hgetall', 'h'),
        await connection.call('HMGET', 'h', 'a', 'none'),
        await connection.eval(
          "return {1, 'x', {redis.status_reply('FINE'), {}, ARGV[2]}, false, KEYS[1]}",
          ['k'],
          ['a', 2],
        ),
        await connection.eval("return redis.status_reply('FINE')", []),
      ];
    });
    expect(value).toEqual([
      'OK',
      'é',
      null,
      'OK',
      '',
      7,
      9_007_199_254_741_000,
      2,
      ['a', '1', 'b', '2.5'],
      ['1', null],
      [1, 'x', ['FINE', [], '2'], null, 'k'],
      'FINE',
    ]);
    expect(sent).toEqual([
      'SET k é',
      'GET k',
      'GET none',
      'SET k  PX 60000',
      'GET k',
      'INCRBY n 7',
      'INCRBY n 9007199254740993',
      'HSET h a 1 b 2.5',
      'hgetall h',
      'HMGET h a none',
      "EVAL return {1, 'x', {redis.status_reply('FINE'), {}, ARGV[2]}, false, KEYS[1]} 1 k a 2",
      "EVAL return redis.status_reply('FINE') 0",
    ]);
  });

  test('rejects with what the server says of an error, and the connection goes on', async () => {
    const { value } = await alone(async (stage) => {
      const connection = of(stage);
      await connection.call('RPUSH', 'list', 'a');
      const errors = [
        await outcome(connection.call('GET', 'list')),
        await outcome(connection.call('NONSENSE', 'a')),
        await outcome(connection.call('GET')),
        await outcome(connection.eval("return redis.error_reply('MINE is mine')", [])),
      ].map(([, error]) => error);
      await connection.call('MULTI');
      const queued = await connection.call('INCR', 'list');
      return { errors, queued, done: await connection.call('EXEC') };
    });
    const { errors, queued, done } = value as { errors: Error[]; queued: unknown; done: unknown };
    const wrongType = 'WRONGTYPE Operation against a key holding the wrong kind of value';
    for (const error of errors) expect(error).toBeInstanceOf(ReplyError);
    expect(errors.map(({ message }) => message)).toEqual([
      wrongType,
      "ERR unknown command 'NONSENSE', with args beginning with: 'a' ",
      "ERR wrong number of arguments for 'get' command",
      'MINE is mine',
    ]);
    expect([queued, done]).toEqual(['QUEUED', [wrongType]]);
  });

  test('R4 enters once for each call, and for no other reason', async () => {
    const { entered } = await alone(async (stage) => {
      const connection = of(stage);
      await connection.call('PING');
      await connection.within(1_000).eval('return 1', []);
      const subscription = await connection.subscribe('c', () => {});
      subscription.close();
      connection.close();
      await connection.call('PING');
    });
    expect(entered).toBe(5);
  });

  test('R7 commands leave at once and are answered in order', async () => {
    const { value, sent } = await alone(async (stage) => {
      const connection = of(stage);
      const all = [
        connection.call('RPUSH', 'l', 'a'),
        connection.call('LLEN', 'l'),
        connection.within(5_000).call('RPUSH', 'l', 'b'),
        connection.call('LRANGE', 'l', 0, -1),
      ];
      return Promise.all(all);
    });
    expect(value).toEqual([1, 1, 2, ['a', 'b']]);
    expect(sent).toEqual(['RPUSH l a', 'LLEN l', 'RPUSH l b', 'LRANGE l 0 -1']);
  });

  test.each([
    ['lost-request', 0],
    ['lost-reply', 1],
  ] as const)(
    'R7 %s: what waits rejects, and the next call opens another',
    async (strike, left) => {
      const { value } = await alone(
        async (stage) => {
          const connection = of(stage);
          await connection.call('PING');
          await stage.armed();
          const [, error] = await outcome(connection.call('INCR', 'k'));
          return [error, Number(await connection.call('GET', 'k'))];
        },
        { strike },
      );
      const [error, count] = value as readonly unknown[];
      expect(error).toBeInstanceOf(ConnectionLost);
      expect(error).toMatchObject({ sent: true });
      expect(count).toBe(left);
    },
  );

  test('R7 a connection that is lost takes all with it that wait on it', async () => {
    const { value } = await alone(
      async (stage) => {
        const connection = of(stage);
        await connection.call('PING');
        const blocked = outcome(connection.call('BLPOP', 'never', 0));
        await stage.armed();
        const behind = outcome(connection.call('INCR', 'k'));
        return [(await blocked)[1], (await behind)[1]];
      },
      { strike: 'lost-request' },
    );
    const lost = expect.objectContaining({ name: 'ConnectionLost', sent: true });
    expect(value).toEqual([lost, lost]);
  });

  test('R7 without an answer in time a call gives up, and its connection is nobody’s', async () => {
    const { value } = await alone(
      async (stage) => {
        const connection = of(stage);
        await connection.call('SET', 'k', 'kept');
        await stage.armed();
        const first = outcome(connection.call('INCR', 'n'));
        const second = outcome(connection.call('INCR', 'n'));
        const [, late] = await outcome(connection.within(50).call('INCR', 'n'));
        const next = await connection.within(2_000).call('GET', 'k');
        return [late, (await first)[1], (await second)[1], next];
      },
      { strike: 'half-open' },
    );
    const [late, first, second, next] = value as readonly unknown[];
    expect(late).toBeInstanceOf(CallTimeout);
    expect((late as Error).message).toBe('no reply within 50 ms');
    expect(first).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(second).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(next).toBe('kept');
  });

  test('R7 a call that is late is over for its caller alone: the server goes on', async () => {
    const { value } = await alone(async (stage) => {
      const connection = of(stage);
      const [, late] = await outcome(connection.within(50).call('BLPOP', 'queue', 1));
      const next = await connection.call('RPUSH', 'other', 'a');
      return [(late as Error).name, next];
    });
    expect(value).toEqual(['CallTimeout', 1]);
  });

  test('R7 who closes loses what was on its way, and may go on', async () => {
    const { value } = await alone(async (stage) => {
      const connection = of(stage);
      await connection.call('PING');
      const waiting = outcome(connection.call('BLPOP', 'never', 0));
      connection.close();
      connection.close();
      return [(await waiting)[1], await connection.call('PING')];
    });
    expect(value).toEqual([expect.objectContaining({ sent: true }), 'PONG']);
  });

  test('messages of a channel come until the subscription is closed', async () => {
    const seen = await arm.run({
      A: async (stage) => {
        const messages: string[] = [];
        const connection = of(stage);
        const other: string[] = [];
        const subscription = await connection.subscribe('c', (more) => messages.push(more));
        await connection.subscribe('d', (more) => other.push(more));
        let ended = 0;
        void subscription.lost.then(() => {
          ended += 1;
        });
        await stage.env.sleep(400);
        const before = ended;
        connection.close();
        await stage.env.sleep(200);
        const afterClose = ended;
        subscription.close();
        subscription.close();
        await stage.env.sleep(400);
        return { messages, other, ended: [before, afterClose, ended] };
      },
      B: async (stage) => {
        const connection = of(stage);
        await stage.env.sleep(200);
        const first = await connection.call('PUBLISH', 'c', 'é');
        await connection.call('PUBLISH', 'c', '');
        await connection.call('PUBLISH', 'd', 'x');
        await stage.env.sleep(600);
        return [first, await connection.call('PUBLISH', 'c', 'late')];
      },
    });
    expect(seen['A']!.value).toEqual({ messages: ['é', ''], other: ['x'], ended: [0, 0, 1] });
    expect(seen['B']!.value).toEqual([1, 0]);
    expect(seen['A']!.sent).toEqual(['SUBSCRIBE c', 'SUBSCRIBE d']);
  });

  test.each(['lost-request', 'lost-reply'] as const)(
    'R7 %s of a subscription: it is lost',
    async (strike) => {
      const { value } = await alone(
        async (stage) => {
          const connection = of(stage);
          await connection.call('PING');
          await stage.armed();
          const [, error] = await outcome(connection.subscribe('c', () => {}));
          return [error, await connection.call('PING')];
        },
        { strike },
      );
      const lost = expect.objectContaining({ name: 'ConnectionLost', sent: true });
      expect(value).toEqual([lost, 'PONG']);
    },
  );

  test('two clients want one key: one has it, the other waits until it is given', async () => {
    const take = (owner: string) => ['job', owner, 'NX', 'PX', 60_000] as const;
    const seen = await arm.run({
      A: async (stage) => {
        const had = await of(stage).call('SET', ...take('A'));
        await stage.env.sleep(400);
        await of(stage).call('DEL', 'job');
        await of(stage).call('RPUSH', 'free', 'job');
        return had;
      },
      B: async (stage) => {
        await stage.env.sleep(200);
        const before = await of(stage).call('SET', ...take('B'));
        const told = await of(stage).call('BLPOP', 'free', 0);
        return [before, told, await of(stage).call('SET', ...take('B'))];
      },
    });
    expect([seen['A']!.value, seen['B']!.value]).toEqual(['OK', [null, ['free', 'job'], 'OK']]);
  });

  test('a limit that is none is refused', async () => {
    const { value } = await alone(async (stage) => {
      const refusals: unknown[] = [];
      for (const limit of [0, -1, Number.NaN]) {
        try {
          of(stage).within(limit);
        } catch (error) {
          refusals.push((error as Error).name);
        }
      }
      return [refusals, await of(stage).within(Number.POSITIVE_INFINITY).call('PING')];
    });
    expect(value).toEqual([['RangeError', 'RangeError', 'TypeError'], 'PONG']);
  });
});
