/**
 * A pitfall: a mistake that guides to locks warn of, as a scenario that shows it, and the same
 * scenario with the remedy, which does not.
 */
import type { Fault, OperationId } from '../fault.js';
import type { ClientPlan, Options, Scenario } from '../scenario.js';
import type { Property, ViolationClass } from '../verdict.js';

/** What a run of the scenario shows: a property that is broken, or an operation in vain. */
export type Symptom =
  | { readonly breaks: Property; readonly class?: ViolationClass }
  | { readonly refuses: OperationId };

export interface Pitfall {
  readonly name: string;
  /** The mistake and what comes of it, in one sentence. */
  readonly warns: string;
  /** What helps, in one sentence. */
  readonly helps: string;
  readonly shows: Symptom;
  readonly scenario: Scenario;
  /** What the remedy changes. */
  readonly mended: Partial<Scenario>;
}

/** When a client asks, and how long it works, in milliseconds. */
interface Work {
  readonly afterMs: number;
  readonly forMs: number;
  /** Half-way. */
  readonly renews?: boolean;
}

/** A small world with one Redis server: one operation each of A, who comes first, and of B. */
export function smallWorld(told: {
  readonly algorithm: string;
  readonly options?: Options;
  readonly workload: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly A: Work;
  readonly B: Work;
  readonly faults?: readonly Fault[];
}): Scenario {
  const { algorithm, options = {}, workload, ttlMs, waitMs, A, B, faults = [] } = told;
  return {
    algorithm,
    options,
    workload,
    key: 'orders',
    ttlMs,
    waitMs,
    longestSectionUs: Math.max(A.forMs, B.forMs) * 1_000,
    servers: [{ id: 'r1', persistence: 'everysec', replicaLagUs: [0] }],
    clients: [client('A', A), client('B', B)],
    faults,
  };
}

function client(id: string, { afterMs, forMs, renews = false }: Work): ClientPlan {
  const operation = { id: `${id}1`, gapUs: afterMs * 1_000, sectionUs: forMs * 1_000 };
  return { id, operations: [{ ...operation, renew: renews, mode: 'exclusive', nested: false }] };
}
