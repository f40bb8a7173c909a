/**
 * A lock that is a key attached to a lease of etcd: whoever creates the key has the lock, and it
 * ends with the lease. Nobody has to release it: the lease is revoked or runs out. Work that takes
 * long renews the lease. Who finds the key taken is told so at once, and does not wait.
 */
import { inBackground, isCallFailure } from './call-failure.js';
import { TOLD_EARLY } from './claims.js';
import { Deadline, GONE } from './deadline.js';
import type { Environment } from './environment.js';
import { EtcdError } from './etcd.js';
import { HOLDER_LOOKS, LEFT_TO_LEASE, UNGUARDED } from './etcd-claims.js';
import type { EtcdConnection } from './etcd-connection.js';
import { defineLock, type Grant, type Refusal } from './lock.js';
import { callTimeoutOption, type RetryOptions, refused, removing, retryOptions } from './retry.js';

export default defineLock({
  name: 'lease-lock',
  summary: 'A key in etcd that is attached to a lease of its client and ends with it.',
  source: 'etcd documentation, "etcd API", sections "Lease API" and "Transaction"',
  services: { etcd: 1 },
  options: {
    callTimeoutMs: callTimeoutOption(2_000),
    ...retryOptions({ retryDelayMs: 200, retryJitterMs: 200 }),
  },
  claims: {
    'mutual-exclusion': HOLDER_LOOKS,
    'resource-safety': UNGUARDED,
    ownership: { default: 'holds' },
    leak: LEFT_TO_LEASE,
    progress: { default: 'holds' },
    belief: { default: 'holds', pause: TOLD_EARLY },
  },
  create(environment, options) {
    const service = new LeaseService(environment, options);
    return { acquire: (key, { ttlMs }) => service.acquire(key, ttlMs) };
  },
});

class LeaseService {
  readonly etcd: EtcdConnection;

  constructor(
    readonly environment: Environment,
    private readonly options: RetryOptions & { readonly callTimeoutMs: number },
  ) {
    this.etcd = environment.etcd[0]!.within(options.callTimeoutMs);
  }

  /** A lease of its own for each try, so that a late clean-up ends nobody else's. */
  async acquire(key: string, ttlMs: number): Promise<Grant | Refusal> {
    const { environment, etcd } = this;
    const sentAtMs = environment.monoMs();
    let lease: number | undefined;
    try {
      const granted = await etcd.grant(ttlMs);
      lease = granted.id;
      const { succeeded } = await etcd.txn({
        compare: [{ target: 'create', key, result: 'equal', operand: 0 }],
        success: [{ type: 'put', key, value: environment.client, lease }],
      });
      const deadline = new Deadline(environment, sentAtMs + granted.ttlMs);
      if (succeeded && deadline.validForMs() > 0) return new LeaseGrant(this, lease, deadline);
      inBackground(this.revoke(lease));
      return refused(succeeded ? 'granted too late' : 'held');
    } catch (error) {
      if (lease !== undefined) inBackground(this.revoke(lease));
      if (isCallFailure(error)) return refused(error.message);
      throw error;
    }
  }

  /** Ends the lease and the lock with it; `false`: it had ended before. */
  revoke(lease: number): Promise<boolean> {
    return removing(this.environment, this.options, async () => {
      try {
        await this.etcd.revoke(lease);
        return 1;
      } catch (error) {
        if (error instanceof EtcdError && error.code === 'NotFound') return 0;
        throw error;
      }
    });
  }
}

/** The handle: acquired, until the lease ends. */
class LeaseGrant implements Grant {
  readonly granted = true;

  constructor(
    private readonly service: LeaseService,
    private readonly lease: number,
    private readonly deadline: Deadline,
  ) {}

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  onLost(callback: () => void): void {
    this.deadline.onLost(callback);
  }

  validForMs(): number {
    return this.deadline.validForMs();
  }

  /** Gives the lease its whole TTL again; another TTL than that it was granted is not to be had. */
  async renew(): Promise<boolean> {
    if (this.validForMs() <= 0) return false;
    const { environment, etcd } = this.service;
    const sentAtMs = environment.monoMs();
    const lease = await etcd.keepAlive(this.lease);
    if (lease !== undefined) return this.deadline.extendTo(sentAtMs + lease.ttlMs);
    this.deadline.lose(GONE);
    return false;
  }

  release(): Promise<boolean> {
    this.deadline.end();
    return this.service.revoke(this.lease);
  }
}
