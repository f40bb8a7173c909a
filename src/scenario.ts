/**
 * A scenario: everything about a run that somebody could choose, as plain data. With the same
 * scenario and the same decisions a run is the same to the last byte (docs/semantics.md, R5, R6).
 */
import type { Fault, HostId, OperationId } from './fault.js';
import type { Mode } from './history.js';

/** Value of an option of a lock or workload, as it stands on the command line or in a file. */
export type OptionValue = string | number | boolean;
export type Options = Readonly<Record<string, OptionValue>>;

/** Longest TTL and wait of a scenario: an hour, and ten. */
export const TTL_MAX_MS = 3_600_000;
export const WAIT_MAX_MS = 10 * TTL_MAX_MS;

/**
 * Longest time in a scenario that somebody writes, 30 days: a hundred of them in a row are still
 * instants that the kernel can count to.
 */
export const LONGEST_US = 2_592_000_000_000;
/** How far a clock may drift in such a scenario: from standing still to a thousandfold. */
export const DRIFT_MIN_PPM = -1_000_000;
export const DRIFT_MAX_PPM = 1_000_000_000;

/** Replicas of one Redis server, at most; one by default (docs/semantics.md, R16). */
export const REPLICAS_MAX = 2;

/** What a server keeps over a crash: nothing, all but the last second, everything. */
export const PERSISTENCE = ['none', 'everysec', 'always'] as const;
export type Persistence = (typeof PERSISTENCE)[number];

/** One round of a client through its workload: wait, acquire, work, release. */
export interface OperationPlan {
  readonly id: OperationId;
  /** Pause of the workload before the operation begins, counted from the end of the one before. */
  readonly gapUs: number;
  /** Time spent inside the section, in all. */
  readonly sectionUs: number;
  /** Whether the workload renews its grant half-way through the section. */
  readonly renew: boolean;
  /** What it acquires; `shared` only of a lock that declares `readWrite`. */
  readonly mode: Mode;
  /**
   * Whether the holder acquires again inside its section, and gives that back before it leaves;
   * only of a lock that declares `reentrant`.
   */
  readonly nested: boolean;
}

export interface ClientPlan {
  /** `A`, `B`, … */
  readonly id: HostId;
  readonly operations: readonly OperationPlan[];
}

export interface ServerPlan {
  /** `r1`, `r2`, … */
  readonly id: HostId;
  readonly persistence: Persistence;
  /** Lag of each asynchronous replica, in order; `failover` names one of them, from 1. */
  readonly replicaLagUs: readonly number[];
}

export interface Scenario {
  /** Name of the lock, in the registry or in the user's file. */
  readonly algorithm: string;
  /** Options of the lock, all of them, defaults filled in. */
  readonly options: Options;
  readonly workload: string;
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  /** Longest section the campaign may plan (R10, R15), whatever this run plans. */
  readonly longestSectionUs: number;
  readonly servers: readonly ServerPlan[];
  readonly clients: readonly ClientPlan[];
  readonly faults: readonly Fault[];
}
