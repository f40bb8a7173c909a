/**
 * The interface between the command line and the engine behind it. The engine runs lock code on a
 * worker thread, never on this one, so that a lock that blocks or loops can be stopped and named
 * (docs/semantics.md, D14).
 */
import type { Claims } from '../algorithms/lock.js';
import type { LogEntry } from '../difference.js';
import type { FaultClass } from '../fault.js';
import type { Finding } from '../finding.js';
import type { ConfigurationReport, LockReport, PropertyReport, StoryRow } from '../report.js';
import type { Scenario } from '../scenario.js';
import type { StagedPlan } from '../search/staging/stage-plan.js';
import type { Trace } from '../trace.js';
import type { Property, Verdict } from '../verdict.js';
import type { Printed } from './guards.js';
import type { Listing } from './listing.js';

/** A command line, configuration, lock file, scenario or replay code is wrong: exit 64. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The code under test let no run come to its end: there is nothing to report on, exit 2. */
export class NoVerdict extends Error {
  override readonly name = 'NoVerdict';
}

/** What to check, and how. */
export interface CheckRequest {
  readonly lock: { readonly name: string } | { readonly file: string };
  /** Default: all. */
  readonly faultClasses?: readonly FaultClass[];
  readonly runs: number;
  /** Real time after which no further run begins. */
  readonly timeMs?: number;
  /** 0 … 2^32 − 1. */
  readonly seed: number;
  readonly clients?: number;
  readonly ttlMs?: number;
  readonly waitMs?: number;
  /** Options of the lock and of the campaign, as text. */
  readonly set: Readonly<Record<string, string>>;
  readonly workload?: string;
  readonly strict: boolean;
  /** One campaign for each fault class alone. */
  readonly perClass: boolean;
  readonly bail: boolean;
  /** The budget is ours (`check --all`): a known break that is not found fails (R13). */
  readonly ownBudget: boolean;
  /** Goes on past `runs` until every known break was found, or its `withinRuns` are over. */
  readonly insist?: boolean;
  /** Runs this scenario instead of drawn ones. */
  readonly scenario?: Scenario;
}

/** One run of a campaign, by its index. */
export interface RunRequest extends CheckRequest {
  readonly run: number;
}

export interface ReplayRequest {
  readonly code: string;
  /** The lock file, if the code is about one: its name is in the code, its text is not. */
  readonly lockFile?: string;
  readonly trace: boolean;
  readonly log?: boolean;
  /** Reports on the run as it is best played on real servers, for that property or the worst. */
  readonly staged?: { readonly property?: Property };
}

export interface Progress {
  readonly lock: string;
  readonly runs: number;
  readonly ofRuns: number;
  readonly events: number;
  readonly elapsedMs: number;
  readonly violations: number;
  /** Runs that were tried to find smaller ones; absent while the campaign itself is going on. */
  readonly candidates?: number;
}

/** One run, looked at closely. */
export interface SingleRunReport {
  readonly configuration: ConfigurationReport;
  readonly properties: readonly PropertyReport[];
  readonly story: readonly StoryRow[];
  /** The narrative of the worst verdict, if that is invalid. */
  readonly why?: string;
  readonly verdict: Verdict;
  /** Whether it is valid: nothing in doubt, every violation covered by the lock's claims. */
  readonly asClaimed: boolean;
  readonly digest: string;
  /** Of a replay: the digest in the code. If it is another, the run differs: exit 2. */
  readonly recordedDigest?: string;
  readonly events: number;
  readonly findings: readonly Finding[];
  /** What the lock code printed. */
  readonly console: readonly Printed[];
  readonly trace?: Trace;
  /** SQL that the lock wants run on each PostgreSQL server first. */
  readonly schema?: string;
  /** Of a run of a campaign: what the lock's author says of the lock. */
  readonly claims?: Claims;
  /** What was run in place of it. */
  readonly staged?: StagedPlan;
  readonly log?: readonly LogEntry[];
}

export interface Engine {
  check(
    request: CheckRequest,
    on: { configuration(c: ConfigurationReport): void; progress(p: Progress): void },
    stop: AbortSignal,
  ): Promise<LockReport>;
  run(request: RunRequest): Promise<SingleRunReport>;
  replay(request: ReplayRequest): Promise<SingleRunReport>;
  list(): Promise<Listing>;
  close(): Promise<void>;
}
