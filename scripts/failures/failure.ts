/**
 * What is written down of a published failure: what shows it, what the search must find, and which
 * variant comes out clean. Plain data; `npm run failures` makes the figures
 * (`reports/published-failures.md`).
 */
import type { FaultClass } from '../../src/fault.js';
import type { OptionValue } from '../../src/scenario.js';
import type { Property, ViolationClass } from '../../src/verdict.js';

/** A lock as it is used; everything else is the default distribution. */
export interface Use {
  readonly lock: string;
  /** Options of the lock and of the campaign, as `--set` takes them. */
  readonly set?: Readonly<Record<string, OptionValue>>;
  /** Default: the workload that shows the lock's flaw, else the usual one. */
  readonly workload?: string;
  /** Time to live of the lock; default that of all campaigns. */
  readonly ttlMs?: number;
  /** How long an acquire may wait; default two TTLs. */
  readonly waitMs?: number;
}

/** What the search must find: a run that shows this with no other faults than these. */
export interface Sought {
  readonly property: Property;
  readonly class?: ViolationClass;
  /** The cause within the class, as the verdict names it; default: any. */
  readonly cause?: string;
  /** Classes of the faults in the story; none: it needs no fault. */
  readonly faults: readonly FaultClass[];
  /** The hosts whose faults they are, or to which the connections go; default: any. */
  readonly hosts?: 'clients' | 'servers';
  /** Of an overlap: who entered second did so when its own lease had ended. */
  readonly enteredLate?: true;
  /** Of a leak: it lasts longer than this. */
  readonly longerThanMs?: number;
}

/** The variant that comes out clean. */
export interface Clean extends Use {
  /** The property it is judged by instead: the resource's, where the lock cannot do better. */
  readonly judgedBy?: Property;
  /** Why it is this one, where that is not plain. */
  readonly why?: string;
}

interface Named {
  /** Row of the collection of published failures. */
  readonly number: number;
  readonly id: string;
  readonly citation: string;
}

export interface Shown extends Named, Use, Sought {
  /** What of the failure the property shows, where that is not plain. */
  readonly note?: string;
  /** Or why there is none. */
  readonly clean: Clean | { readonly none: string };
}

/** A failure that no run shows. */
export interface NotShown extends Named {
  readonly cannot: string;
  /** What was tried; the command tries it again. */
  readonly tried?: Use & Sought;
}

export type PublishedFailure = Shown | NotShown;
