/**
 * The default workload: a critical section that reads a counter, works, and writes it back. A
 * careful holder: it looks at the grant before each act (docs/semantics.md, R15).
 */
import { defineWorkload } from './workload.js';

export const criticalSection = defineWorkload({
  name: 'critical-section',
  summary: 'reads a counter, works, writes it back',
  async operation(client, plan) {
    const grant = await client.acquire();
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      if (!section.holds()) return false;
      const count = await section.read();
      if (count === undefined) return false;
      if (plan.renew) {
        await section.wait(plan.sectionUs / 2);
        if (!section.holds()) return false;
        if ((await section.renew()) === false) return false;
        await section.wait(plan.sectionUs / 2);
      } else {
        await section.wait(plan.sectionUs);
      }
      if (!section.holds()) return false;
      return (await section.write(count + 1)) && section.holds();
    });
  },
});
