/**
 * Fairness: nobody is granted before one who was queued earlier at the server, and who lives,
 * waits and has its place still (docs/semantics.md, R20).
 */
import type { PropertyVerdict } from '../verdict.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { monoUs } from './clocks.js';
import { grantedAt } from './grant-order.js';
import { diedAt } from './holding.js';
import { isBefore } from './promised-end.js';
import { excludes, type Place, type Queue, queuesOf } from './queues.js';
import { type Grant, type HistoryIndex, NONE, positionOf } from './sections.js';

/** A grant, as one queue sees it. */
interface Turn {
  readonly grant: Grant;
  /** Its place; `undefined` if it took none. */
  readonly place: Place | undefined;
  /** Index of the record by which places are compared with its own. */
  readonly from: number;
  /** Index of the record with which it was granted. */
  readonly at: number;
}

/** Somebody was granted before another one. */
interface Overtaking {
  readonly turn: Turn;
  readonly passed: Place;
  /** Servers at which it was so. */
  servers: number;
}

export const fairness: Checker = {
  property: 'fairness',
  ofDeclared: 'fairness',
  check(index) {
    const queues = queuesOf(index);
    if (queues.length === 0) return notApplicable('fairness', 'nobody stood in a queue');
    const found = new Map<Grant, Map<Grant, Overtaking>>();
    for (const queue of queues) {
      eachOvertaking(index, queue, (turn, passed) => note(found, turn, passed));
    }
    const overtakings = [...found.values()].flatMap((byPassed) => [...byPassed.values()]);
    const unfair = overtakings.filter(({ servers }) => servers >= index.quorum);
    return unfair.length === 0 ? valid('fairness') : verdictOf(index, unfair);
  },
};

function note(found: Map<Grant, Map<Grant, Overtaking>>, turn: Turn, passed: Place): void {
  let byPassed = found.get(turn.grant);
  if (byPassed === undefined) found.set(turn.grant, (byPassed = new Map()));
  const known = byPassed.get(passed.grant!);
  if (known === undefined) byPassed.set(passed.grant!, { turn, passed, servers: 1 });
  else known.servers++;
}

/** Tells of each grant that passed one who was before it in a queue and still waited. */
function eachOvertaking(
  index: HistoryIndex,
  queue: Queue,
  overtook: (turn: Turn, passed: Place) => void,
): void {
  const turns: Turn[] = [];
  for (const grant of index.grants) {
    if (grant.acquire.completion?.type === 'ok') turns.push(turnOf(index, queue, grant));
  }
  turns.sort((a, b) => a.at - b.at);
  // Both lists are in order, and whoever has left the queue has left it for good.
  let standing: Place[] = [];
  let next = 0;
  for (const turn of turns) {
    while (next < queue.places.length && queue.places[next]!.at < turn.at) {
      standing.push(queue.places[next++]!);
    }
    standing = standing.filter(({ until }) => until > turn.at);
    if (standing.length === 0) continue;
    for (const passed of passedBy(index, turn, standing)) overtook(turn, passed);
  }
}

function turnOf(index: HistoryIndex, queue: Queue, grant: Grant): Turn {
  const place = queue.byGrant.get(grant);
  if (place === undefined) {
    const at = grantedAt(index, grant);
    return { grant, place, from: at, at };
  }
  const at = place.cause === 'granted' ? place.until : grant.acquire.completed;
  return { grant, place, from: place.at, at };
}

/**
 * Who of those in the queue had to be granted before. Where holders keep their places, as many as
 * there are permits have their turn together.
 */
function passedBy(index: HistoryIndex, turn: Turn, standing: readonly Place[]): Place[] {
  const { permits = 1 } = index.history.world.declares;
  const { grant, place, from, at } = turn;
  const before = standing.filter(
    (one) => one.at < from && one.grant !== grant && excludes(one, grant),
  );
  const keepsPlace = place !== undefined && place.cause !== 'granted';
  if (keepsPlace && before.length < permits) return [];
  return before.filter((one) => waits(index, one.grant, at));
}

/** Whether an acquire is under way at a record, its client lives, and its time is not over. */
function waits(index: HistoryIndex, grant: Grant | undefined, at: number): boolean {
  if (grant === undefined) return false;
  const { acquire, client, incarnation } = grant;
  if (acquire.completed !== NONE && acquire.completed <= at) return false;
  if (isBefore(diedAt(index, client, incarnation), at)) return false;
  const { waitMs, atUs: fromUs } = acquire.invocation;
  if (typeof waitMs !== 'number') return true;
  const { atUs } = positionOf(index, at);
  return monoUs(index, client, atUs) - monoUs(index, client, fromUs) < waitMs * 1_000;
}

function verdictOf(index: HistoryIndex, unfair: readonly Overtaking[]): PropertyVerdict {
  const { turn, passed } = unfair.reduce((a, b) => (b.turn.at < a.turn.at ? b : a));
  const { grant, place, at } = turn;
  const witness = [passed.at, at, ...(place === undefined ? [] : [place.at])];
  return {
    property: 'fairness',
    verdict: 'invalid',
    cause: place === undefined ? 'not-queued' : 'overtaken',
    witness: witness.sort((a, b) => a - b),
    offender: { host: grant.client, operation: grant.operation },
    victim: { host: passed.grant!.client, operation: passed.grant!.operation },
    details: {
      key: passed.record.key,
      server: passed.record.server,
      violations: unfair.length,
      queuedAtUs: passed.record.atUs,
      grantedAtUs: positionOf(index, at).atUs,
      ...(place !== undefined && { ownPlaceAtUs: place.record.atUs }),
    },
  };
}
