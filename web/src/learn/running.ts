/** The run of a step, made by the simulator of the page. */
import type { Facts } from '../../../src/lessons/predicates.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import { TraceModel } from '../../../src/timeline/model.js';
import { simulator } from '../simulator/index.js';

/** A run with all that a lesson asks of it. */
export interface LessonRun extends Facts {
  readonly plan: RunPlan;
  readonly replay: string;
}

export async function runOf(plan: RunPlan): Promise<LessonRun> {
  const { trace, verdicts, replay } = await simulator.play(plan);
  return { plan, replay, model: new TraceModel(trace), verdicts, scenario: plan.scenario };
}
