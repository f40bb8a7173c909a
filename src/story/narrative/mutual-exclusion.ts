/**
 * Why two holders were inside at once, a writer with somebody else, or more than there are permits:
 * what became of the first one's lease, why the second was let
 * in, and what the one who acted knew (docs/semantics.md, R2, R3, R17, R18).
 */
import type { Knowledge } from '../../checkers/knowledge.js';
import { promisedEnd } from '../../checkers/promised-end.js';
import {
  type Act,
  actAt,
  calledPosition,
  endOfInstant,
  type Grant,
  NONE,
  type Position,
  positionOf,
} from '../../checkers/sections.js';
import { whyUnseen } from '../../checkers/unseen-leases.js';
import type { EnterRecord, LeaseRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { capital, instant, list, plural, rate, span } from '../words.js';
import { actClause, namesOf, numberIn } from './clauses.js';
import { remedyForDoubleGrant, tellPermit } from './double-grant.js';
import { lastLook, tellKnowledge, tellSecondGrant } from './grants.js';
import { fatesOf, tellFate } from './lease-fate.js';
import type { Narrator, Tale } from './tale.js';
import { HELP_FOR_UNANSWERED, unansweredLeases } from './unanswered.js';

/** The two sides of an overlap, and the act that makes it one. */
interface Overlap {
  readonly tale: Tale;
  readonly verdict: PropertyVerdict;
  readonly first: Grant;
  readonly second: Grant;
  readonly names: readonly [string, string];
  /** The record with which the first went on, and whether it is an act. */
  readonly goingOn: number;
  readonly isAct: boolean;
  /** What they are together: `two holders`. */
  readonly tooMany: string;
}

export const mutualExclusion: Narrator = (tale, verdict) => {
  const overlap = overlapOf(tale, verdict);
  switch (verdict.class) {
    case 'double-grant':
      return verdict.cause === 'resurrected' ? resurrected(overlap) : doubleGrant(overlap);
    case 'stale-belief':
      return staleBelief(overlap);
    default:
      return verdict.cause === 'leases-unseen' ? unclassed(overlap) : inherent(overlap);
  }
};

/** That two were inside at once is all that can be said where no lease was seen. */
function unclassed(overlap: Overlap): string[] {
  const { tale, first, second, names } = overlap;
  const { records, history } = tale.index;
  const { unseen, world } = history;
  return [
    `${names[0]} had entered at ${instant(records[first.enter]!.atUs)}, and ${names[1]} did at ` +
      `${instant(records[second.enter]!.atUs)}.`,
    tellGoingOn(overlap),
    'Whose fault it was cannot be told.',
    ...(unseen === undefined ? [] : [`${capital(whyUnseen(unseen, world.key))}.`]),
  ];
}

function overlapOf(tale: Tale, verdict: PropertyVerdict): Overlap {
  const { index } = tale;
  const grantAt = (at: number) => index.grantById.get((index.records[at] as EnterRecord).grant)!;
  const sides = [verdict.offender?.operation, verdict.victim?.operation];
  // Of more than two, those are told who say why.
  const isOfPair = (at: number) =>
    index.records[at]!.type !== 'enter' || sides.includes(grantAt(at).operation);
  const [firstEntered, secondEntered, act] = verdict.witness.filter(isOfPair);
  const first = grantAt(firstEntered!);
  const second = grantAt(secondEntered!);
  const goingOn = act ?? secondEntered!;
  const isAct = verdict.details?.['goesOnBy'] !== 'running' && act !== undefined;
  const tooMany = together(verdict, first, second);
  return { tale, verdict, first, second, names: namesOf(first, second), goingOn, isAct, tooMany };
}

/** What makes them too many. */
function together({ property, details }: PropertyVerdict, first: Grant, second: Grant): string {
  if (property === 'permits') {
    const others = details?.['others'] === undefined ? [] : String(details['others']).split(', ');
    const beside = others.length === 0 ? '' : `with ${list(others)}, `;
    const permits = plural(Number(details?.['permits']), 'permit');
    return `${beside}${others.length + 2} holders of ${permits}`;
  }
  if (property !== 'read-write') return 'two holders';
  return first.mode === second.mode ? 'two writers' : 'a writer and a reader';
}

/** The first acts while the other is, or was, inside: the last step to two holders. */
function tellGoingOn(overlap: Overlap): string {
  const { tale, first, second, names, goingOn, isAct, tooMany } = overlap;
  const { records } = tale.index;
  const at = instant(records[goingOn]!.atUs);
  if (isAct) {
    const left = second.exit !== NONE && second.exit < goingOn;
    const other = left ? `after ${names[1]} had come and gone` : `with ${names[1]} inside`;
    const clause = actClause(tale, goingOn);
    return `At ${at} ${names[0]} acted as holder (${clause}) ${other}: ${tooMany}.`;
  }
  const since = instant(records[first.enter]!.atUs);
  const ran = goingOn === second.enter ? 'ran on' : `woke at ${at} and ran on`;
  return `${names[0]}, inside since ${since}, ${ran}: ${tooMany}.`;
}

function doubleGrant(overlap: Overlap): string[] {
  const { tale, verdict, first, second, names } = overlap;
  const at = positionOf(tale.index, second.enter);
  const { endUs } = promisedEnd(tale.index, first, at);
  const until = endUs === Infinity ? 'for as long as it wanted' : `until ${instant(endUs)}`;
  const others = othersOf(overlap);
  const fates = [first, ...others].flatMap((grant) =>
    fatesOf(tale, grant, second.enter).map((fate) => ({ ...fate, name: nameOf(overlap, grant) })),
  );
  const gone = fates.filter(({ cause }) => cause !== 'stands');
  return [
    `${names[0]} had been promised the lock ${until}.`,
    ...gone.map((fate) => tellFate(tale, fate.name, fate)),
    others.length === 0
      ? tellSecondGrant(tale, first, second, names)
      : tellPermit(tale, second, names[1], fates),
    tellGoingOn(overlap),
    verdict.property === 'permits'
      ? 'All were inside the term the service had accepted: it gave more permits than there are.'
      : 'Both were inside the term the service had accepted: it granted the lock twice.',
    ...remedyForDoubleGrant(tale, verdict, [first, second], gone),
  ];
}

/** Those beside the two who hold permits as well. */
function othersOf({ tale, verdict }: Overlap): Grant[] {
  const { details, property } = verdict;
  if (property !== 'permits' || details?.['others'] === undefined) return [];
  return String(details['others'])
    .split(', ')
    .flatMap((operation) => tale.index.grantByOperation.get(operation) ?? []);
}

function nameOf({ first, names }: Overlap, grant: Grant): string {
  return grant === first ? names[0] : `${grant.client} in ${grant.operation}`;
}

function resurrected(overlap: Overlap): string[] {
  const { tale, first, second, names, goingOn } = overlap;
  const fates = fatesOf(tale, first, second.enter).filter(({ cause }) => cause !== 'stands');
  const revived = first.leases.find(
    ({ applied, acked }) => applied > second.enter && acked !== NONE && acked < goingOn,
  );
  const { atUs, extends: extended } = (revived?.record ?? {}) as Partial<LeaseRecord>;
  const how = extended === true ? 'extended it' : 'made the key anew';
  const renewal =
    atUs === undefined
      ? `Then ${names[0]} was confirmed as holder once more.`
      : `Then a renewal by ${names[0]}, applied at ${instant(atUs)}, ${how} and was ` +
        'answered as if nothing had happened.';
  return [
    ...fates.map((fate) => tellFate(tale, names[0], fate)),
    tellSecondGrant(tale, first, second, names),
    renewal,
    tellGoingOn(overlap),
    `${names[0]} never learned that it had lost the lock in between. What helps: a ` +
      'renewal that extends only a key which still holds your own owner id, and counts ' +
      'anything else as lost.',
  ];
}

/** Who acted on a grant that was over, where it called, and its act. */
function offenderOf(overlap: Overlap): {
  grant: Grant;
  name: string;
  called: Position;
  act: Act | undefined;
} {
  const { tale, verdict, first, second, names, goingOn, isAct } = overlap;
  if (verdict.offender?.operation === second.operation) {
    const act = actAt(tale.index, second.enter);
    return { grant: second, name: names[1], called: calledPosition(tale.index, second.enter), act };
  }
  const { atUs } = tale.index.records[goingOn]!;
  const called = isAct ? calledPosition(tale.index, goingOn) : endOfInstant(tale.index, atUs);
  const act = isAct ? actAt(tale.index, goingOn) : undefined;
  return { grant: first, name: names[0], called, act };
}

function staleBelief(overlap: Overlap): string[] {
  const { tale, verdict, second } = overlap;
  const { grant, name, called } = offenderOf(overlap);
  const knewBy = (verdict.details?.['knewBy'] ?? 'clock') as Knowledge;
  return [
    ...sidesOf(overlap),
    tellKnowledge(tale, grant, name, knewBy, called),
    ...sleptThrough(verdict, name, called),
    ...(grant === second ? [tellEntry(overlap)] : [tellGoingOn(overlap)]),
    knewBy === 'no-quorum' && unansweredLeases(tale.index, grant, called.before).length > 0
      ? HELP_FOR_UNANSWERED
      : helpForKnowledge(tale, knewBy),
  ];
}

/** What became of the offender's leases, and how the other one got in. */
function sidesOf(overlap: Overlap): string[] {
  const { tale, first, second, names, goingOn } = overlap;
  const { grant, name } = offenderOf(overlap);
  const before = grant === second ? second.enter : goingOn;
  const fates = fatesOf(tale, grant, before).filter(({ cause }) => cause !== 'stands');
  const told = fates.map((fate) => tellFate(tale, name, fate));
  if (grant === first) return [...told, tellSecondGrant(tale, first, second, names)];
  return [...told, ...tellLateReply(tale, second, name)];
}

/** That an acquire returned only after the lease it had made was over. */
function tellLateReply(tale: Tale, { acquire, enter }: Grant, name: string): string[] {
  const grant = tale.index.grantById.get(acquire.invocation.call)!;
  const returned = positionOf(tale.index, acquire.completed);
  const { endUs, lease } = promisedEnd(tale.index, grant, positionOf(tale.index, enter));
  if (lease === undefined || returned.atUs < endUs) return [];
  const asked = instant(lease.record.sentAtUs);
  return [
    `Its request of ${asked} was answered only at ${instant(returned.atUs)}, and ${name} ` +
      'took that for a grant.',
  ];
}

/** The second entered on a grant that was over while the first was inside. */
function tellEntry({ tale, first, second, names, tooMany }: Overlap): string {
  const { records } = tale.index;
  const since = `${names[0]} had been inside since ${instant(records[first.enter]!.atUs)}`;
  const entered = instant(records[second.enter]!.atUs);
  return `${names[1]} entered all the same at ${entered}; ${since}: ${tooMany}.`;
}

/** That the offender slept past the end of its grant and did not look when it woke. */
function sleptThrough(verdict: PropertyVerdict, name: string, called: Position): string[] {
  const pausedUs = numberIn(verdict, 'pausedAtUs');
  const resumedUs = numberIn(verdict, 'resumedAtUs');
  if (pausedUs === undefined || resumedUs === undefined || resumedUs > called.atUs) return [];
  return [
    `${name} had been paused from ${instant(pausedUs)} to ${instant(resumedUs)}, and did ` +
      'not look when it woke.',
  ];
}

function helpForKnowledge(tale: Tale, knewBy: Knowledge): string {
  switch (knewBy) {
    case 'told':
    case 'release-sent':
      return (
        'What helps: stop at once when the lock says that it is lost, and after your own ' +
        'release.'
      );
    case 'loss-delivered':
      return (
        'What helps: a lock that hands on such a loss at once (a signal, or a validity of ' +
        '0), and a holder that looks before each act.'
      );
    case 'no-quorum':
      return tale.index.history.world.servers.length === 1
        ? 'What helps: look at what the server answered, and enter only if it gave the lock.'
        : 'What helps: count the servers that said yes, and give back everything if they are ' +
            'no majority.';
    case 'clock':
      return (
        'What helps: count the time left on the monotonic clock from the send of the ' +
        'request, look at it right before each act, and leave if nothing is left.'
      );
  }
}

function inherent(overlap: Overlap): string[] {
  const { grant } = offenderOf(overlap);
  return [
    ...sidesOf(overlap),
    tellIgnorance(overlap),
    grant === overlap.second ? tellEntry(overlap) : tellGoingOn(overlap),
    `No code of ${grant.client} could know. Only a fencing token that the resource checks helps.`,
  ];
}

function tellIgnorance(overlap: Overlap): string {
  const { tale, verdict } = overlap;
  const { grant, name, called, act } = offenderOf(overlap);
  const doing = act === undefined ? '' : ` before ${whatItDid(act)}`;
  switch (verdict.cause) {
    case 'pause-inside-call': {
      const fromUs = numberIn(verdict, 'pausedAtUs') ?? called.atUs;
      const untilUs = numberIn(verdict, 'resumedAtUs') ?? act?.atUs ?? called.atUs;
      const look = lastLook(tale, grant, called.atUs);
      const looked = look === undefined ? '' : `${look}; then `;
      return (
        `${name} did not know: ${looked}it was paused inside the call, from ` +
        `${instant(fromUs)} to ${instant(untilUs)},${doing}.`
      );
    }
    case 'session-end-not-delivered':
      return `${name} did not know: the end of its session had not been delivered to it yet.`;
    case 'client-clock':
      return tellSlowClock(overlap);
    default:
      return (
        `${name} did not know: when it called, at ${instant(called.atUs)}, its time was ` +
        `not over; the call took effect at ${instant(act?.atUs ?? called.atUs)}.`
      );
  }
}

/** By its own clock the offender had time left, because that clock ran slow. */
function tellSlowClock(overlap: Overlap): string {
  const { tale } = overlap;
  const { grant, name, called } = offenderOf(overlap);
  const segments = tale.index.monoClocks.get(grant.client) ?? [];
  const slowest = Math.min(0, ...segments.map(({ ratePpm }) => ratePpm));
  const { allowanceUs } = promisedEnd(tale.index, grant, called);
  const allowed =
    allowanceUs === 0
      ? 'nothing was taken off for drift'
      : `the ${span(allowanceUs)} taken off for drift were not enough`;
  return (
    `${name} did not know: its monotonic clock ran ${rate(slowest)} slow, so that by its ` +
    `own reckoning it had time left, and ${allowed}.`
  );
}

function whatItDid(act: Act): string {
  if (act.type === 'enter') return 'it entered';
  if (act.type === 'exit') return 'it finished';
  return act.access === undefined ? 'its step' : `its ${act.access} left`;
}
