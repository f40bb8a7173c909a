/**
 * Grants that rest on a request whose reply never came: the server made the lease, and perhaps a
 * later read says so, but a term counts from a request that was answered (docs/semantics.md, R1).
 */
import { isBefore } from '../../checkers/promised-end.js';
import type { Grant, HistoryIndex, Lease } from '../../checkers/sections.js';
import { instant, list } from '../words.js';

/**
 * The leases that a grant had at a position without having been told, one for each server that no
 * answered request speaks for; none if even with them they would not be enough.
 */
export function unansweredLeases(index: HistoryIndex, grant: Grant, before: number): Lease[] {
  const answered = new Set<string>();
  const silent = new Map<string, Lease>();
  for (const lease of grant.leases) {
    const { server } = lease.record;
    if (!isBefore(lease.applied, before)) continue;
    if (isBefore(lease.acked, before)) answered.add(server);
    if (isBefore(lease.ended, before)) silent.delete(server);
    else silent.set(server, lease);
  }
  for (const server of answered) silent.delete(server);
  return answered.size + silent.size < index.quorum ? [] : [...silent.values()];
}

/** When each was asked for and made, and that the reply is missing: sentences. */
export function tellUnanswered(leases: readonly Lease[], name: string): string[] {
  const made = leases.map(({ record }) => {
    const { server, sentAtUs, atUs } = record;
    return `on ${server}, asked for at ${instant(sentAtUs)} and made at ${instant(atUs)}`;
  });
  const replies = leases.length === 1 ? 'the reply to that request' : 'the replies to them';
  return [
    `${name} did have a lease ${list(made)}, but ${replies} had not arrived.`,
    'A term counts from a request that was answered: a read tells whose the key is, not for how ' +
      'long.',
  ];
}

export const HELP_FOR_UNANSWERED =
  'What helps: after a lost reply renew the lease, or set its TTL again, by a request whose ' +
  'reply arrives, and count from the send of that one.';
