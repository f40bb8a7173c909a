/**
 * UCloud's best-effort lock: `create(name, duration)`, then `acquire` (one try), `renew(duration)`
 * and `release`. A service makes one object for each lock and uses it again and again, so what the
 * object remembers outlives a grant: its cool-down does. An acquire that may wait is `withLock`'s
 * loop, which tries again after a random 0 to 149 ms.
 *
 * What it does that others do not: any failure of an acquire is a plain "no", and whatever the
 * request may have set stays; a renewal that asked to live for 5 s or more is followed by a
 * cool-down of a tenth of that, by the wall clock and whether or not it went through, in which
 * `renew` says yes without asking; a renewal counts in whole seconds; nobody waits for the answer
 * to a release. A grant has no validity and no signal.
 */
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
import type { Environment } from './environment.js';
import {
  type AcquireOptions,
  type Claim,
  defineLock,
  type Grant,
  type Lock,
  type Refusal,
} from './lock.js';
import { refused } from './retry.js';
import {
  type CoolDownClock,
  UCLOUD_OPTIONS,
  UCloudLock,
  type UCloudOptions,
} from './ucloud-lock.js';

const SOURCE =
  'SDU-eScience/UCloud: backend/service-lib-server/src/main/kotlin/service/' +
  'DistributedLockBestEffort.kt';
const NEVER_TOLD = neverTold(SOURCE);

type Accepted = Exclude<Claim, 'holds'>;

const NOT_CLEANED_UP: Accepted = {
  worst: 'until-ttl',
  reason: 'an acquire whose reply was lost counts as refused, and forgets what it may have set',
  source: SOURCE,
};
const WRITES_AFTER_A_SILENT_RENEWAL: Accepted = {
  worst: 'breaks',
  reason: 'a renewal without reply holds its holder up past the TTL, and then nobody stops it',
  source: SOURCE,
};
const WAITS_FOR_A_REPLY: Accepted = {
  worst: 'breaks',
  reason: 'a request waits for its reply for as long as the Redis client lets it, a minute',
  source: SOURCE,
};

/** `withLock` tries again after fewer milliseconds than this. */
const SPIN_BELOW_MS = 150;

export default defineLock({
  name: 'ucloud-best-effort',
  summary: "UCloud's best-effort lock: one Redis key, and renewals that need not ask each time.",
  source: SOURCE,
  services: { redis: 1 },
  options: UCLOUD_OPTIONS,
  claims: {
    'mutual-exclusion': {
      default: 'holds',
      pause: within(10_000, NEVER_TOLD),
      partition: NEVER_TOLD,
      delay: NEVER_TOLD,
      'half-open': within(10_000, NEVER_TOLD),
      'clock-step': within(10_000, SERVER_CLOCK_STEP),
      'clock-drift': NO_DRIFT_ALLOWANCE,
      'server-crash': within(10_000, KEY_NOT_ON_DISK),
      failover: within(10_000, KEY_NOT_REPLICATED),
    },
    'resource-safety': {
      default: 'holds',
      pause: UNFENCED_PAUSE,
      delay: UNFENCED_WRITE_IN_FLIGHT,
      partition: UNFENCED_WRITE_IN_FLIGHT,
      'half-open': WRITES_AFTER_A_SILENT_RENEWAL,
      'clock-step': within(10_000, UNFENCED_DOUBLE_GRANT),
      'clock-drift': UNFENCED_DOUBLE_GRANT,
      'server-crash': within(10_000, UNFENCED_DOUBLE_GRANT),
      failover: within(10_000, UNFENCED_DOUBLE_GRANT),
    },
    ownership: { default: 'holds' },
    leak: { ...PATIENTLY_LEFT_TO_TTL, 'lost-reply': NOT_CLEANED_UP },
    progress: {
      default: 'holds',
      'half-open': within(10_000, WAITS_FOR_A_REPLY),
      partition: WAITS_FOR_A_REPLY,
      delay: WAITS_FOR_A_REPLY,
    },
    belief: { default: 'holds' },
  },
  create: (environment, options) => ucloudLock(environment, options),
});

/** A lock whose grants say when they were asked for. */
export interface UCloudLocks extends Lock {
  acquire(key: string, wanted: AcquireOptions): Promise<UCloudGrant | Refusal>;
}

/** The lock as its services use it: one object for each name, and grants that share it. */
export function ucloudLock(
  environment: Environment,
  options: UCloudOptions,
  coolDownClock: CoolDownClock = 'wall',
): UCloudLocks {
  const locks = new Map<string, UCloudLock>();
  const create = (name: string, durationMs: number): UCloudLock => {
    const made = locks.get(`${name} ${durationMs}`);
    if (made !== undefined) return made;
    const lock = new UCloudLock(environment, options, name, durationMs, coolDownClock);
    locks.set(`${name} ${durationMs}`, lock);
    return lock;
  };
  return {
    async acquire(key, wanted) {
      const lock = create(key, wanted.ttlMs);
      const waitMs = options.acquire === 'once' ? 0 : wanted.waitMs;
      const calledAtMs = await acquired(environment, lock, waitMs, wanted.signal);
      if (calledAtMs === undefined) return refused('not acquired');
      return new UCloudGrant(lock, options, calledAtMs);
    },
  };
}

/** Tries until it is acquired or the wait is over; when the try that was granted was made. */
async function acquired(
  environment: Environment,
  lock: UCloudLock,
  waitMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const startedAtMs = environment.monoMs();
  for (;;) {
    const calledAtMs = environment.monoMs();
    if (await lock.acquire()) return calledAtMs;
    const leftMs = (waitMs ?? Infinity) - (environment.monoMs() - startedAtMs);
    if (leftMs <= 0 || signal?.aborted) return undefined;
    const delayMs = Math.floor(environment.random() * SPIN_BELOW_MS);
    await environment.sleep(Math.min(delayMs, leftMs), signal);
  }
}

/** What an acquire that was granted answers. */
export class UCloudGrant implements Grant {
  readonly granted = true;
  readonly ownerId: string;

  constructor(
    private readonly lock: UCloudLock,
    private readonly options: UCloudOptions,
    /** When the try was made that was granted, on the monotonic clock. */
    readonly calledAtMs: number,
  ) {
    this.ownerId = lock.value ?? '';
  }

  async renew(ttlMs: number): Promise<boolean> {
    const { lock, options } = this;
    if (options.keepAlive === 'renew') return lock.renew(options.renewMs || ttlMs);
    await lock.acquire();
    return true;
  }

  async release(): Promise<boolean> {
    this.lock.release();
    return true;
  }
}
