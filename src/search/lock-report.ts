/**
 * From a campaign's result to the report on a lock: one entry per property, the smallest run of the
 * worst violation beside it, and whether the lock does what it says of itself (docs/semantics.md,
 * R13).
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import { clearestDifference, type Finding } from '../finding.js';
import { runKey, type SeedKey } from '../random.js';
import type {
  ConfigurationReport,
  Counterexample,
  FlawReport,
  LockReport,
  PropertyReport,
} from '../report.js';
import type { Scenario } from '../scenario.js';
import { EditedDecisions, SeededDecisions } from '../sim/decisions.js';
import type { EventLog } from '../sim/event-log.js';
import { differed } from '../story/narrative/campaign.js';
import { narrate } from '../story/narrative/index.js';
import { necessaryWords } from '../story/necessary.js';
import { storyRows } from '../story/rows.js';
import { PROPERTIES, type PropertyVerdict, type Verdict, worse } from '../verdict.js';
import type { CampaignResult, Tally, Violation } from './campaign.js';
import { classesOf } from './campaign.js';
import { claimFor, ofSameClass } from './claims.js';
import { differenceFinding, findDifference } from './double-run.js';
import { classesFound, flawFound } from './found.js';
import { excuses } from './judge.js';
import type { ObservedRun, RunPort } from './port.js';
import { type Compression, encodeReplay } from './replay-code.js';
import { type Shrunk, shrink, Unrepeatable } from './shrink.js';

/** What the report is made of. */
export interface ReportInput {
  readonly algorithm: LockAlgorithm;
  readonly configuration: ConfigurationReport;
  readonly key: SeedKey;
  readonly result: CampaignResult;
  readonly strict: boolean;
  /** The budget is ours: what is known to break must be found (R13). */
  readonly ownBudget: boolean;
}

export async function reportLock(
  input: ReportInput,
  port: RunPort,
  compression: Compression,
): Promise<LockReport> {
  const startMs = port.elapsedMs();
  const { algorithm, configuration, key, result } = input;
  const properties: PropertyReport[] = [];
  const findings = [...result.findings];
  const teller = tellerOf(key, port, compression);
  const worst = worstOfEach(result.violations);
  for (const violation of byRun(worst)) {
    const plainer = plainerThan(violation, worst, result.violations);
    const other = plainer && { plainer, told: await teller(plainer) };
    const report = reportViolation(input, violation, await teller(violation), other);
    properties.push(report);
    if (report.counterexample === undefined) findings.push(await vanished(input, violation, port));
  }
  for (const [property, tally] of result.tallies) {
    if (tally.invalid === 0) properties.push(reportTally(property, tally));
  }
  properties.push(...reportCampaign(result, findings));
  properties.sort((a, b) => PROPERTIES.indexOf(a.property) - PROPERTIES.indexOf(b.property));
  const flaw = algorithm.flaw && flawFound(algorithm.flaw, result.violations);
  const lost = lostPromises(input, flaw);
  const byClaims = verdictOf(input, properties, findings, lost, true);
  // Where the budget is ours, a flawed lock is asked for its flaw, and not judged by its claims.
  const judged = !input.ownBudget || flaw === undefined;
  return {
    algorithm: algorithm.name,
    flawed: flaw !== undefined,
    ...(flaw === undefined ? {} : { flaw }),
    configuration,
    seed: configuration.seed,
    runs: result.runs,
    unknownRuns: result.unknownRuns,
    events: result.events,
    searchMs: result.searchMs,
    elapsedMs: result.searchMs + port.elapsedMs() - startMs,
    digest: result.digest,
    verdict: judged ? byClaims : verdictOf(input, properties, findings, lost, false),
    asClaimed: byClaims === 'valid',
    properties,
    reached: result.coverage.report(),
    findings,
    lost,
    interrupted: result.interrupted,
  };
}

/** The worst violation of each property, and the worst unexpected one if that is another. */
function worstOfEach(violations: readonly Violation[]): Violation[] {
  const chosen: Violation[] = [];
  for (const violation of violations) {
    const { property } = violation.verdict;
    const same = chosen.filter((known) => known.verdict.property === property);
    const first = same.length === 0;
    if (first || (!violation.expected && same.every((known) => known.expected))) {
      chosen.push(violation);
    }
  }
  return chosen;
}

/** Those of one run beside each other: so it is made once for all of them. */
function byRun(violations: readonly Violation[]): Violation[] {
  const runs = [...new Set(violations.map(({ run }) => run))];
  return runs.flatMap((one) => violations.filter(({ run }) => run === one));
}

