/**
 * How the SET NX bug is found today: an in-memory Redis, fake timers, and a scheduler that permutes
 * what happens. It finds the easy bug fast; it knows no network, no pause of one client, no second
 * server and no clocks that differ.
 */
import { writeFileSync } from 'node:fs';
import fc from 'fast-check';
import RedisMock from 'ioredis-mock';
import { expect, test, vi } from 'vitest';

const TTL_MS = 1_000;
const REPETITIONS = 5;
const realNowMs = performance.now.bind(performance);

/** Three clients take the lock and work, time passes in between; never two inside? */
function property(executed: () => void) {
  return fc.asyncProperty(fc.scheduler(), async (scheduler) => {
    executed();
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] });
    const redis = new RedisMock();
    await redis.flushall();
    let inside = 0;
    let most = 0;
    for (const name of ['a', 'b', 'c']) {
      let holds = false;
      const acquire = async () => {
        holds = (await redis.set('orders', name, 'PX', TTL_MS, 'NX')) === 'OK';
        if (holds) most = Math.max(most, ++inside);
      };
      const finish = async () => {
        if (!holds) return;
        inside--;
        if ((await redis.get('orders')) === name) await redis.del('orders');
      };
      scheduler.scheduleSequence([
        { label: `${name} acquires`, builder: acquire },
        { label: `${name} finishes`, builder: finish },
      ]);
    }
    const pass = async () => void vi.advanceTimersByTime(TTL_MS + 1);
    scheduler.scheduleSequence([{ label: 'time passes', builder: pass }]);
    await scheduler.waitIdle();
    redis.disconnect();
    vi.useRealTimers();
    return most <= 1;
  });
}

test('the violation is found, and how fast', async () => {
  const runsPerS: number[] = [];
  const findMs: number[] = [];
  const executions: number[] = [];
  for (let seed = 1; seed <= REPETITIONS; seed++) {
    let count = 0;
    const startMs = realNowMs();
    const found = await fc.check(
      property(() => count++),
      { seed, numRuns: 2_000 },
    );
    findMs.push(realNowMs() - startMs);
    executions.push(count);
    expect(found.failed).toBe(true);
    let runs = 0;
    const speedMs = realNowMs();
    while (realNowMs() - speedMs < 1_000) {
      await fc.check(
        property(() => runs++),
        { seed: seed + runs, numRuns: 1, endOnFailure: true },
      );
    }
    runsPerS.push((runs / (realNowMs() - speedMs)) * 1_000);
  }
  const file = process.env['BASELINE_OUT'];
  if (file !== undefined) writeFileSync(file, JSON.stringify({ runsPerS, findMs, executions }));
});
