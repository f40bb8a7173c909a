/** How lessons begin: small worlds, in which only the instants of retries are left to chance. */
import type { Fault, OperationId } from '../fault.js';
import type { SeedKey } from '../random.js';
import type { ClientPlan, OperationPlan, Options } from '../scenario.js';
import type { RunPlan } from '../search/replay-code.js';

/** That of the seed `lessons`, so that a page need not make keys to begin. */
export const LESSONS_KEY: SeedKey = [627741419, -1918995056, 440386451, -1722483533];

/** The options of the locks on one Redis key, as they are by default. */
export const KEY_OPTIONS: Options = { callTimeoutMs: 500, retryDelayMs: 200, retryJitterMs: 200 };
/** Those of the lock that looks at no clock. */
export const NO_CLOCK_OPTIONS: Options = { retryDelayMs: 200, retryJitterMs: 200 };

/**
 * One Redis server, these clients and faults. Every decision has its harmless answer, so messages
 * take the same time and a learner sees nothing change that was not edited.
 */
export function startOf(world: {
  readonly algorithm: string;
  readonly options?: Options;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly clients: readonly ClientPlan[];
  readonly faults?: readonly Fault[];
}): RunPlan {
  const { algorithm, options = KEY_OPTIONS, ttlMs, waitMs, clients, faults = [] } = world;
  const sections = clients.flatMap(({ operations }) => operations.map((one) => one.sectionUs));
  return {
    scenario: {
      algorithm,
      options,
      workload: 'critical-section',
      key: 'orders',
      ttlMs,
      waitMs,
      longestSectionUs: Math.max(...sections),
      servers: [{ id: 'r1', persistence: 'everysec', replicaLagUs: [0] }],
      clients,
      faults,
    },
    key: LESSONS_KEY,
    overrides: [],
  };
}

/** A client that comes after so long and works for so long, once. */
export function worker(id: string, work: { afterMs: number; forMs: number }): ClientPlan {
  return { id, operations: [operation(`${id}1`, work)] };
}

export function operation(
  id: OperationId,
  { afterMs, forMs }: { readonly afterMs: number; readonly forMs: number },
): OperationPlan {
  const [gapUs, sectionUs] = [afterMs * 1_000, forMs * 1_000];
  return { id, gapUs, sectionUs, renew: false, mode: 'exclusive', nested: false };
}

/** A stands still from one of its calls on, counted within its first operation. */
export function pauseAtCall(nth: number, durationMs: number): Fault {
  const at = { call: { operation: 'A1', nth } };
  return { id: 'f1', class: 'pause', at, host: 'A', durationUs: durationMs * 1_000 };
}

/** A stands still from an instant on. */
export function pauseAt(atMs: number, durationMs: number): Fault {
  const at = { atUs: atMs * 1_000 };
  return { id: 'f1', class: 'pause', at, host: 'A', durationUs: durationMs * 1_000 };
}
