/**
 * One run, looked at closely: with its trace, the places in the code and what the code printed.
 * Either run number n of a campaign, or the run in a replay code.
 */
import { findLock } from '../algorithms/index.js';
import type { LockAlgorithm } from '../algorithms/lock.js';
import { CHECKERS } from '../checkers/index.js';
import { checkAll } from '../checkers/merge.js';
import type { LogEntry } from '../difference.js';
import type { Finding } from '../finding.js';
import { runKey } from '../random.js';
import type { ConfigurationReport, PropertyReport } from '../report.js';
import type { Scenario } from '../scenario.js';
import { differedFinding } from '../search/double-run.js';
import { generate } from '../search/generate.js';
import { isExpected } from '../search/judge.js';
import { describePlan, planOfScenario } from '../search/plan.js';
import type { ObservedRun, RunPort } from '../search/port.js';
import { withoutRealTime } from '../search/real-time.js';
import { decodeReplay, ReplayCodeError, type RunPlan } from '../search/replay-code.js';
import { withLateness } from '../search/staging/lateness.js';
import { type StagedPlan, stagePlan } from '../search/staging/stage-plan.js';
import { type Decisions, EditedDecisions, SeededDecisions } from '../sim/decisions.js';
import { EventLog } from '../sim/event-log.js';
import { firstDifference } from '../story/difference.js';
import { narrate } from '../story/narrative/index.js';
import { storyRows } from '../story/rows.js';
import { type Property, type PropertyVerdict, severity, type Verdict, worse } from '../verdict.js';
import { codeOf } from './code-text.js';
import {
  type ReplayRequest,
  type RunRequest,
  type SingleRunReport,
  UsageError,
} from './engine-api.js';
import { createRunPort } from './run-port.js';
import {
  compression,
  findSubject,
  keyOfRun,
  prepare,
  refuseUnable,
  type Subject,
  withGuards,
  withTranspiler,
} from './session.js';

/** Runs number `request.run` of the campaign of that seed, or its scenario under that seed. */
export async function runOne(asked: RunRequest): Promise<SingleRunReport> {
  const { subject, plan, request } = await prepare(asked);
  await refuseUnable(subject, plan);
  const key = keyOfRun(request.seed, request.run);
  const scenario = request.scenario ?? generate(plan, new SeededDecisions(key));
  const { seed, strict } = request;
  const described = { seed, runs: 1, strict, ...withTranspiler(subject) };
  const configuration = describePlan(subject.algorithm, plan, described);
  const seeded = () => new SeededDecisions(key, true);
  const { log: _log, ...report } = await observe(subject, configuration, scenario, seeded, strict);
  const { schema, claims } = subject.algorithm;
  return { ...report, claims, ...(schema !== undefined && { schema }) };
}

/** Runs what a replay code says; a digest that differs is reported, not hidden. */
export async function replayCode(request: ReplayRequest): Promise<SingleRunReport> {
  const asked = decode(request.code);
  const subject = await subjectOf(request, asked.scenario);
  const staged = request.staged && (await stage(subject, asked, request.staged.property));
  const { scenario, key, overrides } = staged?.plan ?? asked;
  const campaign = planOfScenario(scenario);
  const described = { seed: 0, runs: 1, strict: false, ...withTranspiler(subject) };
  const configuration = describePlan(subject.algorithm, campaign, described);
  const decisions = () => decisionsOf({ scenario, key, ...(overrides && { overrides }) });
  const { log, ...report } = await observe(subject, configuration, scenario, decisions, false);
  const recordedDigest = asked.digest;
  const { schema } = subject.algorithm;
  return {
    ...report,
    recordedDigest,
    ...(request.log && { log }),
    ...(staged && { staged, ...(schema !== undefined && { schema }) }),
  };
}

function decisionsOf({ key, overrides }: RunPlan): Decisions {
  if (overrides === undefined) return new SeededDecisions(key, true);
  return new EditedDecisions(key, overrides, true);
}

/** The lock and workload of a replay code. */
function subjectOf({ lockFile }: ReplayRequest, scenario: Scenario): Promise<Subject> {
  if (lockFile === undefined && findLock(scenario.algorithm) === undefined) {
    throw new UsageError(
      `the replay code is about the lock ${scenario.algorithm}, which is not built in; name its ` +
        'file with --lock',
    );
  }
  const lock = lockFile === undefined ? { name: scenario.algorithm } : { file: lockFile };
  return findSubject(lock, scenario.workload).then((subject) => {
    if (subject.algorithm.name === scenario.algorithm) return subject;
    throw new UsageError(
      `the replay code is about the lock ${scenario.algorithm}; ${lockFile} holds ` +
        subject.algorithm.name,
    );
  });
}

