/** What a page lends to the kernel; Node has the same channels, streams and codes. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import setNx from '../../src/algorithms/set-nx.js';
import { inTurn, runPlan, settle } from '../../src/host/browser.js';
import { decodeReplay, encodeReplay } from '../../src/host/browser-replay.js';
import { compression } from '../../src/host/session.js';
import { settle as settleOnNode } from '../../src/host/settle.js';
import { checkScenario } from '../../src/pipeline.js';
import { runKey } from '../../src/random.js';
import { generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import * as onNode from '../../src/search/replay-code.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { DEFAULT_WORKLOAD } from '../../src/workloads/index.js';

const workload = DEFAULT_WORKLOAD;
const key = runKey(seedKey('browser'), 0);
const campaign = resolvePlan(setNx, { workload: workload.name, set: {} });
const plan = { scenario: generate(campaign, new SeededDecisions(key)), key };
const toRun = { plan, algorithm: setNx, workload };

describe('the drain of a browser (D5)', () => {
  it('calls back when microtasks, and those that they cause, have run', async () => {
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      settle(() => {
        seen.push('drained');
        resolve();
      });
      void (async () => {
        for (let depth = 1; depth <= 100; depth++) await undefined;
        seen.push('a hundred awaits');
      })();
      queueMicrotask(() => queueMicrotask(() => seen.push('a microtask of a microtask')));
    });
    expect(seen).toEqual(['a microtask of a microtask', 'a hundred awaits', 'drained']);
  });
});

describe('a browser that schedules tasks', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('drains by them, and a run has the same digest', async () => {
    let tasks = 0;
    vi.stubGlobal('scheduler', {
      postTask(then: () => void) {
        tasks += 1;
        setImmediate(then);
      },
    });
    vi.resetModules();
    const { runPlan: runByTasks } = await import('../../src/host/browser.js');
    const { default: algorithm } = await import('../../src/algorithms/set-nx.js');
    const run = await runByTasks({ ...toRun, algorithm }, () => {});
    expect(run.digest).toBe((await runPlan(toRun, () => {})).digest);
    expect(tasks).toBeGreaterThan(10);
  });
});

describe('a run', () => {
  it('has the digest that it has on Node (D12)', async () => {
    const decisions = new SeededDecisions(key);
    const options = { algorithm: setNx, workload, decisions, settle: settleOnNode };
    const there = await checkScenario(plan.scenario, options);
    const here = await runPlan(toRun, () => {});
    expect(here.digest).toBe(there.digest);
    expect(here.run.trace?.messages.length).toBeGreaterThan(0);
  });

  it('is ended between two events by what its caller throws, and the next one is whole', async () => {
    let calls = 0;
    const given = runPlan(toRun, () => {
      if (++calls === 20) throw new RangeError('enough');
    });
    const next = runPlan(toRun, () => {});
    await expect(given).rejects.toThrow('enough');
    expect((await next).digest).toBe((await runPlan(toRun, () => {})).digest);
  });

  it('begins when the one before has ended (D13)', async () => {
    const seen: string[] = [];
    const first = inTurn(async () => {
      for (let turn = 0; turn < 10; turn++) await undefined;
      seen.push('first');
      throw new Error('failed');
    });
    const second = inTurn(async () => seen.push('second'));
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(seen).toEqual(['first', 'second']);
  });
});

describe('replay codes of a browser (R6)', () => {
  const replay = { ...plan, digest: '0123456789abcdef' };

  it('are read on Node, and those of Node are read there', async () => {
    expect(onNode.decodeReplay(await encodeReplay(replay), compression)).toEqual(replay);
    expect(await decodeReplay(onNode.encodeReplay(replay, compression))).toEqual(replay);
  });

  it('that are damaged are refused with the same words', async () => {
    const code = onNode.encodeReplay(replay, compression);
    const bad = [code.slice(0, -3), 'lt1_x', onNode.toCode(new Uint8Array([7, 7, 7]))];
    for (const one of bad) {
      const said = await decodeReplay(one).then(
        () => 'accepted',
        (error: Error) => `${error.name}: ${error.message}`,
      );
      expect(said).toMatch(/^ReplayCodeError: replay code /);
      expect(() => onNode.decodeReplay(one, compression)).toThrow(said.slice(17));
    }
  });
});
