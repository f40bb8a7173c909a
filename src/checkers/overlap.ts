/**
 * The class of an overlap: who acted on a grant that was over, if anybody did, and whether they
 * could have known (docs/semantics.md, R3).
 */
import type { ViolationClass } from '../verdict.js';
import type { GoingOn } from './going-on.js';
import { type Knowledge, knew } from './knowledge.js';
import { inTerm, promisedEnd } from './promised-end.js';
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

/** The class of an overlap and its cause (R3), given whether the second was in term on entering. */
export function classify(
  index: HistoryIndex,
  first: Grant,
  second: Grant,
  secondInTerm: boolean,
  goingOn: GoingOn,
): Overlap {
  const sides = { first, second, goingOn };
  const entered = positionOf(index, second.enter);
  if (!secondInTerm) {
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

/** Why nobody could know. On real servers a call may last without a pause: then no cause. */
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
