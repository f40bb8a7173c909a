/** Runs for tests of the Lab: made as the page makes them. */
import { findLock } from '../../src/algorithms/index.js';
import { runPlan } from '../../src/host/browser.js';
import { compression } from '../../src/host/session.js';
import { addFault } from '../../src/lab/fault-edits.js';
import { runKey, type SeedKey } from '../../src/random.js';
import type { Scenario } from '../../src/scenario.js';
import { generate } from '../../src/search/generate.js';
import { type PlanRequest, resolvePlan } from '../../src/search/plan.js';
import { encodeReplay } from '../../src/search/replay-code.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import type { TraceFile } from '../../src/timeline/format.js';
import { traceFile } from '../../src/timeline/write.js';
import type { PropertyVerdict } from '../../src/verdict.js';
import { DEFAULT_WORKLOAD } from '../../src/workloads/index.js';

export interface Played {
  readonly trace: TraceFile;
  readonly verdicts: readonly PropertyVerdict[];
  readonly digest: string;
  readonly replay: string;
}

export const KEY: SeedKey = seedKey('lab');

/** Run number `run` of a campaign of that lock. */
export function drawn(lock: string, run = 0, asked: Partial<PlanRequest> = {}): Scenario {
  const workload = DEFAULT_WORKLOAD.name;
  const plan = resolvePlan(findLock(lock)!, { workload, set: {}, ...asked });
  return generate(plan, new SeededDecisions(runKey(KEY, run)));
}

export async function played(scenario: Scenario): Promise<Played> {
  const algorithm = findLock(scenario.algorithm)!;
  const plan = { scenario, key: KEY };
  const { run, properties, digest } = await runPlan(
    { plan, algorithm, workload: DEFAULT_WORKLOAD },
    () => {},
  );
  const replay = encodeReplay({ ...plan, digest }, compression);
  const trace = traceFile({ ...run.trace!, digest }, properties, 'test', replay);
  return { trace, verdicts: properties, digest, replay };
}

/** The scenario with A paused past the TTL in that call of its that breaks mutual exclusion. */
export async function broken(scenario: Scenario): Promise<Scenario> {
  for (let nth = 1; nth <= 40; nth++) {
    const at = { call: { operation: 'A1', nth } };
    const durationUs = 3 * scenario.ttlMs * 1_000;
    const paused = addFault(scenario, { class: 'pause', host: 'A', durationUs, at });
    const { verdicts } = await played(paused);
    const isBroken = verdicts.some(
      ({ property, verdict }) => property === 'mutual-exclusion' && verdict === 'invalid',
    );
    if (isBroken) return paused;
  }
  throw new Error(`no pause of A1 breaks mutual exclusion of ${scenario.algorithm}`);
}
