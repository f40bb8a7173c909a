/**
 * A campaign: many runs of one lock from one seed. It keeps what the report needs — counts,
 * coverage, the smallest run of every kind of violation — and judges each violation by the lock's
 * claims the moment it is found (docs/semantics.md, R13, R14, D15).
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import { checkerThrew } from '../checkers/merge.js';
import type { Difference } from '../difference.js';
import { Digest } from '../digest.js';
import type { FaultClass } from '../fault.js';
import type { Finding } from '../finding.js';
import { runKey, type SeedKey } from '../random.js';
import type { Scenario } from '../scenario.js';
import { SeededDecisions } from '../sim/decisions.js';
import { EventLog } from '../sim/event-log.js';
import { EVENT_KIND_NAMES } from '../sim/world.js';
import { firstDifference } from '../story/difference.js';
import { type Property, type PropertyVerdict, severity } from '../verdict.js';
import { atLeastAsBad, type KnownBreak, knownBreaks, reachesRank } from './claims.js';
import { Coverage } from './coverage.js';
import { type Differed, differedFinding, findDifference } from './double-run.js';
import { type CampaignPlan, generate } from './generate.js';
import { isExpected } from './judge.js';
import type { ObservedRun, RunPort } from './port.js';
import { wentByRealTime, withoutRealTime } from './real-time.js';

export interface CampaignRequest {
  readonly plan: CampaignPlan;
  readonly key: SeedKey;
  readonly runs: number;
  /** Every run has this scenario, and only its decisions differ; absent: drawn for each run. */
  readonly scenario?: Scenario;
  /** Real time after which no further run begins; absent: none. */
  readonly timeMs?: number;
  /** No claim excuses anything. */
  readonly strict: boolean;
  /** Ends at the first unexpected violation. */
  readonly bail: boolean;
  /** Goes on past `runs` for known breaks that were not found yet, up to their `withinRuns`. */
  readonly insist?: boolean;
  /** Every so many runs, one is run a second time and compared (D15). */
  readonly doubleEvery: number;
}

/** A violation of one property (and class) by some run, with the smallest run that shows it. */
export interface Violation {
  readonly verdict: PropertyVerdict;
  readonly expected: boolean;
  /** Runs that show it, and the first of them. */
  count: number;
  readonly firstRun: number;
  /** The run to shrink: the one with the fewest faults, clients and events. */
  run: number;
  size: number;
  scenario: Scenario;
}

export interface CampaignResult {
  readonly runs: number;
  readonly unknownRuns: number;
  readonly events: number;
  readonly eventsByKind: Readonly<Record<string, number>>;
  readonly searchMs: number;
  readonly digest: string;
  readonly violations: readonly Violation[];
  /** How often each property was judged, and with which verdicts. */
  readonly tallies: ReadonlyMap<Property, Tally>;
  readonly coverage: Coverage;
  readonly findings: readonly Finding[];
  /** Limits that were hit, with their counts. */
  readonly limits: ReadonlyMap<string, number>;
  /** Known breaks that were looked for and not found, in sentences. */
  readonly lost: readonly string[];
  readonly interrupted: boolean;
}

export interface Tally {
  valid: number;
  invalid: number;
  unknown: number;
  'not-applicable': number;
  /** A reason given with unknown or not-applicable. */
  reason: string | undefined;
  /** A checker threw: a bug of ours (exit 70). */
  threw: boolean;
}

/** A run that was made once and may be due for a second time (D15). */
interface Made {
  readonly run: number;
  readonly digest: string;
  readonly log: EventLog | undefined;
}

const FINDINGS_KEPT = 20;
/** Runs that hang, or differ, are watched closely until one shows why, but no more than so many. */
const INVESTIGATED_MAX = 3;
/** Runs that differ are looked into until one shows where, but no more than so many. */
const EXPLAINED_MAX = 3;

