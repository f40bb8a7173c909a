/**
 * Until when a grant was promised, and whether its holder could have known that it was over:
 * docs/semantics.md, R1 (`E(g, p)`, `inTerm`) and R3 (`knew`). Judged from what the servers
 * accepted and what was delivered, never from what the lock's code believes.
 */
import { type Grant, type HistoryIndex, type Lease, NONE, type Position } from './sections.js';
import { countLeading, sortFew } from './sorted.js';

/** `E(g, p)`, and how it came about. */
export interface PromisedEnd {
  /** World time; `-Infinity` without a quorum of leases, `Infinity` for a lease without an end. */
  readonly endUs: number;
  /** The lease that decides: the q-th to end. Absent without a quorum. */
  readonly lease: Lease | undefined;
  /** The declared drift allowance, already taken off. Only a lease with a term has one. */
  readonly allowanceUs: number;
}

const NO_QUORUM: PromisedEnd = { endUs: -Infinity, lease: undefined, allowanceUs: 0 };

/**
 * `E(g, p)`: for each server the lease applied last among those acknowledged before the position,
 * and not given back by the acquire itself; of their ends the q-th largest, less the drift
 * allowance. Of equal ends the one applied first counts as the larger. The allowance is that of the
 * deciding lease's term, rounded to 1 µs.
 */
export function promisedEnd(index: HistoryIndex, grant: Grant, position: Position): PromisedEnd {
  const newest = newestAcked(index, grant, position.before);
  if (newest.length < index.quorum) return NO_QUORUM;
  // The difference of two endless leases is NaN, which is no difference.
  sortFew(
    newest,
    (a, b) =>
      leaseEndUs(b, position.before) - leaseEndUs(a, position.before) || a.applied - b.applied,
  );
  const lease = newest[index.quorum - 1]!;
  const allowanceUs = allowanceOf(index, lease);
  return { endUs: leaseEndUs(lease, position.before) - allowanceUs, lease, allowanceUs };
}

/** Each server's lease of the grant that was applied last among those acknowledged by then. */
function newestAcked(index: HistoryIndex, grant: Grant, before: number): Lease[] {
  const newest: Lease[] = [];
  const servers = index.history.world.servers.length;
  const made = countLeading(grant.leases, ({ applied }) => isBefore(applied, before));
  for (let i = made - 1; i >= 0 && newest.length < servers; i--) {
    const lease = grant.leases[i]!;
    if (!isBefore(lease.acked, before) || hasGivenBack(grant, lease)) continue;
    if (!newest.some((other) => other.record.server === lease.record.server)) newest.push(lease);
  }
  return newest;
}

/** Whether the acquire itself ended the lease: a try without a majority, before the next one. */
function hasGivenBack({ operation, acquire }: Grant, { end, ended }: Lease): boolean {
  if (end?.by?.operation !== operation || !isBefore(ended, acquire.completed)) return false;
  return end.cause === 'deleted' || end.cause === 'released';
}

/** When a lease was promised to end, not counting any allowance (R1). */
export function leaseEndUs(lease: Lease, before: number): number {
  const { termUs, sentAtUs } = lease.record;
  if (termUs === 'none') return Infinity;
  if (termUs !== 'session') return sentAtUs + termUs;
  const ended = lease.end?.cause === 'session' && isBefore(lease.ended, before);
  return ended ? lease.end!.atUs : Infinity;
}

/** The drift allowance that the lock declares for a lease: a share of its term, and a constant. */
export function allowanceOf(index: HistoryIndex, lease: Lease): number {
  const declared = index.history.world.declares.driftAllowance;
  const { termUs } = lease.record;
  if (declared === undefined || typeof termUs !== 'number') return 0;
  return Math.round(declared.ratio * termUs + declared.constantMs * 1000);
}

/** Whether a record exists and lies before a position. */
export function isBefore(record: number, before: number): boolean {
  return record !== NONE && record < before;
}

/** Whether the grant was still promised: before its end, not released and not told (R1). */
export function inTerm(index: HistoryIndex, grant: Grant, position: Position): boolean {
  return (
    !isBefore(grant.releaseSent, position.before) &&
    !isBefore(grant.told, position.before) &&
    position.atUs < promisedEnd(index, grant, position).endUs
  );
}
