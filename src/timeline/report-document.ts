/** What stands in the page of a report: the report on a lock, and the runs that it tells of. */
import type { LockReport } from '../report.js';
import type { TraceFile } from './format.js';

export interface ReportDocument {
  readonly format: 'holdfast-report';
  readonly v: 1;
  readonly lock: LockReport;
  /** The smallest run of each property that broke, in the order of the report. */
  readonly runs: readonly { readonly property: string; readonly trace: TraceFile }[];
}
