/**
 * Calls under a shared limit: whoever holds the lock counts its call, and then makes it. So many
 * make a window, and a call that finds one full belongs to the next. A caller that dies between the
 * two has counted a call that was never made: the limit is not used up, and never exceeded.
 */
import { lookAndRead, lookAndWrite } from './acts.js';
import { defineWorkload } from './workload.js';

const LIMIT = 2;

export const rateLimit = defineWorkload({
  name: 'rate-limit',
  summary: `counts a call before it makes it: no window has more than ${LIMIT} calls`,
  invariants: [{ forbids: 'over-limit', cell: 'call', limit: LIMIT }],
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const counted = await lookAndRead(section, 'counted');
      if (counted === undefined) return false;
      await section.wait(plan.sectionUs);
      if (!(await lookAndWrite(section, counted + 1, 'counted'))) return false;
      const window = Math.floor(counted / LIMIT);
      return (await lookAndWrite(section, window, 'call')) && section.holds();
    });
  },
});
