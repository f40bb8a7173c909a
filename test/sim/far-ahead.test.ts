/** What lies further ahead than any run lasts never happens, and stops nothing (R4, R10, D11). */
import { describe, expect, test } from 'vitest';
import { FAR_US, healedHorizonUs, NEVER_US } from '../../src/bounds.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { checkAll } from '../../src/checkers/merge.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { Fault } from '../../src/fault.js';
import { HostClock } from '../../src/sim/clock.js';
import { USER_TIMEOUT_US } from '../../src/sim/limits.js';
import { EVENT_KIND } from '../../src/sim/world.js';
import { link, runCaller, told } from './calling.js';
import { at, bareGrant, outcome, recordsOf, runScript } from './run.js';

const FAR_MS = FAR_US / 1_000;
const DRIFT: Fault = {
  id: 'f1',
  class: 'clock-drift',
  at: at(1_000),
  host: 'A',
  ppm: -500,
  durationUs: 20_000,
};

describe('R4 a timer further ahead than any run lasts', () => {
  test.each([Number.POSITIVE_INFINITY, Number.MAX_VALUE, 1e15, FAR_MS + 1])(
    'R4 sleep(%d) in an acquire never ends, and waits for nothing',
    async (ms) => {
      const forEver = () => new Promise(() => {});
      const run = await runScript({ A1: (environment) => environment.sleep(ms) });
      const silent = await runScript({ A1: forEver });
      expect(run.findings).toEqual(silent.findings);
      expect(run.findings).toMatchObject([{ kind: 'never-settles', host: 'A' }]);
      expect(run.history).toEqual(silent.history);
    },
  );

  test.each([Number.POSITIVE_INFINITY, 1e15])(
    'R4 after(%d) calls nobody back, and is not left over',
    async (ms) => {
      const called: string[] = [];
      const run = await runScript(
        {
          A1: {
            acquire: async (environment) => {
              environment.after(ms, () => called.push('kept'));
              environment.after(ms, () => called.push('cancelled'))();
              await environment.sleep(5);
              return bareGrant();
            },
          },
        },
        { faults: [DRIFT] },
      );
      expect(called).toEqual([]);
      expect(run.findings).toEqual([]);
      expect(recordsOf(run, 'pending')).toEqual([]);
      expect(run.history.world.longestRetryUs).toBe(5_000);
    },
  );

  test('R4 a sleep of Infinity ends with its signal', async () => {
    const seen: number[] = [];
    const run = await runScript({
      A1: async (environment) => {
        const controller = new AbortController();
        environment.after(3, () => controller.abort());
        await environment.sleep(Number.POSITIVE_INFINITY, controller.signal);
        seen.push(environment.monoMs());
      },
    });
    expect(seen).toEqual([3]);
    expect(run.findings).toEqual([]);
  });

  test('R4 R10 one that is just within reach is due, and the run outlasts its bound', async () => {
    const run = await runScript({
      A1: (environment) => Promise.race([environment.sleep(FAR_MS - 1), environment.sleep(1)]),
    });
    expect(run.eventsByKind[EVENT_KIND.timer]).toBe(2);
    expect(run.findings).toEqual([]);
    expect(Number.isSafeInteger(run.history.endUs)).toBe(true);
    expect(run.history.endUs).toBeLessThan(NEVER_US);
  });
});

describe('R4 a clock', () => {
  test.each([-999_999, -500, 0, 500_000])('R4 at %d ppm has a last instant', (ppm) => {
    const clock = new HostClock(1_700_000_000_000_000);
    clock.setRate(0, ppm);
    const shown = clock.read(0);
    for (const localUs of [Infinity, Number.MAX_VALUE, 2 ** 53, shown + FAR_US + 1]) {
      expect(clock.when(localUs, 0)).toBe(NEVER_US);
    }
    const dueUs = clock.when(shown + FAR_US, 0);
    if (dueUs !== NEVER_US) expect(clock.read(dueUs)).toBeGreaterThanOrEqual(shown + FAR_US);
    expect(dueUs).toBeLessThanOrEqual(NEVER_US);
  });
});

