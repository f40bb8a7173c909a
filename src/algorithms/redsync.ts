/**
 * Redsync, the Redlock of Go. How a mutex works is in `redsync-mutex.ts`; this is how it is called:
 * `WithExpiry` is the TTL asked for (upstream's default is 8 s), waiting for 0 ms is `TryLock`, and
 * a wait that is limited is a context that is looked at between tries, so a lock also ends without
 * having been granted when its tries are used up. `renew` is `Extend`, which knows no other time
 * than the first; `validForMs` is what is left up to `Until`. There is nothing that tells a holder
 * by itself. Where upstream returns false with an error of the servers, nobody knows whether the
 * lock is held: that is thrown here.
 */
import {
  KEY_NOT_ON_DISK,
  KEY_NOT_REPLICATED,
  LEFT_TO_TTL,
  neverTold,
  ONE_VALUE_FOR_ALL_TRIES,
  SERVER_CLOCK_STEP,
  TOLD_EARLY,
  UNFENCED_DOUBLE_GRANT,
  UNFENCED_PAUSE,
  UNFENCED_WRITE_IN_FLIGHT,
  within,
} from './claims.js';
import type { Environment } from './environment.js';
import { type AcquireOptions, defineLock, type Grant, type Lock, type Refusal } from './lock.js';
import { QUORUM_OPTIONS } from './quorum-lock.js';
import {
  contextOf,
  type Outcome,
  REDSYNC_OPTIONS,
  Redsync,
  type RedsyncMutex,
  type RedsyncOptions,
  RedsyncUndecided,
} from './redsync-mutex.js';
import { refused } from './retry.js';

const SOURCE = 'go-redsync/redsync v4.17.0: mutex.go, redsync.go, scripts.go';
const NEVER_TOLD = neverTold('go-redsync/redsync v4.17.0: mutex.go, Until');

export const REDSYNC_LOCK_OPTIONS = {
  servers: QUORUM_OPTIONS.servers,
  ...REDSYNC_OPTIONS,
} as const;

export default defineLock({
  name: 'redsync',
  summary: 'Redsync: a mutex over independent Redis servers, valid until a time it can be asked.',
  source: SOURCE,
  services: { redis: 'servers' },
  options: REDSYNC_LOCK_OPTIONS,
  declares: ({ driftFactor }) => ({ driftAllowance: { ratio: driftFactor, constantMs: 0 } }),
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, NEVER_TOLD),
      partition: ONE_VALUE_FOR_ALL_TRIES,
      delay: ONE_VALUE_FOR_ALL_TRIES,
      'half-open': within(10_000, NEVER_TOLD),
      'clock-step': SERVER_CLOCK_STEP,
      'server-crash': KEY_NOT_ON_DISK,
      failover: KEY_NOT_REPLICATED,
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'clock-step': UNFENCED_DOUBLE_GRANT,
      'server-crash': UNFENCED_DOUBLE_GRANT,
      failover: UNFENCED_DOUBLE_GRANT,
    },
    ownership: { default: 'holds' },
    leak: LEFT_TO_TTL,
    progress: { default: 'holds' },
    belief: { default: 'holds', pause: TOLD_EARLY },
  },
  create: (environment, options) => redsyncLock(environment, options),
});

/** A lock whose grants show their mutex. */
export interface RedsyncLock extends Lock {
  acquire(key: string, wanted: AcquireOptions): Promise<RedsyncGrant | Refusal>;
}

/** The lock that a mutex of Redsync makes. */
export function redsyncLock(environment: Environment, options: RedsyncOptions): RedsyncLock {
  const redsync = new Redsync(environment, options);
  let ofClient: string | undefined;
  const newValue = (): string => {
    if (options.genValue === 'random') return environment.ownerId();
    ofClient ??= environment.ownerId();
    return ofClient;
  };
  return {
    async acquire(key, wanted) {
      const mutex = redsync.newMutex(key, wanted.ttlMs);
      const tries = wanted.waitMs === 0 ? 1 : options.tries;
      const failure = await mutex.lock(newValue(), tries, contextOf(environment, wanted));
      return failure === undefined ? new RedsyncGrant(redsync, mutex) : refused(failure);
    },
  };
}

export class RedsyncGrant implements Grant {
  readonly granted = true;
  readonly ownerId: string;

  constructor(
    private readonly redsync: Redsync,
    readonly mutex: RedsyncMutex,
  ) {
    this.ownerId = mutex.value;
  }

  validForMs(): number {
    return Math.max(0, this.mutex.untilMs - this.redsync.environment.monoMs());
  }

  async renew(): Promise<boolean> {
    const votes = await this.mutex.extend();
    return this.#hasQuorum(votes) && votes.extended;
  }

  /** Extends, and answers whether a quorum did so, however late one hears of it. */
  async extendedAtAll(): Promise<boolean> {
    return this.#hasQuorum(await this.mutex.extend());
  }

  #hasQuorum(votes: Outcome): boolean {
    const { quorum, servers } = this.redsync;
    if (votes.yes >= quorum) return true;
    if (votes.taken > servers.length - quorum) return false;
    throw new RedsyncUndecided('extended the lock', votes);
  }

  async release(): Promise<boolean> {
    const votes = await this.mutex.unlock();
    const { quorum, servers } = this.redsync;
    if (votes.yes >= quorum) return true;
    if (votes.taken + votes.expired > servers.length - quorum) return false;
    throw new RedsyncUndecided('deleted the key', votes);
  }
}
