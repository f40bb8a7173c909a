/** Time ahead of the world: what a paused client's code sees, sends and sets (R0, R4). */
import { describe, expect, test } from 'vitest';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { Fault } from '../../src/fault.js';
import { activeWorld } from '../../src/sim/world.js';
import {
  at,
  call,
  delivery,
  LATENCY_US,
  override,
  ROUND_TRIP_US,
  recordsOf,
  runScript,
  stepping,
  subjectOf,
} from './run.js';

const worldMs = () => activeWorld()!.nowUs / 1_000;

function pause(at: Fault['at'], durationUs: number, host = 'A', id = 'f1'): Fault {
  return { id, class: 'pause', at, host, durationUs };
}

describe('R4 the frontier', () => {
  test('R4 outside of pauses a host is where the world is', async () => {
    const seen: number[][] = [];
    await runScript(
      {
        A1: async (environment) => {
          seen.push([environment.monoMs(), worldMs()]);
          await environment.sleep(2.5);
          seen.push([environment.monoMs(), worldMs()]);
          await environment.redis[0]!.call('PING');
          seen.push([environment.monoMs(), worldMs()]);
        },
      },
      { gapsUs: { A1: 1_000 } },
    );
    expect(seen).toEqual([
      [1, 1],
      [3.5, 3.5],
      [4.7, 4.7],
    ]);
  });

  test('R4 a pause begins when a call is entered, and the call takes effect at its end', async () => {
    const seen: number[] = [];
    const run = await runScript(
      {
        A1: (environment) => {
          seen.push(environment.monoMs(), environment.monoMs(), environment.monoMs(), worldMs());
        },
      },
      { faults: [pause(call('A1', 2), 10_000)] },
    );
    expect(seen).toEqual([0, 10, 10, 0]);
    expect(recordsOf(run, 'host').map(({ atUs, state }) => [atUs, state])).toEqual([
      [0, 'paused'],
      [10_000, 'resumed'],
    ]);
  });

  test('R4 two pauses in one segment add up', async () => {
    const seen: number[] = [];
    await runScript(
      {
        A1: (environment) => {
          seen.push(environment.monoMs(), environment.monoMs(), environment.monoMs());
        },
      },
      { faults: [pause(call('A1', 2), 10_000), pause(call('A1', 3), 5_000, 'A', 'f2')] },
    );
    expect(seen).toEqual([0, 10, 15]);
  });

  test('R4 a clock read at the frontier shows every step the plan puts before it', async () => {
    const wall: number[] = [];
    const step = (id: string, atUs: number, byUs: number): Fault => ({
      id,
      class: 'clock-step',
      at: at(atUs),
      host: 'A',
      byUs,
    });
    const run = await runScript(
      {
        A1: async (environment) => {
          const startMs = environment.wallMs();
          wall.push(environment.wallMs() - startMs);
          await environment.sleep(5);
          wall.push(environment.wallMs() - startMs);
        },
      },
      {
        faults: [
          pause(call('A1', 2), 10_000),
          step('f2', 4_000, 100_000),
          step('f3', 7_000, -30_000),
          step('f4', 12_000, 1_000_000),
        ],
      },
    );
    expect(wall).toEqual([10 + 70, 15 + 1_070]);
    const steps = recordsOf(run, 'clock').filter(({ clock }) => clock === 'wall');
    expect(steps.map(({ atUs }) => atUs)).toEqual([4_000, 7_000, 12_000]);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R4 a clock read at the frontier has run at the rate the plan gave it meanwhile', async () => {
    const mono: number[] = [];
    await runScript(
      {
        A1: (environment) => {
          mono.push(environment.monoMs(), environment.monoMs());
        },
      },
      {
        faults: [
          pause(call('A1', 2), 10_000),
          {
            id: 'f2',
            class: 'clock-drift',
            at: at(2_000),
            host: 'A',
            ppm: 500_000,
            durationUs: 4_000,
          },
        ],
      },
    );
    expect(mono).toEqual([0, 12]);
  });

  test('R4 a message leaves at the frontier, and its latency counts from there', async () => {
    const run = await runScript(
      {
        A1: async (environment) => {
          await environment.redis[0]!.call('SET', 'job', 'x', 'PX', '1000');
        },
      },
      { faults: [pause(call('A1', 1), 10_000)], trace: {} },
    );
    const [request] = run.trace!.messages;
    expect(request).toMatchObject({ sentAtUs: 10_000, endedAtUs: 10_000 + LATENCY_US });
    expect(recordsOf(run, 'lease')[0]).toMatchObject({
      sentAtUs: 10_000,
      atUs: 10_000 + LATENCY_US,
    });
  });

  test('R4 a delay strikes the message that leaves at the frontier, not one that leaves now', async () => {
    const delayed = (fromUs: number): Fault => ({
      id: 'f2',
      class: 'delay',
      at: at(fromUs),
      client: 'A',
      server: 'r1',
      direction: 'to-server',
      durationUs: 1_000,
      byUs: 3_000,
    });
    const arrival = async (fromUs: number) => {
      const run = await runScript(
        { A1: (environment) => environment.redis[0]!.call('PING') },
        { faults: [pause(call('A1', 1), 10_000), delayed(fromUs)], trace: {} },
      );
      return run.trace!.messages[0]!.endedAtUs;
    };
    expect(await arrival(10_000)).toBe(10_000 + 3_000 + LATENCY_US);
    expect(await arrival(0)).toBe(10_000 + LATENCY_US);
  });

  test('R4 timers are due on the monotonic clock, counted from the frontier', async () => {
    const fired: number[] = [];
    await runScript(
      {
        A1: async (environment) => {
          await environment.sleep(6);
          fired.push(environment.monoMs(), worldMs());
        },
      },
      {
        faults: [
          pause(call('A1', 1), 10_000),
          {
            id: 'f2',
            class: 'clock-drift',
            at: at(12_000),
            host: 'A',
            ppm: -500_000,
            durationUs: 4_000,
          },
        ],
      },
    );
    // From 12 to 16 ms of world time the clock runs at half its rate, so 2 ms are lost.
    expect(fired).toEqual([16, 18]);
  });

  test('R4 nothing reaches a host before its frontier', async () => {
    const seen: [string, number][] = [];
    await runScript(
      {
        A1: async (environment) => {
          const reply = environment.redis[0]!.call('PING');
          environment.after(3, () => seen.push(['timer', worldMs()]));
          environment.random();
          await reply;
          seen.push(['reply', worldMs()]);
        },
      },
      { faults: [pause(call('A1', 3), 10_000)] },
    );
    expect(seen).toEqual([
      ['timer', 10],
      ['reply', 10],
    ]);
  });

  test('R4 randomness and signals do not change within a segment', async () => {
    const seen: boolean[] = [];
    await runScript(
      {
        A1: async (environment) => {
          const controller = new AbortController();
          environment.after(1, () => controller.abort('over'));
          seen.push(controller.signal.aborted);
          environment.random();
          seen.push(controller.signal.aborted);
          await environment.sleep(1);
          seen.push(controller.signal.aborted);
        },
      },
      { faults: [pause(call('A1', 2), 10_000)] },
    );
    expect(seen).toEqual([false, false, true]);
  });
});

