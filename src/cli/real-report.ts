/**
 * What `holdfast real check` and `holdfast real soak` found: they tell it in words or, with
 * `--json`, as one document each (docs/real-servers.md).
 */
import { brokenOf, type JudgedProperty } from '../real/check/claimed.js';
import type { TraceOf } from '../real/history/trace.js';
import type { Property, Verdict, ViolationClass } from '../verdict.js';
import { ourVersion } from './version.js';

/** A verdict on one property of a run. */
export interface RealProperty {
  readonly property: Property;
  readonly verdict: JudgedProperty['verdict'];
  readonly class?: ViolationClass;
  /** What broke may break, by what the lock's author says of it. */
  readonly expected?: true;
  /** Why a verdict is `unknown`. */
  readonly reason?: string;
  /** Why it broke, in words, unless that was expected. */
  readonly why?: string;
}

export interface RealRunReport {
  readonly requests: number;
  /** Whether all clients got through their operations. */
  readonly isOver: boolean;
  readonly properties: readonly RealProperty[];
  /** What clients found wrong with the lock's code. */
  readonly findings: readonly string[];
  /** Where a server answered otherwise than its model. */
  readonly differences: readonly string[];
  /** Names and versions of what it ran on. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface RealCheckReport {
  /** A name, or a file. */
  readonly lock: string;
  readonly verdict: Verdict;
  readonly workloads: readonly {
    readonly workload: string;
    readonly runs: readonly RealRunReport[];
    /** Why the lock cannot run under it. */
    readonly unable?: string;
  }[];
}

export interface RealRoundReport {
  readonly acquired: number;
  readonly requests: number;
  /** How many faults of each class struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** What broke, or may have. */
  readonly violations: readonly RealProperty[];
  readonly findings: readonly string[];
  readonly differences: readonly string[];
  /** What stood in for the server. */
  readonly standIn?: string;
  /** Memory of the tool when the round was judged, in MB. */
  readonly rssMb: number;
}

export interface RealSoakReport {
  readonly lock: string;
  readonly verdict: Verdict;
  /** Whether somebody stopped it before its time. */
  readonly interrupted: boolean;
  readonly rounds: readonly RealRoundReport[];
}

/** Verdicts of a run, with the reasons for what broke unexpectedly. */
export function propertiesOf(
  properties: readonly JudgedProperty[],
  trace: TraceOf,
): readonly RealProperty[] {
  const broken = brokenOf(properties);
  const told = broken.length === 0 ? [] : trace(ourVersion()).violations;
  return properties.map((one) => {
    const { property, verdict, class: kind, expected, reason } = one;
    const why = broken.includes(one) ? told.find((of) => of.property === property)?.why : undefined;
    return {
      property,
      verdict,
      ...(kind !== undefined && { class: kind }),
      ...(expected === true && { expected }),
      ...(reason !== undefined && { reason }),
      ...(why !== undefined && why !== '' && { why }),
    };
  });
}

/** What it is about, in words: `leak: until-ttl`. */
export function nameOf({ property, class: kind }: RealProperty): string {
  return kind === undefined ? property : `${property}: ${kind}`;
}

/** Whether it broke, and nobody says that it may. */
export function isUnclaimed({ verdict, expected }: RealProperty): boolean {
  return verdict === 'invalid' && expected !== true;
}
