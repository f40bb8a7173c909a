/**
 * What locks declare is judged end to end: the usual mistake of each kind is found by the search
 * from the default distribution, and a sound lock of the kind is not accused (R17 to R20).
 */
import { describe, expect, test } from 'vitest';
import etcdMutex from '../../src/algorithms/etcd-mutex.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { CHECKERS } from '../../src/checkers/index.js';
import type { FaultClass } from '../../src/fault.js';
import { runKey } from '../../src/random.js';
import { shrink } from '../../src/search/shrink.js';
import { seedKey } from '../../src/seed-key.js';
import type { Property, ViolationClass } from '../../src/verdict.js';
import { planFor } from '../sim/runs.js';
import {
  naiveReadWrite,
  notReentrant,
  overcounting,
  soundReadWrite,
  soundReentrant,
  soundSemaphore,
  uncounted,
  unfair,
} from './declared-locks.js';
import { portFor, search } from './port.js';

const RUNS = 150;
const CALM: readonly FaultClass[] = ['interleaving'];
/** What delays and stops clients, and never the service. */
const OF_CLIENTS: readonly FaultClass[] = ['pause', 'client-crash', 'partition', 'delay'];

type Flawed = readonly [LockAlgorithm, Property, ViolationClass | undefined, string | undefined];

const FLAWED: readonly Flawed[] = [
  [naiveReadWrite, 'read-write', 'double-grant', undefined],
  [uncounted, 'reentrancy', undefined, 'dropped'],
  [uncounted, 'mutual-exclusion', 'double-grant', undefined],
  [notReentrant, 'reentrancy', undefined, 'waited'],
  [overcounting, 'permits', 'double-grant', undefined],
  [unfair, 'fairness', undefined, 'overtaken'],
];

describe.each(FLAWED)('R17 R18 R19 R20 %o', (lock, property, violation, cause) => {
  const plan = planFor(lock);

  test.each(['1', '2', '3'])(`breaks ${property}, and seed %s finds it`, async (seed) => {
    const key = seedKey(seed);
    const { violations } = await search(lock, plan, RUNS, { key, checkers: CHECKERS });
    const found = violations.find(
      ({ verdict }) => verdict.property === property && verdict.class === violation,
    );
    expect(found?.verdict.cause).toBe(cause);
  });

  test('is told without any fault', async () => {
    const calm = { ...plan, faultClasses: CALM };
    const key = seedKey('calm');
    const { violations } = await search(lock, calm, RUNS, { key, checkers: CHECKERS });
    const found = violations.find(({ verdict }) => verdict.property === property)!;
    const port = portFor(lock, { checkers: CHECKERS });
    const shrunk = await shrink(runKey(key, found.run), found.scenario, found.verdict, port);
    expect(shrunk.verdict).toMatchObject({ property, verdict: 'invalid' });
    expect(shrunk.scenario.faults).toEqual([]);
  });
});

const SOUND: readonly (readonly [LockAlgorithm, Property])[] = [
  [soundReadWrite, 'read-write'],
  [soundReentrant, 'reentrancy'],
  [soundSemaphore, 'permits'],
  [etcdMutex, 'fairness'],
];

describe.each(SOUND)('R17 R18 R19 R20 %o', (lock, property) => {
  test.each([
    ['calm', CALM],
    ['faults of clients', OF_CLIENTS],
  ] as const)(`keeps ${property}: %s`, async (_name, faultClasses) => {
    const plan = { ...planFor(lock), faultClasses };
    const result = await search(lock, plan, 2 * RUNS, { checkers: CHECKERS });
    const wrong = result.violations
      .filter(({ verdict }) => verdict.property === property)
      .map(({ verdict }) => verdict.class ?? verdict.cause ?? 'broken');
    // A pause inside an act is nobody's fault (R3).
    expect(wrong.filter((what) => what !== 'inherent-overlap')).toEqual([]);
    expect(result.tallies.get(property)!.valid).toBeGreaterThan(RUNS);
  });
});