/** Runs a campaign to its budget, or until it is stopped. */
export async function campaign(
  algorithm: LockAlgorithm,
  request: CampaignRequest,
  port: RunPort,
  progress: (runs: number, events: number, violations: number) => void,
): Promise<CampaignResult> {
  const search = new Campaign(algorithm, request, port);
  const startMs = port.elapsedMs();
  for (let run = 0; search.goesOn(run) && !search.over(run, startMs); run++) {
    await search.one(run);
    progress(run + 1, search.events, search.violationCount);
  }
  await search.finish();
  return search.result(port.elapsedMs() - startMs);
}

class Campaign {
  events = 0;
  violationCount = 0;
  private runs = 0;
  private unknownRuns = 0;
  private readonly eventsByKind = new Float64Array(EVENT_KIND_NAMES.length);
  private readonly digest = new Digest();
  private readonly violations = new Map<string, Violation>();
  private readonly tallies = new Map<Property, Tally>();
  private readonly coverage: Coverage;
  private readonly findings: Finding[] = [];
  private readonly limits = new Map<string, number>();
  private readonly breaks: readonly KnownBreak[];
  private readonly found = new Set<string>();
  private repeat: Made | undefined;
  private bailed = false;

  constructor(
    private readonly algorithm: LockAlgorithm,
    private readonly request: CampaignRequest,
    private readonly port: RunPort,
  ) {
    const { faultClasses, persistence } = request.plan;
    this.coverage = new Coverage(faultClasses);
    this.breaks = knownBreaks(algorithm, persistence).filter(({ faultClass }) =>
      faultClasses.includes(faultClass),
    );
  }

  /** Whether the budget has another run in it. */
  goesOn(run: number): boolean {
    const { runs, insist = false } = this.request;
    return run < runs || (insist && this.breaks.some((known) => this.looksFor(known, run)));
  }

  private looksFor({ property, faultClass, withinRuns }: KnownBreak, run: number): boolean {
    return run < withinRuns && !this.found.has(`${property} ${faultClass}`);
  }

  over(run: number, startMs: number): boolean {
    const { timeMs } = this.request;
    if (this.bailed || this.port.stopped()) return true;
    return timeMs !== undefined && run > 0 && this.port.elapsedMs() - startMs >= timeMs;
  }

  async one(run: number): Promise<void> {
    // State that is made once and kept shows in the first run alone, so that one has a log.
    const log = run === 0 ? new EventLog() : undefined;
    const { observed, scenario } = await this.observe(run, log);
    this.runs++;
    this.events += observed.run.events;
    observed.run.eventsByKind.forEach((count, kind) => {
      this.eventsByKind[kind]! += count;
    });
    this.digest.value(observed.digest);
    this.coverage.add(observed.reached, observed.run.history.records);
    await this.note(run, observed);
    for (const verdict of await this.judgeable(run, observed)) {
      this.tally(verdict);
      if (verdict.verdict === 'invalid') await this.violated(run, scenario, verdict, observed);
    }
    await this.repeatEarlier({ run, digest: observed.digest, log });
  }

  private async observe(
    run: number,
    log?: EventLog,
    trace = false,
  ): Promise<{ observed: ObservedRun; scenario: Scenario }> {
    const decisions = new SeededDecisions(runKey(this.request.key, run));
    const scenario = this.request.scenario ?? generate(this.request.plan, decisions);
    return { observed: await this.port.check(scenario, decisions, trace, log), scenario };
  }

  /** The verdicts of a run; of the first that hangs only real work tells which can be given. */
  private async judgeable(
    run: number,
    { properties, findings }: ObservedRun,
  ): Promise<readonly PropertyVerdict[]> {
    if (findings.every(({ kind }) => kind !== 'never-settles')) return properties;
    await this.investigate(run);
    return wentByRealTime(findings, this.beginsRealWork) ? withoutRealTime(properties) : properties;
  }

