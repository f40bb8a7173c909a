/**
 * A scenario, and a lock that is to run it: what the lock needs with its options, and whether the
 * scenario has it. What is wrong is said in one sentence, before anything runs.
 */
import { problemOfDeclarations } from '../algorithms/declarations.js';
import type { LockAlgorithm } from '../algorithms/lock.js';
import { OptionError, resolveOptions } from '../algorithms/options.js';
import type { HostId } from '../fault.js';
import type { Declarations } from '../history.js';
import type { Options, Scenario } from '../scenario.js';
import { describeServers, SERVICES, serverNames, serviceOf } from '../service.js';

/**
 * A scenario that somebody wrote, as this lock runs it: its options checked and filled in.
 *
 * @throws {OptionError} if they are wrong, or there are not as many servers as the lock takes, or
 *   not as many replicas as it says.
 */
export function resolveScenario(
  algorithm: LockAlgorithm,
  scenario: Scenario,
  workload: string,
): Scenario {
  const { name } = algorithm;
  const options = resolveOptions(algorithm, scenario.options);
  const needed = serversOf(algorithm, options);
  const given = scenario.servers.map(({ id }) => id);
  if (describeServers(given) !== describeServers(needed)) {
    const has = given.length === 0 ? 'none' : describeServers(given);
    const sentence = `${name} takes ${describeServers(needed)}; the scenario has ${has}`;
    throw new OptionError(sentence, 'servers');
  }
  if (algorithm.replicas !== undefined) refuseFewer(algorithm, options, scenario);
  if (scenario.clients.length === 0)
    throw new OptionError('the scenario has no clients', 'clients');
  refuseUndeclared(algorithm, scenario, declarationsOf(algorithm, options));
  return { ...scenario, algorithm: name, options, workload };
}

/** A lock that counts on its replicas has them; more may be somebody's choice. */
function refuseFewer(algorithm: LockAlgorithm, options: Options, { servers }: Scenario): void {
  const replicas = replicasOf(algorithm, options);
  for (const { id, replicaLagUs } of servers) {
    const count = replicaLagUs.length;
    if (serviceOf(id) !== 'redis' || count >= replicas) continue;
    const takes = `${algorithm.name} takes ${replicas} replicas of each Redis server`;
    throw new OptionError(`${takes}; in the scenario ${id} has ${count}`, 'servers');
  }
}

/** Nobody asks of a lock what it does not say it offers. */
function refuseUndeclared(
  { name }: LockAlgorithm,
  { clients }: Scenario,
  { readWrite, reentrant }: Declarations,
): void {
  for (const { id, mode, nested } of clients.flatMap(({ operations }) => operations)) {
    if (mode === 'shared' && readWrite !== true) {
      throw new OptionError(`${id} is shared, and ${name} does not declare readWrite`, 'clients');
    }
    if (nested && reentrant !== true) {
      throw new OptionError(`${id} is nested, and ${name} does not declare reentrant`, 'clients');
    }
  }
}

/** The servers that a lock uses with these options. */
export function serversOf({ services }: LockAlgorithm, options: Options): HostId[] {
  return SERVICES.flatMap((service) => {
    const count = services[service] ?? 0;
    return serverNames(service, typeof count === 'number' ? count : Number(options[count]));
  });
}

/** How many replicas each of its Redis servers has with these options. */
export function replicasOf({ replicas = 1 }: LockAlgorithm, options: Options): number {
  return typeof replicas === 'number' ? replicas : Number(options[replicas]);
}

/**
 * What a lock declares of itself with these options.
 *
 * @throws {OptionError} if that is no declaration, or asks for more servers than there are.
 */
export function declarationsOf(algorithm: LockAlgorithm, options: Options): Declarations {
  const { name, declares = {} } = algorithm;
  const declared = typeof declares === 'function' ? called(name, declares, options) : declares;
  const problem = problemOfDeclarations(declared);
  if (problem !== undefined) throw new OptionError(`${name}: ${problem}`);
  const servers = serversOf(algorithm, options);
  const { quorum = 1 } = declared;
  if (quorum <= servers.length) return declared;
  throw new OptionError(
    `${name}: declares.quorum is ${quorum}; there is only ${describeServers(servers)}`,
  );
}

function called(
  name: string,
  declares: Extract<LockAlgorithm['declares'], (...options: never) => unknown>,
  options: Options,
): Declarations {
  try {
    return declares(options as never);
  } catch (error) {
    throw new OptionError(`${name}: declares threw ${String(error)}`);
  }
}
