/** Faults that strike a host whose code is ahead of the world (R4, R8). */
import { describe, expect, test } from 'vitest';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { Fault } from '../../src/fault.js';
import type { Run } from '../../src/sim/simulate.js';
import { at, bareGrant, call, crash, recordsOf, runScript, stepping } from './run.js';

const PAUSE: Fault = { id: 'f1', class: 'pause', at: call('A1', 2), host: 'A', durationUs: 10_000 };

function crashAhead(at: Fault['at'], restartAfterUs: number | null = null): Fault {
  return crash(at, { id: 'f2', restartAfterUs });
}

/** `time type` of each record, those of the probe left out. */
function placesOf(run: Run): string[] {
  return run.history.records
    .filter((record) => !('client' in record && record.client === 'P'))
    .map(({ atUs, type }) => `${atUs} ${type}`);
}

describe('R4 a crash before the frontier', () => {
  const ahead = {
    A1: stepping(2),
  };

  test('R4 drops the records that lie at or after it', async () => {
    const run = await runScript(ahead, { faults: [PAUSE, crashAhead(at(4_000))] });
    expect(recordsOf(run, 'enter')).toHaveLength(1);
    expect(recordsOf(run, 'step')).toHaveLength(0);
    expect(recordsOf(run, 'exit')).toHaveLength(0);
    expect(recordsOf(run, 'host').map(({ atUs, state }) => [atUs, state])).toEqual([
      [0, 'paused'],
      [4_000, 'dead'],
    ]);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R4 after the frontier it drops nothing', async () => {
    const run = await runScript(ahead, { faults: [PAUSE, crashAhead(at(10_001))] });
    expect(recordsOf(run, 'step')).toHaveLength(2);
  });

  test('R4 drops the messages that would have left at or after it', async () => {
    const send = async (crashAtUs: number) => {
      const run = await runScript(
        {
          A1: async (environment) => {
            const redis = environment.redis[0]!;
            await Promise.all([redis.call('SET', 'job-1', 'x'), redis.call('SET', 'job-2', 'x')]);
          },
        },
        { faults: [PAUSE, crashAhead(at(crashAtUs))] },
      );
      return recordsOf(run, 'lease').map(({ key }) => key);
    };
    expect(await send(9_999)).toEqual(['job-1']);
    expect(await send(10_001)).toEqual(['job-1', 'job-2']);
  });

  test('R4 at the frontier itself the host is not ahead: records and messages stay', async () => {
    const run = await runScript(
      {
        A1: {
          acquire: () => bareGrant(),
          section: async (section) => {
            section.enter();
            await section.write(1);
            return true;
          },
        },
      },
      { faults: [PAUSE, crashAhead(at(10_000))] },
    );
    expect(recordsOf(run, 'step').map(({ atUs }) => atUs)).toEqual([10_000]);
    expect(recordsOf(run, 'access')).toHaveLength(1);
  });

  test('R4 R8 the call that was in progress then completes as info', async () => {
    const run = await runScript(
      { A1: (environment) => [environment.random(), environment.random()] },
      { faults: [PAUSE, crashAhead(at(4_000))] },
    );
    // The refusal lies at 10 ms, ahead of the crash: it never happened.
    const places = placesOf(run).filter((place) => !place.includes('fault'));
    expect(places.slice(0, 2)).toEqual(['0 invoke', '0 host']);
    expect(places.slice(2).sort()).toEqual(['4000 host', '4000 info']);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R4 R8 a call that would have begun after it never began', async () => {
    const run = await runScript({ A1: stepping(1) }, { faults: [PAUSE, crashAhead(at(4_000))] });
    const calls = recordsOf(run, 'invoke').filter(({ client }) => client === 'A');
    expect(calls.map(({ action }) => action)).toEqual(['acquire']);
    expect(recordsOf(run, 'info').filter(({ client }) => client === 'A')).toEqual([]);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R4 R8 the next operation is the one after the last that had begun by then', async () => {
    const begun: string[] = [];
    const run = await runScript(
      {
        A1: (environment) => [environment.random(), environment.random()],
        A2: () => begun.push('A2'),
        A3: () => begun.push('A3'),
      },
      { faults: [PAUSE, crashAhead(at(4_000), 1_000)] },
    );
    // A2 and A3 ran ahead in the segment that began with A1, from 10 ms on: that never happened.
    const operations = recordsOf(run, 'invoke').filter(({ client }) => client === 'A');
    expect(operations.map(({ operation }) => operation)).toEqual(['A1', 'A2', 'A3']);
    expect(findMalformation(run.history)).toBeUndefined();
  });
});

