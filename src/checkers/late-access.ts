/**
 * The order in which holders reach the resource: the first access of an earlier holder that was
 * accepted after one of a later holder (docs/semantics.md, R12).
 */
import type { AccessRecord } from '../history.js';
import { ById } from './by-id.js';
import { grantedAt } from './grant-order.js';
import type { Grant, HistoryIndex } from './sections.js';

/** A holder's place in the order of holders: by fencing token, then by when it was granted. */
interface Rank {
  readonly grant: Grant;
  readonly fencingToken: number;
  readonly grantedAt: number;
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

function isSamePlace(a: AccessRecord, b: AccessRecord): boolean {
  return a.key === b.key && a.resource === b.resource;
}

function placeIn(latest: Map<string, Latest>, access: AccessRecord): Latest {
  const place = placeOf(access);
  let here = latest.get(place);
  if (here === undefined) latest.set(place, (here = { exclusive: undefined, shared: undefined }));
  return here;
}

/** The first access of an earlier holder that was accepted after one of a later holder. */
export interface LateAccess {
  readonly earlier: Grant;
  readonly later: Grant;
  /** Indices of the last access of the later holder before it, and of itself. */
  readonly laterAt: number;
  readonly at: number;
  /** How many there are in all. */
  readonly violations: number;
}

/**
 * One pass over the accesses, remembering for each resource and key the latest holders so far.
 * Reads count like writes: a stale read is what a careful holder decides on.
 */
export function findLateAccess(index: HistoryIndex): LateAccess | undefined {
  const ranks = rankHolders(index);
  const latest = new Map<string, Latest>();
  let first: { later: Rank; laterAt: number; earlier: Rank; at: number } | undefined;
  let violations = 0;
  let here: Latest | undefined;
  let previous: AccessRecord | undefined;
  for (const at of index.accesses) {
    const access = accessAt(index, at);
    if (!access.accepted) continue;
    const rank = ranks.get(grantOf(index, at).id)!;
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
  if (first === undefined) return undefined;
  const { laterAt, at } = first;
  return { earlier: first.earlier.grant, later: first.later.grant, laterAt, at, violations };
}

export function accessAt(index: HistoryIndex, at: number): AccessRecord {
  return index.records[at] as AccessRecord;
}

export function grantOf(index: HistoryIndex, at: number): Grant {
  return index.grantById.get(accessAt(index, at).grant)!;
}

export function placeOf({ resource, key }: AccessRecord): string {
  return `${resource} ${key}`;
}
