/**
 * The order of grants: by the position at which the quorum-th lease of a grant was applied
 * (docs/semantics.md, R12). This is the order in which the service granted the lock, whatever the
 * order in which the replies arrived.
 */
import type { HostId } from '../fault.js';
import { isBefore } from './promised-end.js';
import type { Grant, HistoryIndex } from './sections.js';

/**
 * Index of the lease record that completed the grant's quorum. Only leases that the client had been
 * told of when its acquire returned count, each from its first application: a renewal does not make
 * a grant younger. A grant taken without a quorum counts from the last lease it did have, one
 * without any lease from the end of its acquire.
 */
export function grantedAt(index: HistoryIndex, grant: Grant): number {
  const { completed } = grant.acquire;
  const standingSince = new Map<HostId, number>();
  const counted = new Map<HostId, number>();
  for (const { record, applied, acked } of grant.leases) {
    const { server } = record;
    const since = record.extends ? (standingSince.get(server) ?? applied) : applied;
    standingSince.set(server, since);
    if (isBefore(acked, completed)) counted.set(server, since);
  }
  const order = [...counted.values()].sort((a, b) => a - b);
  return order[index.quorum - 1] ?? order.at(-1) ?? completed;
}