describe('R4 a fault at this host that something inside its pause triggers', () => {
  const victim = {
    A1: {
      acquire: () => bareGrant(),
      section: async (
        section: import('../../src/workloads/workload.js').Section,
        environment: import('../../src/algorithms/environment.js').Environment,
      ) => {
        section.enter();
        section.step();
        const startMs = environment.wallMs();
        await environment.sleep(1);
        readings.push(environment.wallMs() - startMs);
        section.step();
        return true;
      },
    },
  };
  const readings: number[] = [];
  const trigger = {
    B1: async (environment: import('../../src/algorithms/environment.js').Environment) => {
      await environment.sleep(4);
      environment.random();
    },
  };

  test('R4 a crash acts at the frontier: what the segment did stays', async () => {
    const run = await runScript(
      { ...victim, ...trigger },
      { faults: [PAUSE, crashAhead(call('B1', 2))] },
    );
    expect(recordsOf(run, 'step').map(({ atUs }) => atUs)).toEqual([10_000]);
    const dead = recordsOf(run, 'host').find(({ state }) => state === 'dead');
    expect(dead?.atUs).toBe(10_000);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R4 a clock step acts at the frontier', async () => {
    readings.length = 0;
    const run = await runScript(
      { ...victim, ...trigger },
      {
        faults: [
          PAUSE,
          { id: 'f2', class: 'clock-step', at: call('B1', 2), host: 'A', byUs: 50_000 },
        ],
      },
    );
    expect(recordsOf(run, 'clock').map(({ atUs }) => atUs)).toEqual([10_000]);
    expect(readings).toEqual([51]);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R4 a drift acts at the frontier', async () => {
    const run = await runScript(
      { ...victim, ...trigger },
      {
        faults: [
          PAUSE,
          {
            id: 'f2',
            class: 'clock-drift',
            at: call('B1', 2),
            host: 'A',
            ppm: 500,
            durationUs: 20_000,
          },
        ],
      },
    );
    const times = new Set(recordsOf(run, 'clock').map(({ atUs }) => atUs));
    expect([...times]).toEqual([10_000, 30_000]);
  });

  test('R4 a second pause begins at the frontier', async () => {
    const run = await runScript(
      { ...victim, ...trigger },
      {
        faults: [PAUSE, { ...PAUSE, id: 'f2', at: call('B1', 2), durationUs: 7_000 }],
      },
    );
    expect(recordsOf(run, 'host').map(({ atUs, state }) => [atUs, state])).toEqual([
      [0, 'paused'],
      [10_000, 'resumed'],
      [10_000, 'paused'],
      [17_000, 'resumed'],
    ]);
  });

  test('R4 a fault at another host acts when the world gets to the call that triggers it', async () => {
    const run = await runScript(
      {
        A1: (environment) => [environment.random(), environment.random(), environment.random()],
        B1: (environment) => environment.sleep(20),
      },
      {
        faults: [PAUSE, { id: 'f2', class: 'pause', at: call('A1', 3), host: 'B', durationUs: 1 }],
      },
    );
    const ofB = recordsOf(run, 'host').filter(({ host }) => host === 'B');
    expect(ofB.map(({ atUs }) => atUs)).toEqual([10_000, 10_001]);
  });
});
