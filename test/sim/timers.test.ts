/** Timers of clients whose clocks run at another rate, and of clients that die (R4, R8). */
import { expect, test } from 'vitest';
import type { Fault } from '../../src/fault.js';
import { activeWorld, EVENT_KIND } from '../../src/sim/world.js';
import { at, crash, runScript } from './run.js';

const never = () => new Promise<never>(() => {});

test('R4 a timer that is set while the clock runs at another rate is due by that clock', async () => {
  const fired: number[] = [];
  const drift: Fault = {
    id: 'f1',
    class: 'clock-drift',
    at: at(0),
    host: 'A',
    ppm: -500_000,
    durationUs: 90_000,
  };
  await runScript(
    {
      A1: async (environment) => {
        await environment.sleep(1);
        await environment.sleep(6);
        fired.push(environment.monoMs(), activeWorld()!.nowUs / 1_000);
      },
    },
    { faults: [drift] },
  );
  expect(fired).toEqual([7, 14]);
});

test('R8 the timers of the dead are gone: they are no events any more', async () => {
  const timersOf = async (timers: number) => {
    const run = await runScript(
      {
        A1: async (environment) => {
          for (let timer = 0; timer < timers; timer++) environment.after(20, () => {});
          await never();
        },
        B1: (environment) => environment.sleep(50),
      },
      { faults: [crash(at(5_000))] },
    );
    return run.eventsByKind[EVENT_KIND.timer];
  };
  expect(await timersOf(3)).toBe(await timersOf(0));
});
