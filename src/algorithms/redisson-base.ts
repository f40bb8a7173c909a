/**
 * What Redisson's locks have in common: how one waits for them, how they are left, and who renews
 * them (redisson/redisson v4.7.0: RedissonLock.java, RedissonBaseLock.java). They differ in their
 * scripts and channels.
 *
 * A holder is a thread of a client (`uuid:threadId`); here each operation is a thread of its own,
 * and its owner id stands for that name; who acquires under a grant is the thread of that grant.
 * Waiting is bounded by the wall clock, as upstream bounds it by `System.currentTimeMillis()`.
 */
import type { Mode } from '../history.js';
import { inBackground } from './call-failure.js';
import { CallTimeout, type Environment, type RedisConnection } from './environment.js';
import type { AcquireOptions, Grant, Lock, Refusal } from './lock.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';
import { UnlockEntry } from './redisson-entry.js';
import { renewByHash, Watchdog } from './redisson-watchdog.js';
import { refused } from './retry.js';

/** Message of a channel: the lock is free. */
export const UNLOCK_MESSAGE = 0;

export const REDISSON_OPTIONS = {
  leaseTime: {
    kind: 'choice',
    default: 'watchdog',
    values: ['watchdog', 'ttl'],
    doc: 'the lease: renewed while the client lives, or the TTL asked for and not renewed',
  },
  lockWatchdogTimeoutMs: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 3_600_000,
    doc: 'lease of a lock that is renewed, in ms; 0: the TTL asked for first (Redisson has 30 s)',
  },
  responseTimeoutMs: {
    kind: 'number',
    default: 3_000,
    min: 1,
    max: 60_000,
    doc: 'how long the client waits for the reply to a command, in ms (timeout)',
  },
  subscriptionTimeoutMs: {
    kind: 'number',
    default: 7_500,
    min: 1,
    max: 60_000,
    doc: 'how long the client waits for a subscription, in ms',
  },
} as const satisfies OptionSpecs;

export type RedissonOptions = OptionValues<typeof REDISSON_OPTIONS>;

/**
 * How long the server remembers the answer to an unlock: upstream as long as all its tries may
 * take, 4 of 3 s with 1 to 2 s between them.
 */
export const UNLOCK_LATCH_MS = 18_000;

/** One holder of one lock. */
export interface Hold {
  readonly key: string;
  /** The holder, as `uuid:threadId` upstream. */
  readonly ownerId: string;
  readonly mode: Mode;
  readonly leaseMs: number;
  /** What it may wait in all, in ms; absent: without limit. */
  readonly waitMs: number | undefined;
  readonly signal: AbortSignal | undefined;
  /** Minted by the acquire that entered last, where the lock has fencing tokens. */
  fencingToken: number | undefined;
}

export abstract class RedissonBaseLock implements Lock {
  protected readonly redis: RedisConnection;
  private watchdog: Watchdog | undefined;
  /** Numbers unlock requests. */
  private unlocks = 0;

  constructor(
    protected readonly environment: Environment,
    protected readonly options: RedissonOptions,
  ) {
    this.redis = environment.redis[0]!.within(options.responseTimeoutMs);
  }

  /** Tries once; answers `null` if it is in, else the ms that it is still taken (−1: no end). */
  protected abstract enter(hold: Hold): Promise<number | null>;

  /** Leaves once; answers 1 if it was the last time, 0 if not, `null` if it was not in. */
  protected abstract leave(hold: Hold, latch: string): Promise<number | null>;

  /** Where the holder listens for unlocks. */
  protected channel({ key }: Hold): string {
    return `redisson_lock__channel:{${key}}`;
  }

  /** Whether a message on the channel wakes who is waiting, or who next will. */
  protected wakes(_message: string, _waiting: boolean): boolean {
    return true;
  }

  /** What of a refusal still counts once the holder listens: the unlock may have come before. */
  protected believed(_takenForMs: number): number | undefined {
    return undefined;
  }

  /** Tells the server that the holder waits no more. */
  protected async giveUp(_hold: Hold): Promise<void> {}

