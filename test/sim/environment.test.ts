/** The smaller promises of the environment: timers, numbers, ids, what they refuse. */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { ReplyError } from '../../src/algorithms/environment.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { EVENT_KIND } from '../../src/sim/world.js';
import { KEY, outcome, runScript, type Setting } from './run.js';

async function seenBy<T>(code: (environment: Environment) => T | Promise<T>, setting?: Setting) {
  let seen: T | undefined;
  const run = await runScript(
    {
      A1: async (environment) => {
        seen = await code(environment);
      },
    },
    setting,
  );
  return { seen: seen as T, run };
}

describe('sleep', () => {
  test.each([
    [2.5, 2.5],
    // On the grid of latencies, rounded up (R5).
    [2.51, 2.6],
    [0.0001, 0.1],
    [0, 0],
    [-5, 0],
  ])('of %d ms lasts %d ms', async (ms, lasts) => {
    const { seen } = await seenBy(async (environment) => {
      await environment.sleep(ms);
      return environment.monoMs();
    });
    expect(seen).toBe(lasts);
  });

  test.each([
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    ['5', '"5"'],
  ])('of %s is a mistake', async (ms, shown) => {
    const { run } = await seenBy((environment) => environment.sleep(ms as number));
    expect(run.findings).toMatchObject([{ kind: 'threw' }]);
    expect(run.findings[0]!.message).toContain(`sleep: ${shown} is not a number of milliseconds`);
  });

  test('ends when its signal aborts, and not before; it leaves no timer behind', async () => {
    const { seen, run } = await seenBy(async (environment) => {
      const controller = new AbortController();
      environment.after(3, () => controller.abort('enough'));
      await environment.sleep(50, controller.signal);
      const earlyMs = environment.monoMs();
      await environment.sleep(50, controller.signal);
      return [earlyMs, environment.monoMs()];
    });
    expect(seen).toEqual([3, 3]);
    expect(run.eventsByKind[EVENT_KIND.timer]).toBe(1);
    expect(run.findings).toEqual([]);
  });

  test('with a signal that never aborts lasts as long as without', async () => {
    const { seen } = await seenBy(async (environment) => {
      await environment.sleep(5, new AbortController().signal);
      return environment.monoMs();
    });
    expect(seen).toBe(5);
  });
});

describe('after', () => {
  test('calls back once, and not if it was cancelled, however often', async () => {
    const { seen } = await seenBy(async (environment) => {
      const calls: string[] = [];
      environment.after(2, () => calls.push('kept'));
      const cancel = environment.after(2, () => calls.push('cancelled'));
      cancel();
      cancel();
      const late = environment.after(1, () => calls.push('over'));
      await environment.sleep(9);
      late();
      return calls;
    });
    expect(seen).toEqual(['over', 'kept']);
  });
});

describe('random and owner ids', () => {
  test('numbers lie in [0, 1) and differ', async () => {
    const { seen } = await seenBy(
      (environment) => Array.from({ length: 500 }, () => environment.random()),
      { decisions: new SeededDecisions(seedKey('1')) },
    );
    expect(new Set(seen).size).toBe(500);
    expect(seen.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(Math.abs(seen.reduce((sum, number) => sum + number) / 500 - 0.5)).toBeLessThan(0.05);
  });

  test('ids differ between tries, operations and clients, and name their operation', async () => {
    const ids: string[] = [];
    const collect = (environment: Environment) => {
      ids.push(environment.ownerId(), environment.ownerId());
    };
    await runScript({ A1: collect, A2: collect, B1: collect });
    expect(new Set(ids).size).toBe(6);
    expect(ids.map((id) => id.slice(0, 2))).toEqual(['A1', 'A1', 'A2', 'A2', 'B1', 'B1']);
  });
});

describe('replies', () => {
  test('arrive as a client library gives them: statuses as text, errors as errors', async () => {
    const { seen } = await seenBy(async (environment) => {
      const redis = environment.redis[0]!;
      await redis.call('SET', 'job', 'x');
      return [
        await redis.call('PING'),
        await redis.call('GET', 'nothing'),
        await redis.call('INCR', 'count'),
        await redis.call('MGET', 'job', 'nothing'),
        await outcome(redis.call('INCR', 'job')),
      ];
    });
    expect(seen.slice(0, 4)).toEqual(['PONG', null, 1, ['x', null]]);
    const [how, error] = seen[4] as ['error', Error];
    expect(how).toBe('error');
    expect(error).toBeInstanceOf(ReplyError);
    expect(error.message).toBe('ERR value is not an integer or out of range');
  });

  test('of a script that is sent with keys and arguments', async () => {
    const { seen } = await seenBy((environment) =>
      environment.redis[0]!.eval('return {KEYS[1], ARGV[1], ARGV[2]}', ['k'], ['a', 2]),
    );
    expect(seen).toEqual(['k', 'a', '2']);
  });

  test('servers have names, in order', async () => {
    const { seen } = await seenBy(
      (environment) => [environment.client, ...environment.redis.map(({ server }) => server)],
      { servers: 3 },
    );
    expect(seen).toEqual(['A', 'r1', 'r2', 'r3']);
  });
});

describe('randomness', () => {
  test('R6 of an edited run that lists none is that of the seed: ids made of it differ', async () => {
    const draw = (environment: Environment) => [environment.random(), environment.random()];
    const edited = await seenBy(draw);
    const seeded = await seenBy(draw, { decisions: new SeededDecisions(KEY) });
    expect(new Set(edited.seen).size).toBe(2);
    expect(edited.seen).toEqual(seeded.seen);
  });
});
