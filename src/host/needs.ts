/** Whether a lock can do what a workload needs of it, asked on this thread. */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { CampaignPlan } from '../search/generate.js';
import { whyUnable } from '../search/unable.js';
import { EditedDecisions } from '../sim/decisions.js';
import type { Workload } from '../workloads/workload.js';
import type { Guards } from './guards.js';
import { createRunPort } from './run-port.js';

/** Why this lock cannot run under this workload, in one sentence; `undefined` if it can. */
export function refusalOf(
  algorithm: LockAlgorithm,
  workload: Workload,
  plan: CampaignPlan,
  guards: Guards,
): Promise<string | undefined> {
  return whyUnable(algorithm, workload, plan, (asking, { scenario, key, overrides = [] }) => {
    const port = createRunPort(algorithm, asking, guards, () => false);
    return port.check(scenario, new EditedDecisions(key, overrides));
  });
}
