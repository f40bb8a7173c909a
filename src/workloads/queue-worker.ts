/**
 * Workers on one queue: whoever holds the lock works on the first message, takes it off, and then
 * delivers what came of it. In this order a worker that dies between the two, or does not learn
 * whether its message is off, delivers nothing: a message can be lost, but only two workers at once
 * can deliver it twice. The other order, which delivers again after every such death, would blame
 * the lock for its own design.
 */
import { lookAndRead, lookAndWrite, markOf } from './acts.js';
import { defineWorkload } from './workload.js';

export const queueWorker = defineWorkload({
  name: 'queue-worker',
  summary: 'works on a message, takes it off the queue, and delivers it: none is delivered twice',
  invariants: [{ forbids: 'delivered-twice', cells: 'delivery' }],
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const taken = await lookAndRead(section, 'taken');
      if (taken === undefined) return false;
      await section.wait(plan.sectionUs);
      if (!(await lookAndWrite(section, taken + 1, 'taken'))) return false;
      const delivery = `delivery ${taken + 1}`;
      return (await lookAndWrite(section, markOf(plan), delivery)) && section.holds();
    });
  },
});
