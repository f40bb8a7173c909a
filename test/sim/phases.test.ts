/** The phases of a run: faults, then nothing new, then healed, then over (R10, R13). */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { defineLock, type Lock } from '../../src/algorithms/lock.js';
import { healedHorizonUs } from '../../src/bounds.js';
import type { Fault } from '../../src/fault.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import type { Section } from '../../src/workloads/workload.js';
import { at, bareGrant, call, crash, recordsOf, runLock, runScript, scenarioOf } from './run.js';

const never = () => new Promise<never>(() => {});

function faultTimes(run: Awaited<ReturnType<typeof runScript>>): string[] {
  return recordsOf(run, 'fault').map(({ atUs, fault, edge }) => `${atUs} ${fault} ${edge}`);
}

describe('R10 the end of the faults', () => {
  test('R10 comes when all clients have done their operations', async () => {
    const run = await runScript({
      A1: (environment) => environment.sleep(20),
      B1: (environment) => environment.sleep(30),
    });
    expect(run.history.healedAtUs).toBe(30_000);
  });

  test('R10 comes after twelve TTLs at the latest; what is pending then stays so', async () => {
    const begun: string[] = [];
    const run = await runScript(
      {
        A1: async () => {
          begun.push('A1');
          await never();
        },
        A2: () => begun.push('A2'),
        B1: (environment) => environment.sleep(11_999),
        B2: (environment) => environment.sleep(50),
        B3: () => begun.push('B3'),
      },
      { ttlMs: 1_000 },
    );
    expect(run.history.healedAtUs).toBe(12_000_000);
    expect(begun).toEqual(['A1']);
    expect(recordsOf(run, 'info')).toEqual([]);
  });

  test('R10 no fault begins after it, whatever would trigger it', async () => {
    const faults: Fault[] = [
      { id: 'f1', class: 'clock-step', at: at(50_000), host: 'A', byUs: 1_000 },
      { id: 'f2', class: 'pause', at: call('B1', 2), host: 'B', durationUs: 1_000 },
      { id: 'f3', class: 'lost-request', at: at(0), client: 'A', server: 'r1' },
      { id: 'f4', class: 'failover', at: at(12_000_500), host: 'r1', replica: 1 },
    ];
    const run = await runScript(
      {
        A1: () => {},
        B1: async (environment) => {
          await environment.sleep(12_001);
          environment.random();
        },
      },
      { faults, ttlMs: 1_000 },
    );
    expect(run.history.healedAtUs).toBe(12_000_000);
    expect(faultTimes(run)).toEqual(['0 f3 start', '50000 f1 start']);
  });

  test('R10 a message that a fault was waiting for is not struck after it', async () => {
    let answer: unknown;
    await runScript(
      {
        A1: async (environment) => {
          await environment.sleep(12_001);
          answer = await environment.redis[0]!.call('PING');
        },
      },
      {
        faults: [{ id: 'f1', class: 'lost-request', at: at(0), client: 'A', server: 'r1' }],
        ttlMs: 1_000,
      },
    );
    expect(answer).toBe('PONG');
  });

  test('R10 an operation whose wait is over only after it does not begin', async () => {
    const begun: string[] = [];
    await runScript(
      { A1: () => begun.push('A1'), A2: () => begun.push('A2'), B1: never },
      { ttlMs: 1_000, gapsUs: { A2: 12_500_000 } },
    );
    expect(begun).toEqual(['A1']);
  });

  test('R10 faults that have begun end first: servers restart, partitions heal, hosts resume', async () => {
    const healedAt = async (fault: Fault) => {
      const run = await runScript(
        { A1: (environment) => environment.sleep(1) },
        { faults: [fault] },
      );
      return run.history.healedAtUs;
    };
    const f1 = { id: 'f1', at: at(500) } as const;
    expect(
      await healedAt({ ...f1, class: 'server-crash', host: 'r1', restartAfterUs: 70_000 }),
    ).toBe(70_500);
    expect(
      await healedAt({
        ...f1,
        class: 'partition',
        client: 'A',
        server: 'r1',
        direction: 'both',
        durationUs: 70_000,
      }),
    ).toBe(70_500);
    expect(
      await healedAt({ ...f1, class: 'clock-drift', host: 'r1', ppm: 500, durationUs: 70_000 }),
    ).toBe(70_500);
    expect(await healedAt({ ...f1, class: 'pause', host: 'A', durationUs: 70_000 })).toBe(70_500);
    expect(
      await healedAt({
        ...f1,
        class: 'client-crash',
        host: 'A',
        mode: 'kill',
        restartAfterUs: 70_000,
      }),
    ).toBe(70_500);
  });

  test('R10 dead clients stay dead, and the others are not held up by them', async () => {
    const run = await runScript(
      { A1: never, B1: (environment) => environment.sleep(9) },
      {
        faults: [crash(at(5_000))],
      },
    );
    expect(run.history.healedAtUs).toBe(9_000);
    expect(recordsOf(run, 'host').map(({ state }) => state)).toEqual(['dead']);
  });
});