describe('R4 what waits for the frontier', () => {
  const late = pause(call('A1', 5), 10_000);

  function waiting(order: string[]) {
    return {
      A1: async (environment: import('../../src/algorithms/environment.js').Environment) => {
        environment.after(4, () => order.push('timer at 4'));
        environment.after(2, () => order.push('timer at 2, first made'));
        environment.after(2, () => order.push('timer at 2, second made'));
        const reply = environment.redis[0]!.call('PING').then(() => order.push('reply'));
        environment.random();
        await reply;
        await environment.sleep(20);
      },
    };
  }

  test('R4 timers go by due time, then creation; lanes by priority', async () => {
    const order: string[] = [];
    await runScript(waiting(order), { faults: [late] });
    expect(order).toEqual([
      'timer at 2, first made',
      'timer at 2, second made',
      'timer at 4',
      'reply',
    ]);
  });

  test('R4 R5 a waiting reply with a smaller priority than the first timer goes before all', async () => {
    const order: string[] = [];
    const overrides = [0, 1, 2].map((ordinal) =>
      override(subjectOf(0), 'tie-timer', 1, ordinal, 9),
    );
    await runScript(waiting(order), { faults: [late], overrides });
    expect(order[0]).toBe('reply');
  });

  test('R4 each is drained before the next', async () => {
    const order: string[] = [];
    await runScript(
      {
        A1: async (environment) => {
          const first = environment.sleep(1).then(async () => {
            order.push('first');
            for (let round = 0; round < 20; round++) await undefined;
            order.push('first is done');
          });
          const second = environment.sleep(1).then(() => order.push('second'));
          environment.random();
          await Promise.all([first, second]);
        },
      },
      { faults: [pause(call('A1', 3), 10_000)] },
    );
    expect(order).toEqual(['first', 'first is done', 'second']);
  });
});

