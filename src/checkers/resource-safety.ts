/**
 * Resource safety: the resource never accepts an access of an earlier holder after one of a later
 * holder (docs/semantics.md, R12). Judged at the resource, so writes that were in flight count
 * when they arrive; an overlap of sections that leaves no trace there is the business of mutual
 * exclusion.
 */
import type { AccessRecord } from '../history.js';
import type { Details, PropertyVerdict } from '../verdict.js';
import { ById } from './by-id.js';
import { type Checker, notApplicable, valid } from './checker.js';
import { grantedAt } from './grant-order.js';
import type { Grant, HistoryIndex } from './sections.js';

/** A holder's place in the order of holders: by fencing token, then by when it was granted. */
interface Rank {
  readonly grant: Grant;
  readonly fencingToken: number;
  readonly grantedAt: number;
}

function isSamePlace(a: AccessRecord, b: AccessRecord): boolean {
  return a.key === b.key && a.resource === b.resource;
}

function placeIn(latest: Map<string, Latest>, access: AccessRecord): Latest {
  const place = placeOf(access);
  let here = latest.get(place);
  if (here === undefined) latest.set(place, (here = { exclusive: undefined, shared: undefined }));
  return here;
}

/** Equal tokens leave the order to the leases. */
function isEarlier(a: Rank, b: Rank): boolean {
  return (a.fencingToken - b.fencingToken || a.grantedAt - b.grantedAt) < 0;
}

/** Ranks the holders that reached the resource. Tokens order them only if each of them has one. */
function rankHolders(index: HistoryIndex): ById<Rank> {
  const tokenOf = ({ acquire }: Grant) => acquire.completion?.fencingToken;
  const allFenced = index.accesses.every((at) => tokenOf(grantOf(index, at)) !== undefined);
  const ranks = new ById<Rank>();
  for (const at of index.accesses) {
    const grant = grantOf(index, at);
    if (ranks.get(grant.id) !== undefined) continue;
    const fencingToken = allFenced ? tokenOf(grant)! : 0;
    ranks.set(grant.id, { grant, fencingToken, grantedAt: grantedAt(index, grant) });
  }
  return ranks;
}

/** An accepted access, and the holder it is of. */
interface Seen {
  readonly rank: Rank;
  readonly at: number;
}

/** The latest holders of each mode that were seen at one place. */
interface Latest {
  exclusive: Seen | undefined;
  shared: Seen | undefined;
}

/** The latest holder seen whose mode excludes this one. Readers have no order among themselves. */
function latestAgainst({ exclusive, shared }: Latest, { grant }: Rank): Seen | undefined {
  if (grant.mode === 'shared' || shared === undefined) return exclusive;
  return exclusive === undefined || isEarlier(exclusive.rank, shared.rank) ? shared : exclusive;
}

/**
 * One pass over the accesses, remembering for each resource and key the latest holders so far.
 * Reads count like writes: a stale read is what a careful holder decides on. The witness is the
 * last accepted access of the latest holder, and the first one that should have been refused after
 * it. Holders of several permits have no order (R18).
 */
export const resourceSafety: Checker = {
  property: 'resource-safety',
  check(index: HistoryIndex): PropertyVerdict {
    if (index.accesses.length === 0) {
      const reason = 'nobody reached the resource';
      return notApplicable('resource-safety', reason);
    }
    const { permits = 1 } = index.history.world.declares;
    if (permits > 1) {
      return notApplicable('resource-safety', 'holders of several permits have no order');
    }
    const ranks = rankHolders(index);
    const latest = new Map<string, Latest>();
    let first: { later: Rank; laterAt: number; earlier: Rank; at: number } | undefined;
    let violations = 0;
    let here: Latest | undefined;
    let previous: AccessRecord | undefined;
    for (const at of index.accesses) {
      const access = accessAt(index, at);
      if (!access.accepted) continue;
      const rank = ranks.get(access.grant)!;
      // Mostly there is one place, and it need not be looked for again.
      if (here === undefined || !isSamePlace(access, previous!)) here = placeIn(latest, access);
      previous = access;
      const before = latestAgainst(here, rank);
      if (before !== undefined && isEarlier(rank, before.rank)) {
        violations++;
        first ??= { later: before.rank, laterAt: before.at, earlier: rank, at };
      } else if (rank.grant.mode === 'exclusive') here.exclusive = { rank, at };
      else if (here.shared === undefined || !isEarlier(rank, here.shared.rank)) {
        here.shared = { rank, at };
      }
    }
    if (first === undefined) return valid('resource-safety');
    const { access } = accessAt(index, first.at);
    return {
      property: 'resource-safety',
      verdict: 'invalid',
      cause: access === 'write' ? 'late-write' : 'late-read',
      witness: [first.laterAt, first.at],
      offender: { host: first.earlier.grant.client, operation: first.earlier.grant.operation },
      victim: { host: first.later.grant.client, operation: first.later.grant.operation },
      details: { violations, ...countUpdates(index, placeOf(accessAt(index, first.at))) },
    };
  },
};

/**
 * Plays the accepted accesses of one place against a counter that every holder reads, and writes
 * back one higher: the updates that are missing at the end are lost. `completedSections` counts the
 * holders that wrote there and left with their work done.
 */
function countUpdates(index: HistoryIndex, place: string): Details {
  let finalCounter = 0;
  let acceptedWrites = 0;
  let completedSections = 0;
  const seen = new Map<Grant, number>();
  const wrote = new Set<Grant>();
  for (const at of index.accesses) {
    const access = accessAt(index, at);
    if (!access.accepted || placeOf(access) !== place) continue;
    const grant = grantOf(index, at);
    if (access.access === 'write') {
      finalCounter = (seen.get(grant) ?? finalCounter) + 1;
      acceptedWrites++;
      if (!wrote.has(grant) && grant.acts.includes(grant.exit)) completedSections++;
      wrote.add(grant);
    }
    seen.set(grant, finalCounter);
  }
  const lostUpdates = acceptedWrites - finalCounter;
  return { acceptedWrites, completedSections, finalCounter, lostUpdates };
}

function accessAt(index: HistoryIndex, at: number): AccessRecord {
  return index.records[at] as AccessRecord;
}

function grantOf(index: HistoryIndex, at: number): Grant {
  return index.grantById.get(accessAt(index, at).grant)!;
}

function placeOf({ resource, key }: AccessRecord): string {
  return `${resource} ${key}`;
}
