/**
 * Whether a lock's claims cover a violation. A violation is judged on its smallest run, and it is
 * expected if that run still contains a fault class under which the author accepts an outcome as
 * bad (docs/semantics.md, R13). Taking the excusing faults out of the run answers the same question
 * without shrinking it: if it still shows the violation, it can do without them.
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { Scenario } from '../scenario.js';
import type { PropertyVerdict } from '../verdict.js';
import { atLeastAsBad, excusing } from './claims.js';

/** Runs the same decisions with another scenario. */
export type Rerun = (scenario: Scenario) => Promise<readonly PropertyVerdict[]>;

export async function isExpected(
  algorithm: LockAlgorithm,
  scenario: Scenario,
  verdict: PropertyVerdict,
  rerun: Rerun,
): Promise<boolean> {
  const persistence = scenario.servers[0]?.persistence ?? 'everysec';
  const excuses = excusing(algorithm, verdict, persistence);
  if (excuses.has('interleaving')) return true;
  const faults = scenario.faults.filter((fault) => !excuses.has(fault.class));
  if (faults.length === scenario.faults.length) return false;
  const properties = await rerun({ ...scenario, faults });
  return !properties.some((found) => atLeastAsBad(found, verdict));
}