/** A violation as its smallest run tells it; nothing if it did not show again (D15). */
type Telling = { readonly shrunk: Shrunk; readonly counterexample: Counterexample } | undefined;

/**
 * Tells violations one after the other. Whoever has stopped the campaign waits for this alone: then
 * runs are told as they were found, and each is made once.
 */
function tellerOf(key: SeedKey, port: RunPort, compression: Compression) {
  let last: { readonly run: number; readonly traced: ObservedRun } | undefined;
  return async (violation: Violation): Promise<Telling> => {
    const { run, scenario } = violation;
    const runSeed = runKey(key, run);
    if (!port.stopped()) return smallest(runSeed, violation, port, compression);
    if (last?.run !== run) {
      last = { run, traced: await port.check(scenario, new SeededDecisions(runSeed), true) };
    }
    const { traced } = last;
    const verdict = traced.properties.find((found) => ofSameClass(found, violation.verdict));
    if (verdict === undefined) return undefined;
    const shrunk = { scenario, overrides: [], verdict, observed: traced, tries: 0, isSeeded: true };
    return { shrunk, counterexample: tell(shrunk, traced, violation, runSeed, compression) };
  };
}

/**
 * A violation of the same property that is told beside the worst: what breaks without a fault, or
 * in most runs, is what to mend first, though something worse needs more to show.
 */
function plainerThan(
  { verdict, expected, count, scenario }: Violation,
  worst: readonly Violation[],
  all: readonly Violation[],
): Violation | undefined {
  const { property, class: name } = verdict;
  if (expected) return undefined;
  const others = all.filter(
    (one) =>
      one.verdict.property === property &&
      one.verdict.class !== name &&
      !one.expected &&
      !worst.includes(one) &&
      (one.scenario.faults.length < scenario.faults.length || one.count > count),
  );
  return others.sort((a, b) => b.count - a.count)[0];
}

function reportViolation(
  { algorithm, strict, result }: ReportInput,
  violation: Violation,
  told: Telling,
  other?: { readonly plainer: Violation; readonly told: Telling },
): PropertyReport {
  const verdict = told?.shrunk.verdict ?? violation.verdict;
  const scenario = told?.shrunk.scenario ?? violation.scenario;
  const reason = violation.expected ? claimReason(algorithm, verdict, scenario) : undefined;
  const classes = classesFound(result.violations, verdict.property, strict).map((one) =>
    other?.told !== undefined && one.class === other.plainer.verdict.class
      ? { ...one, counterexample: other.told.counterexample }
      : one,
  );
  const { unknown = 0, reason: doubt, threw } = result.tallies.get(verdict.property) ?? {};
  const details = threw ? { ...verdict.details, threw } : verdict.details;
  return {
    property: verdict.property,
    verdict: 'invalid',
    ...(verdict.class === undefined ? {} : { class: verdict.class }),
    ...(verdict.cause === undefined ? {} : { cause: verdict.cause }),
    ...(strict ? {} : { expected: violation.expected }),
    ...(reason === undefined ? {} : { reason }),
    violations: violation.count,
    ...(unknown === 0 || doubt === undefined ? {} : { unknown: { runs: unknown, reason: doubt } }),
    ...(classes.length === 0 ? {} : { classes }),
    ...(details === undefined ? {} : { details }),
    ...(told === undefined ? {} : { counterexample: told.counterexample }),
  };
}

/** The smallest run and its story; `undefined` if the violation did not show again (D15). */
export async function smallest(
  runSeed: SeedKey,
  violation: Pick<Violation, 'run' | 'scenario' | 'verdict'>,
  port: RunPort,
  compression: Compression,
): Promise<Telling> {
  try {
    const shrunk = await shrink(runSeed, violation.scenario, violation.verdict, port);
    const traced = await traceOf(shrunk, runSeed, port);
    return { shrunk, counterexample: tell(shrunk, traced, violation, runSeed, compression) };
  } catch (error) {
    if (error instanceof Unrepeatable) return undefined;
    throw error;
  }
}

/** A violation that did not show again: it happened, but there is no run to tell it by. */
async function vanished(
  { algorithm, key }: ReportInput,
  { run, verdict, scenario }: Violation,
  port: RunPort,
): Promise<Finding> {
  const check = (number: number, log?: EventLog) =>
    port.check(scenario, new SeededDecisions(runKey(key, number)), false, log);
  const difference = await findDifference({
    again: (log) => check(run, log),
    between: () => check(run + 1),
    stopped: port.stopped,
  });
  const what = `run ${run} violated ${verdict.property}, and did not when it was made again`;
  return differenceFinding(algorithm, what, difference);
}

