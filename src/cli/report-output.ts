/** `check --report`: the reports with their runs as one page that needs nothing else. */
import type { CheckRequest, Engine } from '../host/engine-api.js';
import type { LockReport } from '../report.js';
import type { ReportDocument, ReportedLock } from '../timeline/report-document.js';
import type { Session } from './context.js';
import { violationsOf } from './lock-text.js';
import { writeOutput } from './output-file.js';
import { traceColumns } from './trace-output.js';
import { reportPage } from './viewer-files.js';

/** What was checked, and what came of it. */
export interface Checked {
  readonly lock: CheckRequest['lock'];
  readonly report: LockReport;
}

/**
 * Replays every counterexample of the reports and writes the page.
 *
 * @throws {UsageError} if the file cannot be written.
 */
export async function writeReport(
  { terminal }: Pick<Session, 'terminal'>,
  file: string,
  engine: Engine,
  checked: readonly Checked[],
): Promise<void> {
  const locks: ReportedLock[] = [];
  for (const { lock, report } of checked) {
    locks.push({ lock: report, runs: await runsOf(engine, lock, report) });
  }
  const document: ReportDocument = { format: 'holdfast-report', v: 1, locks };
  writeOutput('--report', file, reportPage(document));
  terminal.note(`the report is in ${file}`);
}

async function runsOf(
  engine: Engine,
  lock: CheckRequest['lock'],
  report: LockReport,
): Promise<ReportedLock['runs']> {
  const runs: ReportedLock['runs'][number][] = [];
  for (const { property, counterexample } of violationsOf(report)) {
    if (counterexample === undefined) continue;
    const { replay } = counterexample;
    const lockFile = 'file' in lock ? { lockFile: lock.file } : {};
    const { trace } = await engine.replay({ code: replay, trace: true, ...lockFile });
    if (trace !== undefined) runs.push({ property, trace: traceColumns(trace, replay) });
  }
  return runs;
}
