/**
 * Whether a lock's claims cover a violation. A violation is judged on its smallest run, and it is
 * expected if that run still contains a fault class under which the author accepts an outcome as
 * bad (docs/semantics.md, R13). Taking the excusing faults out of the run answers the same question
 * without shrinking it: if it still shows the violation, it can do without them.
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { FaultClass } from '../fault.js';
import type { Scenario } from '../scenario.js';
import type { PropertyVerdict } from '../verdict.js';
import { atLeastAsBad, excusing } from './claims.js';

/** The fault classes whose claims accept an outcome as bad as this, in that scenario. */
export function excuses(
  algorithm: LockAlgorithm,
  scenario: Scenario,
  verdict: PropertyVerdict,
): ReadonlySet<FaultClass> {
  return excusing(algorithm, verdict, scenario.servers[0]?.persistence ?? 'everysec');
}

/** Runs the same decisions with another scenario. */
export type Rerun = (scenario: Scenario) => Promise<readonly PropertyVerdict[]>;

export async function isExpected(
  algorithm: LockAlgorithm,
  scenario: Scenario,
  verdict: PropertyVerdict,
  rerun: Rerun,
): Promise<boolean> {
  const accepted = excuses(algorithm, scenario, verdict);
  if (accepted.has('interleaving')) return true;
  const faults = scenario.faults.filter((fault) => !accepted.has(fault.class));
  if (faults.length === scenario.faults.length) return false;
  const properties = await rerun({ ...scenario, faults });
  return !properties.some((found) => atLeastAsBad(found, verdict));
}
