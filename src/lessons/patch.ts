/**
 * Changes of a run's plan as data: what a step shows differently from the lesson's start, and what
 * a learner does. They are applied by what the Lab edits scenarios with.
 */
import type { Fault, OperationId } from '../fault.js';
import { deleteFault, putFault } from '../lab/fault-edits.js';
import {
  changeOperation,
  putAmount,
  putClient,
  putLock,
  putOption,
  putWorkload,
} from '../lab/field-edits.js';
import type { ClientPlan, Options, OptionValue, Scenario } from '../scenario.js';
import type { RunPlan } from '../search/replay-code.js';

export type Edit =
  | { readonly set: 'ttlMs' | 'waitMs'; readonly to: number }
  | { readonly set: 'workload'; readonly to: string }
  /** `options` are all that the new lock has; without them those of the old one stay. */
  | { readonly set: 'algorithm'; readonly to: string; readonly options?: Options }
  | { readonly set: 'option'; readonly name: string; readonly to: OptionValue }
  | {
      readonly set: 'operation';
      readonly id: OperationId;
      readonly to: {
        readonly gapUs?: number;
        readonly sectionUs?: number;
        readonly renew?: boolean;
      };
    }
  /** In place of the client of that id, whose operations are others then. */
  | { readonly set: 'client'; readonly to: ClientPlan }
  /** In place of the fault of that id, or as a new one. */
  | { readonly set: 'fault'; readonly to: Fault }
  | { readonly set: 'no-fault'; readonly id: string };

export type Patch = readonly Edit[];

/**
 * The plan, changed.
 *
 * @throws {RangeError} naming the option, client, operation or fault that the plan does not have.
 */
export function applyPatch(plan: RunPlan, patch: Patch): RunPlan {
  return { ...plan, scenario: patch.reduce(edited, plan.scenario) };
}

function edited(scenario: Scenario, edit: Edit): Scenario {
  switch (edit.set) {
    case 'ttlMs':
    case 'waitMs':
      return putAmount(scenario, edit.set, edit.to);
    case 'workload':
      return putWorkload(scenario, edit.to);
    case 'algorithm':
      return putLock(scenario, edit.to, edit.options ?? scenario.options);
    case 'option':
      mustHave('option', edit.name, Object.keys(scenario.options));
      return putOption(scenario, edit.name, edit.to);
    case 'operation': {
      const operations = scenario.clients.flatMap((client) => client.operations);
      mustHave('operation', edit.id, idsOf(operations));
      return changeOperation(scenario, edit.id, edit.to);
    }
    case 'client':
      mustHave('client', edit.to.id, idsOf(scenario.clients));
      return putClient(scenario, edit.to);
    case 'fault':
      return putFault(scenario, edit.to);
    case 'no-fault':
      mustHave('fault', edit.id, idsOf(scenario.faults));
      return deleteFault(scenario, edit.id);
  }
}

function idsOf(all: readonly { readonly id: string }[]): string[] {
  return all.map(({ id }) => id);
}

function mustHave(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const known = names.length === 0 ? 'none' : names.join(', ');
  throw new RangeError(`the scenario has no ${what} ${name} to edit; it has ${known}`);
}
