/**
 * Editing what stands in a scenario, field by field: nothing comes or goes with it. The Lab's form
 * does it, and so do lessons. Every function gives a new scenario and leaves the old one as it was.
 */
import type { OperationId } from '../fault.js';
import {
  type ClientPlan,
  LONGEST_US,
  type OperationPlan,
  type Options,
  type OptionValue,
  type Scenario,
} from '../scenario.js';

/** What stands for a whole number in a scenario of its own. */
export type Amount = 'ttlMs' | 'waitMs' | 'longestSectionUs';

export function putAmount(scenario: Scenario, amount: Amount, value: number): Scenario {
  return { ...scenario, [amount]: value };
}

export function putWorkload(scenario: Scenario, workload: string): Scenario {
  return { ...scenario, workload };
}

export function putLock(scenario: Scenario, algorithm: string, options: Options): Scenario {
  return { ...scenario, algorithm, options };
}

export function putOption(scenario: Scenario, name: string, value: OptionValue): Scenario {
  return { ...scenario, options: { ...scenario.options, [name]: value } };
}

/** Puts another client in the place of the one of that id. */
export function putClient(scenario: Scenario, client: ClientPlan): Scenario {
  return withClients(
    scenario,
    scenario.clients.map((one) => (one.id === client.id ? client : one)),
  );
}

/** Changes one operation of a client, in all but its name. */
export function changeOperation(
  scenario: Scenario,
  operation: OperationId,
  change: Partial<Omit<OperationPlan, 'id'>>,
): Scenario {
  const clients = scenario.clients.map((client) => ({
    ...client,
    operations: client.operations.map((plan) =>
      plan.id === operation ? { ...plan, ...change } : plan,
    ),
  }));
  return withClients(scenario, clients);
}

/**
 * No section is longer than the longest that the scenario says: waiters are judged by that. One
 * that was as long as the longest section goes on being so.
 */
function withClients(scenario: Scenario, clients: readonly ClientPlan[]): Scenario {
  const longestUs = longestSectionOf(clients);
  const isExact = scenario.longestSectionUs === longestSectionOf(scenario.clients);
  const longestSectionUs = isExact ? longestUs : Math.max(scenario.longestSectionUs, longestUs);
  return { ...scenario, clients, longestSectionUs };
}

function longestSectionOf(clients: readonly ClientPlan[]): number {
  const sections = clients.flatMap(({ operations }) => operations.map((one) => one.sectionUs));
  return Math.min(Math.max(0, ...sections), LONGEST_US);
}
