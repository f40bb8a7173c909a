/**
 * Electing a leader: whoever gets the lock leads, decides round after round, renews after each, and
 * steps down as soon as a renewal does not say yes. After some rounds it hands over by itself.
 */
import { lookAndRead, lookAndWrite } from './acts.js';
import { defineWorkload } from './workload.js';

const ROUNDS = 4;

export const leaderElection = defineWorkload({
  name: 'leader-election',
  summary: 'leads round after round, renews after each, and steps down on a loss: one leader only',
  sectionsEach: ROUNDS,
  needs: 'renew',
  invariants: [{ forbids: 'two-leaders', cell: 'decision' }],
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      for (let round = 0; round < ROUNDS; round++) {
        const decision = await lookAndRead(section, 'decision');
        if (decision === undefined) return false;
        await section.wait(plan.sectionUs);
        if (!(await lookAndWrite(section, decision + 1, 'decision'))) return false;
        if ((await section.renew()) !== true) return false;
      }
      return section.holds();
    });
  },
});
