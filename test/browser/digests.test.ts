/**
 * The page simulates the same world as Node: the same runs have the same digests there (D12, R14).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLock, locks } from '../../src/algorithms/index.js';
import { compression } from '../../src/host/session.js';
import { settle } from '../../src/host/settle.js';
import { checkScenario } from '../../src/pipeline.js';
import { runKey } from '../../src/random.js';
import { generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import { decodeReplay } from '../../src/search/replay-code.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { workloadNamed, workloads } from '../../src/workloads/index.js';
import type { Played } from '../../web/src/simulator/protocol.js';
import { type OpenedPage, withBrowser } from './chromium.js';

/** One of each service, a quorum, and what is made of scripts. */
const LOCKS = [
  'set-nx',
  'redlock',
  'redisson-fair',
  'redisson-semaphore',
  'etcd-mutex',
  'zookeeper-lock',
  'postgres-table',
  'postgres-advisory',
];
const RUNS_EACH = 25;

let opened: OpenedPage | undefined;
beforeAll(async () => {
  opened = await withBrowser();
});
afterAll(() => opened?.close());

async function digestsHere(lock: string, work: string, runs: readonly number[]) {
  const algorithm = findLock(lock)!;
  const workload = workloadNamed(workloads, work)!;
  const { name, sectionsEach } = workload;
  const rounds = sectionsEach === undefined ? {} : { sectionsEach };
  const plan = resolvePlan(algorithm, { workload: name, ...rounds, set: {} });
  const digests: string[] = [];
  for (const run of runs) {
    const decisions = new SeededDecisions(runKey(seedKey('7'), run));
    const scenario = generate(plan, decisions);
    const checked = await checkScenario(scenario, { algorithm, workload, decisions, settle });
    digests.push(checked.digest);
  }
  return digests;
}

describe('in the worker of the page', () => {
  it('200 runs of several locks have the digests that they have on Node (D12, R14)', async () => {
    if (opened === undefined) return;
    const { page, strayRequests, complaints } = await opened.open();
    const runs = Array.from({ length: RUNS_EACH }, (_, run) => run);
    for (const lock of LOCKS) {
      const there = await page.evaluate(
        async ([name, all]) => {
          const { simulator } = window;
          const digests: string[] = [];
          for (const run of all) {
            const plan = await simulator.draw({ lock: name, seed: 7, run });
            digests.push((await simulator.play(plan)).digest);
          }
          return digests;
        },
        [lock, runs] as const,
      );
      expect(there, lock).toEqual(await digestsHere(lock, 'critical-section', runs));
    }
    expect(LOCKS.length * RUNS_EACH).toBe(200);
    expect(strayRequests).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('a run comes with its trace and a replay code that Node reads', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open();
    const played: Played = await page.evaluate(async () => {
      const { simulator } = window;
      return simulator.play(await simulator.draw({ lock: 'set-nx', seed: 7, run: 3 }));
    });
    const decoded = decodeReplay(played.replay, compression);
    expect(decoded).toEqual({ ...played.plan, digest: played.digest });
    expect(played.trace.meta).toMatchObject({ digest: played.digest, replay: played.replay });
  });

  it('what somebody may choose of is what Node has', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open();
    const { locks: there, workloads: work } = await page.evaluate(() => window.simulator.list());
    expect(there.map(({ name }) => name)).toEqual(locks.map(({ name }) => name));
    expect(there[0]?.options).toEqual(locks[0]?.options);
    expect(work.map(({ name }) => name)).toEqual(workloads.map(({ name }) => name));
  });

  it('a workload that is not loaded from the start makes the same run as on Node', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open();
    const asked = { lock: 'redisson-lock', seed: 7, run: 1, workload: 'careless-queue-worker' };
    const digest = await page.evaluate(async (request) => {
      const { simulator } = window;
      return (await simulator.play(await simulator.draw(request))).digest;
    }, asked);
    expect([digest]).toEqual(await digestsHere(asked.lock, asked.workload, [asked.run]));
  });

  it('of two runs that wait behind one the older is superseded', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open();
    const outcomes = await page.evaluate(async () => {
      const { simulator } = window;
      const plan = await simulator.draw({ lock: 'set-nx', seed: 7, run: 3 });
      const runs = [plan, plan, plan].map((one) => simulator.play(one));
      const settled = await Promise.allSettled(runs);
      return settled.map((one) => (one.status === 'fulfilled' ? 'played' : one.reason.name));
    });
    // The first is under way, and ends as it will: it is given up if it takes more than 100 ms.
    expect(outcomes.slice(1)).toEqual(['Superseded', 'played']);
  });

  it('what is wrong with a plan is said with the field that it is about', async () => {
    if (opened === undefined) return;
    const { page } = await opened.open();
    const refused = await page.evaluate(async () => {
      const { simulator } = window;
      const plan = await simulator.draw({ lock: 'redlock', seed: 7, run: 0 });
      const options = { ...plan.scenario.options, servers: -1 };
      const scenario = { ...plan.scenario, options };
      const error = await simulator.play({ ...plan, scenario }).catch((reason) => reason);
      return { name: error.name, option: error.option, message: error.message };
    });
    const lost = await page.evaluate(async () => {
      const error = await window.simulator
        .draw({ lock: 'redlok', seed: 7, run: 0 })
        .catch((reason) => reason);
      return error.message;
    });
    const unable = await page.evaluate(async () => {
      const { simulator } = window;
      const asked = { lock: 'postgres-advisory', seed: 7, run: 0, workload: 'leader-election' };
      const error = await simulator.play(await simulator.draw(asked)).catch((reason) => reason);
      return { option: error.option, message: error.message };
    });
    expect(unable.option).toBe('workload');
    expect(unable.message).toMatch(/^postgres-advisory cannot be renewed, and the workload /);
    expect(lost).toMatch(/^there is no lock redlok; did you mean .*redlock/);
    expect(refused).toMatchObject({ name: 'PlanError', option: 'servers' });
    expect(refused.message).toContain('option servers is -1; it takes');
  });
});
