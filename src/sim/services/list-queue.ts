/**
 * Queues that are lists of owner ids at a Redis server, as Redisson's fair lock keeps them
 * (docs/semantics.md, R20). A place is taken when a request has pushed the id, and ends when a
 * request is over that took it out: granted if it also entered the lock for its owner, given up if
 * it was its owner's, else timed out, since that is what others take places out for.
 */
import type { Request } from '../connection.js';
import type { LeaseObserver, ServerLeases } from '../leases.js';
import type { QueueObserver } from '../queues.js';
import type { KeyChange, KeyState } from '../servers/redis/port.js';

interface Touched {
  readonly items: readonly string[];
  readonly out: Set<string>;
}

export class ListQueue {
  /** Lists that the request in hand has written or deleted, and who was taken out meanwhile. */
  private readonly touched = new Map<string, Touched>();
  /** Who stands in each list. */
  private readonly standing = new Map<string, Set<string>>();

  constructor(
    private readonly queues: QueueObserver,
    private readonly leases: LeaseObserver,
    private readonly here: ServerLeases,
  ) {}

  /** A list changed by the request in hand, or without one. */
  changed(key: string, after: KeyState | undefined, change: KeyChange): void {
    const standing = this.standingIn(key);
    const items = after?.items ?? [];
    if (change === 'command') {
      const out = this.touched.get(key)?.out ?? new Set();
      for (const ownerId of standing) if (!items.includes(ownerId)) out.add(ownerId);
      this.touched.set(key, { items, out });
      return;
    }
    // What a failover brings back has the order that it had then.
    for (const ownerId of standing) {
      standing.delete(ownerId);
      this.queues.ended(this.here.server, placeOf(key, ownerId), 'removed');
    }
    for (const ownerId of items) this.join(key, ownerId, standing);
  }

  /** The request is over. `granted`: whether it has given the lock to an owner id. */
  settle(request: Request, granted: (ownerId: string) => boolean): void {
    if (this.touched.size === 0) return;
    const { server } = this.here;
    const words = this.here.wordsOf(request);
    for (const [key, { items, out }] of this.touched) {
      const standing = this.standingIn(key);
      let turn: string | undefined;
      for (const ownerId of out) {
        standing.delete(ownerId);
        if (granted(ownerId)) {
          turn = ownerId;
          continue;
        }
        // Who is taken out and comes in again, at the end, was late.
        const left = words.includes(ownerId) && !items.includes(ownerId);
        this.queues.ended(server, placeOf(key, ownerId), left ? 'left' : 'expired');
      }
      // Whoever had to go so that this one could enter has gone before.
      if (turn !== undefined) this.queues.ended(server, placeOf(key, turn), 'granted');
      for (const ownerId of items) this.join(key, ownerId, standing);
    }
    this.touched.clear();
  }

  private join(key: string, ownerId: string, standing: Set<string>): void {
    const actor = standing.has(ownerId) ? undefined : this.leases.issuedToOf(ownerId);
    if (actor === undefined) return;
    standing.add(ownerId);
    this.queues.joined(this.here.server, key, placeOf(key, ownerId), actor);
  }

  private standingIn(key: string): Set<string> {
    let standing = this.standing.get(key);
    if (standing === undefined) {
      standing = new Set();
      this.standing.set(key, standing);
    }
    return standing;
  }
}

function placeOf(key: string, ownerId: string): string {
  return `${key} ${ownerId}`;
}
