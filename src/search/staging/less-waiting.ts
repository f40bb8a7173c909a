/**
 * A story with less waiting in it: who tries in vain for ten seconds may as well begin nine seconds
 * later, or not try at all. Fewer messages, and the same violation, says the simulator.
 */
import type { History } from '../../history.js';
import type { Scenario } from '../../scenario.js';
import type { RunPlan } from '../replay-code.js';

/** Shares of a wait that are tried to be left out, largest first. */
const SHARES = [1.01, 1, 0.97, 0.9, 0.75, 0.5];
/** Shorter waits may stay. */
const LONG_US = 50_000;

/** An acquire that waited. */
interface Wait {
  readonly operation: string;
  readonly lengthUs: number;
  readonly isInVain: boolean;
}

/** Pauses may be longer by that share of the TTL: then less depends on the moment. */
const LONGER = [0, 0.5];

/**
 * Plans in which one operation begins later or is left out; the first that is the same story is
 * taken.
 */
export function* lessWaiting(plan: RunPlan, history: History): Iterable<RunPlan> {
  for (const { operation, lengthUs, isInVain } of waitsIn(history)) {
    if (isInVain) yield { ...plan, scenario: withoutIt(plan.scenario, operation, lengthUs) };
    for (const share of SHARES) {
      const byUs = Math.round((lengthUs * share) / 100) * 100;
      for (const longer of LONGER) {
        const scenario = begunLater(plan.scenario, operation, byUs);
        yield { ...plan, scenario: pausedLonger(scenario, longer) };
      }
    }
  }
}

/** Acquires in the order of how long they took, the longest first. */
function waitsIn({ records }: History): Wait[] {
  const invoked = new Map<number, number>();
  const waits: Wait[] = [];
  for (const record of records) {
    if (record.type === 'invoke' && record.action === 'acquire') {
      invoked.set(record.call, record.atUs);
    }
    const sinceUs = 'call' in record ? invoked.get(record.call) : undefined;
    if (record.type === 'invoke' || sinceUs === undefined || !('operation' in record)) continue;
    const lengthUs = record.atUs - sinceUs;
    const { operation, type } = record;
    if (lengthUs >= LONG_US) waits.push({ operation, lengthUs, isInVain: type === 'fail' });
  }
  return waits.sort((a, b) => b.lengthUs - a.lengthUs);
}

function pausedLonger(scenario: Scenario, share: number): Scenario {
  const byUs = Math.round(scenario.ttlMs * share) * 1_000;
  const faults = scenario.faults.map((fault) =>
    fault.class === 'pause' ? { ...fault, durationUs: fault.durationUs + byUs } : fault,
  );
  return { ...scenario, faults };
}

/** What its client does next begins when it would have. */
function withoutIt(scenario: Scenario, id: string, lengthUs: number): Scenario {
  const clients = scenario.clients.map((client) => {
    const at = client.operations.findIndex((operation) => operation.id === id);
    if (at < 0) return client;
    const passedUs = client.operations[at]!.gapUs + lengthUs;
    const later = client.operations.map((operation, index) =>
      index === at + 1 ? { ...operation, gapUs: operation.gapUs + passedUs } : operation,
    );
    return { ...client, operations: later.filter((operation) => operation.id !== id) };
  });
  return { ...scenario, clients };
}

function begunLater(scenario: Scenario, id: string, byUs: number): Scenario {
  const clients = scenario.clients.map((client) => ({
    ...client,
    operations: client.operations.map((operation) =>
      operation.id === id ? { ...operation, gapUs: operation.gapUs + byUs } : operation,
    ),
  }));
  return { ...scenario, clients };
}
