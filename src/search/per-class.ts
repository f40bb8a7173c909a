/**
 * One campaign for each fault class alone, put together to one report: what the matrix is made of.
 */

import { foldDigests } from '../digest.js';
import type { FaultClass } from '../fault.js';
import type {
  ClassReport,
  FlawReport,
  LockReport,
  PropertyReport,
  ReachedReport,
} from '../report.js';
import { severity, worse } from '../verdict.js';
import { mergeFound } from './found.js';

/** A campaign's report, and the class it was about. */
export interface ClassCampaign {
  readonly faultClass: FaultClass;
  readonly report: LockReport;
}

/** The worst of each property, sums of the counts, and each class's own results beside them. */
export function mergeClasses(campaigns: readonly [ClassCampaign, ...ClassCampaign[]]): LockReport {
  const reports = campaigns.map(({ report }) => report);
  const sum = (pick: (report: LockReport) => number) =>
    reports.reduce((total, report) => total + pick(report), 0);
  const faultClasses = campaigns.map(({ faultClass }) => faultClass);
  const [first] = campaigns;
  return {
    ...first.report,
    configuration: { ...first.report.configuration, faultClasses },
    runs: sum(({ runs }) => runs),
    unknownRuns: sum(({ unknownRuns }) => unknownRuns),
    events: sum(({ events }) => events),
    searchMs: sum(({ searchMs }) => searchMs),
    elapsedMs: sum(({ elapsedMs }) => elapsedMs),
    digest: foldDigests(reports.map(({ digest }) => digest)),
    verdict: reports.map(({ verdict }) => verdict).reduce(worse),
    asClaimed: reports.every(({ asClaimed }) => asClaimed),
    ...(first.report.flaw === undefined ? {} : { flaw: sumFlaw(first.report.flaw, reports) }),
    properties: worstProperties(reports),
    reached: sumReached(reports),
    findings: reports.flatMap(({ findings }) => findings),
    lost: reports.flatMap(({ lost }) => lost),
    interrupted: reports.some(({ interrupted }) => interrupted),
    perClass: campaigns.map(({ faultClass, report }): ClassReport => {
      const { verdict, asClaimed, runs, digest, properties } = report;
      return { faultClass, verdict, asClaimed, runs, digest, properties };
    }),
  };
}

function worstProperties(reports: readonly LockReport[]): PropertyReport[] {
  const worst = new Map<string, PropertyReport>();
  for (const report of reports) {
    for (const found of report.properties) {
      const key = `${found.property} ${found.expected ?? ''}`;
      const known = worst.get(key);
      if (known === undefined || rank(found) > rank(known)) worst.set(key, found);
    }
  }
  const invalid = new Set(
    [...worst.values()].filter(({ verdict }) => verdict === 'invalid').map((one) => one.property),
  );
  return [...worst.values()]
    .filter(({ property, verdict }) => verdict === 'invalid' || !invalid.has(property))
    .map((report) => (report.classes === undefined ? report : withClasses(report, reports)));
}

/** With the classes of all campaigns; one that has two reports on the property is asked once. */
function withClasses(report: PropertyReport, reports: readonly LockReport[]): PropertyReport {
  const classes = reports.map(
    ({ properties }) =>
      properties.find((one) => one.property === report.property && one.classes !== undefined)
        ?.classes ?? [],
  );
  return { ...report, classes: mergeFound(classes) };
}

/** Runs have an index in their campaign alone. */
function sumFlaw(flaw: FlawReport, reports: readonly LockReport[]): FlawReport {
  const { firstRun: _firstRun, ...same } = flaw;
  return { ...same, runs: reports.reduce((sum, report) => sum + (report.flaw?.runs ?? 0), 0) };
}

function rank(report: PropertyReport): number {
  return severity({ ...report, witness: [] });
}

function sumReached(reports: readonly LockReport[]): ReachedReport[] {
  const rows = new Map<string, ReachedReport>();
  for (const { reached } of reports) {
    for (const { goal, runs, needed } of reached) {
      const known = rows.get(goal) ?? { goal, runs: 0, needed: 0 };
      rows.set(goal, { goal, runs: known.runs + runs, needed: Math.max(known.needed, needed) });
    }
  }
  return [...rows.values()];
}
