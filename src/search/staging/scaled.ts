/**
 * A story in less time: the same run with a shorter TTL and everything that goes with it. Latencies
 * stay as they are. Whether it still is the same story, the simulator says.
 */
import type { Fault } from '../../fault.js';
import type { OptionValue, Scenario } from '../../scenario.js';
import type { RunPlan } from '../replay-code.js';

/** Shorter than that, and a call that takes its usual time on a busy machine is late. */
const SHORTEST_MS = 20;
/** Options that say how long a call may take, until it is given up or interrupted. */
const CALL_TIMEOUT = /callTimeout.*Ms$|^interruptAfterMs$/i;
interface Patience {
  /** So many times as long, and at least so long, if there is a limit. */
  readonly times: number;
  readonly leastMs: number;
}

/** Servers hand over to each other in less than the first; a slow machine answers in the others. */
const PATIENCES: readonly Patience[] = [
  { times: 10, leastMs: 200 },
  ...[40, 20, 10].map((leastMs) => ({ times: 1, leastMs })),
];

/** The plan with that TTL, in proportion. */
export function scaledTo(plan: RunPlan, ttlMs: number): RunPlan {
  const ratio = ttlMs / plan.scenario.ttlMs;
  return { ...plan, scenario: scaledScenario(plan.scenario, ttlMs, ratio) };
}

/** The plan with call timeouts that a busy machine does not run into, the most patient first. */
export function patientPlans(plan: RunPlan): RunPlan[] {
  const { scenario } = plan;
  return PATIENCES.map(({ times, leastMs }) => {
    const options = Object.entries(scenario.options).map(([name, value]) => {
      const isLimit = typeof value === 'number' && value > 0 && CALL_TIMEOUT.test(name);
      return [name, isLimit ? Math.max(value * times, leastMs) : value];
    });
    return { ...plan, scenario: { ...scenario, options: Object.fromEntries(options) } };
  });
}

function scaledScenario(scenario: Scenario, ttlMs: number, ratio: number): Scenario {
  const us = (value: number) => Math.round((value * ratio) / 100) * 100;
  return {
    ...scenario,
    ttlMs,
    waitMs: Math.round(scenario.waitMs * ratio),
    longestSectionUs: us(scenario.longestSectionUs),
    options: Object.fromEntries(
      Object.entries(scenario.options).map(([name, value]) => [name, option(name, value, ratio)]),
    ),
    servers: scenario.servers.map((server) => ({
      ...server,
      replicaLagUs: server.replicaLagUs.map(us),
    })),
    clients: scenario.clients.map(({ id, operations }) => ({
      id,
      operations: operations.map((operation) => ({
        ...operation,
        gapUs: us(operation.gapUs),
        sectionUs: us(operation.sectionUs),
      })),
    })),
    faults: scenario.faults.map((fault) => scaledFault(fault, us)),
  };
}

/** Options that are times say so in their names. */
function option(name: string, value: OptionValue, ratio: number): OptionValue {
  // A real call takes what it takes.
  if (typeof value !== 'number' || !name.endsWith('Ms') || CALL_TIMEOUT.test(name)) return value;
  return value <= SHORTEST_MS ? value : Math.max(SHORTEST_MS, Math.round(value * ratio));
}

function scaledFault(fault: Fault, us: (value: number) => number): Fault {
  const at = 'atUs' in fault.at ? { atUs: us(fault.at.atUs) } : fault.at;
  const scaled: Record<string, unknown> = { ...fault, at };
  for (const name of ['durationUs', 'byUs', 'restartAfterUs']) {
    const value = scaled[name];
    if (typeof value === 'number') scaled[name] = us(value);
  }
  return scaled as unknown as Fault;
}
