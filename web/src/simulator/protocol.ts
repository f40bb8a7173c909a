/** What the page and its simulator, a worker, say to each other. */
import type { LockAlgorithm } from '../../../src/algorithms/lock.js';
import type { FaultClass } from '../../../src/fault.js';
import type { Finding } from '../../../src/finding.js';
import type { OptionValue } from '../../../src/scenario.js';
import type { RunPlan } from '../../../src/search/replay-code.js';
import type { TraceFile } from '../../../src/timeline/format.js';
import type { PropertyVerdict, Verdict } from '../../../src/verdict.js';
import type { Workload } from '../../../src/workloads/workload.js';

/** Run number `run` of the campaign of a seed, as `holdfast check` would draw it. */
export interface DrawRequest {
  readonly lock: string;
  /** 0 … 2^32 − 1. */
  readonly seed: number;
  readonly run: number;
  /** Default: all. */
  readonly faultClasses?: readonly FaultClass[];
  readonly clients?: number;
  readonly ttlMs?: number;
  readonly waitMs?: number;
  /** Default: that of the lock's flaw, or critical sections. */
  readonly workload?: string;
  /** Options of the lock and of the campaign; default none. */
  readonly set?: Readonly<Record<string, OptionValue>>;
}

/** A run that was made and judged. */
export interface Played {
  readonly plan: RunPlan;
  readonly trace: TraceFile;
  readonly verdicts: readonly PropertyVerdict[];
  /** The worst of them; unknown if a limit was hit or the code under test misbehaved. */
  readonly verdict: Verdict;
  readonly digest: string;
  /** Delivered events. */
  readonly events: number;
  readonly findings: readonly Finding[];
  /** Its replay code. */
  readonly replay: string;
}

/** What somebody may choose of: the built-in locks and workloads, in the order they are shown. */
export interface Catalogue {
  readonly locks: readonly Pick<
    LockAlgorithm,
    'name' | 'summary' | 'source' | 'services' | 'replicas' | 'options' | 'flaw' | 'fixedBy'
  >[];
  /** `careless-<name>` stands for each by holders that never look. */
  readonly workloads: readonly Pick<Workload, 'name' | 'summary' | 'needs'>[];
}

/** What the page asks; `id` comes back with the answer. */
export type Request =
  | { readonly kind: 'play'; readonly id: number; readonly plan: RunPlan }
  | { readonly kind: 'draw'; readonly id: number; readonly request: DrawRequest }
  | { readonly kind: 'list'; readonly id: number }
  /** The run of that id is no longer wanted. */
  | { readonly kind: 'give-up'; readonly id: number };

/** What the worker says. While it works on a request it says `alive` every `ALIVE_EVERY_MS`. */
export type Message =
  | { readonly kind: 'ready' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'played'; readonly id: number; readonly value: Played }
  | { readonly kind: 'drawn'; readonly id: number; readonly value: RunPlan }
  | { readonly kind: 'listed'; readonly id: number; readonly value: Catalogue }
  | { readonly kind: 'superseded'; readonly id: number }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly message: string;
      /** The field that it is about: an option of the lock, `ttlMs`, `waitMs`, `clients`. */
      readonly option?: string;
    };

export const ALIVE_EVERY_MS = 500;
