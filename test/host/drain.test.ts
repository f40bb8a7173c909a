/** The drain: all that follows from an event happens before the next one (D5). */
import { AsyncResource } from 'node:async_hooks';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { defineLock } from '../../src/algorithms/lock.js';
import redlock from '../../src/algorithms/redlock.js';
import { watchRealWork } from '../../src/host/real-async.js';
import { createRunPort } from '../../src/host/run-port.js';
import { withGuards } from '../../src/host/session.js';
import { settle, settleByEvent } from '../../src/host/settle.js';
import { checkScenario } from '../../src/pipeline.js';
import { runKey } from '../../src/random.js';
import { generate } from '../../src/search/generate.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { criticalSection } from '../../src/workloads/critical-section.js';
import { KEY, scenarioOf, scripted } from '../sim/run.js';
import { planFor } from '../sim/runs.js';
import { findingsOf, observeCampaign } from './observing.js';

const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve));

/** The instants, in ms, at which a client wakes up from what it awaits after a sleep of 3 ms. */
async function instantsOf(awaits: () => Promise<unknown>): Promise<number[]> {
  const instants: number[] = [];
  const findings = await findingsOf({
    A1: async (environment) => {
      await environment.sleep(3);
      await awaits();
      instants.push(environment.monoMs());
    },
    B1: async (environment) => {
      for (let round = 0; round < 20; round++) await environment.sleep(1);
    },
  });
  expect(findings).toEqual([]);
  return instants;
}

describe('D5 what the drain waits for', () => {
  test('D5 a thousand awaits', async () => {
    const chain = async () => {
      for (let round = 0; round < 1_000; round++) await undefined;
    };
    expect(await instantsOf(chain)).toEqual([3]);
  });

  test('D5 microtasks that make microtasks', async () => {
    const chain = () =>
      new Promise<void>((resolve) => {
        const again = (left: number): void => {
          queueMicrotask(() => (left === 0 ? resolve() : again(left - 1)));
        };
        again(200);
      });
    expect(await instantsOf(chain)).toEqual([3]);
  });

  test.each([1, 2, 5])('D5 %i calls of process.nextTick, one after the other', async (count) => {
    const chain = async () => {
      for (let round = 0; round < count; round++) await nextTick();
    };
    expect(await instantsOf(chain)).toEqual([3]);
  });

  test('D5 ticks and awaits in turn, deep in each other', async () => {
    const chain = async (depth: number): Promise<void> => {
      if (depth === 0) return;
      await nextTick();
      await Promise.all([chain(depth - 1), nextTick()]);
    };
    expect(await instantsOf(() => chain(8))).toEqual([3]);
  });

  test('D5 several callbacks of one event are drained in one go', async () => {
    const order: string[] = [];
    await findingsOf({
      A1: async (environment) => {
        const both = [1, 2].map((number) =>
          environment.sleep(1).then(async () => {
            await nextTick();
            order.push(`A${number}`);
          }),
        );
        await Promise.all(both);
      },
      B1: async (environment) => {
        await environment.sleep(1);
        order.push('B');
      },
    });
    expect(order).toEqual(['A1', 'A2', 'B']);
  });

  test('D5 a drain without anything to drain comes back too', async () => {
    await new Promise<void>((resolve) => settle(resolve));
  });

  test('D5 a tick that throws is noted, and the run goes on', async () => {
    const instants: number[] = [];
    const findings = await findingsOf({
      A1: async (environment) => {
        await environment.sleep(1);
        process.nextTick(() => {
          throw new Error('from a tick');
        });
        await environment.sleep(1);
        instants.push(environment.monoMs());
      },
    });
    expect(findings).toMatchObject([{ kind: 'listener-threw', host: 'A', atUs: 1_000 }]);
    expect(instants).toEqual([2]);
  });

  test('D5 a turn of the event loop for each event gives the same digests', async () => {
    const plan = planFor(redlock);
    for (let run = 0; run < 20; run++) {
      const digests: string[] = [];
      for (const drain of [settle, settleByEvent]) {
        const decisions = new SeededDecisions(runKey(seedKey('1'), run));
        const scenario = generate(plan, decisions);
        const options = { algorithm: redlock, workload: criticalSection, decisions, settle: drain };
        digests.push((await checkScenario(scenario, options)).digest);
      }
      expect(digests[1]).toBe(digests[0]);
    }
  });
});

describe('D5 real asynchronous work', () => {
  const script = {
    A1: async (environment: Environment) => {
      await environment.sleep(2);
      await readFile(new URL(import.meta.url).pathname);
    },
  };

  test('D5 of a run that hangs is named with its place', async () => {
    const { algorithm, workload } = scripted(script);
    const finding = await withGuards(false, (guards) => {
      const port = createRunPort(algorithm, workload, guards, () => false);
      return port.investigate(scenarioOf(script), new SeededDecisions(KEY));
    });
    expect(finding).toMatchObject({ kind: 'real-asynchronous-work', host: 'A', atUs: 2_000 });
    expect(finding?.place).toMatch(/^drain\.test\.ts:\d+$/);
  });

  test('D5 a campaign looks for it when an operation never settles', async () => {
    const lock = defineLock({
      name: 'reads-a-file',
      summary: 'Reads a file before it refuses.',
      source: 'test/host/drain.test.ts',
      services: { redis: 1 },
      options: {},
      claims: {},
      create: () => ({
        async acquire() {
          await readFile(new URL(import.meta.url).pathname);
          return { granted: false, reason: 'read' };
        },
      }),
    });
    const plan = planFor(lock, { faultClasses: ['interleaving'] });
    const { findings } = await observeCampaign(lock, { plan, key: seedKey('1'), runs: 3 });
    expect(findings[0]).toMatchObject({ kind: 'real-asynchronous-work' });
    expect(findings.some(({ kind }) => kind === 'never-settles')).toBe(true);
  });

  test('D5 nothing is found where everything is simulated', async () => {
    const { algorithm, workload } = scripted({
      A1: async (environment) => {
        await environment.sleep(2);
        await nextTick();
        await environment.redis[0]!.call('PING');
        new AbortController().abort();
        AsyncResource.bind(() => {})();
      },
    });
    const found = await withGuards(false, (guards) => {
      const port = createRunPort(algorithm, workload, guards, () => false);
      const scenario = scenarioOf({ A1: () => {} });
      return watchRealWork(() => port.check(scenario, new SeededDecisions(KEY)));
    });
    expect(found).toBeUndefined();
  });
});

test('an operation that waits for nothing at all is a finding', async () => {
  const findings = await findingsOf({ A1: () => new Promise(() => {}) });
  expect(findings).toMatchObject([{ kind: 'never-settles', host: 'A' }]);
});
