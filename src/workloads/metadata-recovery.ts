/**
 * The loop of UCloud's guide to its lock: whoever has acquired it works round after round, renews
 * after each, and stops when a renewal does not say yes: "we lost the lock". Then, or if it was not
 * acquired, it waits 15 s and a random 0 to 5 s before it asks again. Rounds are as long as the
 * scenario's sections, so with renewals the lock is held for longer than its TTL.
 *
 * The guide's loop never ends and holds the lock until it loses it; its lock and its renewals are
 * for 60 s, as here with a TTL of 60 s. Here a holder releases after some rounds, and each turn of
 * the loop is an operation (SDU-eScience/UCloud, guide to distributed locks).
 */
import { defineWorkload, type Section } from './workload.js';

const ROUNDS = 6;
const WAIT_US = 15_000_000;
const WAIT_RANDOM_US = 5_000_000;

export const metadataRecovery = defineWorkload({
  name: 'metadata-recovery',
  summary: 'works round after round, renews after each, and stops when a renewal does not say yes',
  sectionsEach: ROUNDS,
  needs: 'renew',
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (grant.granted) {
      await client.hold(grant, async (section) => {
        if (!section.holds()) return false;
        section.enter();
        for (let round = 0; round < ROUNDS; round++) {
          if (!(await work(section, plan.sectionUs))) return false;
          if ((await section.renew(client.ttlMs)) !== true) return false;
        }
        return section.holds();
      });
    }
    await client.wait(WAIT_US + Math.floor(client.random() * WAIT_RANDOM_US));
  },
});

/** One round: reads what there is to do, does it, and writes down that it is done. */
async function work(section: Section, us: number): Promise<boolean> {
  if (!section.holds()) return false;
  const count = await section.read();
  if (count === undefined) return false;
  await section.wait(us);
  return section.holds() && (await section.write(count + 1)) && section.holds();
}