  /** Looks for real asynchronous work, the usual reason why a run hangs or differs (D5). */
  private async investigate(run: number): Promise<void> {
    if (this.beginsRealWork || ++this.investigated > INVESTIGATED_MAX) return;
    const decisions = new SeededDecisions(runKey(this.request.key, run));
    const { scenario, plan } = this.request;
    const found = await this.port.investigate(scenario ?? generate(plan, decisions), decisions);
    if (found === undefined) return;
    this.beginsRealWork = true;
    this.findings.unshift(found);
  }
  private investigated = 0;
  private beginsRealWork = false;

  /** The same with their places, which only a run with a trace knows. */
  private async placed(run: number, findings: readonly Finding[]): Promise<readonly Finding[]> {
    if (findings.every(({ place }) => place !== undefined)) return findings;
    const { observed } = await this.observe(run, undefined, true);
    return findings.map(
      (one) =>
        observed.findings.find(
          ({ kind, message }) => kind === one.kind && message === one.message,
        ) ?? one,
    );
  }

  private async note(run: number, observed: ObservedRun): Promise<void> {
    const { limit } = observed.run.history;
    if (limit !== undefined) this.limits.set(limit, (this.limits.get(limit) ?? 0) + 1);
    const isInvalid = observed.properties.some(({ verdict }) => verdict === 'invalid');
    // Where something is broken, what renews a leak is the leak's business.
    const findings = isInvalid
      ? observed.findings.filter(({ kind }) => kind !== 'left-over-timers')
      : observed.findings;
    const kept = findings.slice(0, FINDINGS_KEPT - this.findings.length);
    for (const finding of await this.placed(run, kept)) {
      this.findings.push({ ...finding, message: `run ${run}: ${finding.message}` });
    }
    const isDoubtful = observed.properties.some(({ verdict }) => verdict === 'unknown');
    if (findings.length > 0) this.unknownRuns++;
    else if (!isInvalid && (isDoubtful || limit !== undefined)) this.unknownRuns++;
  }

  private tally(verdict: PropertyVerdict): void {
    let tally = this.tallies.get(verdict.property);
    if (tally === undefined) {
      tally = {
        valid: 0,
        invalid: 0,
        unknown: 0,
        'not-applicable': 0,
        reason: undefined,
        threw: false,
      };
      this.tallies.set(verdict.property, tally);
    }
    tally[verdict.verdict]++;
    if (checkerThrew(verdict)) tally.threw = true;
    if (verdict.verdict === 'unknown' || tally.reason === undefined) tally.reason = verdict.reason;
  }

  private async violated(
    run: number,
    scenario: Scenario,
    verdict: PropertyVerdict,
    observed: ObservedRun,
  ): Promise<void> {
    this.violationCount++;
    const rerun = (changed: Scenario) => this.rerun(run, changed);
    const expected =
      !this.request.strict && (await isExpected(this.algorithm, scenario, verdict, rerun));
    if (!expected && this.request.bail) this.bailed = true;
    const key = `${verdict.property} ${verdict.class ?? ''} ${expected}`;
    const size = scenario.faults.length * 1e9 + scenario.clients.length * 1e7 + observed.run.events;
    const known = this.violations.get(key);
    if (known === undefined) {
      const first = { verdict, expected, count: 1, firstRun: run, run, size, scenario };
      this.violations.set(key, first);
    } else {
      known.count++;
      if (size < known.size) Object.assign(known, { verdict, run, size, scenario });
    }
    await this.attribute(run, scenario, verdict);
  }

