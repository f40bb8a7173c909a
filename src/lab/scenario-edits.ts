/**
 * Edits of a scenario that bring or take more than they name: a lock its servers, a client its
 * operations. Every function gives a new scenario and leaves the old one as it was. Names of what
 * stays are kept, so that randomness which belongs to it stays put (docs/semantics.md, R6); faults
 * of what is gone go with it.
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { Fault, HostId, OperationId } from '../fault.js';
import type { ClientPlan, OperationPlan, OptionValue, Scenario } from '../scenario.js';
import { SERVICES, serverNames } from '../service.js';
import { putLock, putOption } from './field-edits.js';

/** Clients are called `A` to `L`. */
export const CLIENTS_MAX = 12;
export const OPERATIONS_MAX = 100;

/** What of a lock a scenario depends on. */
export type LockNeeds = Pick<LockAlgorithm, 'name' | 'options' | 'services' | 'replicas'>;

/** Sets an option of the lock; one that stands for a number of servers brings or takes them. */
export function setOption(
  scenario: Scenario,
  lock: LockNeeds,
  name: string,
  value: OptionValue,
): Scenario {
  return withServers(putOption(scenario, name, value), lock);
}

/** The same story with another lock, all its options at their defaults. */
export function setLock(scenario: Scenario, lock: LockNeeds): Scenario {
  const options = Object.fromEntries(
    Object.entries(lock.options).map(([name, spec]) => [name, spec.default]),
  );
  return withServers(putLock(scenario, lock.name, options), lock);
}

/** The servers that the lock takes: those that are there stay, others are like the first. */
function withServers(scenario: Scenario, lock: LockNeeds): Scenario {
  const { services, replicas = 1 } = lock;
  const amount = (of: number | string) => {
    if (typeof of === 'number') return of;
    const [value, spec] = [Number(scenario.options[of]), lock.options[of]];
    // As many as there can be: that the option is out of its range is said when it is run.
    return spec?.kind === 'number'
      ? Math.floor(Math.min(Math.max(value, spec.min), spec.max))
      : value;
  };
  const names = SERVICES.flatMap((service) => serverNames(service, amount(services[service] ?? 0)));
  const known = new Map(scenario.servers.map((server) => [server.id, server]));
  const [model] = scenario.servers;
  const persistence = model?.persistence ?? 'everysec';
  const lags = model?.replicaLagUs ?? [];
  const servers = names.map((id) => {
    const { replicaLagUs, ...server } = known.get(id) ?? { id, persistence, replicaLagUs: lags };
    const wanted = Math.max(amount(replicas), replicaLagUs.length);
    const filled = Array.from(
      { length: wanted },
      (_, index) => replicaLagUs[index] ?? lags[0] ?? 0,
    );
    return { ...server, replicaLagUs: filled };
  });
  return withoutOrphans({ ...scenario, servers });
}

/** That many clients; a new one does what the one before it does. */
export function setClients(scenario: Scenario, count: number): Scenario {
  const clients: ClientPlan[] = scenario.clients.slice(0, count);
  while (clients.length < Math.min(count, CLIENTS_MAX)) {
    const id = String.fromCharCode(65 + clients.length);
    const operations = clients.at(-1)?.operations ?? [PLAIN_OPERATION];
    clients.push({ id, operations: operations.map((plan, index) => numbered(plan, id, index)) });
  }
  return withoutOrphans({ ...scenario, clients });
}

/** That many operations of a client; a new one is like the one before it. */
export function setOperations(scenario: Scenario, client: HostId, count: number): Scenario {
  const clients = scenario.clients.map((plan) => {
    if (plan.id !== client) return plan;
    const operations = plan.operations.slice(0, count);
    while (operations.length < Math.min(count, OPERATIONS_MAX)) {
      const model = operations.at(-1) ?? PLAIN_OPERATION;
      operations.push(numbered(model, client, operations.length));
    }
    return { ...plan, operations };
  });
  return withoutOrphans({ ...scenario, clients });
}

const PLAIN_OPERATION: OperationPlan = {
  id: 'A1',
  gapUs: 0,
  sectionUs: 1_000_000,
  renew: false,
  mode: 'exclusive',
  nested: false,
};

function numbered(model: OperationPlan, client: HostId, index: number): OperationPlan {
  return { ...model, id: `${client}${index + 1}` };
}

/** Without faults of hosts and operations that are not there. */
function withoutOrphans(scenario: Scenario): Scenario {
  const { clients, servers } = scenario;
  const hosts = new Set([...clients, ...servers].map(({ id }) => id));
  const operations = new Set(clients.flatMap((client) => client.operations.map(({ id }) => id)));
  const faults = scenario.faults.filter((fault) => {
    const operation = operationOf(fault);
    const isKnown = operation === undefined || operations.has(operation);
    return isKnown && hostsOf(fault).every((host) => hosts.has(host));
  });
  return faults.length === scenario.faults.length ? scenario : { ...scenario, faults };
}

function hostsOf(fault: Fault): readonly HostId[] {
  return 'host' in fault ? [fault.host] : [fault.client, fault.server];
}

/** The operation that a fault waits for; undefined if it strikes at an instant. */
function operationOf({ at }: Fault): OperationId | undefined {
  if ('call' in at) return at.call.operation;
  return 'delivery' in at ? at.delivery.operation : undefined;
}