function stage(
  { algorithm, workload }: Subject,
  plan: RunPlan,
  property: Property | undefined,
): Promise<StagedPlan | undefined> {
  return withGuards(true, (guards) => {
    const port = createRunPort(algorithm, workload, guards, () => false);
    return stagePlan(plan, property, async (changed) => {
      const { run, properties } = await port.check(changed.scenario, decisionsOf(changed));
      const { history, events } = run;
      const asReal = { ...history, world: withLateness(history.world) };
      const judgedAsReal = () => checkAll(asReal, CHECKERS).properties;
      return { properties, judgedAsReal, events, history };
    });
  });
}

function decode(code: string) {
  const text = codeOf(code);
  try {
    return decodeReplay(text, compression);
  } catch (error) {
    if (error instanceof ReplayCodeError) throw new UsageError(error.message);
    throw error;
  }
}

async function observe(
  subject: Subject,
  configuration: ConfigurationReport,
  scenario: Scenario,
  decisions: () => Decisions,
  strict: boolean,
): Promise<SingleRunReport & { readonly log: readonly LogEntry[] }> {
  const { algorithm, workload } = subject;
  return withGuards(true, async (guards) => {
    const port = createRunPort(algorithm, workload, guards, () => false);
    const log = new EventLog();
    const observed = await port.check(scenario, decisions(), true, log);
    const printed = [...guards.printed];
    const hangs = await whyItHangs(observed, () => port.investigate(scenario, decisions()));
    const verdicts =
      hangs === undefined ? observed.properties : withoutRealTime(observed.properties);
    const rerun = async (changed: Scenario) => (await port.check(changed, decisions())).properties;
    const properties = await judge(algorithm, scenario, verdicts, strict, rerun);
    const different = await compare(
      algorithm,
      scenario,
      decisions,
      { digest: observed.digest, log },
      port,
    );
    const findings = [...(hangs ? [hangs] : []), ...observed.findings, ...different];
    const worst = [...verdicts].sort((a, b) => severity(b) - severity(a))[0]!;
    const { trace } = observed.run;
    if (trace === undefined) throw new Error('a traced run has no trace');
    const verdict = verdictOf(properties, findings.length > 0);
    return {
      configuration,
      properties,
      story: storyRows(trace, worst),
      ...(worst.verdict === 'invalid' ? { why: narrate(worst, trace) } : {}),
      verdict,
      asClaimed: verdict === 'valid',
      digest: observed.digest,
      events: observed.run.events,
      findings,
      console: printed,
      trace: { ...trace, digest: observed.digest },
      log: log.entries,
    };
  });
}

/** Of a run in which an operation never settles: the real work that it waits for, if any (D5). */
async function whyItHangs(
  { findings }: ObservedRun,
  investigate: () => Promise<Finding | undefined>,
): Promise<Finding | undefined> {
  return findings.some(({ kind }) => kind === 'never-settles') ? investigate() : undefined;
}

/** Makes the run a second time, after another one, and says where it differed if it did (D15). */
async function compare(
  algorithm: LockAlgorithm,
  scenario: Scenario,
  decisions: () => Decisions,
  { digest, log }: { readonly digest: string; readonly log: EventLog },
  port: RunPort,
): Promise<Finding[]> {
  await port.check(scenario, new SeededDecisions(runKey(decisions().key, 1)));
  const secondLog = new EventLog();
  const second = await port.check(scenario, decisions(), false, secondLog);
  if (second.digest === digest) return [];
  const difference = firstDifference(log.entries, secondLog.entries);
  const differed = { run: 'the run', digests: [digest, second.digest] } as const;
  return [differedFinding(algorithm, differed, difference)];
}

async function judge(
  algorithm: LockAlgorithm,
  scenario: Scenario,
  verdicts: readonly PropertyVerdict[],
  strict: boolean,
  rerun: (scenario: Scenario) => Promise<readonly PropertyVerdict[]>,
): Promise<PropertyReport[]> {
  const reports: PropertyReport[] = [];
  for (const verdict of verdicts) {
    const { witness: _witness, offender: _offender, victim: _victim, ...report } = verdict;
    if (verdict.verdict !== 'invalid' || strict) reports.push(report);
    else {
      const expected = await isExpected(algorithm, scenario, verdict, rerun);
      reports.push({ ...report, expected });
    }
  }
  return reports;
}

/** As a campaign of this one run would be judged. */
function verdictOf(properties: readonly PropertyReport[], doubtful: boolean): Verdict {
  let verdict: Verdict = doubtful ? 'unknown' : 'valid';
  for (const { verdict: found, expected } of properties) {
    if (found === 'unknown') verdict = worse(verdict, 'unknown');
    if (found === 'invalid' && expected !== true) verdict = 'invalid';
  }
  return verdict;
}
