/**
 * Whether a lock can do what a workload needs of it: asked of one grant in a calm world, before any
 * run, because a lock says what it can do by what its grants offer.
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import { seedKey } from '../seed-key.js';
import { EditedDecisions } from '../sim/decisions.js';
import { defineWorkload, type Workload } from '../workloads/workload.js';
import { type CampaignPlan, generate } from './generate.js';
import type { RunPlan } from './replay-code.js';

/**
 * Why this lock cannot run under this workload, in one sentence; `undefined` if it can. A lock that
 * grants nothing even here is left to its runs, which say so.
 *
 * @param make makes a run of this lock under another workload.
 */
export async function whyUnable(
  algorithm: LockAlgorithm,
  workload: Workload,
  plan: CampaignPlan,
  make: (workload: Workload, run: RunPlan) => Promise<unknown>,
): Promise<string | undefined> {
  if (workload.needs === undefined) return undefined;
  let renews = true;
  const asking = defineWorkload({
    name: workload.name,
    summary: 'looks at what one grant offers',
    async operation(client) {
      const grant = await client.acquire();
      if (!grant.granted) return;
      renews = grant.renew !== undefined;
      await client.hold(grant, async () => false);
    },
  });
  const key = seedKey('calm');
  const calm = { ...plan, clients: 1, operationsEach: 1, faultClasses: [] };
  const scenario = generate(calm, new EditedDecisions(key, []));
  await make(asking, { scenario, key, overrides: [] });
  if (renews) return undefined;
  return (
    `${algorithm.name} cannot be renewed, and the workload ${workload.name} renews; ` +
    'holdfast list names the other workloads'
  );
}
