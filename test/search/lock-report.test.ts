/** What is told of a campaign: of one that somebody stopped, and of one that is in doubt (R13). */
import { describe, expect, test } from 'vitest';
import setNxNoValidity from '../../src/algorithms/flawed/set-nx-no-validity.js';
import { defineLock, type LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import type { Checker } from '../../src/checkers/checker.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { compression } from '../../src/host/session.js';
import { reportLock } from '../../src/search/lock-report.js';
import { describePlan } from '../../src/search/plan.js';
import { planFor } from '../sim/runs.js';
import { CAMPAIGN_KEY, portFor, search } from './port.js';

test('R13 a stopped campaign tells each run as it was found, and makes it once', async () => {
  const checkers = CHECKERS;
  const plan = planFor(setNxNoValidity, { faultClasses: ['pause'] });
  const result = await search(setNxNoValidity, plan, 60, { checkers });
  const told = { seed: 1, runs: 60, strict: true };
  const configuration = describePlan(setNxNoValidity, plan, told);
  const port = portFor(setNxNoValidity, { checkers });
  const traced: (boolean | undefined)[] = [];
  const stopped: typeof port = {
    ...port,
    check: (...run) => {
      traced.push(run[2]);
      return port.check(...run);
    },
    stopped: () => true,
  };
  const { properties } = await reportLock(
    {
      algorithm: setNxNoValidity,
      configuration,
      key: CAMPAIGN_KEY,
      result,
      strict: true,
      ownBudget: false,
    },
    stopped,
    compression,
  );
  const broken = properties.filter(({ verdict }) => verdict === 'invalid');
  const runs = broken.map(({ counterexample }) => counterexample!.foundWith.run);
  expect(broken.length).toBeGreaterThan(new Set(runs).size);
  expect(traced).toEqual([...new Set(runs)].map(() => true));
  for (const { counterexample, property } of broken) {
    const { faults, clients, foundWith, story } = counterexample!;
    expect({ faults, clients }).toEqual({ faults: foundWith.faults, clients: foundWith.clients });
    expect([property, story.length > 0]).toEqual([property, true]);
  }
});

describe('R13 a property that is broken in some runs, and that nobody knows of in others', () => {
  /** Reports what a checker makes of 60 runs, of which some break the promise. */
  const reportOf = async (otherwise: () => never | 'unknown') => {
    const doubtful: Checker = {
      property: 'mutual-exclusion',
      check(index) {
        const found = mutualExclusion.check(index);
        if (found.verdict === 'invalid') return found;
        const verdict = otherwise();
        return { property: 'mutual-exclusion', verdict, reason: 'nobody looked', witness: [] };
      },
    };
    const checkers = [doubtful];
    const plan = planFor(setNx, { faultClasses: ['pause'] });
    const result = await search(setNx, plan, 60, { checkers, strict: false });
    const told = { seed: 1, runs: 60, strict: false };
    const configuration = describePlan(setNx, plan, told);
    const input = { algorithm: setNx, configuration, key: CAMPAIGN_KEY, result };
    const port = portFor(setNx, { checkers });
    return reportLock({ ...input, strict: false, ownBudget: false }, port, compression);
  };

  test('R13 says how many they are and why, and is no yes though the break is claimed', async () => {
    const report = await reportOf(() => 'unknown');
    const [found] = report.properties;
    expect(found).toMatchObject({ property: 'mutual-exclusion', expected: true });
    expect(found!.unknown).toEqual({ runs: 60 - found!.violations!, reason: 'nobody looked' });
    expect(report.verdict).toBe('unknown');
  });

  test('R13 is a bug of ours where the checker threw', async () => {
    const report = await reportOf(() => {
      throw new Error('oops');
    });
    expect(report.properties[0]).toMatchObject({ verdict: 'invalid', details: { threw: true } });
  });
});

describe('R13 beside the worst class', () => {
  /** Believes that it was granted whatever the server answers. */
  const deaf = defineLock({
    ...setNx,
    name: 'deaf',
    claims: {},
    create: (env) => ({
      async acquire(key, { ttlMs }) {
        await env.redis[0]!.call('SET', key, env.ownerId(), 'NX', 'PX', ttlMs);
        return { granted: true, release: async () => true };
      },
    }),
  });

  const reportOf = async (runs: number, claims: LockAlgorithm['claims'] = {}) => {
    const algorithm = { ...deaf, claims };
    const plan = planFor(algorithm, { faultClasses: ['failover'] });
    const result = await search(algorithm, plan, runs, { strict: false });
    const configuration = describePlan(algorithm, plan, { seed: 1, runs, strict: false });
    const input = { algorithm, configuration, key: CAMPAIGN_KEY, result };
    const told = { ...input, strict: false, ownBudget: false };
    return (await reportLock(told, portFor(algorithm), compression)).properties[0]!;
  };

  test('R13 one that shows without a fault, or in more runs, has its own smallest run', async () => {
    const found = await reportOf(400);
    expect(found.class).toBe('double-grant');
    expect(found.counterexample!.faults).toBe(1);
    const [worst, stale] = found.classes!;
    expect(stale!.runs).toBeGreaterThan(worst!.runs);
    expect(stale).toMatchObject({ class: 'stale-belief', counterexample: { faults: 0 } });
    expect(worst!.counterexample).toBeUndefined();
  });

  test('R13 one that is claimed has none', async () => {
    const worst = { worst: 'stale', reason: 'it is deaf', source: 'this test' } as const;
    const found = await reportOf(400, { 'mutual-exclusion': { default: worst } });
    expect(found.class).toBe('double-grant');
    expect(found.classes!.map(({ counterexample }) => counterexample)).toEqual([
      undefined,
      undefined,
    ]);
  });
});
