/**
 * What the engine does on its worker thread: finds the lock, resolves the configuration, runs the
 * campaign or the one run, and makes the report.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { findLock, locks } from '../algorithms/index.js';
import type { LockAlgorithm } from '../algorithms/lock.js';
import { OptionError } from '../algorithms/options.js';
import { nearest } from '../nearest.js';
import { runKey } from '../random.js';
import type { ConfigurationReport, LockReport } from '../report.js';
import { campaign } from '../search/campaign.js';
import type { CampaignPlan } from '../search/generate.js';
import { reportLock } from '../search/lock-report.js';
import { type ClassCampaign, mergeClasses } from '../search/per-class.js';
import { describePlan, planOfScenario, resolvePlan } from '../search/plan.js';
import type { RunPort } from '../search/port.js';
import type { Compression } from '../search/replay-code.js';
import { resolveScenario } from '../search/resolve-scenario.js';
import { seedKey } from '../seed-key.js';
import { loadServices } from '../sim/services/hosts.js';
import { DEFAULT_WORKLOAD, workloadNamed, workloadNames, workloads } from '../workloads/index.js';
import type { Workload } from '../workloads/workload.js';
import { type CheckRequest, type Progress, UsageError } from './engine-api.js';
import { Guards } from './guards.js';
import { loadLockFile } from './load.js';
import { refusalOf } from './needs.js';
import { createRunPort, turn } from './run-port.js';

export const compression: Compression = {
  deflate: (bytes) => deflateRawSync(bytes, { level: 9 }),
  inflate: (bytes) => inflateRawSync(bytes),
};

/** A lock and the workload that goes with it. */
export interface Subject {
  readonly algorithm: LockAlgorithm;
  readonly workload: Workload;
  readonly transpiler: string | undefined;
}

/** Where a session reports to while it works. */
export interface SessionEvents {
  configuration(configuration: ConfigurationReport): void;
  progress(progress: Progress): void;
  /** A run of the campaign is about to begin; told at most every 10 ms. */
  run(run: number): void;
  stopped(): boolean;
}

const PROGRESS_EVERY_MS = 50;
const RUN_EVERY_MS = 10;
/** One run of so many is run a second time; all of them in CI (D15). */
const DOUBLE_EVERY = process.env['CI'] === undefined ? 20 : 1;

export async function findSubject(
  lock: CheckRequest['lock'],
  workloadName: string | undefined,
): Promise<Subject> {
  if ('file' in lock) {
    const { algorithm, workload, transpiler } = await loadLockFile(lock.file);
    // A sign of life: from here on the watchdog waits for code under test, and no longer for files.
    await turn();
    const name = workloadName ?? (workload === undefined ? algorithm.flaw?.workload : undefined);
    return { algorithm, workload: chooseWorkload(name, workload), transpiler };
  }
  const algorithm = findLock(lock.name);
  if (algorithm !== undefined) {
    const name = workloadName ?? algorithm.flaw?.workload;
    return { algorithm, workload: chooseWorkload(name, undefined), transpiler: undefined };
  }
  const near = nearest(
    lock.name,
    locks.map(({ name }) => name),
  );
  const hint =
    near.length === 0 ? 'holdfast list names them all' : `did you mean ${near.join(', ')}?`;
  throw new UsageError(
    `there is no lock ${lock.name}; ${hint} (a lock file's path begins with ./ or /)`,
  );
}

function chooseWorkload(name: string | undefined, own: Workload | undefined): Workload {
  if (name === undefined) return own ?? DEFAULT_WORKLOAD;
  const all = own === undefined ? workloads : [...workloads, own];
  const found = workloadNamed(all, name);
  if (found !== undefined) return found;
  const near = nearest(name, workloadNames(all));
  const hint =
    near.length === 0
      ? `there are ${all.map((one) => one.name).join(', ')}`
      : `did you mean ${near.join(', ')}?`;
  throw new UsageError(`there is no workload ${name}; ${hint}`);
}

/** What a request is about. */
interface Prepared<R> {
  readonly subject: Subject;
  readonly plan: CampaignPlan;
  readonly request: R;
}

/**
 * Finds what a request is about, or says in a sentence what is wrong with it. What its servers need
 * is loaded here, before the first sign of life: then the thread may be silent for longer (D14),
 * and a parser takes seconds to load where the machine is busy.
 */
export async function prepare<R extends CheckRequest>(asked: R): Promise<Prepared<R>> {
  const subject = await findSubject(asked.lock, asked.workload ?? asked.scenario?.workload);
  const prepared = resolved(subject, asked);
  await loadServices(prepared.plan.servers.map((id) => ({ id })));
  return prepared;
}

