/**
 * When a grant has its turn in a queue. Apart from who held a lock (holds.ts), so that the page
 * loads it only for a run in which somebody queued.
 */
import { excludes, queuesOf } from '../checkers/queues.js';
import type { Grant, HistoryIndex } from '../checkers/sections.js';
import type { HostId } from '../fault.js';

/** Since which record a lease of a grant counts, if it was applied with a certain one. */
export type TurnOf = (grant: Grant, server: HostId, applied: number) => number;

/**
 * Where holders keep their places: since fewer stand before the grant's own than there are permits,
 * or since the lease, if that came later. Where a place ends with the grant, the lease itself is
 * the turn.
 */
export function turnsOf(index: HistoryIndex): TurnOf {
  const queues = queuesOf(index);
  const { permits = 1 } = index.history.world.declares;
  return (grant, server, applied) => {
    const queue = queues.find((one) => one.server === server && one.byGrant.has(grant));
    const place = queue?.byGrant.get(grant);
    if (queue === undefined || place === undefined || place.cause === 'granted') return applied;
    const ends = queue.places
      .filter((one) => one.at < place.at && one.until > applied)
      .filter((one) => one.grant !== grant && excludes(one, grant))
      .map(({ until }) => until)
      .sort((a, b) => b - a);
    return Math.max(applied, ends[permits - 1] ?? applied);
  };
}
