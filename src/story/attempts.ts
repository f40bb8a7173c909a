/**
 * The leases of a grant, gathered into attempts: what one try of an acquire or renewal got from
 * several servers is one row of a story, and so is their common end.
 */
import { type Grant, type Lease, NONE } from '../checkers/sections.js';
import type { LeaseEndRecord } from '../history.js';

/** The leases that one try made, in the order applied. */
export interface Attempt {
  readonly grant: Grant;
  readonly leases: readonly Lease[];
  /** Whether it extended or repeated an earlier lease of the grant at these servers. */
  readonly renewal: boolean;
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

/** Ends of one cause and author within so long of each other are told as one. */
const TOGETHER_US = 100_000;

/** The attempts of a grant up to a record: a new one begins when a server is asked again. */
export function attemptsOf(grant: Grant, last: number): Attempt[] {
  const groups: Lease[][] = [];
  const asked = new Set<string>();
  let group: Lease[] = [];
  for (const lease of grant.leases) {
    if (lease.applied > last) break;
    const again = group.some(({ record, ended }) => {
      const over = ended !== NONE && ended < lease.applied;
      return over || record.server === lease.record.server;
    });
    if (group.length === 0 || again || group[0]!.record.extends !== lease.record.extends) {
      group = [];
      groups.push(group);
    }
    group.push(lease);
  }
  return groups.map((leases) => {
    const renewal = leases.some(({ record }) => record.extends || asked.has(record.server));
    const granted = grant.acquire.completed;
    const later = granted !== NONE && leases[0]!.applied > granted;
    for (const { record } of leases) asked.add(record.server);
    const sentAtUs = Math.min(...leases.map(({ record }) => record.sentAtUs));
    const appliedAtUs = leases[0]!.record.atUs;
    return { grant, leases, renewal: renewal && later, sentAtUs, appliedAtUs };
  });
}

/** How the leases of an attempt ended, up to a record: alike ones together. */
export function endsOf(attempt: Attempt, last: number): CommonEnd[] {
  const ended = attempt.leases.filter((lease) => lease.ended !== NONE && lease.ended <= last);
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
