/** `holdfast check --all`: a campaign on every built-in lock, with the budget that is ours. */

import { foldDigests } from '../../digest.js';
import { UsageError } from '../../host/engine-api.js';
import type { AllReport, LockReport } from '../../report.js';
import { type Verdict, worse } from '../../verdict.js';
import { answerLine, blockLines, summaryLines } from '../all-text.js';
import { type Session, withEngine } from '../context.js';
import { exitOfAll } from '../exit-code.js';
import { interruptible } from '../interrupt.js';
import { createProgressLine } from '../progress-line.js';
import { type CampaignOptions, campaignOf } from '../request.js';
import { painter } from '../terminal.js';

export async function checkAllLocks(session: Session, options: CampaignOptions): Promise<number> {
  for (const name of ['scenario', 'trace', 'workload'] as const) {
    if (options[name] !== undefined) {
      throw new UsageError(`--${name} is about one lock; it cannot be given with --all`);
    }
  }
  const campaign = campaignOf(options);
  const { terminal } = session;
  const { json = false, quiet = false } = options;
  const insist = options.runs === undefined && options.time === undefined;
  const look = { columns: terminal.columns, paint: painter(terminal) };
  const progress = createProgressLine(session, json || quiet);
  return withEngine(session, (engine) =>
    interruptible(session, async (stop) => {
      const reports: LockReport[] = [];
      for (const { name } of (await engine.list()).locks) {
        if (stop.aborted) break;
        const request = { ...campaign, lock: { name }, ownBudget: true, insist };
        const on = { configuration: () => {}, progress: progress.show };
        const report = await engine.check(request, on, stop);
        progress.clear();
        reports.push(report);
        if (json) continue;
        const lines = quiet ? [answerLine(report, look)] : [...blockLines(report, look), ''];
        for (const line of lines) terminal.line(line);
      }
      const all = allReport(reports);
      if (json) terminal.line(JSON.stringify(all, undefined, 2));
      else if (!quiet) for (const line of summaryLines(all, look)) terminal.line(line);
      return exitOfAll(reports, stop.aborted);
    }),
  );
}

/** The worst verdict, and the digest of the digests in order. */
export function allReport(locks: readonly LockReport[]): AllReport {
  const none: Verdict = 'not-applicable';
  const verdict = locks.map((report) => report.verdict).reduce(worse, none);
  return { verdict, digest: foldDigests(locks.map(({ digest }) => digest)), locks };
}
