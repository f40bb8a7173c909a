/** `check --report`: the report with its runs as one page that needs nothing else. */
import type { CheckRequest, Engine } from '../host/engine-api.js';
import type { LockReport } from '../report.js';
import type { ReportDocument } from '../timeline/report-document.js';
import { violationsOf } from './lock-text.js';
import { traceColumns, writeText } from './trace-output.js';
import { reportPage } from './viewer-files.js';

/**
 * Replays every counterexample of a report and writes the page.
 *
 * @throws {UsageError} if the file cannot be written.
 */
export async function writeReport(
  file: string,
  engine: Engine,
  { lock }: Pick<CheckRequest, 'lock'>,
  report: LockReport,
): Promise<void> {
  const runs: ReportDocument['runs'][number][] = [];
  for (const { property, counterexample } of violationsOf(report)) {
    if (counterexample === undefined) continue;
    const { replay } = counterexample;
    const lockFile = 'file' in lock ? { lockFile: lock.file } : {};
    const { trace } = await engine.replay({ code: replay, trace: true, ...lockFile });
    if (trace !== undefined) runs.push({ property, trace: traceColumns(trace, replay) });
  }
  const document: ReportDocument = { format: 'holdfast-report', v: 1, lock: report, runs };
  writeText('--report', file, reportPage(document));
}
