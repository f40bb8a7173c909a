/** What faults do to servers: crashes, failovers, errors, clocks (R1, R7, R8, R16). */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { EXTEND_IF_OWN } from '../../src/algorithms/redis-scripts.js';
import type { Fault } from '../../src/fault.js';
import type { Persistence } from '../../src/scenario.js';
import { at, bareGrant, outcome, recordsOf, runScript, type Script, type Setting } from './run.js';

const crash = (atUs: number, restartAfterUs: number): Fault => ({
  id: 'f1',
  class: 'server-crash',
  at: at(atUs),
  host: 'r1',
  restartAfterUs,
});

/** Runs A alone; what its code returns in the end. */
async function result<T>(
  code: (environment: Environment) => Promise<T>,
  setting: Setting,
): Promise<T> {
  let answer: T | undefined;
  const script: Script = {
    A1: async (environment) => {
      answer = await code(environment);
    },
  };
  await runScript(script, setting);
  return answer as T;
}

describe('a server crash', () => {
  const keptAfter = (persistence: Persistence, setAtMs: number) =>
    result(
      async (environment) => {
        const redis = environment.redis[0]!;
        await environment.sleep(setAtMs);
        await redis.call('SET', 'job', 'x');
        await environment.sleep(10_000);
        await redis.call('PING').catch(() => {});
        return redis.call('GET', 'job');
      },
      { persistence, faults: [crash(4_500_000, 1_000)] },
    );

  test.each([
    ['always', 4_400, 'x'],
    ['everysec', 3_900, 'x'],
    ['everysec', 4_400, null],
    ['none', 100, null],
  ] as const)(
    'R8 with persistence %s, what was set at %i ms reads %j after it',
    async (persistence, setAtMs, kept) => {
      expect(await keptAfter(persistence, setAtMs)).toBe(kept);
    },
  );

  test('R0 a lease that is gone has ended as lost', async () => {
    const run = await runScript(
      { A1: (environment) => environment.redis[0]!.call('SET', 'job', 'x', 'PX', 9_000) },
      { persistence: 'none', faults: [crash(800, 1_000)] },
    );
    expect(recordsOf(run, 'lease-end').map(({ atUs, cause }) => [atUs, cause])).toEqual([
      [1_800, 'lost'],
    ]);
  });

  test('R7 R8 what was under way on a connection that it reset is not applied later', async () => {
    // Sent before the crash, due after the restart: the connection it travels on is gone.
    const count = await result(
      async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('PING');
        const [how] = await outcome(redis.call('INCR', 'count'));
        await environment.sleep(10);
        return [how, await redis.call('GET', 'count')];
      },
      { persistence: 'always', faults: [crash(1_500, 100)] },
    );
    expect(count).toEqual(['error', null]);
  });

  test('R8 replies that had left arrive, before the news of the reset', async () => {
    const seen = await result(
      async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('PING');
        return outcome(redis.call('SET', 'job', 'x'));
      },
      { faults: [crash(2_000, 100)] },
    );
    expect(seen).toEqual(['ok', 'OK']);
  });

  test('R9 a lease ends in its time while its server is down', async () => {
    const run = await runScript(
      { A1: (environment) => environment.redis[0]!.call('SET', 'job', 'x', 'PX', 9_000) },
      { persistence: 'always', faults: [crash(5_000_000, 60_000_000)] },
    );
    // Applied at 0.6 ms; a key lives through the millisecond of its expiry.
    expect(recordsOf(run, 'lease-end')).toMatchObject([{ cause: 'expired', atUs: 9_001_000 }]);
  });

  test('R8 waiting for a push or a blocked call ends with it', async () => {
    const seen = await result(
      async (environment) => {
        const [how, error] = await outcome(environment.redis[0]!.call('BLPOP', 'list', 0));
        return [how, String(error), environment.monoMs()];
      },
      { faults: [crash(5_000, 1_000)] },
    );
    expect(seen).toEqual(['error', expect.stringContaining('connection lost'), 5.6]);
  });

  test('a server that is down cannot crash again or be replaced', async () => {
    let value: unknown;
    const run = await runScript(
      {
        A1: async (environment) => {
          const redis = environment.redis[0]!;
          await redis.call('SET', 'job', 'x');
          await environment.sleep(100);
          await redis.call('PING').catch(() => {});
          value = await redis.call('GET', 'job');
        },
      },
      {
        persistence: 'always',
        replicaLagUs: [90_000],
        faults: [
          crash(1_000, 50_000),
          { ...crash(2_000, 1_000), id: 'f2' },
          { id: 'f3', class: 'failover', at: at(3_000), host: 'r1', replica: 1 },
        ],
      },
    );
    const ends = recordsOf(run, 'fault').filter(({ edge }) => edge === 'end');
    expect(ends.map(({ atUs, fault }) => [atUs, fault])).toEqual([[51_000, 'f1']]);
    expect(value).toBe('x');
  });
});