function resolved<R extends CheckRequest>(subject: Subject, asked: R): Prepared<R> {
  const { algorithm, workload } = subject;
  try {
    if (asked.scenario === undefined) {
      const { name, sectionsEach } = workload;
      const rounds = sectionsEach === undefined ? {} : { sectionsEach };
      const plan = resolvePlan(algorithm, { ...asked, workload: name, ...rounds });
      return { subject, plan, request: asked };
    }
    const scenario = resolveScenario(algorithm, asked.scenario, workload.name);
    return { subject, plan: planOfScenario(scenario), request: { ...asked, scenario } };
  } catch (error) {
    if (error instanceof OptionError) throw new UsageError(error.message);
    throw error;
  }
}

/** Refuses a workload that the lock cannot run under, before any run. */
export async function refuseUnable(subject: Subject, plan: CampaignPlan): Promise<void> {
  const { algorithm, workload } = subject;
  if (workload.needs === undefined) return;
  const refusal = await withGuards(false, (guards) => refusalOf(algorithm, workload, plan, guards));
  if (refusal !== undefined) throw new UsageError(refusal);
}

/** Runs a campaign, or one for each fault class, and reports on it. */
export async function checkLock(asked: CheckRequest, events: SessionEvents): Promise<LockReport> {
  const { subject, plan, request } = await prepare(asked);
  await refuseUnable(subject, plan);
  const { algorithm } = subject;
  const { seed, strict, ownBudget } = request;
  const runs = ownBudget && algorithm.flaw !== undefined ? algorithm.flaw.runs : request.runs;
  const described = { seed, runs, strict, ...withTranspiler(subject) };
  const budgeted = { ...request, runs };
  events.configuration(describePlan(algorithm, plan, described));
  return withGuards(false, async (guards) => {
    const port = createRunPort(algorithm, subject.workload, guards, events.stopped);
    const check = (part: CampaignPlan) =>
      runCampaign(
        algorithm,
        part,
        budgeted,
        describePlan(algorithm, part, described),
        port,
        events,
      );
    if (!request.perClass) return check(plan);
    const campaigns: ClassCampaign[] = [];
    for (const faultClass of plan.faultClasses) {
      if (events.stopped()) break;
      campaigns.push({ faultClass, report: await check({ ...plan, faultClasses: [faultClass] }) });
    }
    const [first, ...others] = campaigns;
    return first === undefined
      ? check({ ...plan, faultClasses: [] })
      : mergeClasses([first, ...others]);
  });
}

async function runCampaign(
  algorithm: LockAlgorithm,
  plan: CampaignPlan,
  request: CheckRequest,
  configuration: ConfigurationReport,
  port: RunPort,
  events: SessionEvents,
): Promise<LockReport> {
  const { seed, strict, ownBudget, runs } = request;
  const key = seedKey(String(seed));
  const teller = progressTeller(algorithm.name, runs, port, events);
  const result = await campaign(
    algorithm,
    { ...request, plan, key, doubleEvery: DOUBLE_EVERY },
    port,
    teller.run,
  );
  const input = { algorithm, configuration, key, result, strict, ownBudget };
  return reportLock(input, { ...port, check: teller.counting(port.check) }, compression);
}

/** Tells of progress, but not more often than anybody can read or the watchdog needs. */
function progressTeller(lock: string, ofRuns: number, port: RunPort, events: SessionEvents) {
  const startMs = port.elapsedMs();
  let reportedMs = 0;
  let toldMs = 0;
  let last = { runs: 0, events: 0, violations: 0 };
  const report = (elapsedMs: number, candidates?: number) => {
    // That shrinking has begun is told at once.
    if (candidates !== 1 && elapsedMs - reportedMs < PROGRESS_EVERY_MS) return;
    reportedMs = elapsedMs;
    const tried = candidates === undefined ? {} : { candidates };
    events.progress({ lock, ofRuns, elapsedMs, ...last, ...tried });
  };
  return {
    run(runs: number, count: number, violations: number): void {
      last = { runs, events: count, violations };
      const elapsedMs = port.elapsedMs() - startMs;
      if (elapsedMs - toldMs >= RUN_EVERY_MS) {
        toldMs = elapsedMs;
        events.run(runs);
      }
      report(elapsedMs);
    },
    /** The same runs, each a candidate for the smallest one. */
    counting(check: RunPort['check']): RunPort['check'] {
      let candidates = 0;
      return (...run) => {
        report(port.elapsedMs() - startMs, ++candidates);
        return check(...run);
      };
    },
  };
}

export function withTranspiler(subject: Subject): { transpiler?: string } {
  return subject.transpiler === undefined ? {} : { transpiler: subject.transpiler };
}

/** Runs something with the guards in place, and takes them away whatever happens. */
export async function withGuards<T>(
  keepPrinted: boolean,
  body: (guards: Guards) => Promise<T>,
): Promise<T> {
  const guards = new Guards(keepPrinted);
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  guards.install();
  try {
    return await body(guards);
  } finally {
    guards.remove();
    Error.stackTraceLimit = limit;
  }
}

/** The key of one run of a campaign. */
export function keyOfRun(seed: number, run: number) {
  return runKey(seedKey(String(seed)), run);
}
