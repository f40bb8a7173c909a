/**
 * R12 what workloads promise of the resource: kept by every run without faults, and by every run in
 * which holders reach the resource one after the other; broken, if the lock breaks, by what each
 * workload is about.
 */
import { describe, expect, test } from 'vitest';
import blindDelete from '../../src/algorithms/flawed/blind-delete.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import setNxFenced from '../../src/algorithms/set-nx-fenced.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { findLateAccess } from '../../src/checkers/late-access.js';
import { resourceSafety } from '../../src/checkers/resource-safety.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { FAULT_CLASSES, type FaultClass } from '../../src/fault.js';
import { runKey } from '../../src/random.js';
import { generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import { workloads } from '../../src/workloads/index.js';
import { carelessly, type Workload } from '../../src/workloads/workload.js';
import { portFor } from '../search/port.js';

const KEY = seedKey('12');

const promising = workloads.filter(({ invariants }) => invariants !== undefined);

interface Shown {
  readonly properties: readonly PropertyVerdict[];
  readonly late: boolean;
}

/** What so many runs of a lock under a workload show. */
async function shown(
  lock: LockAlgorithm,
  workload: Workload,
  faultClasses: readonly FaultClass[],
  runs: number,
  checkers = CHECKERS,
): Promise<Shown[]> {
  const { name, sectionsEach = 1 } = workload;
  const plan = resolvePlan(lock, { workload: name, sectionsEach, set: {}, faultClasses });
  const port = portFor(lock, { workload, checkers });
  const all: Shown[] = [];
  for (let run = 0; run < runs; run++) {
    const decisions = new SeededDecisions(runKey(KEY, run));
    const { properties, run: made } = await port.check(generate(plan, decisions), decisions);
    const late = findLateAccess(indexHistory(made.history)) !== undefined;
    all.push({ properties, late });
  }
  return all;
}

const violations = (all: readonly Shown[]) =>
  all.flatMap(({ properties }) => properties).filter(({ verdict }) => verdict === 'invalid');

describe('R12 workloads that promise something', () => {
  test('R12 are those of the use cases', () => {
    expect(promising.map(({ name }) => name)).toEqual([
      'job-runner',
      'leader-election',
      'payment',
      'queue-worker',
      'rate-limit',
      'read-mostly-cache',
      'ticket-seats',
    ]);
  });

  describe.each(promising)('$name', (workload) => {
    test.each(['careful', 'careless'])('R15 without faults no run is invalid: %s', async (how) => {
      const held = how === 'careful' ? workload : carelessly(workload, `careless-${workload.name}`);
      const all = await shown(setNx, held, [], 60);
      expect(violations(all)).toEqual([]);
    });

    test('R12 a fence at the resource keeps the promise under whatever leaves it its counter', async () => {
      const lasting = FAULT_CLASSES.filter(
        (name) => name !== 'server-crash' && name !== 'failover',
      );
      const all = await shown(setNxFenced, workload, lasting, 150, [resourceSafety]);
      expect(violations(all)).toEqual([]);
    });

    test('R12 is broken by two holders at once, and by nothing else', async () => {
      const classes: FaultClass[] = ['pause', 'client-crash', 'lost-reply', 'server-crash'];
      const all = await shown(blindDelete, workload, classes, 400, [resourceSafety]);
      const damaged = all.filter(({ properties }) => properties[0]!.class === 'damage');
      expect(damaged.length).toBeGreaterThan(0);
      expect(damaged.filter(({ late }) => !late)).toEqual([]);
      const forbidden = workload.invariants!.map(({ forbids }) => forbids as string);
      for (const { properties } of damaged) expect(forbidden).toContain(properties[0]!.cause);
    });
  });
});
