/** Payments into one account: whoever holds the lock reads the balance, and writes the new one. */
import { lookAndRead, lookAndWrite } from './acts.js';
import { defineWorkload } from './workload.js';

const LARGEST = 100;

export const payment = defineWorkload({
  name: 'payment',
  summary: 'reads a balance, checks the payment, writes the new balance: no payment is lost',
  invariants: [{ forbids: 'lost-update', cell: 'balance' }],
  async operation(client, plan) {
    const amount = 1 + Math.floor(client.random() * LARGEST);
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const balance = await lookAndRead(section, 'balance');
      if (balance === undefined) return false;
      await section.wait(plan.sectionUs);
      return (await lookAndWrite(section, balance + amount, 'balance')) && section.holds();
    });
  },
});
