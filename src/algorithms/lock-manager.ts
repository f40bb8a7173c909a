/**
 * The lock manager of go-common, over one Redis through Redsync: `acquire(key, ttl, token?)` and
 * `release(key, token)`, where the token, here the owner id, comes from the caller or from a
 * generator. Every call makes a new mutex. A wait of 0 ms is one try (`WithTries(1)`).
 *
 * It has no extension, no validity and no notice, so a grant here has none either. An expired lock
 * is released with success upstream, and so here: `false` is `ErrUnlockNotPermitted` alone.
 */
import {
  KEY_NOT_ON_DISK,
  KEY_NOT_REPLICATED,
  neverTold,
  ONE_VALUE_FOR_ALL_TRIES,
  PATIENTLY_LEFT_TO_TTL,
  SERVER_CLOCK_STEP,
  UNFENCED_DOUBLE_GRANT,
  UNFENCED_PAUSE,
  UNFENCED_WRITE_IN_FLIGHT,
  within,
} from './claims.js';
import type { Environment } from './environment.js';
import { type AcquireOptions, defineLock, type Lock } from './lock.js';
import type { OptionValues } from './option-spec.js';
import { contextOf, REDSYNC_OPTIONS, Redsync, RedsyncUndecided } from './redsync-mutex.js';
import { refused } from './retry.js';

const SOURCE =
  'kittipat1413/go-common v0.22.0: framework/lockmanager/redsync/redsync.go and its README';
const NEVER_TOLD = neverTold(SOURCE);

const { genValue: _replaced, ...MUTEX_OPTIONS } = REDSYNC_OPTIONS;

/** Redsync's own expiry: a release has no use for one. */
const DEFAULT_EXPIRY_MS = 8_000;

export const LOCK_MANAGER_OPTIONS = {
  ...MUTEX_OPTIONS,
  tokenGenerator: {
    kind: 'choice',
    default: 'xid',
    values: ['xid', 'token-for'],
    doc: 'a new id each time, or the text made of the key as in its example (WithTokenGenerator)',
  },
} as const;

export type LockManagerOptions = OptionValues<typeof LOCK_MANAGER_OPTIONS>;

export default defineLock({
  name: 'lock-manager',
  summary: 'The lock manager of go-common: Redsync on one Redis, held by whoever knows the text.',
  source: SOURCE,
  services: { redis: 1 },
  options: LOCK_MANAGER_OPTIONS,
  declares: ({ driftFactor }) => ({ driftAllowance: { ratio: driftFactor, constantMs: 0 } }),
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, NEVER_TOLD),
      partition: ONE_VALUE_FOR_ALL_TRIES,
      delay: ONE_VALUE_FOR_ALL_TRIES,
      'half-open': within(10_000, NEVER_TOLD),
      'clock-step': within(10_000, SERVER_CLOCK_STEP),
      'server-crash': within(10_000, KEY_NOT_ON_DISK),
      failover: within(10_000, KEY_NOT_REPLICATED),
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': within(10_000, UNFENCED_DOUBLE_GRANT),
      'server-crash': within(10_000, UNFENCED_DOUBLE_GRANT),
      failover: within(10_000, UNFENCED_DOUBLE_GRANT),
    },
    ownership: { default: 'holds' },
    leak: PATIENTLY_LEFT_TO_TTL,
    progress: { default: 'holds' },
    belief: { default: 'holds' },
  },
  create: (environment, options) => lockManagerLock(environment, options),
});

/** `ErrLockAlreadyTaken`. */
export class LockAlreadyTaken extends Error {
  override readonly name = 'LockAlreadyTaken';
}

/** `ErrUnlockNotPermitted`: somebody else's lock. */
export class UnlockNotPermitted extends Error {
  override readonly name = 'UnlockNotPermitted';
}

/** The acquire failed in another way: the servers did, or the context was done. */
export class LockFailed extends Error {
  override readonly name = 'LockFailed';
}

/** The two calls of the manager. */
export class LockManager {
  readonly #redsync: Redsync;

  constructor(
    private readonly environment: Environment,
    private readonly options: LockManagerOptions,
  ) {
    this.#redsync = new Redsync(environment, { ...options, genValue: 'random' });
  }

  /**
   * Answers the owner id that holds the key from now on.
   *
   * @throws {LockAlreadyTaken} also if the lock is held by the same owner id.
   * @throws {LockFailed}
   */
  async acquire(
    key: string,
    ttlMs: number,
    wanted: Pick<AcquireOptions, 'waitMs' | 'signal'> = {},
    ownerId = this.#newOwnerId(key),
  ): Promise<string> {
    const { environment, options } = this;
    const mutex = this.#redsync.newMutex(key, ttlMs);
    const tries = wanted.waitMs === 0 ? 1 : options.tries;
    const failure = await mutex.lock(ownerId, tries, contextOf(environment, wanted));
    if (failure === undefined) return ownerId;
    if (failure === 'lock already taken') throw new LockAlreadyTaken(failure);
    throw new LockFailed(failure);
  }

  /**
   * Ends the lock; one that has expired is none, and no error either.
   *
   * @throws {UnlockNotPermitted} if another owner id holds the key.
   * @throws {RedsyncUndecided} if the server did not answer.
   */
  async release(key: string, ownerId: string): Promise<void> {
    const votes = await this.#redsync.newMutex(key, DEFAULT_EXPIRY_MS, ownerId).unlock();
    if (votes.yes > 0 || votes.expired > 0) return;
    if (votes.taken > 0) throw new UnlockNotPermitted('the lock is held by another');
    throw new RedsyncUndecided('deleted the key', votes);
  }

  #newOwnerId(key: string): string {
    if (this.options.tokenGenerator === 'token-for') return `lock-token-for:${key}`;
    return this.environment.ownerId();
  }
}

/** The manager as a lock. */
export function lockManagerLock(environment: Environment, options: LockManagerOptions): Lock {
  const manager = new LockManager(environment, options);
  return {
    async acquire(key, wanted) {
      let ownerId: string;
      try {
        ownerId = await manager.acquire(key, wanted.ttlMs, wanted);
      } catch (error) {
        if (!(error instanceof LockAlreadyTaken || error instanceof LockFailed)) throw error;
        return refused(error.message);
      }
      return {
        granted: true,
        ownerId,
        async release() {
          try {
            await manager.release(key, ownerId);
            return true;
          } catch (error) {
            if (error instanceof UnlockNotPermitted) return false;
            throw error;
          }
        },
      };
    },
  };
}
