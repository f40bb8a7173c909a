/** `holdfast check <lock>`: a campaign on one lock. */
import type { CheckRequest, Engine } from '../../host/engine-api.js';
import { UsageError } from '../../host/engine-api.js';
import type { ConfigurationReport, LockReport } from '../../report.js';
import { quoted } from '../arguments.js';
import { configurationLines } from '../configuration-text.js';
import { type Session, withEngine } from '../context.js';
import { exitOfCheck } from '../exit-code.js';
import { interruptible } from '../interrupt.js';
import { remember } from '../last-counterexample.js';
import { lockLines, quietLockLines, violationsOf } from '../lock-text.js';
import { filesIn, mustAllBeWritable } from '../output-file.js';
import { createProgressLine } from '../progress-line.js';
import { type CampaignOptions, campaignOf, chosenLock } from '../request.js';
import { readScenario } from '../scenario-file.js';
import { painter } from '../terminal.js';
import type { Look } from '../verdict-text.js';

/** The request that the command line stands for. */
export function checkRequest(lock: string | undefined, options: CampaignOptions): CheckRequest {
  const campaign = campaignOf(options);
  mustAllBeWritable(options, ['trace', 'report'], filesIn([lock, options.scenario]));
  if (options.scenario !== undefined) refuseBesideScenario(options);
  const scenario = options.scenario === undefined ? undefined : readScenario(options.scenario);
  return {
    ...campaign,
    lock: chosenLock(lock, scenario),
    ownBudget: false,
    ...(scenario !== undefined && { scenario }),
  };
}

/** A scenario says all of a run but its decisions; nothing is left for these to choose. */
function refuseBesideScenario(options: CampaignOptions): void {
  for (const [name, option] of [
    ['faults', '--faults'],
    ['clients', '--clients'],
    ['ttl', '--ttl'],
    ['wait', '--wait'],
    ['set', '--set'],
    ['workload', '--workload'],
    ['perClass', '--per-class'],
  ] as const) {
    if (options[name] === undefined) continue;
    throw new UsageError(`${option} cannot be given with --scenario, which says it already`);
  }
}

export async function check(
  session: Session,
  lock: string | undefined,
  options: CampaignOptions,
): Promise<number> {
  const request = checkRequest(lock, options);
  return withEngine(session, (engine) =>
    interruptible(session, (stop) => checkOnce(session, engine, request, options, stop)),
  );
}

/** One campaign, printed as it goes; returns its exit code. */
export async function checkOnce(
  session: Session,
  engine: Engine,
  request: CheckRequest,
  options: CampaignOptions,
  stop: AbortSignal,
): Promise<number> {
  const { terminal } = session;
  const { json = false, quiet = false } = options;
  const look = lookOf(session, request);
  const isKnown = await isScenarioKnown(engine, request);
  const progress = createProgressLine(session, json || quiet);
  const report = await engine.check(
    request,
    {
      configuration: (configuration) => {
        if (!isKnown) noteOtherLock(session, request, configuration);
        if (json || quiet) return;
        const { columns, paint } = look;
        for (const line of configurationLines(configuration, columns, paint)) terminal.line(line);
      },
      progress: (state) => progress.show(state),
    },
    stop,
  );
  progress.clear();
  if (json) terminal.line(JSON.stringify(report, undefined, 2));
  else {
    const lines = quiet ? quietLockLines(report, look) : lockLines(report, look);
    for (const line of lines) terminal.line(line);
  }
  rememberFirst(session, request, report);
  if (options.trace !== undefined) await traceOf(session, engine, request, report, options.trace);
  if (options.report !== undefined) {
    const { writeReport } = await import('../report-output.js');
    await writeReport(session, options.report, engine, [{ lock: request.lock, report }]);
  }
  return exitOfCheck(report, stop.aborted);
}

/** Whether a scenario is about a lock of ours: somebody may name another one beside it. */
export async function isScenarioKnown(
  engine: Engine,
  { scenario, lock }: CheckRequest,
): Promise<boolean> {
  if (scenario === undefined || ('name' in lock && lock.name === scenario.algorithm)) return true;
  const { locks } = await engine.list();
  return locks.some(({ name }) => name === scenario.algorithm);
}

/** A name that means nothing may be a slip of the pen, also where it is not needed. */
export function noteOtherLock(
  { terminal }: Pick<Session, 'terminal'>,
  { scenario }: CheckRequest,
  { algorithm }: Pick<ConfigurationReport, 'algorithm'>,
): void {
  if (scenario === undefined || scenario.algorithm === algorithm) return;
  const what = `the scenario is about ${quoted(scenario.algorithm)}, and there is no such lock`;
  terminal.note(`holdfast: ${what}; ${algorithm}, which you named, is run in its place`);
}

export function lookOf(session: Session, { lock }: Pick<CheckRequest, 'lock'>): Look {
  const { terminal } = session;
  const lockFile = 'file' in lock ? lock.file : undefined;
  return { columns: terminal.columns, paint: painter(terminal), lockFile };
}

/** `holdfast view` opens the first counterexample, unexpected ones before expected. */
function rememberFirst({ env }: Session, { lock }: CheckRequest, report: LockReport): void {
  const found = violationsOf(report).find(({ counterexample }) => counterexample !== undefined);
  if (found?.counterexample === undefined) return;
  const lockFile = 'file' in lock ? { lockFile: lock.file } : {};
  remember(env, { code: found.counterexample.replay, ...lockFile });
}

/** Replays the first counterexample, unexpected ones before expected, and writes its trace. */
async function traceOf(
  session: Session,
  engine: Engine,
  { lock }: CheckRequest,
  report: LockReport,
  file: string,
): Promise<void> {
  const found = violationsOf(report).find(({ counterexample }) => counterexample !== undefined);
  if (found?.counterexample === undefined) {
    session.terminal.note(`--trace: no counterexample was found, so ${file} was not written`);
    return;
  }
  const { trace } = await engine.replay({
    code: found.counterexample.replay,
    trace: true,
    ...('file' in lock && { lockFile: lock.file }),
  });
  if (trace === undefined) throw new Error('the engine gave no trace of a replay');
  const { writeTrace } = await import('../trace-output.js');
  writeTrace(file, trace);
  session.terminal.note(`the trace of the ${found.property} counterexample is in ${file}`);
}

/** What makes no sense together is refused before anything runs. */
export function refuseTogether(
  lock: string | undefined,
  options: { readonly all?: boolean; readonly watch?: boolean },
): void {
  const { all, watch } = options;
  if (all !== true) return;
  if (lock !== undefined) {
    throw new UsageError(`--all checks every built-in lock; it takes no lock, and got ${lock}`);
  }
  if (watch === true) throw new UsageError('--all and --watch cannot be given together');
}
