/** What a holder could know of the end of its grant (docs/semantics.md, R3). */
import type { LossDeliveredRecord } from '../history.js';
import { monoUs } from './clocks.js';
import { isBefore, promisedEnd } from './promised-end.js';
import type { Grant, HistoryIndex, Position } from './sections.js';

/** How a holder could have known that its grant was over (R3). */
export type Knowledge = 'told' | 'release-sent' | 'loss-delivered' | 'no-quorum' | 'clock';

/**
 * `knew(g, w)`: by what the holder knew, or could have read off its monotonic clock, that its grant
 * was over; `undefined` if it could not know. The position is where the call was entered.
 */
export function knew(index: HistoryIndex, grant: Grant, position: Position): Knowledge | undefined {
  if (isBefore(grant.told, position.before)) return 'told';
  if (isBefore(grant.releaseSent, position.before)) return 'release-sent';
  if (lossDelivered(index, grant, position.before)) return 'loss-delivered';
  const { lease, allowanceUs } = promisedEnd(index, grant, position);
  if (lease === undefined) return 'no-quorum';
  const { termUs, sentAtUs } = lease.record;
  if (typeof termUs !== 'number') return undefined;
  const elapsedUs =
    monoUs(index, grant.client, position.atUs) - monoUs(index, grant.client, sentAtUs);
  return elapsedUs >= termUs - allowanceUs ? 'clock' : undefined;
}

/**
 * Whether so many servers said "not yours" that a quorum can no longer be there. The last word of
 * each server counts: a lease acknowledged after it takes it back.
 */
export function lossDelivered(index: HistoryIndex, grant: Grant, before: number): boolean {
  const lost = new Set<string>();
  for (const at of grant.losses) {
    if (at >= before) break;
    const { server } = index.records[at] as LossDeliveredRecord;
    if (!ackedSince(grant, server, at, before)) lost.add(server);
  }
  return lost.size > index.history.world.servers.length - index.quorum;
}

function ackedSince(grant: Grant, server: string, since: number, before: number): boolean {
  return grant.leases.some(
    (lease) => lease.record.server === server && lease.acked > since && lease.acked < before,
  );
}
