/**
 * The critical section of a holder that forgets to unlock: nobody gets the lock until its TTL ends,
 * and nobody ever does if something keeps renewing it.
 */
import { lookAndRead, lookAndWrite } from './acts.js';
import { defineWorkload } from './workload.js';

export const forgetful = defineWorkload({
  name: 'forgetful',
  summary: 'reads a number, works, writes it back, and forgets to release',
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.forget(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const count = await lookAndRead(section, 'count');
      if (count === undefined) return false;
      await section.wait(plan.sectionUs);
      return (await lookAndWrite(section, count + 1, 'count')) && section.holds();
    });
  },
});
