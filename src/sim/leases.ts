/**
 * Writes down leases: who got one, for how long, who ended it. Ground truth for the checkers; the
 * code under test never sees it (docs/semantics.md, R0, R1). What is a lease at a server is the
 * business of that service's host. Whose it is follows from the owner id in its value, where the
 * lock asked the environment for one, else from the operation whose request wrote it.
 */
import type { HostId, OperationId } from '../fault.js';
import type { Actor, LeaseEndRecord, LeaseId, LeaseRecord } from '../history.js';
import type { Request } from './connection.js';
import type { Owners } from './environment.js';
import type { Process } from './process.js';
import type { World } from './world.js';

/** The words of a request in which it can stand whose lease it is about. */
export type OwnerWords = (request: Request) => readonly string[];

/** The leases at one server. A key whose lease has ended keeps its place: it comes back mostly. */
export interface ServerLeases {
  readonly server: HostId;
  readonly wordsOf: OwnerWords;
  readonly byKey: Map<string, LiveLease | undefined>;
}

export interface LiveLease {
  readonly record: LeaseRecord;
  readonly value: string | undefined;
  /** Whose grant it serves. */
  readonly actor: Actor;
  /** World instant to which the service prolonged it by itself; 0: it did not. */
  prolongedToUs: number;
}

/** A lease as a server made or extended it. */
export interface LeaseTerms {
  readonly key: string;
  /** What tells its owner: the value of the key, or what stands for it. */
  readonly value: string | undefined;
  /** As asked for, after the server's documented rounding (R1). */
  readonly termUs: LeaseRecord['termUs'];
  /** When the request left from which the term counts. */
  readonly sentAtUs: number;
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

/** Longer texts are scripts, and no owner ids with a mark behind them. */
const MARKED_ID_MAX = 64;

function sameActor(a: Actor, b: Actor): boolean {
  return a.host === b.host && a.incarnation === b.incarnation && a.operation === b.operation;
}

export class LeaseObserver implements Owners {
  /** Who asked the environment for an id: nobody else can have come upon it. */
  readonly issuedTo = new Map<string, Actor>();
  /** Who wrote a value that the lock made itself. */
  private readonly writtenBy = new Map<string, Actor>();
  /** Values that several clients write, such as `locked`: they tell of nobody. */
  private readonly shared = new Set<string>();
  /** Operations whose acquire returned a grant, with its owner id if it has one. */
  readonly grants = new Map<OperationId, string | undefined>();
  readonly servers: ServerLeases[] = [];
  /** Keys that were counted up or down: not leases, whatever is done to them. */
  readonly counters = new Set<string>();
  private nextLease: LeaseId = 1;

  constructor(private readonly world: World) {}

  issued(ownerId: string, process: Process): void {
    const { host, incarnation } = process;
    this.issuedTo.set(ownerId, { host: host.id, incarnation, operation: host.operation });
  }

  /**
   * Whose grant a request serves: that of the owner id among its arguments, if it is its own
   * client's — a late clean-up is about an earlier operation — else the operation it was sent in.
   */
  actorOf(leases: ServerLeases, request: Request): Actor {
    request.actor ??= this.findActor(leases, request);
    return request.actor;
  }

  private findActor(leases: ServerLeases, request: Request): Actor {
    const { process, operation } = request;
    const host = process.host.id;
    for (const word of leases.wordsOf(request)) {
      const owner = this.knownOwner(word);
      if (owner !== undefined && owner.host === host && owner.operation !== '') return owner;
    }
    return { host, incarnation: process.incarnation, operation };
  }

  /**
   * The owner id that a text is, or begins with before a colon: a holder may mark its id by what
   * it does with it (`A1-1:write`). From then on the text tells of the same owner.
   */
  ownerNamedBy(text: string): string | undefined {
    if (this.issuedTo.has(text)) return this.markedIds.get(text) ?? text;
    const end = text.length < MARKED_ID_MAX ? text.indexOf(':') : -1;
    if (end < 0) return undefined;
    const ownerId = text.slice(0, end);
    const actor = this.issuedTo.get(ownerId);
    if (actor === undefined) return undefined;
    this.issuedTo.set(text, actor);
    this.markedIds.set(text, ownerId);
    return ownerId;
  }
  private readonly markedIds = new Map<string, string>();

  /** Who asked the environment for an owner id. */
  issuedToOf(ownerId: string): Actor | undefined {
    return this.issuedTo.get(ownerId);
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

  /** Whether a word tells of an owner. */
  isOwner(word: string): boolean {
    return this.knownOwner(word) !== undefined;
  }

  /** A place for the leases at a server. */
  at(server: HostId, wordsOf: OwnerWords): ServerLeases {
    const leases: ServerLeases = { server, wordsOf, byKey: new Map() };
    this.servers.push(leases);
    return leases;
  }

  /** All live leases at this moment. */
  *standing(): Iterable<LiveLease> {
    for (const { byKey } of this.servers) {
      for (const lease of byKey.values()) if (lease !== undefined) yield lease;
    }
  }

  /**
   * A request made a key a lease, or extended the one it is. `value` tells whose: a key that holds
   * what it held is extended, else it is overwritten. So it is by a client that acquires what
   * another one holds: a value that several write tells of nobody.
   */
  granted(
    leases: ServerLeases,
    { key, value, termUs, sentAtUs }: LeaseTerms,
    request: Request,
    effect: RequestEffect,
  ): void {
    const old = leases.byKey.get(key);
    const actor = this.actorOf(leases, request);
    const isAnothers = request.action === 'acquire' && old?.actor.host !== actor.host;
    const extended =
      old !== undefined &&
      old.value === value &&
      !(isAnothers && this.brings(value, leases, request));
    if (old !== undefined && !extended) {
      this.endByRequest(leases, key, old, actor, 'overwritten', effect);
    }
    const owner = this.ownerOf(value, extended ? old : undefined, request);
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
      sentAtUs,
      termUs,
      extends: extended,
    };
    leases.byKey.set(key, { record, value, actor: owner ?? actor, prolongedToUs: 0 });
    this.world.record(record);
    if (effect.leases === undefined) effect.leases = [record.lease];
    else effect.leases.push(record.lease);
    if (extended) effect.extended = true;
  }

