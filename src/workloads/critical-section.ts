/**
 * The default workload: a critical section that reads a counter, works, and writes it back; who
 * shares only reads. A careful holder: it looks at the grant before each act (docs/semantics.md,
 * R15).
 */
import type { OperationPlan } from '../scenario.js';
import { defineWorkload, type WorkloadClient } from './workload.js';

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
      if (plan.renew || plan.nested) {
        await section.wait(plan.sectionUs / 2);
        if (!section.holds()) return false;
        if (plan.renew && (await section.renew()) === false) return false;
        if (plan.nested && !(await nest(client, plan))) return false;
        await section.wait(plan.sectionUs / (plan.nested ? 4 : 2));
      } else {
        await section.wait(plan.sectionUs);
      }
      if (!section.holds()) return false;
      if (plan.mode === 'shared') return (await section.read()) !== undefined && section.holds();
      return (await section.write(count + 1)) && section.holds();
    });
  },
});

/** Acquires again what is held, in each mode that the holder may ask for, and gives it back. */
async function nest(client: WorkloadClient, plan: OperationPlan): Promise<boolean> {
  const downgrades = client.sharesToo && plan.mode === 'exclusive';
  for (const mode of downgrades ? (['exclusive', 'shared'] as const) : [plan.mode]) {
    const grant = await client.acquire(mode);
    if (!grant.granted) return false;
    let completed = false;
    await client.hold(grant, async (section) => {
      if (!section.holds()) return false;
      section.enter();
      await section.wait(plan.sectionUs / (downgrades ? 8 : 4));
      completed = section.holds();
      return completed;
    });
    if (!completed) return false;
  }
  return true;
}
