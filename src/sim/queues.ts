/**
 * Writes down who stands in the queue of a lock, for as long as a place lasts at its server
 * (docs/semantics.md, R20). What is a place is the business of that service's host; it is asked
 * for only of locks that declare an order of grants.
 */
import type { HostId, OperationId } from '../fault.js';
import type { Actor, DequeuedRecord, Mode } from '../history.js';
import type { ClientPlan } from '../scenario.js';
import type { World } from './world.js';

interface Place {
  readonly queue: string;
  readonly who: Actor;
}

export class QueueObserver {
  /** By server and name. */
  private readonly places = new Map<string, Place>();
  private readonly shared = new Set<OperationId>();

  constructor(
    private readonly world: World,
    clients: readonly ClientPlan[],
  ) {
    for (const { operations } of clients) {
      for (const { id, mode } of operations) if (mode === 'shared') this.shared.add(id);
    }
  }

  /** A request made a place in a queue; both have names at the server. */
  joined(server: HostId, queue: string, place: string, who: Actor): void {
    const name = `${server} ${place}`;
    if (this.places.has(name)) return;
    this.places.set(name, { queue, who });
    const { host, incarnation, operation } = who;
    const mode: Mode = this.shared.has(operation) ? 'shared' : 'exclusive';
    const { nowUs: atUs } = this.world;
    const key = queue;
    this.world.record({
      type: 'enqueued',
      atUs,
      key,
      server,
      host,
      incarnation,
      operation,
      mode,
    });
  }

  /** A client's request took a place out: its own, or another one's. */
  takenOut(server: HostId, place: string, by: Actor): void {
    const who = this.places.get(`${server} ${place}`)?.who;
    const isOwn = who?.host === by.host && who.incarnation === by.incarnation;
    this.ended(server, place, isOwn ? 'left' : 'removed');
  }

  /** The server ended a place, if there is one of that name. */
  ended(server: HostId, place: string, cause: DequeuedRecord['cause']): void {
    const name = `${server} ${place}`;
    const known = this.places.get(name);
    if (known === undefined) return;
    this.places.delete(name);
    const { host, incarnation, operation } = known.who;
    const { nowUs: atUs } = this.world;
    const key = known.queue;
    this.world.record({
      type: 'dequeued',
      atUs,
      key,
      server,
      host,
      incarnation,
      operation,
      cause,
    });
  }
}
