/** `holdfast check --all`: a campaign on every built-in lock, with the budget that is ours. */

import { foldDigests } from '../../digest.js';
import { type Engine, type Progress, UsageError } from '../../host/engine-api.js';
import type { AllReport, LockReport } from '../../report.js';
import { type Verdict, worse } from '../../verdict.js';
import { answerLine, blockLines, summaryLines } from '../all-text.js';
import { type Session, withEngines } from '../context.js';
import { exitOfAll } from '../exit-code.js';
import { interruptible } from '../interrupt.js';
import { mustAllBeWritable } from '../output-file.js';
import { createProgressLine } from '../progress-line.js';
import { type CampaignOptions, campaignOf } from '../request.js';
import { painter } from '../terminal.js';

export async function checkAllLocks(session: Session, options: CampaignOptions): Promise<number> {
  for (const name of ['scenario', 'trace', 'workload'] as const) {
    if (options[name] !== undefined) {
      throw new UsageError(`--${name} is about one lock; it cannot be given with --all`);
    }
  }
  mustAllBeWritable(options, ['report']);
  const { terminal } = session;
  const { json = false, quiet = false } = options;
  const look = { columns: terminal.columns, paint: painter(terminal) };
  return interruptible(session, async (stop) => {
    const print = (report: LockReport): void => {
      if (json) return;
      const lines = quiet ? [answerLine(report, look)] : [...blockLines(report, look), ''];
      for (const line of lines) terminal.line(line);
    };
    const reports = await withEngines(session, session.campaignsAtOnce, async (engines) => {
      const found = await campaigns(session, engines, options, stop, print);
      if (options.report !== undefined) {
        const { writeReport } = await import('../report-output.js');
        const checked = found.map((report) => ({ lock: { name: report.algorithm }, report }));
        await writeReport(session, options.report, engines[0]!, checked);
      }
      return found;
    });
    const all = allReport(reports, stop.aborted);
    if (json) terminal.line(JSON.stringify(all, undefined, 2));
    else if (!quiet) {
      for (const line of summaryLines(all, look, stop.aborted)) terminal.line(line);
    }
    return exitOfAll(reports, stop.aborted);
  });
}

/**
 * One campaign for each lock, as many at a time as there are engines. `print` gets the reports in
 * the order of the locks, each as soon as those before it are there; the progress shown is that of
 * the lock that is printed next.
 */
async function campaigns(
  session: Session,
  engines: readonly Engine[],
  options: CampaignOptions,
  stop: AbortSignal,
  print: (report: LockReport) => void,
): Promise<LockReport[]> {
  const campaign = campaignOf(options);
  const insist = options.runs === undefined && options.time === undefined;
  const progress = createProgressLine(session, options.json || options.quiet || false);
  const { locks } = await engines[0]!.list();
  const reports: LockReport[] = [];
  let next = 0;
  let printed = 0;
  const work = async (engine: Engine): Promise<void> => {
    while (next < locks.length && !stop.aborted) {
      const at = next++;
      const request = { ...campaign, lock: { name: locks[at]!.name }, ownBudget: true, insist };
      const show = (now: Progress) => {
        if (at === printed) progress.show(now);
      };
      reports[at] = await engine.check(request, { configuration: () => {}, progress: show }, stop);
      for (; reports[printed] !== undefined; printed++) {
        progress.clear();
        print(reports[printed]!);
      }
    }
  };
  await Promise.all(engines.map(work));
  return reports;
}

/** The worst verdict, and the digest of the digests in order. */
export function allReport(locks: readonly LockReport[], stopped: boolean): AllReport {
  const none: Verdict = 'not-applicable';
  const verdict = locks.map((report) => report.verdict).reduce(worse, none);
  const interrupted = stopped || locks.some((report) => report.interrupted);
  return { verdict, digest: foldDigests(locks.map(({ digest }) => digest)), interrupted, locks };
}
