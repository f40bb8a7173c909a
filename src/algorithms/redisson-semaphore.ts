/**
 * Redisson's `RPermitExpirableSemaphore`: so many permits, each with an id and a lease of its own.
 * Nobody watches over the leases at the server: whoever asks for a permit takes back those that are
 * over by his own clock. The permits are set before each acquire, where they are not yet.
 */
import type { Environment, RedisConnection } from './environment.js';
import { type AcquireOptions, defineLock, type Grant, type Lock, type Refusal } from './lock.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';
import { REDISSON_OPTIONS } from './redisson-base.js';
import { PERMITS, PERMITS_TAKEN_BACK, REDISSON_LEAK, UNFENCED } from './redisson-claims.js';
import { UnlockEntry } from './redisson-entry.js';
import {
  EXTEND_PERMIT,
  GIVE_PERMIT_BACK,
  SET_PERMITS,
  TAKE_PERMITS,
} from './redisson-semaphore-scripts.js';
import { refused } from './retry.js';

export const SEMAPHORE_OPTIONS = {
  permits: {
    kind: 'number',
    default: 2,
    min: 1,
    max: 100,
    integer: true,
    doc: 'how many may hold at once',
  },
  responseTimeoutMs: REDISSON_OPTIONS.responseTimeoutMs,
  subscriptionTimeoutMs: REDISSON_OPTIONS.subscriptionTimeoutMs,
} as const satisfies OptionSpecs;

export type SemaphoreOptions = OptionValues<typeof SEMAPHORE_OPTIONS>;

/** Until when a permit lasts that never ends, in ms since 1970. */
const NEVER_MS = '922337203685477';

export class RedissonSemaphore implements Lock {
  private readonly redis: RedisConnection;

  constructor(
    private readonly environment: Environment,
    private readonly options: SemaphoreOptions,
  ) {
    this.redis = environment.redis[0]!.within(options.responseTimeoutMs);
  }

  async acquire(key: string, wanted: AcquireOptions): Promise<Grant | Refusal> {
    const { permits, subscriptionTimeoutMs } = this.options;
    const { waitMs = Number.POSITIVE_INFINITY, ttlMs } = wanted;
    await this.redis.eval(SET_PERMITS, [key, channelOf(key)], [permits, 'publish']);
    const startedAtMs = this.wallMs();
    const leftMs = () => waitMs - (this.wallMs() - startedAtMs);
    const first = await this.take(key, ttlMs);
    if (typeof first !== 'number') return first;
    if (leftMs() <= 0) return refused('no permit left');
    const entry = new UnlockEntry(
      this.environment,
      this.redis,
      channelOf(key),
      (message) => Number(message) > 0,
    );
    if (!(await entry.open(Math.min(leftMs(), subscriptionTimeoutMs)))) {
      return refused('no permit left');
    }
    try {
      return await this.waitWith(entry, key, wanted, leftMs);
    } finally {
      entry.close();
    }
  }

  private async waitWith(
    entry: UnlockEntry,
    key: string,
    { ttlMs, signal }: AcquireOptions,
    leftMs: () => number,
  ): Promise<Grant | Refusal> {
    while (leftMs() > 0) {
      const answer = await this.take(key, ttlMs);
      if (typeof answer !== 'number') return answer;
      const limitMs = Math.min(answer - this.wallMs(), leftMs());
      await entry.wait(Math.max(limitMs, SHORTEST_WAIT_MS), signal);
      if (signal?.aborted) return refused('aborted');
    }
    return refused('no permit left');
  }

  /** A permit, or when the next one is over, by the wall clock. Each try has an id of its own. */
  private async take(key: string, ttlMs: number): Promise<Grant | number> {
    const id = this.environment.ownerId();
    const nowMs = this.wallMs();
    const answer = await this.redis.eval(
      TAKE_PERMITS,
      [key, timeoutsOf(key), channelOf(key)],
      [1, nowMs + ttlMs, nowMs, NEVER_MS, 'publish', id],
    );
    if (answer === 'OK') return new Permit(this, key, id);
    return answer === null ? Number.POSITIVE_INFINITY : Number((answer as string).slice(1));
  }

  /** `tryRelease`. */
  async giveBack(key: string, id: string): Promise<boolean> {
    const keys = [key, channelOf(key), timeoutsOf(key)];
    return (await this.redis.eval(GIVE_PERMIT_BACK, keys, [id, 1, this.wallMs(), 'publish'])) === 1;
  }

  /** `updateLeaseTime`. */
  async extend(key: string, id: string, ttlMs: number): Promise<boolean> {
    const nowMs = this.wallMs();
    const keys = [key, timeoutsOf(key), channelOf(key)];
    return (
      (await this.redis.eval(EXTEND_PERMIT, keys, [id, nowMs + ttlMs, nowMs, 'publish'])) === 1
    );
  }

  private wallMs(): number {
    return Math.floor(this.environment.wallMs());
  }
}

/** Who is told of an end in the past asks again, but lets others have a turn. */
const SHORTEST_WAIT_MS = 1;

class Permit implements Grant {
  readonly granted = true;

  constructor(
    private readonly semaphore: RedissonSemaphore,
    private readonly key: string,
    readonly ownerId: string,
  ) {}

  renew(ttlMs: number): Promise<boolean> {
    return this.semaphore.extend(this.key, this.ownerId, ttlMs);
  }

  release(): Promise<boolean> {
    return this.semaphore.giveBack(this.key, this.ownerId);
  }
}

function channelOf(key: string): string {
  return `redisson_sc:{${key}}`;
}

function timeoutsOf(key: string): string {
  return `{${key}}:timeout`;
}

export default defineLock({
  name: 'redisson-semaphore',
  summary: "Redisson's semaphore whose permits expire, by the clocks of its clients.",
  source: 'redisson/redisson v4.7.0: RedissonPermitExpirableSemaphore.java',
  services: { redis: 1 },
  options: SEMAPHORE_OPTIONS,
  declares: ({ permits }) => ({ wokenByMessage: true, permits }),
  claims: {
    permits: PERMITS,
    'resource-safety': UNFENCED,
    ownership: PERMITS_TAKEN_BACK,
    leak: REDISSON_LEAK,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) => new RedissonSemaphore(environment, options),
});
