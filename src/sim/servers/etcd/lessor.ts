/**
 * The leases as the leader sees them (`lease/lessor.go` of etcd 3.4). Only a leader counts time;
 * without one no lease ends. What is on disk of a lease is its id and its TTL: how much of it was
 * left is forgotten with the leader, as checkpoints of it are experimental and off by default
 * (`--experimental-enable-lease-checkpoint`).
 */
import type { RpcError } from './check.js';
import { LEASE_EXISTS, TTL_TOO_LARGE } from './errors.js';
import type { KnownLeases } from './operations.js';
import type { EtcdPort, LeaseChange } from './port.js';

const SECOND_US = 1_000_000;
/** `MaxLeaseTTL`. */
const MAX_TTL_SECONDS = 9_000_000_000;
/** `leaseRevokeRate`: how many leases a second may end; half of it in each check. */
const REVOKE_RATE = 1000;

export class Lease {
  expiresAtUs = Number.POSITIVE_INFINITY;

  constructor(
    readonly id: number,
    readonly ttlSeconds: number,
    readonly keys: Set<string>,
  ) {}

  /** What is left, in whole seconds towards 0 (`v3_server.go: LeaseTimeToLive`). */
  remainingSeconds(nowUs: number): number {
    if (this.expiresAtUs === Number.POSITIVE_INFINITY) return FOREVER_SECONDS;
    // Without `+ 0` what is left of a lease just over would be −0.
    return Math.trunc((this.expiresAtUs - nowUs) / SECOND_US) + 0;
  }

  refresh(nowUs: number, extendUs: number): void {
    this.expiresAtUs = nowUs + extendUs + this.ttlSeconds * SECOND_US;
  }
}

/** The longest duration of Go, in seconds. */
const FOREVER_SECONDS = 9_223_372_036;

export class Lessor implements KnownLeases {
  private leases = new Map<number, Lease>();
  /** Expired leases were looked for up to here. */
  checkedAtUs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly port: EtcdPort,
    private readonly minTtlSeconds: number,
  ) {}

  has(id: number): boolean {
    return this.leases.has(id);
  }

  get(id: number): Lease | undefined {
    return this.leases.get(id);
  }

  /** Ids by what is left of each lease. */
  byExpiry(): number[] {
    return this.inOrder().map(({ id }) => id);
  }

  private inOrder(): Lease[] {
    return [...this.leases.values()].sort((a, b) => a.expiresAtUs - b.expiresAtUs || a.id - b.id);
  }

  grant(id: number, ttlSeconds: number, nowUs: number): Lease | RpcError {
    if (ttlSeconds > MAX_TTL_SECONDS) return TTL_TOO_LARGE;
    if (this.leases.has(id)) return LEASE_EXISTS;
    const lease = new Lease(id, Math.max(ttlSeconds, this.minTtlSeconds), new Set());
    lease.refresh(nowUs, 0);
    this.leases.set(id, lease);
    this.tell(lease, 'created');
    return lease;
  }

  /** Gives a lease its whole TTL again. */
  renew(lease: Lease, nowUs: number): void {
    lease.refresh(nowUs, 0);
    this.tell(lease, 'extended');
  }

  /** Removes a lease, and leaves its keys to the caller. */
  remove(lease: Lease, change: 'expired' | 'released'): void {
    this.leases.delete(lease.id);
    this.tell(lease, change);
  }

  attach(id: number, key: string): void {
    this.leases.get(id)?.keys.add(key);
  }

  detach(id: number, key: string): void {
    this.leases.get(id)?.keys.delete(key);
  }

  private tell({ id, ttlSeconds, expiresAtUs, keys }: Lease, change: LeaseChange): void {
    this.port.leaseChanged({ id, ttlSeconds, expiresAtUs, keys: [...keys] }, change);
  }

  /* ---- time ---- */

  /** When the first lease expires; ∞: none does. */
  get nextExpiryUs(): number {
    let earliestUs = Number.POSITIVE_INFINITY;
    for (const { expiresAtUs } of this.leases.values()) {
      if (expiresAtUs < earliestUs) earliestUs = expiresAtUs;
    }
    return earliestUs;
  }

  /** The leases to end in a check at that time: not more than half of the rate. */
  expired(atUs: number): Lease[] {
    if (this.nextExpiryUs > atUs) return [];
    return this.inOrder()
      .filter(({ expiresAtUs }) => expiresAtUs <= atUs)
      .slice(0, REVOKE_RATE / 2);
  }

  /* ---- leadership ---- */

  /** There is no leader: time does not count. */
  demote(): void {
    for (const lease of this.leases.values()) lease.expiresAtUs = Number.POSITIVE_INFINITY;
  }

  /**
   * A new leader gives each lease its whole TTL and an election time-out on top. If there are very
   * many, it spreads their ends, so that those that pile up do not use up the rate
   * (`lessor.go: Promote`).
   */
  promote(nowUs: number, extendUs: number): void {
    for (const lease of this.leases.values()) lease.refresh(nowUs, extendUs);
    if (this.leases.size >= REVOKE_RATE) this.spread(nowUs, extendUs);
    for (const lease of this.leases.values()) this.tell(lease, 'reset');
  }

  private spread(nowUs: number, extendUs: number): void {
    const leases = this.inOrder();
    const perSecond = (3 * REVOKE_RATE) / 4;
    let baseUs = leases[0]!.expiresAtUs - nowUs;
    let nextUs = baseUs + SECOND_US;
    let expires = 0;
    for (const lease of leases) {
      const remainingUs = lease.expiresAtUs - nowUs;
      if (remainingUs > nextUs) {
        baseUs = remainingUs;
        nextUs = baseUs + SECOND_US;
        expires = 1;
        continue;
      }
      expires += 1;
      if (expires <= perSecond) continue;
      const delayUs = Math.floor((SECOND_US * expires) / perSecond) - (remainingUs - baseUs);
      nextUs = baseUs + delayUs;
      lease.refresh(nowUs, delayUs + extendUs);
    }
  }

  /** The leases as a leader goes on seeing them that knows nothing of the others any more. */
  copy(): Lessor {
    const copied = new Lessor(this.port, this.minTtlSeconds);
    copied.checkedAtUs = this.checkedAtUs;
    for (const { id, ttlSeconds, keys, expiresAtUs } of this.leases.values()) {
      const lease = new Lease(id, ttlSeconds, new Set(keys));
      lease.expiresAtUs = expiresAtUs;
      copied.leases.set(id, lease);
    }
    return copied;
  }
}