describe('R7 a call timeout', () => {
  const halfOpen = link({ class: 'half-open' });
  const cut = link({ class: 'partition', direction: 'both', durationUs: 2 * USER_TIMEOUT_US });

  /** What becomes of a call that nobody answers. */
  async function unanswered(callTimeoutMs: number, fault = halfOpen) {
    const { seen, result } = await runCaller(
      async (environment, seen) => {
        const redis = environment.redis[0]!.within(callTimeoutMs);
        seen.push(await told(environment, redis.call('PING')));
      },
      { faults: [fault] },
    );
    return { seen, result };
  }

  test('R7 of Infinity is none: the user timeout of the connection counts', async () => {
    const { seen, result } = await unanswered(Number.POSITIVE_INFINITY, cut);
    expect(seen).toEqual([`ConnectionLost, sent, at ${USER_TIMEOUT_US / 1_000}`]);
    expect(result.findings).toEqual([]);
  });

  test('R7 further ahead than any run lasts leaves the call pending', async () => {
    const { seen, result } = await unanswered(1e15);
    expect(seen).toEqual([]);
    expect(result.history.limit).toBeUndefined();
  });

  test.each([
    [Number.NaN, 'TypeError: within: NaN is not a number of milliseconds'],
    ['50', 'TypeError: within: "50" is not a number of milliseconds'],
    [undefined, 'TypeError: within: undefined is not a number of milliseconds'],
    [0, 'RangeError: within: 0 ms; a call timeout is longer than that, or Infinity'],
    [-5, 'RangeError: within: -5 ms; a call timeout is longer than that, or Infinity'],
  ])('R7 of %s is a mistake of the lock', async (callTimeoutMs, sentence) => {
    const { seen, result } = await unanswered(callTimeoutMs as number);
    expect(seen).toEqual([]);
    expect(result.findings).toMatchObject([{ kind: 'threw' }]);
    expect(result.findings[0]!.message).toContain(sentence);
  });
});

describe('R1 R10 a lease that outlasts every run', () => {
  const INVALID = (name: string) => `ERR invalid expire time in '${name}' command`;

  test.each([
    [['SET', 'job', 'x', 'PX', '9000000000000000'], 'OK'],
    [['SET', 'job', 'x', 'PX', '9223370000000000000'], 'OK'],
    [['SET', 'job', 'x', 'EX', '9223372036854775'], INVALID('set')],
    [['SET', 'job', 'x', 'PX', '9223372036854775807'], INVALID('set')],
    [['SET', 'job', 'x', 'PXAT', '9223372036854775807'], 'OK'],
    [['PSETEX', 'job', '9000000000000000', 'x'], 'OK'],
    [['EXPIRE', 'old', '9000000000000'], 1],
    [['EXPIRE', 'old', '9223372036854776'], INVALID('expire')],
    [['PEXPIRE', 'old', '9223372036854775807'], INVALID('pexpire')],
    [['PEXPIREAT', 'old', '9223372036854775807'], 1],
    [['BLPOP', 'list', '9000000000000'], null],
  ])('R1 %j is answered with %j, as by Redis', async (words, answer) => {
    const seen: unknown[] = [];
    const run = await runScript({
      A1: async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('SET', 'old', 'x', 'PX', '50000');
        const [command, ...rest] = words as [string, ...string[]];
        const reply = redis.call(command, ...rest);
        seen.push(await outcome(Promise.race([reply, environment.sleep(100)])));
      },
    });
    const isError = String(answer).startsWith('ERR');
    expect(seen).toMatchObject([
      isError ? ['error', { message: answer }] : ['ok', answer ?? undefined],
    ]);
    expect(run.history.limit).toBeUndefined();
    expect(Number.isSafeInteger(run.history.endUs)).toBe(true);
  });

  test('R10 is one that never ends: progress is not judged, the leak is', async () => {
    const run = await runScript({
      A1: (environment) => environment.redis[0]!.call('SET', 'job', 'x', 'PX', '9000000000000000'),
    });
    const { history } = run;
    expect(findMalformation(history)).toBeUndefined();
    expect(history.endUs).toBe(healedHorizonUs(history.world, history.healedAtUs, Infinity));
    const { properties } = checkAll(history, CHECKERS);
    expect(properties.find(({ property }) => property === 'progress')).toMatchObject({
      verdict: 'not-applicable',
    });
    expect(properties.find(({ property }) => property === 'leak')).toMatchObject({
      verdict: 'invalid',
      class: 'for-ever',
    });
  });

  test('R1 a shorter one that replaces it ends in time', async () => {
    const run = await runScript({
      A1: async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('SET', 'job', 'x', 'PX', '9000000000000000');
        await redis.call('SET', 'job', 'x', 'PX', '40');
        await environment.sleep(60);
      },
    });
    const ends = recordsOf(run, 'lease-end').map(({ cause }) => cause);
    expect(ends).toEqual(['expired']);
  });
});
