/**
 * Watches the servers' keys and writes down leases: who got one, for how long, who ended it. Ground
 * truth for the checkers; the code under test never sees it (docs/semantics.md, R0, R1).
 *
 * A key is a lease if its name contains the lock's key and it holds a string or a hash; one that is
 * counted up (a fencing counter) is none. Whose it is follows from the owner id in its value, where
 * the lock asked the environment for one, else from the operation whose request wrote it.
 */
import type { HostId, OperationId } from '../fault.js';
import type { Actor, LeaseId, LeaseRecord } from '../history.js';
import type { Process } from './client.js';
import type { Request } from './connection.js';
import type { Owners } from './environment.js';
import type { KeyChange, KeyState } from './servers/redis/port.js';
import type { World } from './world.js';

/** The leases at one server. A key whose lease has ended keeps its place: it comes back mostly. */
export interface ServerLeases {
  readonly server: HostId;
  readonly byKey: Map<string, LiveLease | undefined>;
}

interface LiveLease {
  readonly record: LeaseRecord;
  readonly value: string | undefined;
  /** Whose grant it serves. */
  readonly actor: Actor;
}

/** What one request did to leases, gathered while its server applies it. */
export class RequestEffect {
  leases: LeaseId[] | undefined;
  ended = false;
  extended = false;

  /** Another request begins. */
  clear(): void {
    this.leases = undefined;
    this.ended = false;
    this.extended = false;
  }
}

function sameActor(a: Actor, b: Actor): boolean {
  return a.host === b.host && a.incarnation === b.incarnation && a.operation === b.operation;
}

export class LeaseObserver implements Owners {
  /** Who asked the environment for an id: nobody else can have come upon it. */
  private readonly issuedTo = new Map<string, Actor>();
  /** Who wrote a value that the lock made itself. */
  private readonly writtenBy = new Map<string, Actor>();
  /** Values that several clients write, such as `locked`: they tell of nobody. */
  private readonly shared = new Set<string>();
  /** Operations whose acquire returned a grant, with its owner id if it has one. */
  readonly granted = new Map<OperationId, string | undefined>();
  private readonly servers: ServerLeases[] = [];
  /** Keys that were counted up or down: not leases, whatever is done to them. */
  private readonly counters = new Set<string>();
  private nextLease: LeaseId = 1;

  constructor(
    private readonly world: World,
    private readonly lockKey: string,
  ) {}

  issued(ownerId: string, process: Process): void {
    const { host, incarnation } = process;
    this.issuedTo.set(ownerId, { host: host.id, incarnation, operation: host.operation });
  }

  /**
   * Whose grant a request serves: that of the owner id among its arguments, if it is its own
   * client's — a late clean-up is about an earlier operation — else the operation it was sent in.
   */
  actorOf(request: Request): Actor {
    request.actor ??= this.findActor(request);
    return request.actor;
  }

  private findActor({ body, process, operation }: Request): Actor {
    const host = process.host.id;
    if (Array.isArray(body)) {
      for (const word of body as string[]) {
        const owner = this.knownOwner(word);
        if (owner !== undefined && owner.host === host && owner.operation !== '') return owner;
      }
    }
    return { host, incarnation: process.incarnation, operation };
  }

  private knownOwner(value: string): Actor | undefined {
    const owner = this.issuedTo.get(value);
    return owner !== undefined || this.writtenBy.size === 0 ? owner : this.writtenBy.get(value);
  }

  /**
   * Whose lease a key is now. An extension leaves it to whom it belonged. A new one belongs to the
   * client that wrote it, in the operation it was sent in; a lock may keep one id for all of them.
   */
  private ownerOf(
    value: string | undefined,
    old: LiveLease | undefined,
    request: Request,
  ): Actor | undefined {
    if (old !== undefined && old.value === value) return old.actor;
    if (value === undefined || this.shared.has(value)) return undefined;
    const known = this.knownOwner(value);
    const { host, incarnation } = request.process;
    if (known !== undefined && known.host !== host.id) {
      if (this.issuedTo.has(value)) return known;
      this.shared.add(value);
      this.writtenBy.delete(value);
      return undefined;
    }
    const operation = request.operation === '' ? (known?.operation ?? '') : request.operation;
    const owner = { host: host.id, incarnation, operation };
    (this.issuedTo.has(value) ? this.issuedTo : this.writtenBy).set(value, owner);
    request.actor = undefined;
    return owner;
  }

  /** A place for the leases at a server. */
  at(server: HostId): ServerLeases {
    const leases: ServerLeases = { server, byKey: new Map() };
    this.servers.push(leases);
    return leases;
  }

  /** All live leases at this moment. */
  *standing(): Iterable<LiveLease> {
    for (const { byKey } of this.servers) {
      for (const lease of byKey.values()) if (lease !== undefined) yield lease;
    }
  }

