/** A short search of a lock, judged as `check` judges it. */
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { CHECKERS } from '../../src/checkers/index.js';
import type { FaultClass } from '../../src/fault.js';
import type { OptionValue } from '../../src/scenario.js';
import type { CampaignResult } from '../../src/search/campaign.js';
import { resolvePlan } from '../../src/search/plan.js';
import { seedKey } from '../../src/seed-key.js';
import { DEFAULT_WORKLOAD, workloads } from '../../src/workloads/index.js';
import { search } from '../search/port.js';

export interface Search {
  readonly runs: number;
  readonly faultClasses?: readonly FaultClass[];
  readonly set?: Readonly<Record<string, OptionValue>>;
}

/** Searches with the workload that shows the lock's flaw, if it has one. */
export function searched(
  algorithm: LockAlgorithm,
  { runs, faultClasses, set = {} }: Search,
): Promise<CampaignResult> {
  const name = algorithm.flaw?.workload ?? DEFAULT_WORKLOAD.name;
  const workload = workloads.find((one) => one.name === name)!;
  const { sectionsEach } = workload;
  const plan = resolvePlan(algorithm, {
    workload: name,
    set,
    ...(sectionsEach && { sectionsEach }),
    ...(faultClasses && { faultClasses }),
  });
  const key = seedKey('7');
  return search(algorithm, plan, runs, { key, strict: false, checkers: CHECKERS, workload });
}

/** What no claim of the lock accepts: `mutual-exclusion double-grant`. */
export function unclaimed({ violations }: CampaignResult): string[] {
  return violations
    .filter(({ expected }) => !expected)
    .map(({ verdict }) => [verdict.property, verdict.class ?? ''].join(' ').trim());
}

/** All that was found, claimed or not. */
export function found({ violations }: CampaignResult): Set<string> {
  return new Set(
    violations.map(({ verdict }) => [verdict.property, verdict.class ?? ''].join(' ').trim()),
  );
}
