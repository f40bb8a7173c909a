/** Runs in turn, and campaigns that look for state which one run leaves to the next (D13, D15). */
import { describe, expect, test } from 'vitest';
import { defineLock, type LockAlgorithm } from '../../src/algorithms/lock.js';
import redlock from '../../src/algorithms/redlock.js';
import setNx from '../../src/algorithms/set-nx.js';
import { foldDigests } from '../../src/digest.js';
import { createRunPort, inTurn } from '../../src/host/run-port.js';
import { withGuards } from '../../src/host/session.js';
import { runKey } from '../../src/random.js';
import { campaign } from '../../src/search/campaign.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import { drawn, planFor } from '../sim/runs.js';
import { observeCampaign } from './observing.js';

function digestsOf(jobs: readonly (readonly [LockAlgorithm, number])[], together: boolean) {
  return withGuards(false, async (guards) => {
    const start = async ([lock, run]: readonly [LockAlgorithm, number]) => {
      const port = createRunPort(lock, criticalSection, guards, () => false);
      const { scenario, key } = drawn(planFor(lock), run);
      return (await port.check(scenario, new SeededDecisions(key))).digest;
    };
    if (together) return Promise.all(jobs.map(start));
    const digests: string[] = [];
    for (const job of jobs) digests.push(await start(job));
    return digests;
  });
}

describe('D13 simulations started together', () => {
  test('D13 give the digests they give one after the other', async () => {
    const jobs = [
      [setNx, 0],
      [redlock, 1],
      [setNx, 2],
      [redlock, 3],
    ] as const;
    const alone = await digestsOf(jobs, false);
    expect(new Set(alone).size).toBe(jobs.length);
    expect(await digestsOf(jobs, true)).toEqual(alone);
  });

  test('D13 run in the order in which they were started, also after one that failed', async () => {
    const order: number[] = [];
    const one = (number: number, fails = false) =>
      inTurn(async () => {
        order.push(number);
        await new Promise((resolve) => setTimeout(resolve, 5 - number));
        if (fails) throw new Error('failed');
        order.push(number);
      });
    const started = [one(1), one(2, true), one(3)];
    expect((await Promise.allSettled(started)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(order).toEqual([1, 1, 2, 3, 3]);
  });
});

describe('D15 double runs', () => {
  /** Counts acquires over all runs, and waits longer the more there were. */
  function remembering(): LockAlgorithm {
    let acquires = 0;
    return defineLock({
      name: 'remembering',
      summary: 'Keeps state in its module from run to run.',
      source: 'test/host/run-port.test.ts',
      services: { redis: 1 },
      options: {},
      claims: {},
      create: (environment) => ({
        async acquire() {
          await environment.sleep(++acquires);
          return { granted: false, reason: 'never granted' };
        },
      }),
    });
  }

  const key = seedKey('1');

  test('D15 find a lock that keeps state from run to run', async () => {
    const lock = remembering();
    const plan = planFor(lock, { faultClasses: ['interleaving'] });
    const result = await observeCampaign(lock, { plan, key, runs: 3 });
    const found = result.findings.filter(({ kind }) => kind === 'not-deterministic');
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toMatch(/^run 0, made twice, was not the same: event \d+ at /);
    expect(result.unknownRuns).toBe(1);
  });

  test('D15 do so in a campaign of one run', async () => {
    const lock = remembering();
    const plan = planFor(lock, { faultClasses: ['interleaving'] });
    const { findings } = await observeCampaign(lock, { plan, key, runs: 1 });
    expect(findings.map(({ kind }) => kind)).toEqual(['not-deterministic']);
  });

  test.each([1, 4])('D15 one run of every %i is run twice, each after another', async (every) => {
    const calls: string[] = [];
    const runs = 9;
    // Without faults nothing is violated, so nothing is run again to judge it.
    const plan = planFor(setNx, { faultClasses: ['interleaving'] });
    await withGuards(false, async (guards) => {
      const port = createRunPort(setNx, criticalSection, guards, () => false);
      const check: typeof port.check = (scenario, decisions) => {
        calls.push(decisions.key.join());
        return port.check(scenario, decisions);
      };
      const request = { plan, key, runs, strict: true, bail: false, doubleEvery: every };
      await campaign(setNx, request, { ...port, check }, () => {});
    });
    for (let run = 0; run < runs; run++) {
      const at = calls.flatMap((call, index) => (call === runKey(key, run).join() ? [index] : []));
      expect([run, at.length]).toEqual([run, run % every === 0 ? 2 : 1]);
      if (at.length === 2) expect(at[1]! - at[0]!).toBeGreaterThan(run === runs - 1 ? 0 : 1);
    }
  });

  test('D15 a lock that keeps nothing passes; second runs leave the digest alone', async () => {
    const plan = planFor(setNx);
    const digests = await Promise.all(
      [1, 5, 1_000].map(async (doubleEvery) => {
        const result = await observeCampaign(setNx, { plan, key, runs: 25, doubleEvery });
        expect(result.findings).toEqual([]);
        return result.digest;
      }),
    );
    expect(new Set(digests).size).toBe(1);
  });

  test('R14 a campaign’s digest folds those of its runs', async () => {
    const runs = 12;
    const plan = planFor(setNx);
    const jobs = Array.from({ length: runs }, (_, run) => [setNx, run] as const);
    const { digest } = await observeCampaign(setNx, { plan, key, runs });
    expect(digest).toBe(foldDigests(await digestsOf(jobs, false)));
  });
});
