/**
 * What a workload is: what a client does with the lock, operation after operation. Acts inside the
 * section — entering, steps, accesses, leaving — are calls to the environment, so the nemesis can
 * strike between a check and the act it guards (docs/semantics.md, R2, R4, R15).
 */
import type { Grant, Refusal } from '../algorithms/lock.js';
import type { Mode } from '../history.js';
import type { OperationPlan } from '../scenario.js';

/** What a client can do inside its section. Every act is recorded. */
export interface Section {
  /**
   * Whether the grant is still good, as far as this client can know: its signal is not aborted and
   * `validForMs` is positive. Ask synchronously before each act.
   */
  holds(): boolean;
  /** Enters: from here on this client acts as holder, until `body` ends. */
  enter(): void;
  /** Reads the resource; the answer is `undefined` if it refused the fencing token. */
  read(): Promise<number | undefined>;
  /** Writes the resource; `false` if it refused the fencing token. */
  write(value: number): Promise<boolean>;
  /** Marks a step of the guarded work that leaves no trace at the resource. */
  step(): void;
  /** Waits, or until the grant's signal aborts. */
  wait(us: number): Promise<void>;
  /** Extends the grant; `undefined` if the lock could not tell. */
  renew(): Promise<boolean | undefined>;
}

/** What a client can do with the lock. */
export interface WorkloadClient {
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  /** Whether the lock declares `readWrite`: `shared` may be acquired of it. */
  readonly sharesToo: boolean;
  /**
   * Calls the lock, by default in the mode of the operation's plan; a throw of the lock is recorded
   * and arrives as a refusal. While a grant is held, the acquire is nested in it; throws
   * `TypeError` then unless the lock declares `reentrant`.
   */
  acquire(mode?: Mode): Promise<Grant | Refusal>;
  /**
   * Runs `body`, leaves the section if it was entered, and releases. `body` answers whether the
   * work was completed; leaving early because of a signal or a failed check is `false`. A nested
   * grant is held, and given back, inside the body of the one that it is nested in.
   */
  hold(grant: Grant, body: (section: Section) => Promise<boolean>): Promise<void>;
}

export interface Workload {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** How many of the scenario's sections one operation may last (R10); default 1. */
  readonly sectionsEach?: number;
  /** One operation of the scenario. */
  operation(client: WorkloadClient, plan: OperationPlan): Promise<void>;
}

/** Checks nothing and returns its argument: it gives a workload file its types. */
export function defineWorkload(workload: Workload): Workload {
  return workload;
}