  /** A key of a server changed; `request` is what it was applying, if anything. */
  changed(
    leases: ServerLeases,
    key: string,
    before: KeyState | undefined,
    after: KeyState | undefined,
    change: KeyChange,
    wallMs: number,
    request: Request | undefined,
    effect: RequestEffect,
  ): void {
    if (change === 'counter') this.counters.add(key);
    if (!key.includes(this.lockKey) || this.counters.has(key)) return;
    const type = (after ?? before)?.type;
    if (type !== 'string' && type !== 'hash') return;
    const old = leases.byKey.get(key);
    if (change === 'command') {
      if (request === undefined) return;
      const actor = this.actorOf(request);
      if (after === undefined) {
        if (old !== undefined) this.endByRequest(leases, key, old, actor, undefined, effect);
        return;
      }
      const extended = old !== undefined && old.value === after.value;
      if (old !== undefined && !extended) {
        this.endByRequest(leases, key, old, actor, 'overwritten', effect);
      }
      const term = after.expireAtMs === undefined ? 'none' : (after.expireAtMs - wallMs) * 1_000;
      const owner = this.ownerOf(after.value, old, request);
      this.begin(leases, key, after.value, term, request, actor, owner, extended, effect);
      return;
    }
    if (old !== undefined) {
      this.end(leases, key, old, change === 'expired' ? 'expired' : 'lost', undefined);
    }
    if (after !== undefined) this.reinstate(leases, key, after, wallMs);
  }

  /** What the reply to this request tells its sender: that its lease is not there any more. */
  saysLost(leases: ServerLeases, request: Request, effect: RequestEffect): Actor | undefined {
    if (request.action === 'acquire' || request.action === 'release') return undefined;
    if (effect.extended) return undefined;
    const actor = this.actorOf(request);
    if (!this.isAboutGrant(request, actor.operation)) return undefined;
    for (const lease of leases.byKey.values()) {
      if (lease !== undefined) return sameActor(lease.actor, actor) ? undefined : actor;
    }
    return actor;
  }

  /**
   * Whether a request concerns the lease of the operation's grant, and not one that an earlier try
   * of its acquire had asked for under an id of its own.
   */
  private isAboutGrant({ body }: Request, operation: OperationId): boolean {
    if (!this.granted.has(operation)) return false;
    const ownerId = this.granted.get(operation);
    const words = body as readonly string[];
    if (ownerId === undefined || words.includes(ownerId)) return true;
    return !words.some((word) => this.issuedTo.has(word));
  }

  private begin(
    leases: ServerLeases,
    key: string,
    value: string | undefined,
    termUs: number | 'none',
    request: Request,
    actor: Actor,
    owner: Actor | undefined,
    extended: boolean,
    effect: RequestEffect,
  ): void {
    const record: LeaseRecord = {
      type: 'lease',
      atUs: this.world.nowUs,
      lease: this.nextLease++,
      key,
      server: leases.server,
      host: actor.host,
      incarnation: request.process.incarnation,
      operation: actor.operation,
      owner,
      sentAtUs: request.sentAtUs,
      termUs,
      extends: extended,
    };
    leases.byKey.set(key, { record, value, actor: owner ?? actor });
    this.world.record(record);
    (effect.leases ??= []).push(record.lease);
    if (extended) effect.extended = true;
  }

  private endByRequest(
    leases: ServerLeases,
    key: string,
    old: LiveLease,
    by: Actor,
    cause: 'overwritten' | undefined,
    effect: RequestEffect,
  ): void {
    effect.ended = true;
    this.end(leases, key, old, cause ?? (sameActor(old.actor, by) ? 'released' : 'deleted'), by);
  }

  private end(
    leases: ServerLeases,
    key: string,
    old: LiveLease,
    cause: 'expired' | 'released' | 'deleted' | 'overwritten' | 'lost',
    by: Actor | undefined,
  ): void {
    leases.byKey.set(key, undefined);
    const { lease } = old.record;
    const { nowUs } = this.world;
    this.world.record({ type: 'lease-end', atUs: nowUs, lease, cause, by });
    this.ended.push(old);
  }
  /** Leases that have ended: a failover may bring one back. */
  private readonly ended: LiveLease[] = [];

  /** A replica or a restart brought back an older state of the key: its lease lives again. */
  private reinstate(leases: ServerLeases, key: string, after: KeyState, wallMs: number): void {
    const earlier = this.ended.findLast(({ value }) => value === after.value);
    if (earlier === undefined) return;
    // A key lives through the millisecond of its expiry, so what comes back has a term left.
    const leftMs = after.expireAtMs === undefined ? undefined : after.expireAtMs - wallMs;
    const termUs = leftMs === undefined ? 'none' : Math.max(1, leftMs) * 1_000;
    const record: LeaseRecord = {
      ...earlier.record,
      atUs: this.world.nowUs,
      lease: this.nextLease++,
      key,
      server: leases.server,
      termUs,
      extends: true,
    };
    leases.byKey.set(key, { ...earlier, record });
    this.world.record(record);
  }
}
