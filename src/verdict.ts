/**
 * What a checker answers. Verdicts form an order, worst first, and merging takes the worst: one
 * violation makes a run invalid, one doubt keeps it from being valid (docs/semantics.md, Names).
 */
import type { HostId, OperationId } from './fault.js';

export const PROPERTIES = [
  'mutual-exclusion',
  'read-write',
  'permits',
  'reentrancy',
  'resource-safety',
  'fencing',
  'ownership',
  'leak',
  'progress',
  'fairness',
  'belief',
  'coverage',
  'determinism',
] as const;
export type Property = (typeof PROPERTIES)[number];

export const VERDICTS = ['invalid', 'unknown', 'valid', 'not-applicable'] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * Classes of a violation, worst first: of mutual exclusion, read-write and permits, then of leak,
 * then of resource safety, where what has no class is milder (R3, R9, R12).
 */
export const VIOLATION_CLASSES = [
  'double-grant',
  'stale-belief',
  'inherent-overlap',
  'for-ever',
  'until-ttl',
  'damage',
] as const;
export type ViolationClass = (typeof VIOLATION_CLASSES)[number];

/** What a narrative needs to say, by name; times are microseconds and end in `Us`. */
export type Details = Readonly<Record<string, string | number | boolean>>;

export interface PropertyVerdict {
  readonly property: Property;
  readonly verdict: Verdict;
  readonly class?: ViolationClass;
  /** Finer cause within a class or property: `resurrected`, `pause-inside-call`, `lost-wake-up`… */
  readonly cause?: string;
  /** Why it is unknown or not applicable, in words. */
  readonly reason?: string | undefined;
  /** Indices into the history's records that prove an invalid verdict, in position order. */
  readonly witness: readonly number[];
  /** The client operations the witness is about: who offended, who was hurt. */
  readonly offender?: { readonly host: HostId; readonly operation: OperationId };
  readonly victim?: { readonly host: HostId; readonly operation: OperationId };
  readonly details?: Details;
}

/** The worse of two verdicts; `not-applicable` is the neutral element. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return VERDICTS.indexOf(a) <= VERDICTS.indexOf(b) ? a : b;
}

/** Severity of a property's verdict within a campaign: higher is worse; classes break equality. */
export function severity(verdict: PropertyVerdict): number {
  const base = (VERDICTS.length - VERDICTS.indexOf(verdict.verdict)) * 10;
  const rank = verdict.class === undefined ? 0 : VIOLATION_CLASSES.indexOf(verdict.class) + 1;
  return verdict.verdict === 'invalid' && rank > 0 ? base + 10 - rank : base;
}
