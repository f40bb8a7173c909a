/**
 * What the locks on one Redis server have in common: one key is the lease, its value says whose,
 * and its TTL ends it. They differ in the request that sets the key and in who renews it.
 */
import { inBackground, mayHaveBeenApplied, NotReplicated } from './call-failure.js';
import { Deadline, GONE } from './deadline.js';
import type { Environment, RedisConnection, RedisReply } from './environment.js';
import type { AcquireOptions, Grant, Refusal } from './lock.js';
import { DELETE_IF_OWN, EXTEND_IF_OWN } from './redis-scripts.js';
import {
  callTimeoutOption,
  type RetryOptions,
  refused,
  removing,
  retrying,
  retryOptions,
} from './retry.js';

/** Options of every lock on one server. The call timeout is far above a healthy round trip. */
export const KEY_SERVER_OPTIONS = {
  callTimeoutMs: callTimeoutOption(500),
  ...retryOptions({ retryDelayMs: 200, retryJitterMs: 200 }),
} as const;

export interface KeyServerOptions extends RetryOptions {
  readonly callTimeoutMs: number;
}

/** How a lock may differ from the careful design. */
export interface KeyDesign {
  /** Value of the key. Default: a new owner id for each try. */
  readonly newOwnerId?: () => string;
  /** Deletes the key; answers how many keys it deleted. Default: only if it is ours. */
  readonly remove?: (redis: RedisConnection, key: string, ownerId: string) => Promise<RedisReply>;
  /** Share of the TTL by which the client ends the grant before the server can. Default: 0. */
  readonly guardRatio?: number;
  /** Default: the server alone has a write. */
  readonly replication?: Replication;
}

/** How many replicas must have a write, and how long they have for it. */
export interface Replication {
  readonly replicas: number;
  readonly withinMs: number;
}

export class KeyServer {
  readonly redis: RedisConnection;

  constructor(
    readonly environment: Environment,
    private readonly options: KeyServerOptions,
    private readonly design: KeyDesign = {},
  ) {
    this.redis = environment.redis[0]!.within(options.callTimeoutMs);
  }

  /**
   * Acquires `key` by `send`, which sets it to the owner id and answers `null` if it is taken. A
   * number it answers is the fencing token minted with the lease.
   */
  acquire(
    key: string,
    wanted: AcquireOptions,
    send: (ownerId: string) => Promise<RedisReply>,
  ): Promise<KeyGrant | Refusal> {
    return retrying(this.environment, wanted, this.options, () =>
      this.#attempt(key, wanted.ttlMs, send),
    );
  }

  /**
   * One try. Each has an owner id of its own: with one id for all, the clean-up of an earlier try
   * that arrives late would delete the key that a later try was granted.
   */
  async #attempt(
    key: string,
    ttlMs: number,
    send: (ownerId: string) => Promise<RedisReply>,
  ): Promise<KeyGrant | Refusal> {
    const ownerId = this.design.newOwnerId?.() ?? this.environment.ownerId();
    const sentAtMs = this.environment.monoMs();
    let reply: RedisReply;
    try {
      reply = await this.replicated(send(ownerId));
    } catch (error) {
      if (mayHaveBeenApplied(error)) inBackground(this.remove(key, ownerId));
      throw error;
    }
    if (reply === null) return refused('held');
    const deadline = new Deadline(this.environment, this.endsAtMs(sentAtMs, ttlMs));
    if (deadline.validForMs() <= 0) {
      inBackground(this.remove(key, ownerId));
      return refused('granted too late');
    }
    return new KeyGrant(this, key, ownerId, ttlMs, deadline, reply);
  }

  /**
   * Of a write that is answered by `null` or 0 if it changed nothing, and that has just been sent.
   * The wait for replicas leaves with it, on the same connection: a later one could be to a server
   * that took over, which answers that its replicas have all that it ever heard of this client.
   *
   * @throws {NotReplicated} if too few replicas have it in time.
   */
  replicated(written: Promise<RedisReply>): Promise<RedisReply> {
    const { replication } = this.design;
    return replication === undefined ? written : this.#acknowledged(written, replication);
  }

  async #acknowledged(
    written: Promise<RedisReply>,
    { replicas, withinMs }: Replication,
  ): Promise<RedisReply> {
    const waited = this.redis.call('WAIT', replicas, withinMs);
    inBackground(waited);
    const reply = await written;
    if (reply === null || reply === 0) return reply;
    const acknowledged = Number(await waited);
    if (acknowledged < replicas) throw new NotReplicated(acknowledged, replicas);
    return reply;
  }

  /** When a lease ends whose request left at `sentAtMs`, on the client's monotonic clock. */
  endsAtMs(sentAtMs: number, ttlMs: number): number {
    return sentAtMs + ttlMs - ttlMs * (this.design.guardRatio ?? 0);
  }

  /** Removes the key if it is ours, trying again a few times. */
  remove(key: string, ownerId: string): Promise<boolean> {
    const remove = this.design.remove ?? deleteIfOwn;
    return removing(this.environment, this.options, () => remove(this.redis, key, ownerId));
  }
}

/** Deletes the key if it holds that owner's id; answers how many keys it deleted. */
export function deleteIfOwn(
  redis: RedisConnection,
  key: string,
  ownerId: string,
): Promise<RedisReply> {
  return redis.eval(DELETE_IF_OWN, [key], [ownerId]);
}

/** The key is ours until the deadline. */
export class KeyGrant implements Grant {
  readonly granted = true;
  readonly fencingToken?: number;

  constructor(
    private readonly server: KeyServer,
    private readonly key: string,
    readonly ownerId: string,
    /** As last asked for. */
    public ttlMs: number,
    readonly deadline: Deadline,
    reply: RedisReply,
  ) {
    if (typeof reply === 'number') this.fencingToken = reply;
  }

  get signal(): AbortSignal {
    return this.deadline.signal;
  }

  onLost(callback: () => void): void {
    this.deadline.onLost(callback);
  }

  validForMs(): number {
    return this.deadline.validForMs();
  }

  async renew(ttlMs: number): Promise<boolean> {
    if (this.validForMs() <= 0) return false;
    this.ttlMs = ttlMs;
    const endsAtMs = this.server.endsAtMs(this.server.environment.monoMs(), ttlMs);
    // A shorter TTL counts as soon as it may have been applied, a longer one when it is confirmed.
    this.deadline.shortenTo(endsAtMs);
    const { redis } = this.server;
    const sent = redis.eval(EXTEND_IF_OWN, [this.key], [this.ownerId, ttlMs]);
    const extended = await this.server.replicated(sent);
    if (extended === 1) return this.deadline.extendTo(endsAtMs);
    this.deadline.lose(GONE);
    return false;
  }

  release(): Promise<boolean> {
    this.deadline.end();
    return this.server.remove(this.key, this.ownerId);
  }
}
