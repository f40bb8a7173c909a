/**
 * BeeORM's locker over bsm/redislock. `Obtain(key, ttl, waitTimeout)` is one call with one owner
 * id: with no wait it is one try; else it tries again each second, or after the whole wait if that
 * is shorter, as often as the wait has whole seconds, and at least once. So a wait counts tries,
 * and slow replies stretch it. A wait longer than the TTL is refused upstream, by panic.
 *
 * Here an acquire makes such calls, with `waitTimeoutMs` but never more than what is left to wait,
 * until that is over. A panic, which is how an obtain ends with any error but "not obtained", is
 * thrown: as if somebody recovered from it. `release` says nothing, and so here: `true`, whatever
 * the server found. `refresh` is `renew`, and `false` when lost. Nothing is known without asking
 * the server, so a grant has no validity and no signal.
 */
import { isCallFailure } from './call-failure.js';
import {
  KEY_NOT_ON_DISK,
  KEY_NOT_REPLICATED,
  NO_DRIFT_ALLOWANCE,
  neverTold,
  PATIENTLY_LEFT_TO_TTL,
  SERVER_CLOCK_STEP,
  UNFENCED_DOUBLE_GRANT,
  UNFENCED_PAUSE,
  UNFENCED_WRITE_IN_FLIGHT,
  within,
} from './claims.js';
import type { Environment, RedisConnection } from './environment.js';
import { deleteIfOwn } from './key-server.js';
import {
  type AcquireOptions,
  type Claim,
  defineLock,
  type Grant,
  type Lock,
  type Refusal,
} from './lock.js';
import type { OptionSpecs, OptionValues } from './option-spec.js';
import { EXTEND_IF_OWN } from './redis-scripts.js';
import { DeadlineExceeded, limitedRetry, NO_RETRY, obtain, REDISLOCK_PTTL } from './redislock.js';
import { refused } from './retry.js';

const SOURCE = 'latolukasz/beeorm v3: locker.go, with bsm/redislock v0.9.4: redislock.go';
const NEVER_TOLD = neverTold(SOURCE);

const NOT_CLEANED_UP: Exclude<Claim, 'holds'> = {
  worst: 'until-ttl',
  reason: 'an obtain whose reply was lost is an error, and nobody removes the key it may have set',
  source: SOURCE,
};

const SECOND_MS = 1_000;
/** Between two calls of a caller that goes on waiting: it has been told "not obtained". */
const NEXT_CALL_MS = 100;

export const BEEORM_OPTIONS = {
  waitTimeoutMs: {
    kind: 'number',
    default: 5_000,
    min: 0,
    max: 3_600_000,
    doc: 'waitTimeout of one Obtain, in ms; 0 is one try',
  },
  tokens: {
    kind: 'choice',
    default: 'random',
    values: ['random', 'shared'],
    doc: 'one of its own each time, or one text for everybody (Options.Token)',
  },
  clientTimeoutMs: {
    kind: 'number',
    default: 3_000,
    min: 1,
    max: 60_000,
    doc: 'how long the Redis client waits for a reply to a release or refresh, in ms',
  },
} as const satisfies OptionSpecs;

export type BeeormOptions = OptionValues<typeof BEEORM_OPTIONS>;

export default defineLock({
  name: 'beeorm-locker',
  summary: "BeeORM's locker: one Redis key, obtained at once or within a wait of whole seconds.",
  source: SOURCE,
  services: { redis: 1 },
  options: BEEORM_OPTIONS,
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, NEVER_TOLD),
      partition: NEVER_TOLD,
      delay: NEVER_TOLD,
      'half-open': within(10_000, NEVER_TOLD),
      'clock-step': SERVER_CLOCK_STEP,
      'clock-drift': NO_DRIFT_ALLOWANCE,
      'server-crash': within(10_000, KEY_NOT_ON_DISK),
      failover: within(10_000, KEY_NOT_REPLICATED),
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': UNFENCED_DOUBLE_GRANT,
      'clock-drift': UNFENCED_DOUBLE_GRANT,
      'server-crash': UNFENCED_DOUBLE_GRANT,
      failover: UNFENCED_DOUBLE_GRANT,
    },
    ownership: { default: 'holds' },
    leak: { ...PATIENTLY_LEFT_TO_TTL, 'lost-reply': within(2_000, NOT_CLEANED_UP) },
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) => beeormLock(environment, options),
});