/** The smallest run once more, with its trace. */
function traceOf({ scenario, overrides, isSeeded }: Shrunk, key: SeedKey, port: RunPort) {
  const decisions = isSeeded ? new SeededDecisions(key) : new EditedDecisions(key, overrides);
  return port.check(scenario, decisions, true);
}

function tell(
  shrunk: Shrunk,
  traced: ObservedRun,
  violation: Pick<Violation, 'run' | 'scenario'>,
  key: SeedKey,
  compression: Compression,
): Counterexample {
  const { scenario, overrides, isSeeded } = shrunk;
  const plan = { scenario, key, digest: traced.digest, ...(isSeeded ? {} : { overrides }) };
  const verdict = traced.properties.find((found) => ofSameClass(found, shrunk.verdict));
  const { trace } = traced.run;
  if (trace === undefined) throw new Error('a traced run has no trace');
  if (verdict === undefined) throw new Unrepeatable();
  const story = storyRows(trace, verdict);
  return {
    replay: encodeReplay(plan, compression),
    clients: scenario.clients.length,
    faults: scenario.faults.length,
    rows: story.length,
    events: traced.run.events,
    why: narrate(verdict, trace),
    story,
    necessary: scenario.faults.map((fault) => necessaryWords(fault)),
    foundWith: {
      clients: violation.scenario.clients.length,
      faults: violation.scenario.faults.length,
      run: violation.run,
    },
    digest: traced.digest,
  };
}

/** What the author says about a fault class that is still in the smallest run and covers it. */
function claimReason(
  algorithm: LockAlgorithm,
  verdict: PropertyVerdict,
  scenario: Scenario,
): string | undefined {
  const accepted = excuses(algorithm, scenario, verdict);
  const faultClass = classesOf(scenario).find((name) => accepted.has(name));
  const claim = faultClass && claimFor(algorithm, verdict.property, faultClass);
  return claim === undefined || claim === 'holds'
    ? undefined
    : `under ${faultClass}: ${claim.reason}`;
}

function reportTally(property: PropertyVerdict['property'], tally: Tally): PropertyReport {
  const verdict: Verdict =
    tally.unknown > 0 ? 'unknown' : tally.valid > 0 ? 'valid' : 'not-applicable';
  const reason = verdict === 'valid' ? undefined : tally.reason;
  return {
    property,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    ...(tally.threw ? { details: { threw: true } } : {}),
  };
}

/** Coverage and determinism are judged over the campaign. */
function reportCampaign(result: CampaignResult, findings: readonly Finding[]): PropertyReport[] {
  const missed = result.coverage.missed();
  const coverage: PropertyReport =
    missed === undefined
      ? { property: 'coverage', verdict: 'valid' }
      : { property: 'coverage', verdict: 'unknown', reason: missed };
  const different = clearestDifference(findings);
  const determinism: PropertyReport =
    different === undefined
      ? { property: 'determinism', verdict: 'valid' }
      : {
          property: 'determinism',
          verdict: 'unknown',
          reason: differed(different.message, different.isOurs === true).join(' '),
        };
  return [coverage, determinism];
}

/** Known breaks, or the flaw, that must be found and were not. */
function lostPromises(
  { configuration, result, ownBudget }: ReportInput,
  flaw: FlawReport | undefined,
): string[] {
  if (!ownBudget) return [];
  if (flaw === undefined) return [...result.lost];
  // A flaw that needs several fault classes is not to be seen under one of them alone.
  if (!flaw.faults.every((name) => configuration.faultClasses.includes(name))) return [];
  if (flaw.runs > 0 || result.runs < flaw.withinRuns) return [];
  const what = flaw.class === undefined ? flaw.property : `${flaw.property} (${flaw.class})`;
  return [`the flaw is known to break ${what}, not found in ${result.runs} runs`];
}

function verdictOf(
  { result, strict }: ReportInput,
  properties: readonly PropertyReport[],
  findings: readonly Finding[],
  lost: readonly string[],
  judged: boolean,
): Verdict {
  if (lost.length > 0) return 'invalid';
  let verdict: Verdict = 'valid';
  for (const { verdict: found, expected } of properties) {
    if (found === 'unknown') verdict = worse(verdict, 'unknown');
    if (found === 'invalid' && judged && (strict || expected === false)) verdict = 'invalid';
  }
  if (result.unknownRuns > 0 || findings.length > 0) verdict = worse(verdict, 'unknown');
  return verdict;
}
