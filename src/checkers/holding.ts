/**
 * Who holds what, and until when: the deaths and pauses of a host, and the moment from which nobody
 * stands behind a grant any more. Shared by the checkers that follow a grant over its whole life.
 */
import type { HostId } from '../fault.js';
import type { HostRecord } from '../history.js';
import { type Call, type Grant, type HistoryIndex, NONE } from './sections.js';
import { countLeading } from './sorted.js';

/** Index of the death of an incarnation; `NONE` if it lives to the end of the history (R8). */
export function diedAt(index: HistoryIndex, host: HostId, incarnation: number): number {
  const states = index.hostStates.get(host);
  if (states === undefined) return NONE;
  // Incarnations of a host follow each other, and a death is the last that is heard of one.
  const heard = countLeading(states, (at) => stateAt(index, at).incarnation <= incarnation);
  const last = states[heard - 1]!;
  return stateAt(index, last).state === 'dead' ? last : NONE;
}

/** The earlier of two records, either of which may be `NONE`. */
export function earlier(a: number, b: number): number {
  if (a === NONE) return b;
  return b === NONE ? a : Math.min(a, b);
}

/** Index of the first completion of a release of this grant, whatever it answered. */
export function releasedAt(grant: Grant): number {
  let first = NONE;
  for (const call of grant.calls) {
    if (givesBack(call, grant)) first = earlier(first, call.completed);
  }
  return first;
}

/** Index of the first call that gives this grant back. */
export function releaseInvokedAt(grant: Grant): number {
  for (const call of grant.calls) if (givesBack(call, grant)) return call.invoked;
  return NONE;
}

/** Whether a call releases this grant, and not one that is nested in it. */
function givesBack({ invocation }: Call, grant: Grant): boolean {
  return invocation.action === 'release' && invocation.grant === grant.id;
}

/**
 * Index of the record with which a grant was over for its client: the acquire ended without it, it
 * was released (ok or not) or told, or its host died. `NONE` while it waits or holds.
 */
export function overAt(index: HistoryIndex, grant: Grant): number {
  const { completion, completed } = grant.acquire;
  const refused = completion === undefined || completion.type === 'ok' ? NONE : completed;
  const gone = earlier(refused, diedAt(index, grant.client, grant.incarnation));
  return earlier(gone, earlier(grant.told, releasedAt(grant)));
}

/** An interval of world time in which a host stood still. */
export interface Stillness {
  readonly fromUs: number;
  readonly untilUs: number;
}

/**
 * The pauses of a host that touch an interval of world time, in order, each whole. A pause that
 * nothing ended lasts for ever.
 */
export function pausesOf(
  index: HistoryIndex,
  host: HostId,
  fromUs: number,
  untilUs: number,
): Stillness[] {
  const pauses: Stillness[] = [];
  const states = index.hostStates.get(host);
  if (states === undefined) return pauses;
  // A pause that began earlier may reach into the interval: one record more.
  let at = Math.max(countLeading(states, (one) => index.records[one]!.atUs < fromUs) - 1, 0);
  for (; at < states.length; at++) {
    const { atUs, state } = stateAt(index, states[at]!);
    if (atUs > untilUs) break;
    if (state !== 'paused') continue;
    const end = states[at + 1];
    pauses.push({ fromUs: atUs, untilUs: end === undefined ? Infinity : index.records[end]!.atUs });
  }
  return pauses;
}

function stateAt(index: HistoryIndex, at: number): HostRecord {
  return index.records[at] as HostRecord;
}