  async acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    const hold = this.holdFor(key, wanted);
    const refusal = await this.wait(hold);
    return refusal ?? new RedissonGrant(this, hold);
  }

  private holdFor(key: string, wanted: AcquireOptions): Hold {
    const { ttlMs, waitMs, mode = 'exclusive', holder, signal } = wanted;
    const { leaseTime, lockWatchdogTimeoutMs } = this.options;
    const renewed = leaseTime === 'watchdog' && lockWatchdogTimeoutMs > 0;
    return {
      key,
      ownerId: holder?.ownerId ?? this.environment.ownerId(),
      mode,
      leaseMs: renewed ? lockWatchdogTimeoutMs : ttlMs,
      waitMs,
      signal,
      fencingToken: undefined,
    };
  }

  /** `lock`, and `tryLock` with a limit. */
  private async wait(hold: Hold): Promise<Refusal | undefined> {
    const leftMs = this.countdown(hold.waitMs);
    const takenForMs = await this.tryOnce(hold);
    if (takenForMs === null) return undefined;
    const forSubscriptionMs = leftMs();
    if (forSubscriptionMs <= 0) return this.refuse(hold);
    const channel = this.channel(hold);
    const entry = new UnlockEntry(this.environment, this.redis, channel, this.wakes);
    const { subscriptionTimeoutMs } = this.options;
    if (!(await entry.open(Math.min(forSubscriptionMs, subscriptionTimeoutMs)))) {
      return this.refuse(hold);
    }
    try {
      return await this.waitWith(entry, hold, leftMs, this.believed(takenForMs));
    } finally {
      entry.close();
    }
  }

  /** `believed`: for how long it is taken, if that need not be asked again. */
  private async waitWith(
    entry: UnlockEntry,
    hold: Hold,
    leftMs: () => number,
    believed: number | undefined,
  ): Promise<Refusal | undefined> {
    let toldMs = believed;
    while (leftMs() > 0) {
      const takenForMs = toldMs ?? (await this.tryAgain(hold));
      toldMs = undefined;
      if (takenForMs === undefined) break;
      if (takenForMs === null) return undefined;
      const limitMs = leftMs();
      if (limitMs <= 0) break;
      await entry.wait(takenForMs < 0 ? limitMs : Math.min(takenForMs, limitMs), hold.signal);
      if (hold.signal?.aborted) {
        await this.giveUp(hold);
        return refused('aborted');
      }
    }
    return this.refuse(hold);
  }

  private async refuse(hold: Hold): Promise<Refusal> {
    await this.giveUp(hold);
    return refused('not acquired');
  }

  private async tryOnce(hold: Hold): Promise<number | null> {
    const takenForMs = await this.enter(hold);
    if (takenForMs === null && this.options.leaseTime === 'watchdog') this.renewFor(hold);
    return takenForMs;
  }

  /** `tryLock` gives up if a try that is not its first is not answered; `lock` throws then. */
  private async tryAgain(hold: Hold): Promise<number | null | undefined> {
    try {
      return await this.tryOnce(hold);
    } catch (error) {
      if (hold.waitMs === undefined || !(error instanceof CallTimeout)) throw error;
      return undefined;
    }
  }

  /** Renews from now on. */
  protected renewFor({ key, ownerId, leaseMs }: Hold): void {
    const renewAll = renewByHash(this.redis, leaseMs);
    this.watchdog ??= new Watchdog(this.environment, leaseMs, renewAll);
    this.watchdog.add(key, ownerId);
  }

  /** The holder left once. */
  protected renewNoMore({ key, ownerId }: Hold): void {
    this.watchdog?.remove(key, ownerId);
  }

  /** Milliseconds left of a limit, by the wall clock. */
  private countdown(limitMs: number | undefined): () => number {
    if (limitMs === undefined) return () => Number.POSITIVE_INFINITY;
    const startedAtMs = this.environment.wallMs();
    return () => limitMs - (this.environment.wallMs() - startedAtMs);
  }

  /**
   * `unlock`: `false` if the holder was not in (upstream an IllegalMonitorStateException). The
   * renewal ends whatever comes of it.
   */
  async unlock(hold: Hold): Promise<boolean> {
    this.unlocks += 1;
    const latch = `redisson_unlock_latch:{${hold.key}}:${hold.ownerId}:${this.unlocks}`;
    let answer: number | null;
    try {
      answer = await this.leave(hold, latch);
    } finally {
      this.renewNoMore(hold);
    }
    inBackground(this.redis.call('DEL', latch));
    return answer !== null;
  }
}

/** The lock is ours until it is left, or until the server ends it: nobody would tell. */
class RedissonGrant implements Grant {
  readonly granted = true;
  readonly ownerId: string;
  readonly fencingToken?: number;

  constructor(
    private readonly lock: RedissonBaseLock,
    private readonly hold: Hold,
  ) {
    this.ownerId = hold.ownerId;
    if (hold.fencingToken !== undefined) this.fencingToken = hold.fencingToken;
  }

  release(): Promise<boolean> {
    return this.lock.unlock(this.hold);
  }
}
