/**
 * Whether a lock can do what a workload needs of it: asked of one grant in a calm world, before any
 * run of a campaign, because a lock says what it can do by what its grants offer.
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import { seedKey } from '../random.js';
import { type CampaignPlan, generate } from '../search/generate.js';
import { EditedDecisions } from '../sim/decisions.js';
import { defineWorkload, type Workload } from '../workloads/workload.js';
import type { Guards } from './guards.js';
import { createRunPort } from './run-port.js';

/**
 * Why this lock cannot run under this workload, in one sentence; `undefined` if it can. A lock that
 * grants nothing even here is left to the campaign, which says so.
 */
export async function refusalOf(
  algorithm: LockAlgorithm,
  workload: Workload,
  plan: CampaignPlan,
  guards: Guards,
): Promise<string | undefined> {
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
  const decisions = new EditedDecisions(seedKey('calm'), []);
  const calm = { ...plan, clients: 1, operationsEach: 1, faultClasses: [] };
  const port = createRunPort(algorithm, asking, guards, () => false);
  await port.check(generate(calm, decisions), decisions);
  if (renews) return undefined;
  return (
    `${algorithm.name} cannot be renewed, and the workload ${workload.name} renews; ` +
    'holdfast list names the other workloads'
  );
}
