/** Code that waits by looking at the clock, and other code that never waits (R4). */
import { expect, test } from 'vitest';
import { LIMITS } from '../../src/sim/limits.js';
import { recordsOf, runScript } from './run.js';

/** More reads than a busy wait may make: code that gets so far was not stopped. */
const ENOUGH = 300_000;

test('R4 10,000 clock reads in a segment are free, each further one takes 1 ms', async () => {
  const readings: number[] = [];
  await runScript({
    A1: async (environment) => {
      for (let read = 1; read <= 10_003; read++) readings.push(environment.monoMs());
      await environment.sleep(1);
      readings.push(environment.monoMs());
    },
  });
  expect(readings[9_999]).toBe(0);
  expect(readings.slice(10_000)).toEqual([1, 2, 3, 4]);
});

test('R4 both clocks count together', async () => {
  let lastMs = 0;
  await runScript({
    A1: (environment) => {
      for (let read = 1; read <= 5_001; read++) {
        environment.wallMs();
        lastMs = environment.monoMs();
      }
    },
  });
  expect(lastMs).toBe(2);
});

test('R4 a busy wait of less than 60 s comes to its end', async () => {
  let atMs = 0;
  const run = await runScript({
    A1: (environment) => {
      while (atMs < 59_000) atMs = environment.monoMs();
    },
  });
  expect(atMs).toBe(59_000);
  expect(run.history.limit).toBeUndefined();
  expect(run.findings).toEqual([]);
});

test('R4 meanwhile the rest of the world goes on, and then this host gets what waited', async () => {
  const order: string[] = [];
  await runScript({
    A1: async (environment) => {
      const timer = environment
        .sleep(5)
        .then(() => order.push(`A's timer at ${environment.monoMs()}`));
      while (environment.monoMs() < 10);
      await timer;
    },
    B1: async (environment) => {
      await environment.sleep(6);
      order.push(`B's timer at ${environment.monoMs()}`);
    },
  });
  expect(order).toEqual(["B's timer at 6", "A's timer at 10"]);
});

test('R4 after 60 s of busy waiting the run is unknown, and the code does not go on', async () => {
  let reads = 0;
  const run = await runScript(
    {
      A1: (environment) => {
        while (environment.monoMs() < 120_000 && reads < ENOUGH) reads++;
      },
      B1: (environment) => environment.sleep(1),
    },
    { trace: { locate: () => 'lock.ts:1' } },
  );
  expect(run.history.limit).toMatch(/busy wait/);
  expect(run.findings).toMatchObject([{ kind: 'busy-wait', host: 'A', place: 'lock.ts:1' }]);
  expect(reads).toBeLessThan(LIMITS.clockReadsPerSegment + LIMITS.busyWaitUs / 1_000 + 2);
});

test('R4 each segment has its own 10,000 reads', async () => {
  const readings: number[] = [];
  await runScript({
    A1: async (environment) => {
      for (let round = 0; round < 3; round++) {
        for (let read = 1; read < 10_000; read++) environment.monoMs();
        readings.push(environment.monoMs());
        await environment.sleep(1);
      }
    },
  });
  expect(readings).toEqual([0, 1, 2]);
});

test('a segment that calls its environment without end is stopped, and the run is unknown', async () => {
  let calls = 0;
  const run = await runScript({
    A1: (environment) => {
      while (calls < 2 * LIMITS.callsPerSegment) {
        environment.random();
        calls++;
      }
    },
  });
  expect(run.history.limit).toMatch(/environment calls/);
  expect(calls).toBeLessThanOrEqual(LIMITS.callsPerSegment);
});

test('a run that goes on and on ends at its limit of events, as unknown', async () => {
  const run = await runScript(
    {
      A1: async (environment) => {
        for (;;) await environment.sleep(0.001);
      },
    },
    { ttlMs: 1_000_000 },
  );
  expect(run.history.limit).toBe(`${LIMITS.events} events`);
  expect(run.events).toBe(LIMITS.events);
  expect(recordsOf(run, 'invoke')).toHaveLength(1);
});

test('too many timers at a time end the run at its limit of pending events, as unknown', async () => {
  const run = await runScript({
    A1: async (environment) => {
      for (let timer = 0; timer <= LIMITS.pending; timer++) environment.after(1, () => {});
      await environment.sleep(5);
    },
  });
  expect(run.history.limit).toBe(`${LIMITS.pending} events pending`);
});
