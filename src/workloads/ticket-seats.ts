/**
 * Selling numbered seats: whoever holds the lock finds the first seat that is free, takes the money
 * for it, books it, and counts what is sold. A seller that dies between the two leaves a seat that
 * is booked and not counted; the next one goes on to the seat behind it, and the lock is not
 * blamed.
 */
import { lookAndRead, lookAndWrite, markOf } from './acts.js';
import { defineWorkload, type Section } from './workload.js';

export const ticketSeats = defineWorkload({
  name: 'ticket-seats',
  summary: 'finds a free seat, takes the money, books it, and counts it: no seat is sold twice',
  invariants: [
    { forbids: 'double-booking', cells: 'seat' },
    { forbids: 'lost-update', cell: 'sold' },
  ],
  async operation(client, plan) {
    const grant = await client.acquire('exclusive');
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      const sold = await lookAndRead(section, 'sold');
      if (sold === undefined) return false;
      const seat = await freeSeat(section, sold + 1);
      if (seat === undefined) return false;
      await section.wait(plan.sectionUs);
      if (!(await lookAndWrite(section, markOf(plan), seat))) return false;
      return (await lookAndWrite(section, sold + 1, 'sold')) && section.holds();
    });
  },
});

/** The first free seat from a number on; `undefined` if that cannot be found out. */
async function freeSeat(section: Section, from: number): Promise<string | undefined> {
  for (let number = from; ; number++) {
    const seat = `seat ${number}`;
    const taken = await lookAndRead(section, seat);
    if (taken === undefined) return undefined;
    if (taken === 0) return seat;
  }
}