/** A mistake of the caller, or an error that the locker does not expect. */
export class Panic extends Error {
  override readonly name = 'Panic';
}

/** `GetLocker`. */
export class BeeormLocker {
  readonly redis: RedisConnection;

  constructor(
    readonly environment: Environment,
    readonly options: BeeormOptions,
  ) {
    this.redis = environment.redis[0]!;
  }

  /**
   * The lock, or `undefined` if it is not obtained.
   *
   * @throws {Panic} for a TTL of 0, a wait longer than the TTL, a deadline that has passed.
   */
  async obtain(
    key: string,
    ttlMs: number,
    waitTimeoutMs: number,
  ): Promise<BeeormGrant | undefined> {
    if (ttlMs === 0) throw new Panic('the TTL must not be 0');
    if (waitTimeoutMs > ttlMs) throw new Panic('the wait must not be longer than the TTL');
    const { environment, redis, options } = this;
    const ownerId = options.tokens === 'shared' ? `instance-of-${key}` : environment.ownerId();
    const retry = waitTimeoutMs > 0 ? retryFor(waitTimeoutMs) : NO_RETRY;
    try {
      if (!(await obtain(environment, redis, key, ownerId, ttlMs, retry))) return undefined;
    } catch (error) {
      if (!(error instanceof DeadlineExceeded || isCallFailure(error))) throw error;
      throw new Panic(error.message);
    }
    return new BeeormGrant(this, key, ownerId);
  }
}

function retryFor(waitTimeoutMs: number) {
  if (waitTimeoutMs < SECOND_MS) return limitedRetry(waitTimeoutMs, 1);
  return limitedRetry(SECOND_MS, Math.floor(waitTimeoutMs / SECOND_MS));
}

/** A lock that was obtained (`Lock`). */
export class BeeormGrant implements Grant {
  readonly granted = true;
  readonly #redis: RedisConnection;
  #has = true;

  constructor(
    locker: BeeormLocker,
    private readonly key: string,
    readonly ownerId: string,
  ) {
    this.#redis = locker.redis.within(locker.options.clientTimeoutMs);
  }

  /** `Refresh`. */
  async renew(ttlMs: number): Promise<boolean> {
    if (!this.#has) return false;
    const extended = await this.#redis.eval(EXTEND_IF_OWN, [this.key], [this.ownerId, ttlMs]);
    if (extended === 1) return true;
    this.#has = false;
    return false;
  }

  /** `TTL`: milliseconds left as the server counts them; 0 if the lock is not held. */
  async ttlMs(): Promise<number> {
    const leftMs = await this.#redis.eval(REDISLOCK_PTTL, [this.key], [this.ownerId]);
    return Math.max(0, leftMs as number);
  }

  /** `Release`: only the first one does anything, and a lock that was lost is no error. */
  async release(): Promise<boolean> {
    if (!this.#has) return true;
    this.#has = false;
    await deleteIfOwn(this.#redis, this.key, this.ownerId);
    return true;
  }
}

/** The locker as a lock. */
export function beeormLock(environment: Environment, options: BeeormOptions): Lock {
  const locker = new BeeormLocker(environment, options);
  return { acquire: (key, wanted) => acquire(locker, key, wanted) };
}

async function acquire(
  locker: BeeormLocker,
  key: string,
  { ttlMs, waitMs, signal }: AcquireOptions,
): Promise<Grant | Refusal> {
  const { environment, options } = locker;
  const startedAtMs = environment.monoMs();
  const leftMs = () => (waitMs ?? Infinity) - (environment.monoMs() - startedAtMs);
  for (;;) {
    const waitTimeoutMs = Math.max(0, Math.min(options.waitTimeoutMs, leftMs()));
    const grant = await locker.obtain(key, ttlMs, waitTimeoutMs);
    if (grant !== undefined) return grant;
    if (signal?.aborted) return refused('aborted');
    if (leftMs() < NEXT_CALL_MS) return refused('not obtained');
    await environment.sleep(NEXT_CALL_MS, signal);
  }
}