  /** Whether a request brings a value that tells of nobody: else it only extends a lease. */
  private brings(value: string | undefined, leases: ServerLeases, request: Request): boolean {
    if (value === undefined) return true;
    return !this.issuedTo.has(value) && leases.wordsOf(request).some((w) => w.includes(value));
  }

  /**
   * A heartbeat of the session that a key lives with was answered: its lease counts from the send
   * of that, and it is the owner's doing, whatever else the request was for. A lease that has ended
   * is promised again by a server that has not heard of it.
   */
  kept(leases: ServerLeases, terms: LeaseTerms, effect: RequestEffect): void {
    const { key, value, termUs, sentAtUs } = terms;
    const stands = leases.byKey.get(key);
    const known = stands ?? this.past.findLast((lease) => lease.value === value);
    if (known === undefined) return;
    const { actor } = known;
    const record: LeaseRecord = {
      type: 'lease',
      atUs: this.world.nowUs,
      lease: this.nextLease++,
      key,
      server: leases.server,
      host: actor.host,
      incarnation: actor.incarnation,
      operation: actor.operation,
      owner: known.record.owner,
      sentAtUs,
      termUs,
      extends: stands !== undefined,
    };
    leases.byKey.set(key, { record, value, actor, prolongedToUs: 0 });
    this.world.record(record);
    (effect.leases ??= []).push(record.lease);
    if (stands !== undefined) effect.extended = true;
  }

  /** A request removed a key. */
  removed(leases: ServerLeases, key: string, request: Request, effect: RequestEffect): void {
    const old = leases.byKey.get(key);
    if (old === undefined) return;
    this.endByRequest(leases, key, old, this.actorOf(leases, request), undefined, effect);
  }

  /** The server lets a lease live until that instant, though no client extended it. */
  prolonged(leases: ServerLeases, key: string, untilUs: number): void {
    const lease = leases.byKey.get(key);
    if (lease !== undefined) lease.prolongedToUs = untilUs;
  }

  /** The server ended a lease by itself, or forgot it. */
  ended(leases: ServerLeases, key: string, cause: 'expired' | 'lost' | 'session'): void {
    const old = leases.byKey.get(key);
    if (old !== undefined) this.end(leases, key, old, cause, undefined);
  }

  /** What the reply to this request tells its sender: that its lease is not there any more. */
  saysLost(leases: ServerLeases, request: Request, effect: RequestEffect): Actor | undefined {
    if (request.action === 'acquire' || request.action === 'release') return undefined;
    if (effect.extended) return undefined;
    const actor = this.actorOf(leases, request);
    if (!this.isAboutGrant(leases, request, actor.operation)) return undefined;
    for (const lease of leases.byKey.values()) {
      if (lease === undefined || !sameActor(lease.actor, actor)) continue;
      if (!this.isOfAnotherTry(lease.value, actor.operation)) return undefined;
    }
    return actor;
  }

  /** Whether a lease is one of an earlier try, which a restart or a replica brought back. */
  private isOfAnotherTry(value: string | undefined, operation: OperationId): boolean {
    const ownerId = this.grants.get(operation);
    if (ownerId === undefined || value === undefined || value === ownerId) return false;
    return this.issuedTo.has(value);
  }

  /**
   * Whether a request concerns the lease of the operation's grant, and not one that an earlier try
   * of its acquire had asked for under an id of its own.
   */
  private isAboutGrant(leases: ServerLeases, request: Request, operation: OperationId): boolean {
    if (!this.grants.has(operation)) return false;
    const ownerId = this.grants.get(operation);
    const words = leases.wordsOf(request);
    if (ownerId === undefined || words.includes(ownerId)) return true;
    return !words.some((word) => this.issuedTo.has(word));
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
    cause: LeaseEndRecord['cause'],
    by: Actor | undefined,
  ): void {
    leases.byKey.set(key, undefined);
    const { lease } = old.record;
    const { nowUs } = this.world;
    this.world.record({ type: 'lease-end', atUs: nowUs, lease, cause, by });
    this.past.push(old);
  }
  /** Leases that have ended: a failover may bring one back. */
  readonly past: LiveLease[] = [];

  /**
   * A replica or a restart brought back a key with what it once held: its lease lives again, for
   * `termUs` as far as the server goes.
   */
  reinstated(
    leases: ServerLeases,
    key: string,
    value: string | undefined,
    termUs: LeaseRecord['termUs'],
  ): void {
    const earlier = this.past.findLast(
      (lease) => lease.value === value && (value !== undefined || lease.record.key === key),
    );
    if (earlier === undefined) return;
    const record: LeaseRecord = {
      ...earlier.record,
      atUs: this.world.nowUs,
      lease: this.nextLease++,
      key,
      server: leases.server,
      termUs,
      extends: true,
    };
    leases.byKey.set(key, { ...earlier, record, prolongedToUs: 0 });
    this.world.record(record);
  }
}