describe('a failover', () => {
  const failover = (atUs: number, replica = 1): Fault => ({
    id: 'f1',
    class: 'failover',
    at: at(atUs),
    host: 'r1',
    replica,
  });

  test.each([
    [499, 'x'],
    [601, null],
  ])('takes back what its replica had not heard of: set at %i ms', async (setAtMs, kept) => {
    const value = await result(
      async (environment) => {
        const redis = environment.redis[0]!;
        await environment.sleep(setAtMs);
        await redis.call('SET', 'job', 'x');
        await environment.sleep(1_000);
        await redis.call('PING').catch(() => {});
        return redis.call('GET', 'job');
      },
      { replicaLagUs: [400_000], faults: [failover(1_001_000)] },
    );
    expect(value).toBe(kept);
  });

  test.each([
    [1, 'new'],
    [2, 'old'],
  ])('R16 the replica of that number takes over, with what it had: %i', async (replica, kept) => {
    const value = await result(
      async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('SET', 'job', 'old');
        await environment.sleep(700);
        await redis.call('SET', 'job', 'new');
        await environment.sleep(1_000);
        await redis.call('PING').catch(() => {});
        return redis.call('GET', 'job');
      },
      { replicaLagUs: [100_000, 600_000], faults: [failover(1_001_000, replica)] },
    );
    expect(value).toBe(kept);
  });

  test('R0 R1 a lease that was deleted since comes back to life', async () => {
    const run = await runScript(
      {
        A1: async (environment) => {
          const redis = environment.redis[0]!;
          await redis.call('SET', 'job', 'x', 'PX', 9_000);
          await environment.sleep(500);
          await redis.call('DEL', 'job');
          await environment.sleep(500);
        },
      },
      { replicaLagUs: [400_000], faults: [failover(800_000)] },
    );
    const leases = recordsOf(run, 'lease');
    expect(leases).toMatchObject([
      { atUs: 600, sentAtUs: 0, termUs: 9_000_000 },
      { atUs: 800_000, sentAtUs: 0, extends: true },
    ]);
    const ends = recordsOf(run, 'lease-end').map(({ lease, cause }) => [lease, cause]);
    expect(ends).toEqual([
      [leases[0]!.lease, 'released'],
      [leases[1]!.lease, 'expired'],
    ]);
  });

  test('R3 the lease of an earlier try that comes back does not hide the loss of the grant', async () => {
    let ownerId = '';
    const run = await runScript(
      {
        A1: {
          acquire: async (environment) => {
            const redis = environment.redis[0]!;
            await redis.call('SET', 'job', environment.ownerId(), 'PX', 9_000);
            await environment.sleep(500);
            await redis.call('DEL', 'job');
            ownerId = environment.ownerId();
            await redis.call('SET', 'job', ownerId, 'PX', 9_000);
            return bareGrant({ ownerId });
          },
          section: async (section, environment) => {
            section.enter();
            await environment.sleep(500);
            await environment.redis[0]!.eval(EXTEND_IF_OWN, ['job'], [ownerId, 9_000]);
            return false;
          },
        },
      },
      { replicaLagUs: [400_000], faults: [failover(800_000)] },
    );
    expect(recordsOf(run, 'loss-delivered').map(({ operation }) => operation)).toEqual(['A1']);
  });

  test('R1 one without a TTL comes back as one that never ends', async () => {
    const run = await runScript(
      {
        A1: async (environment) => {
          const redis = environment.redis[0]!;
          await redis.call('SET', 'job', 'x');
          await environment.sleep(500);
          await redis.call('DEL', 'job');
          await environment.sleep(500);
        },
      },
      { replicaLagUs: [400_000], faults: [failover(800_000)] },
    );
    expect(recordsOf(run, 'lease').map(({ termUs }) => termUs)).toEqual(['none', 'none']);
  });

  test('R7 resets connections and ends sessions; what was under way is lost with them', async () => {
    const seen = await result(
      async (environment) => {
        const redis = environment.redis[0]!;
        const subscription = await redis.subscribe('news', () => {});
        const lost = subscription.lost.then(() => environment.monoMs());
        await redis.call('PING');
        await environment.sleep(1);
        const [how] = await outcome(redis.call('INCR', 'count'));
        return [how, await lost, await redis.call('GET', 'count')];
      },
      { faults: [failover(3_600)] },
    );
    expect(seen).toEqual(['error', 4.2, null]);
  });
});

