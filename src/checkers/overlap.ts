/**
 * Two sections that exclude each other: whether the earlier holder goes on after the later one has
 * entered (docs/semantics.md, R2), and who could have known (R3).
 */
import type { HostRecord } from '../history.js';
import type { ViolationClass } from '../verdict.js';
import { inTerm, type Knowledge, knew, promisedEnd } from './promised-end.js';
import {
  actAt,
  calledPosition,
  endOfInstant,
  type Grant,
  type HistoryIndex,
  NONE,
  type Position,
  positionOf,
} from './sections.js';
import { countLeading } from './sorted.js';

/** How the earlier holder went on. */
export interface GoingOn {
  /** The act; or what set it running: the later one's enter, or the end of its own pause. */
  readonly record: number;
  readonly isAct: boolean;
}

export type InherentCause = 'pause-inside-call' | 'session-end-not-delivered' | 'client-clock';

export interface Overlap {
  /** Who entered first, and who entered while the first could still go on. */
  readonly first: Grant;
  readonly second: Grant;
  readonly goingOn: GoingOn;
  readonly class: ViolationClass;
  readonly cause: 'resurrected' | InherentCause | undefined;
  /** Who acted on a grant that was over. Nobody of a double grant: the service erred. */
  readonly offender: Grant | undefined;
  readonly knewBy: Knowledge | undefined;
}

/** The first way in which `first` goes on after `second` has entered, if any (R2). */
export function goesOn(index: HistoryIndex, first: Grant, second: Grant): GoingOn | undefined {
  const { records } = index;
  const act = first.acts[countLeading(first.acts, (record) => record < second.enter)];
  const running = runsOn(index, first, second.enter, second.exit);
  if (act !== undefined && (running === NONE || records[act]!.atUs <= records[running]!.atUs)) {
    return { record: act, isAct: true };
  }
  return running === NONE ? undefined : { record: running, isAct: false };
}

/** Whether the grant can go on after any section that is entered at `entered` or later. */
export function lingers(index: HistoryIndex, grant: Grant, entered: number): boolean {
  if (grant.acts[grant.acts.length - 1]! > entered) return true;
  return runsOn(index, grant, entered, NONE) !== NONE;
}

/**
 * From which record on the grant's host runs for more than 0 µs while the grant is inside, at or
 * after `entered` and, if the other one has left, before `left`.
 */
function runsOn(index: HistoryIndex, grant: Grant, entered: number, left: number): number {
  const { records } = index;
  const exit = grant.exit === NONE ? records.length : grant.exit;
  const last = left === NONE ? exit : Math.min(exit, left);
  const states = index.hostStates.get(grant.client) ?? [];
  let next = countLeading(states, (record) => record < entered);
  let from = entered;
  let running = next === 0 || isRunning(index, grant, states[next - 1]!);
  while (from < last) {
    const until = Math.min(exit, states[next] ?? records.length);
    if (running && timeOf(index, until) > records[from]!.atUs) return from;
    if (next === states.length) return NONE;
    from = states[next++]!;
    running = isRunning(index, grant, from);
  }
  return NONE;
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

/** The class of an overlap and its cause (R3). */
export function classify(
  index: HistoryIndex,
  first: Grant,
  second: Grant,
  goingOn: GoingOn,
): Overlap {
  const sides = { first, second, goingOn };
  const entered = positionOf(index, second.enter);
  if (!inTerm(index, second, entered)) {
    return judge(index, sides, second, calledPosition(index, second.enter), second.enter);
  }
  const doubleGrant = { class: 'double-grant', offender: undefined, knewBy: undefined } as const;
  if (inTerm(index, first, entered)) return { ...sides, ...doubleGrant, cause: undefined };
  const { record, isAct } = goingOn;
  const at = isAct ? positionOf(index, record) : runningPosition(index, record);
  if (inTerm(index, first, at)) return { ...sides, ...doubleGrant, cause: 'resurrected' };
  return judge(
    index,
    sides,
    first,
    isAct ? calledPosition(index, record) : at,
    isAct ? record : NONE,
  );
}

/** Running on is what a holder does after all that happened at an instant. */
function runningPosition(index: HistoryIndex, record: number): Position {
  return endOfInstant(index, index.records[record]!.atUs);
}

/** Stale if the offender could have known when it called, else inherent. */
function judge(
  index: HistoryIndex,
  sides: Pick<Overlap, 'first' | 'second' | 'goingOn'>,
  offender: Grant,
  called: Position,
  act: number,
): Overlap {
  const knewBy = knew(index, offender, called);
  if (knewBy !== undefined) {
    return { ...sides, class: 'stale-belief', cause: undefined, offender, knewBy };
  }
  const cause = inherentCause(index, offender, called, act);
  return { ...sides, class: 'inherent-overlap', cause, offender, knewBy };
}

/** Why nobody could know. On real servers a call may last without a pause: then no cause is named. */
function inherentCause(
  index: HistoryIndex,
  offender: Grant,
  called: Position,
  act: number,
): InherentCause | undefined {
  if (act !== NONE && pausedInside(index, offender, act)) return 'pause-inside-call';
  const { lease, endUs } = promisedEnd(index, offender, called);
  if (lease?.record.termUs === 'session') return 'session-end-not-delivered';
  return called.atUs >= endUs ? 'client-clock' : undefined;
}

/** Whether a pause of the holder's host lies between the call of an act and its effect. */
function pausedInside(index: HistoryIndex, holder: Grant, act: number): boolean {
  const states = index.hostStates.get(holder.client) ?? [];
  const latest = states[countLeading(states, (record) => record < act) - 1];
  return latest !== undefined && index.records[latest]!.atUs > actAt(index, act).calledAtUs;
}