describe('R4 pauses between events', () => {
  test('R4 a pause at an instant holds back what is delivered until it ends', async () => {
    const seen: number[] = [];
    const run = await runScript(
      {
        A1: async (environment) => {
          await environment.sleep(5);
          seen.push(environment.monoMs());
        },
      },
      { faults: [pause(at(3_000), 10_000)] },
    );
    expect(seen).toEqual([13]);
    expect(recordsOf(run, 'host').map(({ atUs }) => atUs)).toEqual([3_000, 13_000]);
  });

  test('R4 a pause at a delivery begins before the code that gets it goes on', async () => {
    const seen: number[] = [];
    await runScript(
      {
        A1: async (environment) => {
          await environment.redis[0]!.call('PING');
          seen.push(environment.monoMs());
        },
      },
      { faults: [pause(delivery('A1', 1), 10_000)] },
    );
    expect(seen).toEqual([(10_000 + ROUND_TRIP_US) / 1_000]);
  });
});

describe('R0 records of a host that is ahead', () => {
  test('R0 a record takes its position when the world gets there', async () => {
    const run = await runScript(
      {
        A1: stepping(1),
        B1: async (environment) => {
          await environment.redis[0]!.call('SET', 'job', 'x', 'PX', '1000');
        },
      },
      { faults: [pause(call('A1', 2), 10_000)] },
    );
    const places = run.history.records.map(({ atUs, type }) => `${atUs} ${type}`);
    expect(places.indexOf(`${LATENCY_US} lease`)).toBeGreaterThan(places.indexOf('0 enter'));
    expect(places.indexOf('10000 step')).toBeGreaterThan(places.indexOf(`${LATENCY_US} lease`));
    const step = recordsOf(run, 'step')[0]!;
    expect([step.calledAtUs, step.atUs]).toEqual([0, 10_000]);
    expect(
      run.history.records.every(
        ({ atUs }, index, all) => index === 0 || all[index - 1]!.atUs <= atUs,
      ),
    ).toBe(true);
  });

  test('R0 the order of what one segment did is kept', async () => {
    const run = await runScript({ A1: stepping(2) }, { faults: [pause(call('A1', 1), 10_000)] });
    const ofA = run.history.records.filter((record) => {
      return record.atUs === 10_000 && !('client' in record && record.client === 'P');
    });
    expect(ofA.map(({ type }) => type)).toEqual([
      'host',
      'enter',
      'step',
      'step',
      'exit',
      'invoke',
      'ok',
    ]);
  });
});
