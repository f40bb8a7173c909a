/**
 * Why the resource accepted an earlier holder's access after a later one's: where that access was
 * meanwhile, and what the resource could have checked (docs/semantics.md, R12).
 */
import { pausesOf } from '../../checkers/holding.js';
import { findLateAccess } from '../../checkers/late-access.js';
import type { Grant } from '../../checkers/sections.js';
import type { AccessRecord, StepRecord } from '../../history.js';
import type { PropertyVerdict } from '../../verdict.js';
import { describeDeed } from '../necessary.js';
import { capital, instant, plural } from '../words.js';
import { namesOf, numberIn } from './clauses.js';
import { tellDamage } from './damage.js';
import { fatesOf, tellFate } from './lease-fate.js';
import type { Narrator, Tale } from './tale.js';

/** A message that takes longer than this was held by something. */
const SLOW_US = 60_000;

export const resourceSafety: Narrator = (tale, verdict) => {
  const { index } = tale;
  const damage = verdict.class === 'damage' ? [tellDamage(tale, verdict)] : [];
  const found = findLateAccess(index);
  if (found === undefined) return damage;
  const { laterAt, at } = found;
  const later = index.records[laterAt] as AccessRecord;
  const late = index.records[at] as AccessRecord;
  const earlier = index.grantById.get(late.grant)!;
  const second = index.grantById.get(later.grant)!;
  const names = namesOf(earlier, second);
  const fates = fatesOf(tale, earlier, at).filter(({ cause }) => cause !== 'stands');
  return [
    ...damage,
    `${names[0]} was the earlier holder, ${names[1]} the later one: ${names[1]} had its ` +
      `${later.access} accepted at ${instant(later.atUs)}.`,
    ...fates.map((fate) => tellFate(tale, names[0], fate)),
    tellJourney(tale, late, at, earlier, names[0]),
    `The resource accepted it after ${names[1]}'s.`,
    ...tellLost(verdict),
    tellFence(tale, late, later),
  ];
};

/** When the late access left, whether its holder was still in its term, and how long it took. */
function tellJourney(tale: Tale, late: AccessRecord, at: number, grant: Grant, name: string) {
  const left = departure(tale, late, at);
  if (left === undefined) {
    return `${name}'s ${late.access} reached the resource at ${instant(late.atUs)}.`;
  }
  const { calledAtUs, atUs } = left;
  // A real client needs a moment from one to the other, without any pause.
  const paused =
    calledAtUs < atUs && pausesOf(tale.index, grant.client, calledAtUs, atUs).length > 0
      ? `: it was called at ${instant(calledAtUs)}, and ${grant.client} was paused inside the call`
      : '';
  const tookUs = late.atUs - atUs;
  return (
    `${name}'s ${late.access} left at ${instant(atUs)}${paused}, and reached the resource ` +
    `at ${instant(late.atUs)}, ${instant(tookUs)} ` +
    `later${tookUs > SLOW_US ? heldBy(tale, late) : ''}.`
  );
}

/** What held the access on its way to the resource. */
function heldBy(tale: Tale, { client, resource }: AccessRecord): string {
  for (const fault of tale.faults.values()) {
    const holds = fault.class === 'partition' || fault.class === 'delay';
    if (holds && fault.client === client && fault.server === resource) {
      return `, held by the ${describeDeed(fault)}`;
    }
  }
  return '';
}

/** The step with which an access left: accesses of one grant arrive in the order they left. */
function departure(tale: Tale, late: AccessRecord, at: number): StepRecord | undefined {
  const { records } = tale.index;
  let before = 0;
  for (let record = 0; record < at; record++) {
    const one = records[record]!;
    if (one.type === 'access' && one.grant === late.grant && one.access === late.access) before++;
  }
  for (let record = 0; record < at; record++) {
    const one = records[record]!;
    if (one.type !== 'step' || one.grant !== late.grant || one.access !== late.access) continue;
    if (before-- === 0) return one;
  }
  return undefined;
}

function tellLost(verdict: PropertyVerdict): string[] {
  const lost = numberIn(verdict, 'lostUpdates') ?? 0;
  const writes = numberIn(verdict, 'acceptedWrites') ?? 0;
  const counter = numberIn(verdict, 'finalCounter') ?? 0;
  if (lost <= 0) return [];
  const is = lost === 1 ? 'is' : 'are';
  return [
    `${capital(plural(lost, 'update'))} ${is} lost: after ` +
      `${plural(writes, 'accepted write')} the counter stands at ${counter}.`,
  ];
}

function tellFence(tale: Tale, late: AccessRecord, later: AccessRecord): string {
  const { fencingToken } = late;
  if (fencingToken === undefined || later.fencingToken === undefined) {
    return (
      'Nothing checks a fencing token: the lock gives none. What helps: a fencing token ' +
      'with every grant, and a resource that refuses lower ones than the highest it has ' +
      'seen.'
    );
  }
  if (fencingToken < later.fencingToken && !tale.index.history.world.fenced) {
    return (
      `The resource does not compare fencing tokens (${fencingToken} came after ` +
      `${later.fencingToken}). What helps: refuse a lower one than the highest seen, reads ` +
      'included.'
    );
  }
  return (
    `The fencing tokens do not tell them apart (${fencingToken} came after ` +
    `${later.fencingToken}). What helps: fencing tokens that strictly increase with every grant.`
  );
}
