/** Built-in workloads are careful holders: they look before each act (R15). */
import { describe, expect, test } from 'vitest';
import setNx from '../src/algorithms/set-nx.js';
import { seedKey } from '../src/random.js';
import { campaign } from '../src/search/campaign.js';
import { resolvePlan } from '../src/search/plan.js';
import type { ViolationClass } from '../src/verdict.js';
import { carelessSection, criticalSection } from '../src/workloads/critical-section.js';
import { workloads } from '../src/workloads/index.js';
import type { Workload } from '../src/workloads/workload.js';
import { portFor } from './search/port.js';

const RUNS = 400;

/** The classes of overlap that a campaign under pauses finds with this workload. */
async function overlaps(workload: Workload): Promise<Set<ViolationClass | undefined>> {
  const plan = resolvePlan(setNx, { workload: workload.name, set: {}, faultClasses: ['pause'] });
  const result = await campaign(
    setNx,
    { plan, key: seedKey('15'), runs: RUNS, strict: true, bail: false, doubleEvery: RUNS },
    portFor(setNx, { workload }),
    () => {},
  );
  return new Set(
    result.violations
      .filter(({ verdict }) => verdict.property === 'mutual-exclusion')
      .map(({ verdict }) => verdict.class),
  );
}

describe('R15 a holder', () => {
  test('R15 that looks before each act overlaps only where nobody could know', async () => {
    expect(await overlaps(criticalSection)).toEqual(new Set(['inherent-overlap']));
  });

  test('R15 that never looks acts although it could have known', async () => {
    expect(await overlaps(carelessSection)).toContain('stale-belief');
  });

  test('R15 the default section lasts at most half the TTL', () => {
    const plan = resolvePlan(setNx, { workload: 'critical-section', set: {}, ttlMs: 4_000 });
    expect(plan.sectionMsMax).toBe(2_000);
    const longer = resolvePlan(setNx, { workload: 'critical-section', set: { sectionMs: '9000' } });
    expect(longer.sectionMsMax).toBe(9_000);
  });

  test('workloads have names of their own', () => {
    expect(new Set(workloads.map(({ name }) => name)).size).toBe(workloads.length);
  });
});
