/**
 * What a campaign found beside the worst: every class of a property, and the flaw of a lock that is
 * flawed on purpose, which need not be the worst that it does (docs/semantics.md, R13).
 */
import type { Flaw } from '../algorithms/lock.js';
import type { ClassFound, FlawReport } from '../report.js';
import { type Property, VIOLATION_CLASSES, type ViolationClass } from '../verdict.js';
import type { Violation } from './campaign.js';

/** The classes of a property that some run showed, worst first; none if it has no classes. */
export function classesFound(
  violations: readonly Violation[],
  property: Property,
  strict: boolean,
): ClassFound[] {
  return VIOLATION_CLASSES.flatMap((name) => {
    const found = violations.filter((violation) => shows(violation, property, name));
    if (found.length === 0) return [];
    const expected = found.every((violation) => violation.expected);
    return [{ class: name, ...runsOf(found), ...(strict ? {} : { expected }) }];
  });
}

/** The flaw, and the runs that showed it: its property, in its class if it has one. */
export function flawFound(flaw: Flaw, violations: readonly Violation[]): FlawReport {
  const { runs: withinRuns, ...named } = flaw;
  const found = violations.filter((violation) => shows(violation, flaw.property, flaw.class));
  return { ...named, withinRuns, ...(found.length === 0 ? { runs: 0 } : runsOf(found)) };
}

function shows({ verdict }: Violation, property: Property, name?: ViolationClass): boolean {
  return verdict.property === property && (name === undefined || verdict.class === name);
}

function runsOf(found: readonly Violation[]): { runs: number; firstRun: number } {
  return {
    runs: found.reduce((sum, { count }) => sum + count, 0),
    firstRun: Math.min(...found.map(({ firstRun }) => firstRun)),
  };
}

/** The classes that any of several campaigns found, with sums of their runs. */
export function mergeFound(lists: readonly (readonly ClassFound[])[]): ClassFound[] {
  return VIOLATION_CLASSES.flatMap((name) => {
    const found = lists.flat().filter((one) => one.class === name);
    if (found.length === 0) return [];
    const runs = found.reduce((sum, one) => sum + one.runs, 0);
    const judged = found.every(({ expected }) => expected !== undefined);
    const expected = found.every((one) => one.expected);
    return [{ class: name, runs, ...(judged ? { expected } : {}) }];
  });
}
