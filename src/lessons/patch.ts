/**
 * Changes of a run's plan as data: what a step shows differently from the lesson's start, and what
 * a learner does. Applying them changes nothing in place.
 */
import type { Fault, OperationId } from '../fault.js';
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
    case 'workload':
      return { ...scenario, [edit.set]: edit.to };
    case 'algorithm':
      return { ...scenario, algorithm: edit.to, options: edit.options ?? scenario.options };
    case 'option':
      mustHave('option', edit.name, Object.keys(scenario.options));
      return { ...scenario, options: { ...scenario.options, [edit.name]: edit.to } };
    case 'operation':
      return withOperation(scenario, edit);
    case 'client':
      return withClient(scenario, edit.to);
    case 'fault':
      return withFault(scenario, edit.to);
    case 'no-fault': {
      const { faults } = scenario;
      mustHave('fault', edit.id, idsOf(faults));
      return { ...scenario, faults: faults.filter(({ id }) => id !== edit.id) };
    }
  }
}

function withOperation(
  scenario: Scenario,
  { id, to }: Extract<Edit, { set: 'operation' }>,
): Scenario {
  mustHave('operation', id, idsOf(scenario.clients.flatMap(({ operations }) => operations)));
  const clients = scenario.clients.map((client) => ({
    ...client,
    operations: client.operations.map((plan) => (plan.id === id ? { ...plan, ...to } : plan)),
  }));
  return withClients(scenario, clients);
}

function withClient(scenario: Scenario, to: ClientPlan): Scenario {
  mustHave('client', to.id, idsOf(scenario.clients));
  const clients = scenario.clients.map((client) => (client.id === to.id ? to : client));
  return withClients(scenario, clients);
}

/** No section may be longer than the longest that the scenario says. */
function withClients(scenario: Scenario, clients: readonly ClientPlan[]): Scenario {
  const sections = clients.flatMap(({ operations }) => operations.map((one) => one.sectionUs));
  return {
    ...scenario,
    clients,
    longestSectionUs: Math.max(scenario.longestSectionUs, ...sections),
  };
}

function withFault(scenario: Scenario, fault: Fault): Scenario {
  const { faults } = scenario;
  const replaces = faults.some(({ id }) => id === fault.id);
  if (!replaces) return { ...scenario, faults: [...faults, fault] };
  return { ...scenario, faults: faults.map((one) => (one.id === fault.id ? fault : one)) };
}

function idsOf(all: readonly { readonly id: string }[]): string[] {
  return all.map(({ id }) => id);
}

function mustHave(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const known = names.length === 0 ? 'none' : names.join(', ');
  throw new RangeError(`the scenario has no ${what} ${name} to edit; it has ${known}`);
}
