/** The digest of a scenario's faults: the table of their fields leaves nothing out. */
import { expect, test } from 'vitest';
import { findLock } from '../../src/algorithms/index.js';
import { hashValue } from '../../src/digest.js';
import { FAULT_CLASSES } from '../../src/fault.js';
import { runKey } from '../../src/random.js';
import { generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { hashFault } from '../../src/sim/scenario-digest.js';

test.each(FAULT_CLASSES.filter((name) => name !== 'interleaving'))(
  'R14 every field of a %s counts',
  (faultClass) => {
    const wanted = { workload: 'critical-section', set: {}, faults: [faultClass] };
    const plan = resolvePlan(findLock('set-nx')!, wanted);
    let seen = 0;
    for (let run = 0; run < 40; run++) {
      const decisions = new SeededDecisions(runKey(seedKey('fields'), run));
      for (const fault of generate(plan, decisions).faults) {
        expect(hashFault(fault)).toBe(hashValue(fault));
        seen++;
      }
    }
    expect(seen).toBeGreaterThan(20);
  },
);
