/**
 * The order of grants: by the position at which the quorum-th lease of a grant was applied
 * (docs/semantics.md, R12). This is the order in which the service granted the lock, whatever the
 * order in which the replies arrived.
 */
import type { HostId } from '../fault.js';
import { isBefore } from './promised-end.js';
import { type Grant, type HistoryIndex, NONE } from './sections.js';
import { sortFew } from './sorted.js';

/**
 * Index of the lease record that completed the grant's quorum. Only leases that the client had been
 * told of when its acquire returned count, each from its first application: a renewal does not make
 * a grant younger. A grant taken without a quorum counts from the last lease it did have, one
 * without any lease from the end of its acquire. So do all of a run in which leases are unseen: a
 * lease that is seen beside may be none (docs/decisions/0022).
 */
export function grantedAt(index: HistoryIndex, grant: Grant): number {
  const { completed } = grant.acquire;
  if (index.history.unseen !== undefined) return completed;
  const servers: HostId[] = [];
  const standingSince: number[] = [];
  const counted: number[] = [];
  for (const { record, applied, acked, ended, end } of grant.leases) {
    // What an earlier try of the acquire had got and given back is no part of the grant.
    if (end?.cause === 'released' && isBefore(ended, completed)) continue;
    let at = servers.indexOf(record.server);
    if (at < 0) at = servers.push(record.server) - 1;
    const since = record.extends ? (standingSince[at] ?? applied) : applied;
    standingSince[at] = since;
    if (isBefore(acked, completed)) counted[at] = since;
    else counted[at] ??= NONE;
  }
  const order: number[] = [];
  for (const since of counted) if (since !== NONE) order.push(since);
  sortFew(order, (a, b) => a - b);
  return order[index.quorum - 1] ?? order.at(-1) ?? completed;
}
