/** What holds for every run that a default campaign draws, whatever the lock (R0, R4, R5). */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { locks } from '../../src/algorithms/index.js';
import redlock from '../../src/algorithms/redlock.js';
import setNx from '../../src/algorithms/set-nx.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import { EventQueue, type SimEvent } from '../../src/sim/queue.js';
import { EVENT_KIND } from '../../src/sim/world.js';
import { carryOut, drawn, planFor } from './runs.js';

const RUNS = 60;

describe.each(locks.map((lock) => [lock.name, lock] as const))('R0 R8 %s', (_name, lock) => {
  test('R0 R8 every history is well-formed, its records in order of their positions', async () => {
    const plan = planFor(lock);
    for (let run = 0; run < RUNS; run++) {
      const { history, findings: all } = await carryOut(lock, drawn(plan, run));
      // What renews a lease for ever is a timer that is left.
      const leaks = lock.flaw?.class === 'for-ever';
      const findings = all.filter(({ kind }) => !(leaks && kind === 'left-over-timers'));
      expect([run, findMalformation(history)]).toEqual([run, undefined]);
      const { records } = history;
      const late = records.find((record, at) => at > 0 && records[at - 1]!.atUs > record.atUs);
      expect([run, late]).toEqual([run, undefined]);
      expect([run, history.limit, findings]).toEqual([run, undefined, []]);
      expect(history.endUs).toBeGreaterThanOrEqual(records.at(-1)?.atUs ?? 0);
    }
  });
});

describe('R5 ties', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  // Five servers answer at once; with one server, two clients have to meet by chance.
  test.each([
    [redlock, 0.3],
    [setNx, 0.04],
  ] as const)(
    'R5 many events meet one of another lane at their instant: $name',
    async (lock, share) => {
      const delivered: SimEvent[] = [];
      const { deliver } = EventQueue.prototype;
      vi.spyOn(EventQueue.prototype, 'deliver').mockImplementation(function (
        this: EventQueue,
        event,
      ) {
        if (event.kind < EVENT_KIND.record) delivered.push(event);
        deliver.call(this, event);
      });
      const plan = planFor(lock);
      let events = 0;
      let tied = 0;
      for (let run = 0; run < 100; run++) {
        delivered.length = 0;
        await carryOut(lock, drawn(plan, run));
        events += delivered.length;
        for (let from = 0; from < delivered.length; ) {
          let to = from;
          while (delivered[to]?.atUs === delivered[from]!.atUs) to++;
          const lanes = new Set(delivered.slice(from, to).map(({ lane }) => lane.id));
          if (lanes.size > 1) tied += to - from;
          from = to;
        }
      }
      expect(events).toBeGreaterThan(5_000);
      expect(tied / events).toBeGreaterThanOrEqual(share);
    },
  );
});
