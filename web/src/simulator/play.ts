/**
 * Carries out what the page asks of its simulator: the same stages as on Node, from the plan of a
 * run to its trace file.
 */
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import { OptionError } from '../../../src/algorithms/options.js';
import { runPlan } from '../../../src/host/browser.js';
import { encodeReplay } from '../../../src/host/browser-replay.js';
import { runKey } from '../../../src/random.js';
import type { Scenario } from '../../../src/scenario.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { resolveScenario } from '../../../src/search/resolve-scenario.js';
import { SeededDecisions } from '../../../src/sim/decisions.js';
import { traceFile } from '../../../src/timeline/write.js';
import type { Workload } from '../../../src/workloads/workload.js';
import { findWorkload, loadLock } from './locks.js';
import { stopIfMissing } from './parts.js';
import type { DrawRequest, Played } from './protocol.js';
import { VERSION } from './version.js';

/** Draws a run of a campaign; it is not made yet. */
export async function draw({ lock, seed, run, set = {}, ...asked }: DrawRequest): Promise<RunPlan> {
  const [algorithm, { resolvePlan }, { generate }, { seedKey }] = await Promise.all([
    loadLock(lock),
    import('../../../src/search/plan.js'),
    import('../../../src/search/generate.js'),
    import('../../../src/seed-key.js'),
  ]);
  const workload = findWorkload(asked.workload ?? algorithm.flaw?.workload);
  const { name, sectionsEach } = workload;
  const rounds = sectionsEach === undefined ? {} : { sectionsEach };
  const plan = resolvePlan(algorithm, { ...asked, set, workload: name, ...rounds });
  const key = runKey(seedKey(String(seed)), run);
  return { scenario: generate(plan, new SeededDecisions(key)), key };
}

/** Makes a run and judges it; what `interrupt` throws between two events ends it. */
export async function play(asked: RunPlan, interrupt: () => void): Promise<Played> {
  const between = (): void => {
    stopIfMissing();
    interrupt();
  };
  const algorithm = await loadLock(asked.scenario.algorithm);
  const workload = findWorkload(asked.scenario.workload);
  const scenario = resolveScenario(algorithm, asked.scenario, workload.name);
  const plan = { ...asked, scenario };
  if (workload.needs !== undefined) await refuseUnable(algorithm, workload, scenario, between);
  const { run, properties, verdict, digest } = await runPlan(
    { plan, algorithm, workload },
    between,
  );
  stopIfMissing();
  const replay = await encodeReplay({ ...plan, digest });
  return {
    plan,
    trace: traceFile({ ...run.trace!, digest }, properties, VERSION, replay),
    verdicts: properties,
    verdict,
    digest,
    events: run.events,
    findings: run.findings,
    replay,
  };
}

/** Refuses a workload that the lock cannot run under, before any run. */
async function refuseUnable(
  algorithm: LockAlgorithm,
  workload: Workload,
  scenario: Scenario,
  between: () => void,
): Promise<void> {
  const [{ planOfScenario }, { whyUnable }] = await Promise.all([
    import('../../../src/search/plan.js'),
    import('../../../src/search/unable.js'),
  ]);
  const campaign = planOfScenario(scenario);
  const refusal = await whyUnable(algorithm, workload, campaign, (asking, plan) =>
    runPlan({ plan, algorithm, workload: asking }, between),
  );
  if (refusal !== undefined) throw new OptionError(refusal, 'workload');
}
