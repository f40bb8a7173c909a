/**
 * Each fault class does something that nothing else does: a lock that only this class breaks is
 * broken, its smallest run keeps this class alone, and without the class nothing is found (R7,
 * R13).
 */
import { describe, expect, test } from 'vitest';
import { FAULT_CLASSES, type FaultClass } from '../../src/fault.js';
import { runKey, type SeedKey } from '../../src/random.js';
import { classesOf, type Violation } from '../../src/search/campaign.js';
import { type Shrunk, shrink } from '../../src/search/shrink.js';
import { seedKey } from '../../src/seed-key.js';
import { planFor } from '../sim/runs.js';
import { PREY, type Prey, steadyWork } from './fault-class-locks.js';
import { portFor, search } from './port.js';

const BATCH = 200;
/** Batches until the class must have shown itself, and batches without it. */
const BATCHES_WITH = 15;
const BATCHES_WITHOUT = 2;

function planWith({ lock, alsoBy, plan }: Prey, without: readonly FaultClass[] = []) {
  const faultClasses = FAULT_CLASSES.filter(
    (name) => !alsoBy.includes(name) && !without.includes(name),
  );
  return { ...planFor(lock), persistence: 'always' as const, ...plan, faultClasses };
}

/** The smallest violation of a batch of runs, if there is any. */
async function hunt(
  prey: Prey,
  key: SeedKey,
  without: readonly FaultClass[] = [],
): Promise<Violation | undefined> {
  const { violations } = await search(prey.lock, planWith(prey, without), BATCH, {
    key,
    workload: steadyWork,
  });
  return [...violations].sort((a, b) => a.size - b.size)[0];
}

function shrunkFrom({ lock }: Prey, key: SeedKey, violation: Violation): Promise<Shrunk> {
  const port = portFor(lock, { workload: steadyWork });
  return shrink(runKey(key, violation.run), violation.scenario, violation.verdict, port);
}

const keyOf = (batch: number) => seedKey(`batch ${batch}`);

describe.each(PREY.map((prey) => [prey.faultClass, prey] as const))('%s', (faultClass, prey) => {
  test(`R13 a lock that only ${faultClass} breaks is broken by it alone`, async () => {
    for (let batch = 0; batch < BATCHES_WITH; batch++) {
      const violation = await hunt(prey, keyOf(batch));
      if (violation === undefined) continue;
      const shrunk = await shrunkFrom(prey, keyOf(batch), violation);
      const classes = classesOf(shrunk.scenario);
      // A few runs need a second fault to set the stage, but none goes without this class.
      expect(classes).toContain(faultClass);
      if (classes.length === 1) return;
    }
    expect.fail(`not found in ${BATCHES_WITH * BATCH} runs`);
  });

  test(`R13 with ${faultClass} off, all others on, it is not broken`, async () => {
    for (let batch = 0; batch < BATCHES_WITHOUT; batch++) {
      const violation = await hunt(prey, keyOf(batch), [faultClass]);
      expect(violation?.scenario.faults).toBeUndefined();
    }
  });
});
