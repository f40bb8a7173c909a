/**
 * A leader that was cut off from the other members, and what it goes on doing (etcd 3.4.23, raft
 * with `CheckQuorum`). It answers reads that may be old, from what it had; keeps leases alive for
 * which its word counts no more; and takes writes that it cannot commit. After a `partition` it
 * steps down as soon as it notices that it reaches nobody, within two election time-outs, and then
 * has no leader to turn to. After a `stall`, a disk that hangs, it notices nothing: it keeps leases
 * alive for as long as it hangs, and when it comes back it has the new leader revoke those that it
 * saw expire (etcd-io/etcd#15247; mended in 3.4.31).
 */
import type { Lessor } from './lessor.js';
import type { Isolation } from './port.js';
import type { View } from './range.js';
import type { ReadBatches } from './waiting.js';

export interface IsolatedLeader {
  readonly how: Isolation;
  /** What it knows of the keys. */
  readonly view: View;
  readonly lessor: Lessor;
  readonly reads: ReadBatches;
  /** When it notices; ∞: it never does. */
  readonly stepsDownAtUs: number;
  /** When the others elected another one; ∞: they have not. */
  replacedAtUs: number;
  /** Whether it takes itself for the leader. */
  believes: boolean;
}

/**
 * Whether a stalled leader asked for a lease to be revoked after the others had elected another
 * one. It asks in the first check after the lease expired, and again in the first one after a
 * while; what it asked for before the election is lost.
 *
 * @param nextCheckUs the first check at or after an instant
 */
export function asksForRevocation(
  expiresAtUs: number,
  againAfterUs: number,
  replacedAtUs: number,
  nowUs: number,
  nextCheckUs: (atUs: number) => number,
): boolean {
  let askedAtUs = nextCheckUs(expiresAtUs);
  while (askedAtUs <= replacedAtUs) askedAtUs = nextCheckUs(askedAtUs + againAfterUs);
  return askedAtUs <= nowUs;
}