/** A lock that lets its maker watch the probe and grants what it is told to grant. */
function watched(
  acquire: (environment: Environment, waitMs: number | undefined) => ReturnType<Lock['acquire']>,
) {
  return defineLock({
    name: 'watched',
    summary: 'Lets a test look at every acquire.',
    source: 'test/sim/phases.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (environment) => ({ acquire: (_key, { waitMs }) => acquire(environment, waitMs) }),
  });
}

describe('R10 the probe', () => {
  test('R10 acquires without limit from the healed instant on, and releases', async () => {
    const seen: (number | undefined)[] = [];
    const lock = watched(async (environment, waitMs) => {
      if (environment.client === 'P') seen.push(environment.monoMs(), waitMs);
      return bareGrant();
    });
    const run = await runLock(lock, criticalSection, scenarioOf({ A1: () => {} }));
    const healedAtMs = run.history.healedAtUs / 1_000;
    expect(seen).toEqual([healedAtMs, undefined]);
    const probes = recordsOf(run, 'invoke').filter(
      ({ client }) => client === run.history.world.probe,
    );
    expect(
      probes.map(({ action, waitMs, atUs }) => [action, waitMs, atUs >= run.history.healedAtUs]),
    ).toEqual([
      ['acquire', null, true],
      ['release', undefined, true],
    ]);
    expect(recordsOf(run, 'enter').some(({ client }) => client === 'P')).toBe(true);
  });

  test('R10 no fault meets it', async () => {
    const lock = watched(async (environment) => {
      environment.random();
      return bareGrant();
    });
    const fault: Fault = { id: 'f1', class: 'pause', at: call('P1', 1), host: 'P', durationUs: 9 };
    const run = await runLock(
      lock,
      criticalSection,
      scenarioOf({ A1: () => {} }, { faults: [fault] }),
    );
    expect(recordsOf(run, 'fault')).toEqual([]);
    expect(recordsOf(run, 'host')).toEqual([]);
  });

  test('R10 nothing else begins once the world is healed', async () => {
    const run = await runScript(
      { A1: () => {}, B1: (environment) => environment.sleep(900), B2: () => {} },
      { ttlMs: 10, gapsUs: { B2: 0 } },
    );
    expect(run.history.healedAtUs).toBe(120_000);
    const later = recordsOf(run, 'invoke').filter(({ atUs }) => atUs >= 120_000);
    expect(later.map(({ operation }) => operation)).toEqual(['P1']);
  });
});