describe('server errors', () => {
  const errors: Fault = {
    id: 'f1',
    class: 'server-error',
    at: at(0),
    host: 'r1',
    durationUs: 5_000,
    error: 'LOADING Redis is loading the dataset in memory',
  };

  test('are the answer to every request for their time; nothing is applied', async () => {
    const seen = await result(
      async (environment) => {
        const redis = environment.redis[0]!;
        const [how, error] = await outcome(redis.call('INCR', 'count'));
        await environment.sleep(5);
        return [how, error, await redis.call('GET', 'count')];
      },
      { faults: [errors] },
    );
    expect(seen).toMatchObject([
      'error',
      { name: 'ReplyError', message: (errors as { error: string }).error },
      null,
    ]);
  });

  test('of one server leave the others alone', async () => {
    const seen = await result(
      async (environment) => Promise.all(environment.redis.map((one) => outcome(one.call('PING')))),
      { faults: [errors], servers: 2 },
    );
    expect(seen.map(([how]) => how)).toEqual(['error', 'ok']);
  });

  test('of two faults at a time: the later one counts until it ends', async () => {
    const later = { ...errors, id: 'f2', at: at(2_000), error: 'OOM no more', durationUs: 9_000 };
    const seen = await result(
      async (environment) => {
        const words: unknown[] = [];
        for (const atMs of [1, 3, 8, 12]) {
          await environment.sleep(atMs - environment.monoMs());
          const [how, value] = await outcome(environment.redis[0]!.call('PING'));
          words.push(how === 'ok' ? value : value.message.split(' ')[0]);
        }
        return words;
      },
      { faults: [errors, later as Fault] },
    );
    expect(seen).toEqual(['LOADING', 'OOM', 'OOM', 'PONG']);
  });
});

describe('clocks of servers', () => {
  const LEASE: Script = {
    A1: async (environment) => {
      await environment.redis[0]!.call('SET', 'job', 'x', 'PX', 1_000);
      await environment.sleep(3_000);
    },
  };
  const endOf = async (fault: Fault) => {
    const run = await runScript(LEASE, { faults: [fault] });
    return recordsOf(run, 'lease-end').map(({ atUs, cause }) => [atUs, cause]);
  };
  const step = (byUs: number): Fault => ({
    id: 'f1',
    class: 'clock-step',
    at: at(500_000),
    host: 'r1',
    byUs,
  });

  test('a step forward ends leases at once that it takes past their end', async () => {
    expect(await endOf(step(600_000))).toEqual([[500_000, 'expired']]);
    expect(await endOf(step(300_000))).toEqual([[701_000, 'expired']]);
  });

  test('a step back makes leases last longer', async () => {
    expect(await endOf(step(-300_000))).toEqual([[1_301_000, 'expired']]);
  });

  test('drift makes leases shorter or longer by as much', async () => {
    const drift = (ppm: number): Fault => ({
      id: 'f1',
      class: 'clock-drift',
      at: at(0),
      host: 'r1',
      ppm,
      durationUs: 2_000_000,
    });
    const [[fastUs]] = (await endOf(drift(250_000))) as [[number, string]];
    expect(Math.abs(fastUs - 1_001_000 / 1.25)).toBeLessThan(2);
    const [[slowUs]] = (await endOf(drift(-200_000))) as [[number, string]];
    expect(Math.abs(slowUs - 1_001_000 / 0.8)).toBeLessThan(2);
  });
});

test("R0 what waits behind a blocked call is its own client's when it is applied", async () => {
  const run = await runScript({
    A1: async (environment) => {
      const redis = environment.redis[0]!;
      const popped = redis.call('BLPOP', 'list', 0);
      const set = redis.call('SET', 'job', 'a', 'PX', 9_000);
      await Promise.all([popped, set]);
      await redis.call('DEL', 'job');
    },
    B1: async (environment) => {
      await environment.sleep(5);
      await environment.redis[0]!.call('RPUSH', 'list', 'x');
      await environment.sleep(100);
    },
  });
  const [lease] = recordsOf(run, 'lease');
  expect(lease).toMatchObject({ host: 'A', operation: 'A1', sentAtUs: 0, atUs: 5_600 });
  expect(recordsOf(run, 'acked')).toMatchObject([{ lease: lease!.lease, atUs: 6_200 }]);
  expect(recordsOf(run, 'lease-end')).toMatchObject([{ by: { host: 'A' }, atUs: 6_800 }]);
});
