/**
 * Why a plan cannot be run, each problem with its place in the scenario: there the text marks it,
 * and the form says it beside the field.
 */
import type { Scenario } from '../../../src/scenario.js';
import type { Misfit } from '../../../src/schema/consistency.js';
import type { JsonPath } from '../../../src/schema/json-places.js';
import { PlanError } from '../simulator/client.js';

/** Without a path it is about the run as a whole. */
export type Problem = Pick<Misfit, 'message' | 'about'> & { readonly path?: JsonPath };

/** What the sentences call a scenario that is in no file. */
export const SCENARIO_NAME = 'the scenario';

/** What the simulator refused; its field is an option of the lock, or one of the scenario. */
export function refusalOf(error: unknown, scenario: Scenario): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const field = error instanceof PlanError ? error.option : undefined;
  if (field === undefined) return { message };
  const isOption = Object.hasOwn(scenario.options, field) || !Object.hasOwn(scenario, field);
  return { message, path: isOption ? ['options', field] : [field] };
}

/** The first problem at a place, or within it. */
export function problemAt(problems: readonly Problem[], at: JsonPath): Problem | undefined {
  return problems.find(({ path = [] }) => at.every((step, index) => step === path[index]));
}

const FIELDS = new Set(['algorithm', 'ttlMs', 'waitMs', 'workload', 'options']);
const FAULT_FIELDS = new Set(
  'at host client server durationUs byUs ppm restartAfterUs replica'.split(' '),
);

/** Whether the form has a field for a place: then the problem is said there. */
export function hasField(path: JsonPath): boolean {
  const [list, , inItem, , inPart] = path;
  if (list === 'faults') return FAULT_FIELDS.has(String(inItem));
  if (list !== 'clients') return FIELDS.has(String(list));
  return path.length === 1 || inPart === 'gapUs' || inPart === 'sectionUs';
}
