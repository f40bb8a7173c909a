/**
 * A scheduled job on several machines: when its time has come each of them tries once to get the
 * lock, and who does not get it leaves the run to another. A runner that dies never ends its run;
 * the next one begins all the same, and does not overlap with what does nothing any more.
 */
import { lookAndRead, lookAndWrite, markOf } from './acts.js';
import { defineWorkload } from './workload.js';

export const jobRunner = defineWorkload({
  name: 'job-runner',
  summary: 'tries once, and runs a job from its start to its end: no two runs overlap',
  invariants: [{ forbids: 'overlapping-runs', cell: 'run' }],
  async operation(client, plan) {
    const grant = await client.acquire('exclusive', 0);
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      if ((await lookAndRead(section, 'run')) === undefined) return false;
      if (!(await lookAndWrite(section, markOf(plan), 'run'))) return false;
      await section.wait(plan.sectionUs);
      return (await lookAndWrite(section, 0, 'run')) && section.holds();
    });
  },
});
