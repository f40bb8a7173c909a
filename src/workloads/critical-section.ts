/**
 * The default workload: a critical section that reads a counter, works, and writes it back; who
 * shares only reads. A careful holder: it looks at the grant before each act (docs/semantics.md,
 * R15).
 */
import type { OperationPlan } from '../scenario.js';
import { defineWorkload, type Section, type WorkloadClient } from './workload.js';

export const criticalSection = defineWorkload({
  name: 'critical-section',
  summary: 'reads a counter, works, writes it back; asks the grant before each act',
  operation: (client, plan) => operate(client, plan, (section) => section.holds()),
});

/** The same work by a holder that never looks: shows what the checks are for. */
export const carelessSection = defineWorkload({
  name: 'careless',
  summary: 'reads a counter, works, writes it back; never asks whether the grant still holds',
  operation: (client, plan) => operate(client, plan, () => true),
});

async function operate(
  client: WorkloadClient,
  plan: OperationPlan,
  mayAct: (section: Section) => boolean,
): Promise<void> {
  const grant = await client.acquire();
  if (!grant.granted) return;
  await client.hold(grant, async (section) => {
    if (!mayAct(section)) return false;
    section.enter();
    if (!mayAct(section)) return false;
    const count = await section.read();
    if (count === undefined) return false;
    if (plan.renew || plan.nested) {
      await section.wait(plan.sectionUs / 2);
      if (!mayAct(section)) return false;
      if (plan.renew && (await section.renew()) === false) return false;
      if (plan.nested && !(await nest(client, plan, mayAct))) return false;
      await section.wait(plan.sectionUs / (plan.nested ? 4 : 2));
    } else {
      await section.wait(plan.sectionUs);
    }
    if (!mayAct(section)) return false;
    if (plan.mode === 'shared') return (await section.read()) !== undefined && mayAct(section);
    return (await section.write(count + 1)) && mayAct(section);
  });
}

/** Acquires again what is held, in each mode that the holder may ask for, and gives it back. */
async function nest(
  client: WorkloadClient,
  plan: OperationPlan,
  mayAct: (section: Section) => boolean,
): Promise<boolean> {
  const downgrades = client.sharesToo && plan.mode === 'exclusive';
  for (const mode of downgrades ? (['exclusive', 'shared'] as const) : [plan.mode]) {
    const grant = await client.acquire(mode);
    if (!grant.granted) return false;
    let completed = false;
    await client.hold(grant, async (section) => {
      if (!mayAct(section)) return false;
      section.enter();
      await section.wait(plan.sectionUs / (downgrades ? 8 : 4));
      completed = mayAct(section);
      return completed;
    });
    if (!completed) return false;
  }
  return true;
}
