/**
 * Leases in a hash whose fields are owner ids, as Redisson's locks keep them: a key may have many
 * owners at once, each with a lease of its own (docs/semantics.md, R1). What a request does to such
 * a hash is looked at when the request is over, because a script writes field and expiry one after
 * the other.
 *
 * A holder may have keys of its own beside the hash, told by the owner id in their names: the
 * time-outs of single readers, answers kept for a request that is repeated. They are no leases; but
 * where one is written together with a hold, its term is what that holder asked for, and its expiry
 * ends the hold, however long other holders keep the hash alive.
 *
 * A hash without such a field is one lease: of the owner id that is the value of one of its fields,
 * where there is exactly one.
 */
import type { Request } from '../connection.js';
import type { LeaseObserver, RequestEffect, ServerLeases } from '../leases.js';
import type { KeyChange, KeyState } from '../servers/redis/port.js';
import type { SideKeys } from './side-keys.js';

/** A hold: the name its lease is recorded under, and how often it was entered. */
interface Hold {
  readonly lease: string;
  count: string;
}

interface Companion {
  readonly ownerId: string;
  readonly expireAtMs: number | undefined;
  /** Lease that ends with it. */
  lease: string | undefined;
}

export class FieldLeases {
  /** Hashes that the request in hand has written or deleted. */
  private readonly touched = new Map<string, KeyState | undefined>();
  private readonly holds = new Map<string, Map<string, Hold>>();
  private readonly companions = new Map<string, Companion>();
  /** Of them, those that the request in hand has written. */
  private written: Companion[] = [];

  constructor(
    private readonly leases: LeaseObserver,
    private readonly here: ServerLeases,
    private readonly sideKeys: SideKeys,
  ) {}

  /** Whether there is something to settle. */
  get pending(): boolean {
    return this.touched.size > 0 || this.written.length > 0;
  }

  /** Whether somebody holds one of the hashes that the request in hand has touched. */
  touchedHolds(ownerId: string): boolean {
    for (const after of this.touched.values()) if (after?.fields?.has(ownerId)) return true;
    return false;
  }

  /** A hash changed by the request in hand, or without one. */
  changed(key: string, after: KeyState | undefined, change: KeyChange, wallMs: number): void {
    if (change === 'command') {
      this.touched.set(key, after);
      return;
    }
    const { leases, here } = this;
    const cause = change === 'expired' ? 'expired' : 'lost';
    for (const { lease } of this.holds.get(key)?.values() ?? []) leases.ended(here, lease, cause);
    this.holds.delete(key);
    leases.ended(here, key, cause);
    if (after?.fields === undefined) return;
    const holds = this.holdsOf(key);
    const leftUs = termOf(after.expireAtMs, wallMs);
    // A key lives through the millisecond of its expiry, so what comes back has a term left.
    const termUs = leftUs === 0 ? 1_000 : leftUs;
    for (const [field, count] of after.fields) {
      if (leases.ownerNamedBy(field) === undefined) continue;
      const hold = { lease: leaseName(key, field), count };
      holds.set(field, hold);
      leases.reinstated(here, hold.lease, field, termUs);
    }
    if (holds.size > 0 || this.sideKeys.isKnownNote(key)) return;
    leases.reinstated(here, key, this.onlyOwnerIn(after.fields), termUs);
  }

  /** The owner id that is the value of a field, if there is one and no other. */
  private onlyOwnerIn(fields: ReadonlyMap<string, string>): string | undefined {
    let only: string | undefined;
    for (const value of fields.values()) {
      const ownerId = this.leases.ownerNamedBy(value);
      if (ownerId === undefined || ownerId === only) continue;
      if (only !== undefined) return undefined;
      only = ownerId;
    }
    return only;
  }

  /** Whether a string key beside the lock's own belongs to a holder; if so, it is no lease. */
  isCompanion(
    key: string,
    after: KeyState | undefined,
    change: KeyChange,
    request: Request | undefined,
  ): boolean {
    const known = this.companions.get(key);
    const ownerId = known?.ownerId ?? this.ownerIn(key, request);
    if (ownerId === undefined) return false;
    // Kept when it is gone: a failover or a restart may bring it back, and the hold with it.
    const companion = { ownerId, expireAtMs: after?.expireAtMs, lease: known?.lease };
    this.companions.set(key, companion);
    if (after !== undefined) {
      if (change === 'command') this.written.push(companion);
    } else if (change === 'expired' && known?.lease !== undefined) this.expired(known.lease);
    return true;
  }

