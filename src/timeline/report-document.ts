/** What stands in the page of a report: the reports on locks, and the runs that they tell of. */
import type { LockReport } from '../report.js';
import type { TraceFile } from './format.js';

export interface ReportDocument {
  readonly format: 'holdfast-report';
  readonly v: 1;
  /** At least one, in the order in which they were checked. */
  readonly locks: readonly ReportedLock[];
}

export interface ReportedLock {
  readonly lock: LockReport;
  /** The smallest run of each property that broke, in the order of the report. */
  readonly runs: readonly { readonly property: string; readonly trace: TraceFile }[];
}
