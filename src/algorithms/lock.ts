/**
 * What a lock is to Holdfast. One lock is one file that default-exports `defineLock({…})`: what it
 * is, what it claims, and `create`, which is ordinary asynchronous code over its environment.
 */
import type { FaultClass } from '../fault.js';
import type { Declarations, Mode } from '../history.js';
import type { Persistence } from '../scenario.js';
import type { Service } from '../service.js';
import type { Property, ViolationClass } from '../verdict.js';
import type { Environment } from './environment.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';

export interface AcquireOptions {
  /** How long the lock may outlive its holder, in milliseconds. */
  readonly ttlMs: number;
  /** How long to wait for it; 0 is one try, absent is without limit. */
  readonly waitMs?: number;
  /** Default `exclusive`; `shared` is asked only of a lock that declares `readWrite`. */
  readonly mode?: Mode;
  /** The grant that this client holds already: the same owner acquires again (R19). */
  readonly holder?: Grant;
  /** Aborting it ends the wait. */
  readonly signal?: AbortSignal;
}

/** The lock was granted. */
export interface Grant {
  readonly granted: true;
  readonly ownerId?: string;
  /** Extends the lease; `false` says that the lock is lost. Throws if it cannot tell. */
  renew?(ttlMs: number): Promise<boolean>;
  /** Gives the lock back; `false` says that it was no longer held. Throws if it cannot tell. */
  release(): Promise<boolean>;
  /** A whole number from 0 that increases with every grant of the key; see R12. */
  readonly fencingToken?: number;
  /** Aborted when this client learns that the lock is lost (push, R11). */
  readonly signal?: AbortSignal;
  /**
   * Calls back when the signal aborts, at once if it has: the same notice without the platform's
   * object, whose making costs more than the messages of a grant. The callback must not throw.
   * Absent: whoever wants to be told listens to the signal.
   */
  onLost?(callback: () => void): void;
  /**
   * Milliseconds left on this client's monotonic clock, counted from the send of the request that
   * made or last extended the grant, less the drift allowance; `Infinity` if nothing ends it
   * (pull, R11).
   */
  validForMs?(): number;
}

/** The lock was not granted, and why: `held`, `no quorum`, `timed out`, … */
export interface Refusal {
  readonly granted: false;
  readonly reason: string;
}

export interface Lock {
  acquire(key: string, options: AcquireOptions): Promise<Grant | Refusal>;
}

/**
 * What the author accepts of a property under a fault class: that it holds, or the worst outcome,
 * why, and who says so. `withinRuns`: the search must find it within so many runs (R13).
 */
export type Claim =
  | 'holds'
  | {
      /** Of properties of overlaps all but `until-ttl`; of leak it or `breaks`; else `breaks`. */
      readonly worst: 'inherent' | 'stale' | 'until-ttl' | 'breaks';
      readonly reason: string;
      readonly source: string;
      /** Absent: accepted, and nobody insists that it is found. */
      readonly withinRuns?: number;
      /** The claim is about servers with this persistence only. */
      readonly persistence?: Persistence;
    };

export type Claims = {
  readonly [P in Property]?: { readonly [F in FaultClass | 'default']?: Claim };
};

/** The known flaw of a known-bad lock: what must be found, and within how many runs. */
export interface Flaw {
  readonly property: Property;
  readonly class?: ViolationClass;
  readonly faults: readonly FaultClass[];
  readonly runs: number;
  /** The workload that shows it, and that is run if no other is asked for. */
  readonly workload?: string;
}

export interface LockAlgorithm<S extends OptionSpecs = OptionSpecs> {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** Where the design comes from: paper, documentation page, upstream file. */
  readonly source: string;
  /** How many servers of each service it uses; the name of an option may stand for the number. */
  readonly services: { readonly [N in Service]?: number | (string & keyof S) };
  /** How many replicas each of its Redis servers has, 1 or 2, likewise; default 1 (R16). */
  readonly replicas?: number | (string & keyof S);
  readonly options: S;
  /** SQL run on each PostgreSQL server before anything else: the tables it needs. */
  readonly schema?: string;
  readonly claims: Claims;
  /** May depend on the options, as Redlock's drift allowance does. */
  readonly declares?: Declarations | ((options: OptionValues<S>) => Declarations);
  readonly flaw?: Flaw;
  /** Name of the sibling that repairs the flaw. */
  readonly fixedBy?: string;
  create(environment: Environment, options: OptionValues<S>): Lock;
}

/** Gives a lock file its types and returns its argument, which is checked when it is run. */
export function defineLock<const S extends OptionSpecs>(
  algorithm: LockAlgorithm<S>,
): LockAlgorithm {
  return algorithm as unknown as LockAlgorithm;
}
