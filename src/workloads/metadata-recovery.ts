/**
 * The loop of UCloud's guide to its lock: whoever has acquired it works round after round, renews
 * after each, and stops when a renewal does not say yes: "we lost the lock". Rounds are as long as
 * the scenario's sections, so with renewals the lock is held for longer than its TTL.
 *
 * The guide's loop never ends, holds the lock until it loses it, and asks again after 15 to 20 s.
 * Here it ends after some rounds, releases, and asks again when the scenario's next operation
 * begins (SDU-eScience/UCloud, guide to distributed locks).
 */
import type { OperationPlan } from '../scenario.js';
import { defineWorkload, type Section } from './workload.js';

const ROUNDS = 6;

export const metadataRecovery = defineWorkload({
  name: 'metadata-recovery',
  summary: 'works round after round, renews after each, and stops when a renewal does not say yes',
  sectionsEach: ROUNDS,
  needs: 'renew',
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      for (let round = 0; round < ROUNDS; round++) {
        if (!(await work(section, plan))) return false;
        if ((await section.renew()) !== true) return false;
      }
      return section.holds();
    });
  },
});

/** One round: reads what there is to do, does it, and, if it is alone, writes that it is done. */
async function work(section: Section, { sectionUs, mode }: OperationPlan): Promise<boolean> {
  if (!section.holds()) return false;
  const count = await section.read();
  if (count === undefined) return false;
  await section.wait(sectionUs);
  if (!section.holds()) return false;
  const done = mode === 'shared' || (await section.write(count + 1));
  return done && section.holds();
}