  private ownerIn(key: string, request: Request | undefined): string | undefined {
    if (request === undefined) return undefined;
    for (const word of this.here.wordsOf(request)) {
      const ownerId = this.leases.ownerNamedBy(word);
      if (ownerId !== undefined && key.includes(ownerId)) return ownerId;
    }
    return undefined;
  }

  /** Others keep the hash alive, but this hold is over: nobody counts it any more. */
  private expired(lease: string): void {
    for (const holds of this.holds.values()) {
      for (const [field, hold] of holds) if (hold.lease === lease) holds.delete(field);
    }
    this.leases.ended(this.here, lease, 'expired');
  }

  /**
   * The request is over: writes down what it did to leases. Answers a hash that it wrote and that
   * is a note.
   */
  settle(request: Request, effect: RequestEffect, wallMs: number): string | undefined {
    let note: string | undefined;
    for (const [key, after] of this.touched) {
      if (this.settleHash(key, after, request, effect, wallMs)) note = key;
    }
    this.touched.clear();
    this.written = [];
    return note;
  }

  /** Answers whether the hash is a note beside the lock. */
  private settleHash(
    key: string,
    after: KeyState | undefined,
    request: Request,
    effect: RequestEffect,
    wallMs: number,
  ): boolean {
    const { leases, here } = this;
    const holds = this.holdsOf(key);
    for (const [field, { lease }] of holds) {
      if (after?.fields?.has(field)) continue;
      holds.delete(field);
      if (this.isOver(lease, wallMs)) leases.ended(here, lease, 'expired');
      else leases.removed(here, lease, request, effect);
    }
    if (after?.fields === undefined) {
      leases.removed(here, key, request, effect);
      return false;
    }
    const words = here.wordsOf(request);
    let owned = false;
    for (const [field, count] of after.fields) {
      const ownerId = leases.ownerNamedBy(field);
      if (ownerId === undefined) continue;
      owned = true;
      if (!words.includes(field)) continue;
      const termUs = this.termAskedFor(ownerId, field, key, after, wallMs, count);
      holds.set(field, { lease: leaseName(key, field), count });
      const terms = {
        key: leaseName(key, field),
        value: field,
        termUs,
        sentAtUs: request.sentAtUs,
      };
      leases.granted(here, terms, request, effect);
    }
    if (owned || holds.size > 0) return false;
    const value = this.onlyOwnerIn(after.fields);
    const termUs = termOf(after.expireAtMs, wallMs);
    if (this.sideKeys.isNote(here, key, value, termUs !== 'none', request)) return true;
    const terms = { key, value, termUs, sentAtUs: request.sentAtUs };
    leases.granted(here, terms, request, effect);
    return false;
  }

  /**
   * Whether the keys that a holder has of its own are in the millisecond of their expiry: to a
   * client they have no time left, to the server they are still there.
   */
  private isOver(lease: string, wallMs: number): boolean {
    let latestMs: number | undefined;
    for (const companion of this.companions.values()) {
      if (companion.lease !== lease || companion.expireAtMs === undefined) continue;
      latestMs = Math.max(latestMs ?? 0, companion.expireAtMs);
    }
    return latestMs !== undefined && latestMs <= wallMs;
  }

  /** What a holder asked for: the term of its own key if it wrote one, else that of the hash. */
  private termAskedFor(
    ownerId: string,
    field: string,
    key: string,
    after: KeyState,
    wallMs: number,
    count: string,
  ): number | 'none' {
    const before = this.holds.get(key)?.get(field)?.count;
    const left = before !== undefined && Number(count) < Number(before);
    const own = left ? undefined : this.written.findLast((one) => one.ownerId === ownerId);
    if (own === undefined) return termOf(after.expireAtMs, wallMs);
    own.lease = leaseName(key, field);
    return termOf(own.expireAtMs, wallMs);
  }

  private holdsOf(key: string): Map<string, Hold> {
    let holds = this.holds.get(key);
    if (holds === undefined) {
      holds = new Map();
      this.holds.set(key, holds);
    }
    return holds;
  }
}

/** The lease of one field of a hash. */
function leaseName(key: string, field: string): string {
  return `${key} ${field}`;
}

function termOf(expireAtMs: number | undefined, wallMs: number): number | 'none' {
  return expireAtMs === undefined ? 'none' : (expireAtMs - wallMs) * 1_000;
}
