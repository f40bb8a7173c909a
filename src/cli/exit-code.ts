/** The exit code says what kind of answer it is (docs/semantics.md, Names: exit codes). */
import type { SingleRunReport } from '../host/engine-api.js';
import type { LockReport, PropertyReport } from '../report.js';
import type { Verdict } from '../verdict.js';

export const EXIT = {
  valid: 0,
  invalid: 1,
  unknown: 2,
  usage: 64,
  internal: 70,
  interrupted: 130,
} as const;

/** Of a campaign; `interrupted` if somebody stopped it. */
export function exitOfCheck(report: LockReport, interrupted: boolean): number {
  if (isOurs(report)) return EXIT.internal;
  if (report.verdict === 'invalid') return EXIT.invalid;
  return interrupted ? EXIT.interrupted : exitOfVerdict(report.verdict);
}

/** Of several campaigns: a bug of ours first, then a break, then the interruption, then a doubt. */
export function exitOfAll(reports: readonly LockReport[], interrupted: boolean): number {
  const codes = reports.map((report) => exitOfCheck(report, false));
  if (codes.includes(EXIT.internal)) return EXIT.internal;
  if (codes.includes(EXIT.invalid)) return EXIT.invalid;
  if (interrupted) return EXIT.interrupted;
  return codes.includes(EXIT.unknown) ? EXIT.unknown : EXIT.valid;
}

/** Of one run; a replay that is not the recorded run says nothing about it. */
export function exitOfRun(report: SingleRunReport): number {
  if (isOurs(report)) return EXIT.internal;
  return differs(report) ? EXIT.unknown : exitOfVerdict(report.verdict);
}

/** Whether a replay gave another run than the one in its code. */
export function differs({ digest, recordedDigest }: SingleRunReport): boolean {
  return recordedDigest !== undefined && recordedDigest !== digest;
}

/** Whether it shows a bug of ours: a checker that threw, a built-in lock that does not repeat. */
function isOurs({ properties, findings }: Pick<LockReport, 'properties' | 'findings'>): boolean {
  return checkerThrew(properties) || findings.some((finding) => finding.isOurs === true);
}

/** Whether a checker threw: its property is unknown, and that is a bug of ours. */
export function checkerThrew(properties: readonly PropertyReport[]): boolean {
  return properties.some(({ details }) => details?.['threw'] === true);
}

export function exitOfVerdict(verdict: Verdict): number {
  if (verdict === 'invalid') return EXIT.invalid;
  return verdict === 'unknown' ? EXIT.unknown : EXIT.valid;
}
