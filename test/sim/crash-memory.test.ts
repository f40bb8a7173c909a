/** 100,000 crashes leave nothing behind: the dead keep nothing alive (R8). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { defineLock } from '../../src/algorithms/lock.js';
import type { Fault } from '../../src/fault.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import { KEY, runLock, scenarioOf } from './run.js';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

const CRASHES_PER_RUN = 2_000;
const RUNS = 50;
const LOOK_EVERY = 1_000;

const faults: readonly Fault[] = Array.from({ length: CRASHES_PER_RUN }, (_, index) => ({
  id: `f${index + 1}`,
  class: 'client-crash',
  at: { atUs: 1_000 + index * 1_000 },
  host: 'A',
  mode: index % 20 === 0 ? 'power' : 'kill',
  restartAfterUs: 100,
}));

/** How many of the objects referred to survive a collection. */
function survivors(luggage: readonly WeakRef<object>[]): number {
  collect();
  return luggage.filter((item) => item.deref() !== undefined).length;
}

test('R8 100,000 crashes: no promise, timer or call of the dead is kept', async () => {
  let incarnations = 0;
  const kept: number[] = [];
  let luggage: WeakRef<object>[] = [];
  const lock = defineLock({
    name: 'lost-luggage',
    summary: 'Waits for ever, with something in its closure.',
    source: 'test/sim/crash-memory.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (environment) => ({
      async acquire() {
        if (++incarnations % LOOK_EVERY === 0) kept.push(survivors(luggage));
        const bag = { carries: 'much' };
        luggage.push(new WeakRef(bag));
        environment.after(1e6, () => bag.carries);
        const sleeping = environment.sleep(1e6).then(() => bag.carries);
        const calling = environment.redis[0]!.call('PING').then(() => bag.carries);
        const listening = environment.redis[0]!.subscribe('news', () => bag.carries);
        await Promise.all([sleeping, calling, listening, new Promise(() => {})]);
        return { granted: false, reason: bag.carries };
      },
    }),
  });
  const script = Object.fromEntries(
    Array.from({ length: CRASHES_PER_RUN + 1 }, (_, index) => [`A${index + 1}`, () => {}]),
  );
  const scenario = scenarioOf(script, { faults, ttlMs: 10_000_000 });
  for (let run = 0; run < RUNS; run++) {
    luggage = [];
    const { history } = await runLock(lock, criticalSection, scenario, {
      decisions: new SeededDecisions(KEY),
    });
    const deaths = history.records.filter(
      (record) => record.type === 'host' && record.state === 'dead',
    );
    expect(deaths).toHaveLength(CRASHES_PER_RUN);
  }
  // The probe acquires too, once in each run.
  expect(incarnations).toBe(RUNS * (CRASHES_PER_RUN + 2));
  expect(kept).toHaveLength(Math.floor(incarnations / LOOK_EVERY));
  // A message to one that has just died may still be under way; that is all.
  expect(Math.max(...kept)).toBeLessThan(10);
});
