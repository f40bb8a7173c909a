/** Why a holder was told too late or too early that its grant was over (docs/semantics.md, R11). */
import { pausesOf } from '../../checkers/holding.js';
import type { Knowledge } from '../../checkers/knowledge.js';
import { promisedEnd } from '../../checkers/promised-end.js';
import { calledPosition, type Grant, NONE } from '../../checkers/sections.js';
import type { LossDeliveredRecord } from '../../history.js';
import { serviceOf } from '../../service.js';
import type { PropertyVerdict } from '../../verdict.js';
import { instant, span } from '../words.js';
import { grantedAtUs, grantOf, lossClauses, numberIn, toldClause } from './clauses.js';
import { tellKnowledge } from './grants.js';
import type { Narrator, Tale } from './tale.js';
import { HELP_FOR_UNANSWERED, tellUnanswered, unansweredLeases } from './unanswered.js';

export const belief: Narrator = (tale, verdict) => {
  const grant = grantOf(tale, verdict.offender);
  if (grant === undefined) return ['A holder was told wrongly.'];
  const granted =
    `${grant.client} was granted the lock at ${instant(grantedAtUs(tale, grant))} ` +
    `(${grant.operation}).`;
  switch (verdict.cause) {
    case 'late-pull':
      return [granted, ...tellLatePull(tale, verdict, grant)];
    case 'early':
      return [granted, ...tellEarly(tale, verdict, grant)];
    default:
      return [granted, ...tellLatePush(tale, verdict, grant)];
  }
};

/** From the start on a grant without a quorum of answers is one that its holder has to lose. */
function tellNeverHeld(tale: Tale, grant: Grant): string[] | undefined {
  const before = grant.acquire.completed + 1;
  const granted = { atUs: grantedAtUs(tale, grant), before };
  if (promisedEnd(tale.index, grant, granted).lease !== undefined) return undefined;
  const silent = unansweredLeases(tale.index, grant, before);
  if (silent.length > 0) return [...tellUnanswered(silent, grant.client), HELP_FOR_UNANSWERED];
  return [
    tellKnowledge(tale, grant, grant.client, 'no-quorum', granted),
    tale.index.history.world.servers.length === 1
      ? 'What helps: look at what the server answered, and refuse unless it gave the lock.'
      : 'What helps: count the servers that said yes, and answer that it is not granted if they ' +
        'are no majority.',
  ];
}

function tellLatePush(tale: Tale, verdict: PropertyVerdict, grant: Grant): string[] {
  const lostUs = numberIn(verdict, 'lostAtUs') ?? 0;
  const noticeUs = numberIn(verdict, 'noticeUs') ?? 0;
  const dueUs = numberIn(verdict, 'atUs') ?? lostUs;
  const neverHeld = verdict.details?.['by'] === 'clock' ? tellNeverHeld(tale, grant) : undefined;
  if (neverHeld !== undefined) return neverHeld;
  const source =
    verdict.details?.['by'] === 'message'
      ? tellMessage(tale, grant, lostUs)
      : `by its own monotonic clock the time was over at ${instant(lostUs)}`;
  const end =
    grant.told === NONE
      ? 'Its signal was never aborted.'
      : `Only later: ${toldClause(tale, grant)}.`;
  return [
    `From then on the lock could have told it of the loss: ${source}.`,
    `It had to do so within ${span(noticeUs)} of running time, by ${instant(dueUs)}. ${end}`,
    'What helps: set a timer for the end of the grant, counted from the send of the ' +
      'request, and abort the signal as soon as a reply says that the lock is lost.',
  ];
}

function tellMessage(tale: Tale, grant: Grant, lostUs: number): string {
  const loss = grant.losses.find((at) => tale.index.records[at]!.atUs === lostUs);
  const isClosed =
    loss !== undefined &&
    serviceOf((tale.index.records[loss] as LossDeliveredRecord).server) === 'postgres';
  return isClosed
    ? lossClauses(tale, grant, loss).why
    : `a reply that said so was delivered at ${instant(lostUs)}`;
}

function tellLatePull(tale: Tale, verdict: PropertyVerdict, grant: Grant): string[] {
  const at = verdict.witness.at(-1)!;
  const atUs = numberIn(verdict, 'atUs') ?? 0;
  const leftUs = Math.round((numberIn(verdict, 'validForMs') ?? 0) * 1000);
  const knewBy = (verdict.details?.['knewBy'] ?? 'clock') as Knowledge;
  const called = calledPosition(tale.index, at);
  return [
    `At ${instant(atUs)} it asked how long the grant was still good, and the lock ` +
      `answered ${instant(leftUs)}.`,
    tellKnowledge(tale, grant, grant.client, knewBy, called),
    helpForPull(tale, grant, knewBy, called.before),
  ];
}

function helpForPull(tale: Tale, grant: Grant, knewBy: Knowledge, before: number): string {
  if (knewBy === 'clock') {
    return (
      'What helps: count the time left on the monotonic clock from the send of the request ' +
      'that made the grant, not from its reply, less the allowance for drift.'
    );
  }
  const isUnanswered =
    knewBy === 'no-quorum' && unansweredLeases(tale.index, grant, before).length > 0;
  if (isUnanswered) return HELP_FOR_UNANSWERED;
  return 'What helps: answer 0 as soon as a reply says that the lock is lost, or was never held.';
}

function tellEarly(tale: Tale, verdict: PropertyVerdict, grant: Grant): string[] {
  const leftUs = numberIn(verdict, 'leftUs') ?? 0;
  const guardUs = numberIn(verdict, 'guardUs') ?? 0;
  const left = leftUs === Infinity ? 'no end at all' : `another ${instant(leftUs)}`;
  const slept = sleptBeforeSend(tale, grant);
  return [
    `It was told that the lock was lost (${toldClause(tale, grant)}), although nothing ` +
      'delivered to it said so, the servers still had its lease, and by its own clock it ' +
      `had ${left}.`,
    ...slept,
    `Up to ${span(guardUs)} before the end would have been careful; this is work thrown away.`,
    slept.length > 0
      ? 'That errs on the safe side, and no code can look at its clock in the send itself. What ' +
        'helps: accept it by a claim.'
      : 'What helps: count from the send of the request that last extended the grant; an error ' +
        'or a slow reply is not yet a loss.',
  ];
}

/** That a pause fell between the look at the clock and the send of the request, if one did. */
function sleptBeforeSend(tale: Tale, grant: Grant): string[] {
  const fromUs = grant.acquire.invocation.atUs;
  const sentAtUs = grant.leases.at(-1)?.record.sentAtUs ?? fromUs;
  const [pause] = pausesOf(tale.index, grant.client, fromUs, sentAtUs);
  if (pause === undefined || pause.untilUs > sentAtUs) return [];
  const { client } = grant;
  return [
    `${client} was paused from ${instant(pause.fromUs)} to ${instant(pause.untilUs)}, before its ` +
      'request left: a lock that had looked at its clock before counts the pause as part of the ' +
      'term.',
  ];
}
