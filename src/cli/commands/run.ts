/** `holdfast run <lock> --run n`: one run of a campaign as a timeline, whatever came of it. */
import type { SingleRunReport } from '../../host/engine-api.js';
import { wholeNumber } from '../arguments.js';
import { configurationLines } from '../configuration-text.js';
import { type Session, withEngine } from '../context.js';
import { EXIT, exitOfRun } from '../exit-code.js';
import { abandonable } from '../interrupt.js';
import type { CampaignOptions } from '../request.js';
import { runLines, verdictsOf } from '../run-text.js';
import { writeTrace } from '../trace-output.js';
import type { Look } from '../verdict-text.js';
import { checkRequest, isScenarioKnown, lookOf, noteOtherLock } from './check.js';

export interface RunOptions extends CampaignOptions {
  readonly run?: string;
}

const RUN_MAX = 9_999_999;

export async function run(
  session: Session,
  lock: string | undefined,
  options: RunOptions,
): Promise<number> {
  const request = checkRequest(lock, options);
  const run = options.run === undefined ? 0 : wholeNumber('--run', options.run, 0, RUN_MAX);
  return withEngine(session, async (engine) => {
    const report = await abandonable(session, () => engine.run({ ...request, run }));
    if (report === 'interrupted') return EXIT.interrupted;
    if (!(await isScenarioKnown(engine, request))) {
      noteOtherLock(session, request, report.configuration);
    }
    return printRun(session, report, options, lookOf(session, request));
  });
}

/** Prints one run, writes its trace if asked to, and says how it ended. */
export function printRun(
  session: Session,
  report: SingleRunReport,
  { json, quiet, trace: file }: Pick<CampaignOptions, 'json' | 'quiet' | 'trace'>,
  look: Look,
): number {
  const { terminal } = session;
  const { trace, claims: _claims, ...document } = report;
  if (json === true) terminal.line(JSON.stringify(document, undefined, 2));
  else {
    const { columns, paint } = look;
    const head = configurationLines(report.configuration, columns, paint);
    const lines = quiet === true ? verdictsOf(report, look) : [...head, ...runLines(report, look)];
    for (const line of lines) terminal.line(line);
  }
  if (file !== undefined) {
    if (trace === undefined) throw new Error('the engine gave no trace of a run');
    writeTrace(file, trace);
    terminal.note(`the trace is in ${file}`);
  }
  return exitOfRun(report);
}
