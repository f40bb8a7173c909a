/** Runs of real locks as a campaign would draw them, for tests that need many of them. */
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { FAULT_CLASSES } from '../../src/fault.js';
import { inTurn } from '../../src/host/run-port.js';
import { settle } from '../../src/host/settle.js';
import { runKey, type SeedKey } from '../../src/random.js';
import type { Scenario } from '../../src/scenario.js';
import { type CampaignPlan, generate } from '../../src/search/generate.js';
import { resolvePlan } from '../../src/search/plan.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { type Run, simulate } from '../../src/sim/simulate.js';
import { criticalSection } from '../../src/workloads/critical-section.js';

/** The plan of a default campaign of this lock. */
export function planFor(algorithm: LockAlgorithm, more: Partial<CampaignPlan> = {}): CampaignPlan {
  const request = { faultClasses: FAULT_CLASSES, workload: criticalSection.name, set: {} };
  return { ...resolvePlan(algorithm, request), ...more };
}

export interface Drawn {
  readonly key: SeedKey;
  readonly scenario: Scenario;
  readonly decisions: SeededDecisions;
}

/** The scenario of one run of a campaign, and its decisions. */
export function drawn(plan: CampaignPlan, run: number, recording = false, seed = '1'): Drawn {
  const key = runKey(seedKey(seed), run);
  const scenario = generate(plan, new SeededDecisions(key));
  return { key, scenario, decisions: new SeededDecisions(key, recording) };
}

/** Carries out a drawn run. */
export function carryOut(
  algorithm: LockAlgorithm,
  { scenario, decisions }: Pick<Drawn, 'scenario' | 'decisions'>,
  trace = false,
): Promise<Run> {
  return inTurn(() =>
    simulate(scenario, {
      algorithm,
      workload: criticalSection,
      decisions,
      settle,
      ...(trace ? { trace: {} } : {}),
    }),
  );
}

/** Digests of the first runs of the default campaign of seed 1. */
export async function campaignDigests(
  algorithm: LockAlgorithm,
  runs: number,
  trace = false,
): Promise<string[]> {
  const plan = planFor(algorithm);
  const digests: string[] = [];
  for (let run = 0; run < runs; run++) {
    digests.push((await carryOut(algorithm, drawn(plan, run), trace)).digest);
  }
  return digests;
}