describe('R10 the horizon', () => {
  test('R10 is two bounds after the last lease that stands has ended', async () => {
    const run = await runScript({
      A1: (environment) => environment.redis[0]!.call('SET', 'job', 'x', 'PX', 7_000),
    });
    const { history } = run;
    expect(history.healedAtUs).toBe(1_200);
    const endsUs = recordsOf(run, 'lease')[0]!.atUs + 7_000_000;
    expect(history.endUs).toBe(healedHorizonUs(history.world, history.healedAtUs, endsUs));
    // Redis looks at whole milliseconds, and a key lives through the last of them.
    expect(recordsOf(run, 'lease-end').map(({ atUs, cause }) => [atUs, cause])).toEqual([
      [7_001_000, 'expired'],
    ]);
  });

  test('R10 with a lease that never ends it is long enough for the leak to show', async () => {
    const run = await runScript({
      A1: (environment) => environment.redis[0]!.call('SET', 'job', 'x'),
    });
    const { history } = run;
    expect(history.endUs).toBe(healedHorizonUs(history.world, history.healedAtUs, Infinity));
    expect(history.endUs).toBeGreaterThan(history.healedAtUs + 2 * history.world.ttlMs * 1_000);
  });

  test('R10 the longest retry delay that was asked for during an acquire is part of the bound', async () => {
    const run = await runScript({
      A1: { acquire: (environment) => environment.sleep(750).then(() => bareGrant()) },
      B1: { acquire: () => bareGrant(), section: (section) => section.wait(9e6).then(() => true) },
    });
    expect(run.history.world.longestRetryUs).toBe(750_000);
  });

  /** Leaves timers behind that are due long after the horizon. */
  const leaving = (timers: number, cancels: boolean) => ({
    acquire: () => bareGrant(),
    section: (_section: Section, environment: Environment) => {
      for (let timer = 0; timer < timers; timer++) {
        const cancel = environment.after(1e9, () => {});
        if (cancels) cancel();
      }
      return true;
    },
  });

  test('R9 what a client still has set at the end is in the history', async () => {
    const run = await runScript({ A1: leaving(2, false), B1: leaving(2, true) });
    expect(recordsOf(run, 'pending')).toMatchObject([{ client: 'A', timers: 2, requests: 0 }]);
  });

  test('timers left behind after the last operation are a finding', async () => {
    const run = await runScript({ A1: leaving(1, false), B1: leaving(1, true) });
    expect(run.findings.map(({ kind, host }) => [kind, host])).toEqual([['left-over-timers', 'A']]);
  });

  test('a wait of the workload between two operations is not left behind by anybody', async () => {
    const run = await runScript(
      { A1: (environment) => environment.sleep(12_500), A2: () => {} },
      { ttlMs: 1_000, gapsUs: { A2: 1e9 } },
    );
    expect(run.history.healedAtUs).toBe(12_000_000);
    expect(run.findings).toEqual([]);
    expect(recordsOf(run, 'pending')).toEqual([]);
  });
});

describe('R13 what a fault touched', () => {
  test('R13 a fault that meets an operation in progress is marked, once', async () => {
    const pause: Fault = { id: 'f1', class: 'pause', at: at(2_000), host: 'A', durationUs: 1_000 };
    const run = await runScript({ A1: (environment) => environment.sleep(5) }, { faults: [pause] });
    expect(faultTimes(run)).toEqual(['2000 f1 start', '2000 f1 touched']);
  });

  test('R13 one that meets nobody is not', async () => {
    const pause: Fault = { id: 'f1', class: 'pause', at: at(2_000), host: 'A', durationUs: 1_000 };
    const run = await runScript(
      { A1: () => {}, B1: (environment) => environment.sleep(5) },
      { faults: [pause] },
    );
    expect(faultTimes(run)).toEqual(['2000 f1 start']);
  });

  test('R13 server errors touch when a request meets them', async () => {
    const errors: Fault = {
      id: 'f1',
      class: 'server-error',
      at: at(1_000),
      host: 'r1',
      durationUs: 9_000,
      error: 'OOM',
    };
    const run = await runScript(
      {
        A1: async (environment) => {
          await environment.sleep(4);
          await environment.redis[0]!.call('PING').catch(() => {});
          await environment.redis[0]!.call('PING').catch(() => {});
        },
      },
      { faults: [errors] },
    );
    expect(faultTimes(run)).toEqual(['1000 f1 start', '4600 f1 touched', '10000 f1 end']);
  });

  test('R13 a delay touches when a message meets it', async () => {
    const delay: Fault = {
      id: 'f1',
      class: 'delay',
      at: at(1_000),
      client: 'A',
      server: 'r1',
      direction: 'to-server',
      durationUs: 9_000,
      byUs: 100,
    };
    const run = await runScript(
      {
        A1: async (environment) => {
          await environment.sleep(4);
          await environment.redis[0]!.call('PING');
          await environment.redis[0]!.call('PING');
        },
      },
      { faults: [delay] },
    );
    expect(faultTimes(run)).toEqual(['1000 f1 start', '4000 f1 touched', '10000 f1 end']);
  });
});
