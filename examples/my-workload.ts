/**
 * A workload of your own, beside the lock that it runs: handing out numbers, each of them once.
 * Try it with `npx holdfast check ./my-workload.ts`.
 */
import { defineWorkload } from 'holdfast';

export { default } from './my-lock.js';

export const workload = defineWorkload({
  name: 'numbers',
  summary: 'hands out the next number: no number goes out twice',
  invariants: [{ forbids: 'double-booking', cells: 'number' }],
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const last = await section.read('last');
      if (last === undefined || !section.holds()) return false;
      if (!(await section.write(last + 1, 'last'))) return false;
      await section.wait(plan.sectionUs);
      if (!section.holds()) return false;
      const customer = 1 + Math.floor(client.random() * 1_000_000);
      return (await section.write(customer, `number ${last + 1}`)) && section.holds();
    });
  },
});
