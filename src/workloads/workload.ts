/**
 * What a workload is: what a client does with the lock, operation after operation. Acts inside the
 * section — entering, steps, accesses, leaving — are calls to the environment, so the nemesis can
 * strike between a check and the act it guards (docs/semantics.md, R2, R4, R15).
 */
import type { Grant, Refusal } from '../algorithms/lock.js';
import type { Mode } from '../history.js';
import type { Cell, Invariant } from '../invariant.js';
import type { OperationPlan } from '../scenario.js';

/** What a client can do inside its section. Every act is recorded. */
export interface Section {
  /**
   * Whether the grant is still good, as far as this client can know: its signal is not aborted and
   * `validForMs` is positive. Ask synchronously before each act. For a careless holder it is
   * always `true`, and nobody is asked.
   */
  holds(): boolean;
  /** Enters: from here on this client acts as holder, until `body` ends. */
  enter(): void;
  /**
   * Reads a cell of the resource, by default its counter; what nobody wrote is 0. The answer is
   * `undefined` if the resource refused the fencing token, or it is not known what it did.
   */
  read(cell?: Cell): Promise<number | undefined>;
  /**
   * Writes a whole number into a cell of the resource, by default its counter. The answer is
   * `false` if the resource refused the fencing token, or it is not known what it did.
   */
  write(value: number, cell?: Cell): Promise<boolean>;
  /** Marks a step of the guarded work that leaves no trace at the resource. */
  step(): void;
  /** Waits, or until the grant's signal aborts. */
  wait(us: number): Promise<void>;
  /** Extends the grant, by default by the TTL; `undefined` if the lock could not tell. */
  renew(ttlMs?: number): Promise<boolean | undefined>;
}

/** What a client can do with the lock. */
export interface WorkloadClient {
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  /** Whether the lock declares `readWrite`: `shared` may be acquired of it. */
  readonly sharesToo: boolean;
  /**
   * Calls the lock, by default in the mode of the operation's plan; it may wait for so long, by
   * default `waitMs`. A throw of the lock is recorded and arrives as a refusal. While a grant is
   * held, the acquire is nested in it; throws `TypeError` then unless the lock is `reentrant`, and
   * in a mode that the lock does not offer. Without a grant an operation acquires once: who wants
   * to try again ends it, and has its next operation.
   */
  acquire(mode?: Mode, waitMs?: number): Promise<Grant | Refusal>;
  /**
   * Waits outside of any section; `false` if the operation should end now, because nothing new
   * begins any more (R10).
   */
  wait(us: number): Promise<boolean>;
  /** A number in [0, 1), drawn for this client and operation (R6). */
  random(): number;
  /**
   * Runs `body`, leaves the section if it was entered, and releases. `body` answers whether the
   * work was completed; leaving early because of a signal or a failed check is `false`. A nested
   * grant is held, and given back, inside the body of the one that it is nested in.
   */
  hold(grant: Grant, body: (section: Section) => Promise<boolean>): Promise<void>;
  /** The same by who forgets to release: the grant stays what it is when the body has ended. */
  forget(grant: Grant, body: (section: Section) => Promise<boolean>): Promise<void>;
}

export interface Workload {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** How many of the scenario's sections one operation may last (R10); default 1. */
  readonly sectionsEach?: number;
  /** What the lock must be able to do; without it the workload is refused before any run. */
  readonly needs?: 'renew';
  /** What must be true of the resource, judged as part of resource safety (R12). */
  readonly invariants?: readonly Invariant[];
  /** Whether its holders never ask if the grant still holds; made by `carelessly` (R15). */
  readonly careless?: true;
  /** One operation of the scenario. */
  operation(client: WorkloadClient, plan: OperationPlan): Promise<void>;
}

/** The same work by holders that never look: shows what looking is for (R15). */
export function carelessly(workload: Workload, name: string): Workload {
  return { ...workload, name, careless: true };
}

/** Checks nothing and returns its argument: it gives a workload file its types. */
export function defineWorkload(workload: Workload): Workload {
  return workload;
}
