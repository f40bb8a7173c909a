/**
 * Whether an earlier holder goes on after a later one has entered (docs/semantics.md, R2): by an
 * act, however late, or by running on inside, for more than 0 µs, while both are inside.
 */
import type { HostRecord } from '../history.js';
import { type Grant, type HistoryIndex, NONE } from './sections.js';
import { countLeading } from './sorted.js';

/** How the earlier holder went on. */
export interface GoingOn {
  /** The act; or what set it running: the later one's enter, or the end of its own pause. */
  readonly record: number;
  readonly isAct: boolean;
}

/** A section that may go on after later ones have entered. Asked in the order of their entries. */
export class Lingerer {
  /** After the latest entry: its next act, where it next runs on; `records.length` if never. */
  private act = 0;
  private runs = 0;
  /** A going on whose class has been seen and stays, because the grant is over. */
  settled = NONE;

  constructor(
    private readonly index: HistoryIndex,
    readonly grant: Grant,
  ) {}

  /** Whether it can go on after any section that is entered at this record or later. */
  canGoOn(entered: number): boolean {
    const never = this.index.records.length;
    // What lies ahead stays the same until it is reached: one that sleeps costs little.
    if (entered >= this.act || entered >= this.runs) {
      const { acts } = this.grant;
      this.act = acts[countLeading(acts, (act) => act < entered)] ?? never;
      this.runs = runsOn(this.index, this.grant, entered);
    }
    return this.act < never || this.runs < never;
  }

  /** How it goes on after this section has been entered, if it does; `canGoOn` was asked before. */
  goesOn(second: Grant): GoingOn | undefined {
    const { act, runs } = this;
    const { records } = this.index;
    const meets = runs < (second.exit === NONE ? records.length : second.exit);
    if (act < records.length && (!meets || records[act]!.atUs <= records[runs]!.atUs)) {
      return { record: act, isAct: true };
    }
    return meets ? { record: runs, isAct: false } : undefined;
  }
}

/**
 * From which record on, at or after `entered`, the grant's host runs for more than 0 µs while the
 * grant is inside; `records.length` if it never does.
 */
function runsOn(index: HistoryIndex, grant: Grant, entered: number): number {
  const { records } = index;
  const never = records.length;
  const exit = grant.exit === NONE ? never : grant.exit;
  const states = index.hostStates.get(grant.client) ?? [];
  let next = countLeading(states, (record) => record < entered);
  let from = entered;
  let running = next === 0 || isRunning(index, grant, states[next - 1]!);
  while (from < exit) {
    const until = Math.min(exit, states[next] ?? never);
    if (running && timeOf(index, until) > records[from]!.atUs) return from;
    if (next === states.length) return never;
    from = states[next++]!;
    running = isRunning(index, grant, from);
  }
  return never;
}

/** Whether the host runs the grant's incarnation after this change of its state. */
function isRunning(index: HistoryIndex, grant: Grant, record: number): boolean {
  const { state, incarnation } = index.records[record] as HostRecord;
  return incarnation === grant.incarnation && (state === 'resumed' || state === 'restarted');
}

/** When a record happens, or the run ends if there is none. */
function timeOf(index: HistoryIndex, record: number): number {
  return index.records[record]?.atUs ?? index.history.endUs;
}
