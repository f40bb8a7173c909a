/** The same story with another lock: clients and faults as they were, servers as the lock needs. */
import { setLock } from '../../../src/lab/scenario-edits.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { loadLock } from '../simulator/locks.js';

export async function underOtherLock(plan: RunPlan, name: string): Promise<RunPlan> {
  return { ...plan, scenario: setLock(plan.scenario, await loadLock(name)) };
}
