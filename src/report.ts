/**
 * What a campaign found, as plain data: the document that `--json` prints and from which every
 * text, page and file is rendered. Times in a story are microseconds of world time.
 */
import type { FaultClass, HostId, OperationId } from './fault.js';
import type { Finding } from './finding.js';
import type { OptionValue, Persistence } from './scenario.js';
import type { Service } from './service.js';
import type { Details, Property, Verdict, ViolationClass } from './verdict.js';

/** What a story row is about; decides its glyph and its words. */
export type RowKind =
  | 'invoke'
  | 'ok'
  | 'fail'
  | 'info'
  | 'enter'
  | 'step'
  | 'exit'
  | 'access'
  | 'lease'
  | 'lease-end'
  | 'told'
  | 'pause'
  | 'dead'
  | 'restarted'
  | 'fault';

/** One line of a printed counterexample. The messages of one attempt to n servers are one row. */
export interface StoryRow {
  readonly atUs: number;
  /** Whose column it stands in: a client, a server, the resource. */
  readonly host: HostId;
  readonly kind: RowKind;
  readonly operation?: OperationId;
  /** What happened, in a few words. */
  readonly text: string;
  /** Until when it lasted, of a pause or another fault with a duration. */
  readonly untilUs?: number;
  /** Which servers it concerns, by name, of messages and leases. */
  readonly servers?: readonly HostId[];
  /** `file:line` of the code under test that caused it. */
  readonly place?: string;
  /** Set on the rows of the witness, and on the one where the property breaks. */
  readonly mark?: 'witness' | 'violation';
}

export interface Counterexample {
  /** `hf1_…`: replays this run anywhere. */
  readonly replay: string;
  readonly clients: number;
  readonly faults: number;
  /** Story rows. */
  readonly rows: number;
  /** Events delivered in the run. */
  readonly events: number;
  /** The narrative: why this happened, in sentences. */
  readonly why: string;
  readonly story: readonly StoryRow[];
  /** What the run cannot do without, in words: `pause of client A for 10.0 s`. */
  readonly necessary: readonly string[];
  /** How large the run was when it was found. */
  readonly foundWith: { readonly clients: number; readonly faults: number; readonly run: number };
  readonly digest: string;
}

export interface PropertyReport {
  readonly property: Property;
  readonly verdict: Verdict;
  readonly class?: ViolationClass;
  readonly cause?: string;
  /** Of an invalid verdict: whether the lock's claims cover it; absent under `--strict`. */
  readonly expected?: boolean;
  /** The claim that covers it, or why the verdict is unknown or not applicable. */
  readonly reason?: string | undefined;
  /** How many runs violated it, in this class and as expected or unexpected as this. */
  readonly violations?: number;
  /** Of an invalid verdict: the runs in which nobody can know, and why of the last of them. */
  readonly unknown?: { readonly runs: number; readonly reason: string };
  /** Every class that some run showed, worst first; absent of a property without classes. */
  readonly classes?: readonly ClassFound[];
  readonly details?: Details;
  readonly counterexample?: Counterexample;
}

/** A class of violation that some run of the campaign showed, whether or not it is the worst. */
export interface ClassFound {
  readonly class: ViolationClass;
  /** Runs that showed it; a run counts for the worst class it shows. */
  readonly runs: number;
  /** Index of the first of them; absent of several campaigns together. */
  readonly firstRun?: number;
  /** Whether the lock's claims cover it in every one of them; absent under `--strict`. */
  readonly expected?: boolean;
  /** Its smallest run, if it is plainer than that of the worst: fewer faults, or more runs. */
  readonly counterexample?: Counterexample;
}

/** The flaw that a lock which is flawed on purpose is known for, and whether it was found. */
export interface FlawReport {
  readonly property: Property;
  readonly class?: ViolationClass;
  /** It is known to show under these, within so many runs. */
  readonly faults: readonly FaultClass[];
  readonly withinRuns: number;
  /** Runs that showed it; 0 if it was not found. */
  readonly runs: number;
  /** Index of the first of them; absent of several campaigns together. */
  readonly firstRun?: number;
}

/** One line of the coverage table: what the campaign reached, and whether it had to (R13). */
export interface ReachedReport {
  readonly goal: string;
  readonly runs: number;
  /** Runs needed; 0 if it is only counted. */
  readonly needed: number;
}

/** A term that is not the one that was asked for, and whose doing that is. */
export interface GrantedTerm {
  readonly askedMs: number;
  readonly grantedMs: number;
  readonly by: Service;
}

/** The resolved configuration, printed before anything runs. */
export interface ConfigurationReport {
  readonly algorithm: string;
  readonly source: string;
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly workload: string;
  readonly ttlMs: number;
  /** What servers make of it, or of the term that an option asks for, if that is another. */
  readonly granted?: GrantedTerm;
  readonly waitMs: number;
  readonly sectionMsMax: number;
  readonly servers: readonly HostId[];
  /** How many replicas each Redis server has; absent: one. */
  readonly replicas?: number;
  readonly persistence: Persistence;
  readonly clients: string;
  readonly operationsEach: number;
  readonly faultClasses: readonly string[];
  readonly seed: number;
  readonly runs: number;
  readonly strict: boolean;
  readonly progressBoundMs: number;
  /** Version of the transpiler that loaded a user's file (D10). */
  readonly transpiler?: string;
}

export interface LockReport {
  readonly algorithm: string;
  readonly flawed: boolean;
  /** Of a flawed lock. */
  readonly flaw?: FlawReport;
  readonly configuration: ConfigurationReport;
  readonly seed: number;
  readonly runs: number;
  readonly unknownRuns: number;
  readonly events: number;
  /** Time in the search alone, and in all; wall clock. */
  readonly searchMs: number;
  readonly elapsedMs: number;
  readonly digest: string;
  /** The answer, from which the exit code follows. */
  readonly verdict: Verdict;
  /**
   * Whether the lock does what it claims: nothing in doubt, every violation covered by its claims,
   * no known break lost. The verdict is then valid. Only of a flawed lock in `check --all` is the
   * verdict valid without it: there its flaw has to be found, whatever the lock claims.
   */
  readonly asClaimed: boolean;
  readonly properties: readonly PropertyReport[];
  readonly reached: readonly ReachedReport[];
  readonly findings: readonly Finding[];
  /** Known breaks or flaws that the search no longer finds, in sentences. */
  readonly lost: readonly string[];
  /** Whether it was stopped before its budget was used up. */
  readonly interrupted: boolean;
  /** Of `--per-class`: what each fault class alone gave. */
  readonly perClass?: readonly ClassReport[];
}

/** What a campaign with one fault class alone gave. */
export interface ClassReport {
  readonly faultClass: FaultClass;
  readonly verdict: Verdict;
  readonly asClaimed: boolean;
  readonly runs: number;
  readonly digest: string;
  readonly properties: readonly PropertyReport[];
}

export interface AllReport {
  readonly verdict: Verdict;
  readonly digest: string;
  /** Whether any was stopped before its budget was used up, or was not begun. */
  readonly interrupted: boolean;
  readonly locks: readonly LockReport[];
}