  /** Ticks off the known breaks that this violation shows: with faults of that class alone. */
  private async attribute(
    run: number,
    scenario: Scenario,
    verdict: PropertyVerdict,
  ): Promise<void> {
    for (const known of this.breaks) {
      const { property, faultClass, rank } = known;
      if (property !== verdict.property || !this.looksFor(known, run)) continue;
      if (!reachesRank(verdict, rank)) continue;
      const faults = scenario.faults.filter((fault) => fault.class === faultClass);
      if (faults.length === 0 && faultClass !== 'interleaving') continue;
      const alone = faults.length === scenario.faults.length;
      const shown = alone ? [verdict] : await this.rerun(run, { ...scenario, faults });
      if (shown.some((found) => atLeastAsBad(found, verdict)))
        this.found.add(`${property} ${faultClass}`);
    }
  }

  /** The verdicts of the same decisions with another scenario. */
  private async rerun(run: number, scenario: Scenario): Promise<readonly PropertyVerdict[]> {
    const decisions = new SeededDecisions(runKey(this.request.key, run));
    return (await this.port.check(scenario, decisions)).properties;
  }

  /** Runs an earlier run a second time, after this one, so that left-over state shows (D15). */
  private async repeatEarlier(made: Made): Promise<void> {
    const due = this.repeat;
    this.repeat = made.run % this.request.doubleEvery === 0 ? made : undefined;
    if (due !== undefined) await this.compare(due);
  }

  /** The last run may be due for its second time. */
  async finish(): Promise<void> {
    if (this.repeat !== undefined) await this.compare(this.repeat);
  }

  private async compare({ run, digest, log }: Made): Promise<void> {
    const secondLog = log && new EventLog();
    const { observed } = await this.observe(run, secondLog);
    if (observed.digest === digest) return;
    this.unknownRuns++;
    const shown = log && secondLog && firstDifference(log.entries, secondLog.entries);
    await this.explain({ run: `run ${run}`, digests: [digest, observed.digest] }, run, shown);
    await this.investigate(run);
  }

  /** Finds the first event that differs, of the first few runs that do until it is found. */
  private async explain(differed: Differed, run: number, shown?: Difference): Promise<void> {
    const known = this.findings.findIndex(({ kind }) => kind === 'not-deterministic');
    if (this.findings[known]?.difference !== undefined) return;
    if (++this.explained > EXPLAINED_MAX) return;
    const difference =
      shown ??
      (await findDifference({
        again: (log) => this.observe(run, log),
        between: () => this.observe(run + 1),
        stopped: () => this.port.stopped(),
      }));
    const finding = differedFinding(this.algorithm, differed, difference);
    if (known < 0) this.findings.push(finding);
    else if (difference !== undefined) this.findings[known] = finding;
  }
  private explained = 0;

  result(searchMs: number): CampaignResult {
    const { request, runs } = this;
    const kinds = EVENT_KIND_NAMES.map((name, kind) => [name, this.eventsByKind[kind]!] as const);
    const interrupted = runs < request.runs && !this.bailed;
    return {
      runs,
      unknownRuns: this.unknownRuns,
      events: this.events,
      eventsByKind: Object.fromEntries(kinds),
      searchMs,
      digest: this.digest.toString(),
      violations: [...this.violations.values()].sort(
        (a, b) =>
          severity(b.verdict) - severity(a.verdict) || Number(a.expected) - Number(b.expected),
      ),
      tallies: this.tallies,
      coverage: this.coverage,
      findings: this.findings,
      limits: this.limits,
      lost: this.lostBreaks(),
      interrupted,
    };
  }

  private lostBreaks(): string[] {
    const lost: string[] = [];
    for (const { property, faultClass, withinRuns } of this.breaks) {
      if (this.found.has(`${property} ${faultClass}`) || this.runs < withinRuns) continue;
      lost.push(
        `${property} is known to break under ${faultClass}, not found in ${withinRuns} runs`,
      );
    }
    return lost;
  }
}

/** The fault classes of a scenario; `interleaving` if it has no fault. */
export function classesOf(scenario: Scenario): FaultClass[] {
  const classes = new Set<FaultClass>(scenario.faults.map((fault) => fault.class));
  return classes.size === 0 ? ['interleaving'] : [...classes];
}
