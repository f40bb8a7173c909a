/**
 * A lock that most of several independent Redis servers must give. The requests leave together, as
 * the Redis page recommends, and votes count until the outcome is certain; a failed try removes the
 * key everywhere, also where the vote was no or never came (Redis documentation, "Distributed Locks
 * with Redis", sections "The Redlock Algorithm" and "Retry on Failure").
 */
import { inBackground } from './call-failure.js';
import { Deadline, GONE } from './deadline.js';
import type { Environment, RedisConnection } from './environment.js';
import { deleteIfOwn } from './key-server.js';
import type { AcquireOptions, Grant, Lock, Refusal } from './lock.js';
import { countVotes, majority, NoQuorum } from './quorum.js';
import { EXTEND_IF_OWN } from './redis-scripts.js';
import {
  callTimeoutOption,
  type RetryOptions,
  refused,
  removing,
  retrying,
  retryOptions,
} from './retry.js';

/** The call timeout is small against a usual TTL and above the slowest healthy round trip. */
export const QUORUM_OPTIONS = {
  servers: {
    kind: 'number',
    default: 5,
    min: 1,
    max: 9,
    integer: true,
    doc: 'independent servers; most of them must agree',
  },
  callTimeoutMs: callTimeoutOption(200),
  ...retryOptions({ retryDelayMs: 200, retryJitterMs: 200 }),
} as const;

export interface QuorumLockOptions extends RetryOptions {
  readonly callTimeoutMs: number;
  /** Share of the TTL taken off the validity for clocks that run at different rates. */
  readonly driftFactor: number;
}

/** Taken off beside that share: clocks of servers and expiry count whole milliseconds. */
export const DRIFT_CONSTANT_MS = 2;

export class QuorumLock implements Lock {
  readonly servers: readonly RedisConnection[];
  readonly quorum: number;

  constructor(
    readonly environment: Environment,
    private readonly options: QuorumLockOptions,
  ) {
    this.servers = environment.redis.map((server) => server.within(options.callTimeoutMs));
    this.quorum = majority(this.servers.length);
  }

  acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    return retrying(this.environment, wanted, this.options, () => this.#attempt(key, wanted.ttlMs));
  }

  /** One try, with an owner id of its own: the removal of an earlier one may still be under way. */
  async #attempt(key: string, ttlMs: number): Promise<QuorumGrant | Refusal> {
    const ownerId = this.environment.ownerId();
    const sentAtMs = this.environment.monoMs();
    const replies = this.servers.map((server) =>
      server.call('SET', key, ownerId, 'NX', 'PX', ttlMs),
    );
    const { yes } = await countVotes(replies, 'OK', this.quorum);
    const deadline = new Deadline(this.environment, this.endsAtMs(sentAtMs, ttlMs));
    if (yes >= this.quorum && deadline.validForMs() > 0) {
      return new QuorumGrant(this, key, ownerId, deadline);
    }
    for (const removal of this.remove(key, ownerId)) inBackground(removal);
    return refused(yes >= this.quorum ? 'granted too late' : 'no quorum');
  }

  /** When a lease ends whose requests left at `sentAtMs` or later, on the monotonic clock. */
  endsAtMs(sentAtMs: number, ttlMs: number): number {
    return sentAtMs + ttlMs - (ttlMs * this.options.driftFactor + DRIFT_CONSTANT_MS);
  }

  /** Removes the key from every server where it is ours; one answer for each server. */
  remove(key: string, ownerId: string): Promise<boolean>[] {
    return this.servers.map((server) =>
      removing(this.environment, this.options, () => deleteIfOwn(server, key, ownerId)),
    );
  }
}

/** Most of the servers hold the key for us until the deadline. */
class QuorumGrant implements Grant {
  readonly granted = true;
  /** Servers that said at last that they do not hold the key for us. */
  readonly #gone = new Set<RedisConnection>();

  constructor(
    private readonly lock: QuorumLock,
    private readonly key: string,
    readonly ownerId: string,
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

  /** Extends where the key is ours; it never sets it, and a failed renewal removes nothing. */
  async renew(ttlMs: number): Promise<boolean> {
    if (this.validForMs() <= 0) return false;
    const { lock, deadline } = this;
    const endsAtMs = lock.endsAtMs(lock.environment.monoMs(), ttlMs);
    // A shorter TTL counts as soon as it may have been applied, a longer one when it is confirmed.
    deadline.shortenTo(endsAtMs);
    const votes = lock.servers.map((server) => this.#extend(server, ttlMs));
    const count = await countVotes(votes, true, lock.quorum);
    if (count.yes >= lock.quorum) return deadline.extendTo(endsAtMs);
    if (deadline.over) return false;
    throw new NoQuorum('extended the lease', count, votes.length);
  }

  async #extend(server: RedisConnection, ttlMs: number): Promise<boolean> {
    const extended = await server.eval(EXTEND_IF_OWN, [this.key], [this.ownerId, ttlMs]);
    if (extended === 1) {
      this.#gone.delete(server);
      return true;
    }
    this.#gone.add(server);
    const { servers, quorum } = this.lock;
    if (this.#gone.size > servers.length - quorum) this.deadline.lose(GONE);
    return false;
  }

  async release(): Promise<boolean> {
    this.deadline.end();
    const removals = this.lock.remove(this.key, this.ownerId);
    const count = await countVotes(removals, true, this.lock.quorum);
    if (count.yes >= this.lock.quorum) return true;
    if (count.no > removals.length - this.lock.quorum) return false;
    throw new NoQuorum('removed the key', count, removals.length);
  }
}
