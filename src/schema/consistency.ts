/**
 * What is wrong with a scenario between its places: names that stand for nothing, or for two
 * things.
 */
import type { FailoverFault } from '../fault.js';
import { nearest } from '../nearest.js';
import type { Scenario } from '../scenario.js';
import { serviceOf } from '../service.js';
import { list, plural } from '../story/words.js';
import { type About, type JsonPath, wayTo } from './json-places.js';

/** Something that is wrong, in one sentence, and where. */
export interface Misfit {
  readonly message: string;
  readonly path: JsonPath;
  /** Default: the value. */
  readonly about?: About;
}

/** A name and where it stands. */
type Named = readonly [name: string, path: JsonPath];

export function inconsistency(scenario: Scenario): Misfit | undefined {
  const { servers, faults } = scenario;
  const clients = namesIn(scenario.clients, ['clients']);
  const operations = scenario.clients.flatMap((client, at) =>
    namesIn(client.operations, ['clients', at, 'operations']),
  );
  const hosts: Named[] = [...clients, ...namesIn(servers, ['servers'])];
  const twice =
    doubled('host', hosts) ??
    doubled('operation', operations) ??
    doubled('fault', namesIn(faults, ['faults']));
  if (twice !== undefined) return twice;
  const stray = ofAnother(scenario.clients);
  if (stray !== undefined) return stray;
  const known = [...hosts.map(([name]) => name), 'store'];
  for (const [at, fault] of faults.entries()) {
    const struck =
      'host' in fault ? { host: fault.host } : { client: fault.client, server: fault.server };
    for (const [field, name] of Object.entries(struck)) {
      if (known.includes(name)) continue;
      const message = `faults[${at}]: there is no host ${name}; ${hint(name, known)}`;
      return { message, path: ['faults', at, field] };
    }
    const problem = fault.class === 'failover' ? noReplica(fault, servers) : undefined;
    if (problem !== undefined) {
      const message = `faults[${at}].replica: ${problem}`;
      return { message, path: ['faults', at, 'replica'] };
    }
    const aim = aimOf(fault.at);
    const names = operations.map(([name]) => name);
    if (aim === undefined || names.includes(aim.operation)) continue;
    const { kind, operation } = aim;
    const message = `faults[${at}].at: there is no operation ${operation}`;
    const path = ['faults', at, 'at', kind, 'operation'];
    return { message: `${message}; ${hint(operation, names)}`, path };
  }
  return undefined;
}

function namesIn(all: readonly { readonly id: string }[], path: JsonPath): Named[] {
  return all.map(({ id }, at) => [id, [...path, at, 'id']]);
}

function doubled(what: string, names: readonly Named[]): Misfit | undefined {
  const seen = new Set<string>();
  for (const [name, path] of names) {
    if (seen.has(name)) {
      const message = `${wayTo(path)}: there are two ${what}s ${name}; give one another name`;
      return { message, path };
    }
    seen.add(name);
  }
  return undefined;
}

/** Operations bear the names of their clients, by which the story tells of them. */
function ofAnother(clients: Scenario['clients']): Misfit | undefined {
  for (const [at, { id, operations }] of clients.entries()) {
    const number = operations.findIndex((operation) => !operation.id.startsWith(id));
    if (number < 0) continue;
    const path = ['clients', at, 'operations', number, 'id'];
    const names = `expected ${id} and a number, such as ${id}1`;
    return { message: `${wayTo(path)}: ${names}, got "${operations[number]!.id}"`, path };
  }
  return undefined;
}

/** The operation that a fault waits for. */
function aimOf(at: Scenario['faults'][number]['at']) {
  if ('call' in at) return { kind: 'call', operation: at.call.operation };
  return 'delivery' in at ? { kind: 'delivery', operation: at.delivery.operation } : undefined;
}

/** Of a Redis one of its replicas takes over; elsewhere the number says what happens (R16). */
function noReplica({ host, replica }: FailoverFault, servers: Scenario['servers']) {
  const count = servers.find(({ id }) => id === host)?.replicaLagUs.length ?? 0;
  if (serviceOf(host) !== 'redis' || replica <= count) return undefined;
  return `${host} has ${plural(count, 'replica')}, and no replica ${replica}`;
}

/** `did you mean …?`, or all there are. */
function hint(word: string, names: readonly string[]): string {
  const close = nearest(word, names);
  const near = close.length > 0 ? close : names.filter((name) => name.includes(word));
  if (near.length > 0) return `did you mean ${list(near, 'or')}?`;
  return `there ${names.length === 0 ? 'is none' : `are ${list(names)}`}`;
}
