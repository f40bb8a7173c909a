/**
 * The leases of a grant, gathered into attempts: what one try of an acquire or renewal got from
 * several servers is one row of a story, and so is their common end.
 */
import { type Grant, type Lease, NONE } from '../checkers/sections.js';
import type { LeaseEndRecord } from '../history.js';
import type { Told } from './narrative/tale.js';
import { requestOf } from './places.js';

/** The leases that one try made, in the order applied. */
export interface Attempt {
  readonly grant: Grant;
  readonly leases: readonly Lease[];
  /**
   * What it was: a first lease, a TTL given to it within the acquire, a renewal of the grant, or a
   * lease that a server has again because it took over from a replica or came back from its disk.
   */
  readonly kind: 'first' | 'ttl' | 'renewal' | 'back';
  /** Whether its request was under way for so long that it is a row of its own. */
  readonly slow: boolean;
  /** When its first request left, and was applied. */
  readonly sentAtUs: number;
  readonly appliedAtUs: number;
}

/** Leases of one attempt that ended together, in the same way. */
export interface CommonEnd {
  readonly attempt: Attempt;
  readonly leases: readonly Lease[];
  readonly end: LeaseEndRecord;
  /** Index of the first of their ends. */
  readonly first: number;
}

/** Ends of one cause and author, and requests of one try, lie within so long of each other. */
const TOGETHER_US = 100_000;
/** A request under way for longer than this is worth a row of its own. */
const SLOW_US = 20_000;

/** The attempts of a grant up to a record, in the order in which they were applied. */
export function attemptsOf(trace: Told, grant: Grant, last: number): Attempt[] {
  const groups: Lease[][] = [];
  for (const lease of grant.leases) {
    if (lease.applied > last) break;
    const group = groups.findLast((known) => belongs(trace, lease, known));
    if (group === undefined) groups.push([lease]);
    else group.push(lease);
  }
  return groups.map((leases) => {
    const [first] = leases as [Lease];
    const kind = kindOf(grant, first);
    return {
      grant,
      leases,
      kind,
      slow: kind !== 'back' && isSlow(trace, first),
      sentAtUs: Math.min(...leases.map(({ record }) => record.sentAtUs)),
      appliedAtUs: first.record.atUs,
    };
  });
}

function kindOf(grant: Grant, lease: Lease): Attempt['kind'] {
  const { record } = lease;
  const isBack = (other: Lease) => isSame(other, lease) && isOverBefore(other, lease);
  if (record.extends && grant.leases.some(isBack)) return 'back';
  const { completion } = grant.acquire;
  const before = grant.leases.findLast(({ applied }) => applied < lease.applied);
  // A call that was cut short made its lease all the same: there was nothing to renew.
  const isFirst = !record.extends && before === undefined && completion?.type !== 'ok';
  if (completion !== undefined && record.sentAtUs >= completion.atUs && !isFirst) return 'renewal';
  if (!record.extends) return 'first';
  return before === undefined || before.record.termUs === 'none' ? 'ttl' : 'renewal';
}

/** Whether two records are of one request: a server that has a lease again records it anew. */
function isSame(earlier: Lease, later: Lease): boolean {
  const { server, key, sentAtUs } = later.record;
  const { record, applied } = earlier;
  const alike = record.server === server && record.key === key && record.sentAtUs === sentAtUs;
  return alike && applied < later.applied;
}

/** Whether a lease had ended when another one was made: a request may write its own one twice. */
function isOverBefore({ ended }: Lease, { applied }: Lease): boolean {
  return ended !== NONE && ended < applied;
}

/** Whether a lease was there again at the very instant it was lost: then nothing happened to it. */
export function isKept({ grant, leases }: Attempt): boolean {
  return leases.every((lease) =>
    grant.leases.some((other) => isSame(other, lease) && other.end?.atUs === lease.record.atUs),
  );
}

function isSlow(trace: Told, { record }: Lease): boolean {
  const isLate = record.atUs - record.sentAtUs > SLOW_US;
  return isLate && record.atUs - (requestOf(trace, record) ?? record).sentAtUs > SLOW_US;
}

/**
 * Whether a lease is of the same try as others: sent at about the same time to another server, or
 * of another key of the same request, and before any of them was given up.
 */
function belongs(trace: Told, lease: Lease, group: readonly Lease[]): boolean {
  const { record } = lease;
  return group.every((other) => {
    const near = Math.abs(record.sentAtUs - other.record.sentAtUs) <= TOGETHER_US;
    const over = other.end !== undefined && other.end.atUs <= record.sentAtUs;
    const alike =
      other.record.extends === record.extends && isSlow(trace, other) === isSlow(trace, lease);
    const sameRequest =
      other.record.sentAtUs === record.sentAtUs && other.record.key !== record.key;
    return near && !over && alike && (other.record.server !== record.server || sameRequest);
  });
}

/** How the leases of an attempt ended, up to a record: alike ones together. */
export function endsOf(attempt: Attempt, last: number): CommonEnd[] {
  const again = (lease: Lease) =>
    attempt.grant.leases.some(
      (other) => isSame(lease, other) && other.record.atUs === lease.end?.atUs,
    );
  const ended = attempt.leases.filter(
    (lease) => lease.ended !== NONE && lease.ended <= last && !again(lease),
  );
  ended.sort((a, b) => a.ended - b.ended);
  const ends: { attempt: Attempt; leases: Lease[]; end: LeaseEndRecord; first: number }[] = [];
  for (const lease of ended) {
    const end = lease.end!;
    const known = ends.find((one) => alike(one.end, end));
    if (known === undefined) ends.push({ attempt, leases: [lease], end, first: lease.ended });
    else known.leases.push(lease);
  }
  return ends;
}

function alike(a: LeaseEndRecord, b: LeaseEndRecord): boolean {
  const near = b.atUs - a.atUs <= TOGETHER_US;
  return near && a.cause === b.cause && a.by?.operation === b.by?.operation;
}

/** Whether a try came to nothing: its own client took back all it had got before it was granted. */
export function isTakenBack({ grant, leases }: Attempt): boolean {
  const { completion, completed } = grant.acquire;
  return leases.every(({ end, ended }) => {
    if (end?.by?.operation !== grant.operation || end.by.host !== grant.client) return false;
    return completion?.type !== 'ok' || ended < completed;
  });
}
