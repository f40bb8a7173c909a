/** Runs a lesson's plans as a page does, without a page. */
import { findLock } from '../../src/algorithms/index.js';
import { resolveOptions } from '../../src/algorithms/options.js';
import { settle } from '../../src/host/settle.js';
import type { Lesson, Step } from '../../src/lessons/lesson.js';
import { applyPatch, type Patch } from '../../src/lessons/patch.js';
import type { Facts } from '../../src/lessons/predicates.js';
import { checkScenario } from '../../src/pipeline.js';
import type { RunPlan } from '../../src/search/replay-code.js';
import { EditedDecisions } from '../../src/sim/decisions.js';
import { TraceModel } from '../../src/timeline/model.js';
import { traceFile } from '../../src/timeline/write.js';
import { workloadNamed, workloads } from '../../src/workloads/index.js';

const known = new Map<string, Promise<Facts>>();
let last: Promise<unknown> = Promise.resolve();

/** What a step's run shows, after further edits if there are any. */
export function factsOf(lesson: Lesson, step: Step, edits: Patch = []): Promise<Facts> {
  return factsOfPlan(applyPatch(planOf(lesson, step), edits));
}

export function planOf(lesson: Lesson, step: Step): RunPlan {
  return applyPatch(lesson.start, step.plan ?? []);
}

/** Each plan runs once, and one at a time: simulations never overlap. */
export function factsOfPlan(plan: RunPlan): Promise<Facts> {
  const name = JSON.stringify(plan);
  const before = known.get(name);
  if (before !== undefined) return before;
  const facts = last.then(() => run(plan));
  known.set(name, facts);
  last = facts.catch(() => undefined);
  return facts;
}

async function run({ scenario, key, overrides }: RunPlan): Promise<Facts> {
  const algorithm = findLock(scenario.algorithm);
  const workload = workloadNamed(workloads, scenario.workload);
  if (algorithm === undefined) throw new Error(`there is no lock ${scenario.algorithm}`);
  if (workload === undefined) throw new Error(`there is no workload ${scenario.workload}`);
  const options = resolveOptions(algorithm, scenario.options);
  if (JSON.stringify(sorted(options)) !== JSON.stringify(sorted(scenario.options))) {
    throw new Error(`options of ${scenario.algorithm} are left out: ${JSON.stringify(options)}`);
  }
  const decisions = new EditedDecisions(key, overrides ?? []);
  const checked = await checkScenario(scenario, {
    algorithm,
    workload,
    decisions,
    settle,
    trace: {},
  });
  const { run: made, properties, digest } = checked;
  if (made.history.limit !== undefined) throw new Error(`cut short: ${made.history.limit}`);
  if (made.findings.length > 0) throw new Error(JSON.stringify(made.findings));
  const file = traceFile({ ...made.trace!, digest }, properties, 'test');
  return { model: new TraceModel(file), verdicts: properties, scenario };
}

function sorted(options: object): [string, unknown][] {
  return Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1));
}
