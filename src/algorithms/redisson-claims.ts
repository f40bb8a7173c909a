/**
 * What is accepted of Redisson's locks, with the reason and who says so: most of it follows from
 * one Redis and from a client that tells its holders nothing (docs/semantics.md, R13).
 */
import {
  COUNTER_NOT_ON_DISK,
  COUNTER_NOT_REPLICATED,
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
import type { Claim, Claims } from './lock.js';

const NEVER_TOLD = neverTold(
  'redisson/redisson v4.7.0: RPermitExpirableSemaphore.java (no notice of a loss)',
);

/**
 * Overlaps of a holder that nobody warns, and the reason why they may be worse than a holder who
 * goes on too long.
 */
const COUNTED_AT_SERVER: Exclude<Claim, 'holds'> = {
  worst: 'breaks',
  reason:
    'the server alone knows how often a holder has entered: who enters again when the lease has ' +
    'ended, which nothing tells it, is counted from one, and its inner unlock frees the lock',
  source:
    'redisson/redisson v4.7.0: RedissonLock.java, tryLockInnerAsync and unlockInnerAsync; ' +
    'RLock.java (no notice of a loss)',
};

/** A holder that relies on its renewals, or on its lease time. */
export const UNWARNED: NonNullable<Claims['mutual-exclusion']> = {
  default: 'holds',
  pause: within(10_000, COUNTED_AT_SERVER),
  partition: COUNTED_AT_SERVER,
  delay: COUNTED_AT_SERVER,
  'half-open': COUNTED_AT_SERVER,
  'server-error': COUNTED_AT_SERVER,
  'clock-step': within(10_000, SERVER_CLOCK_STEP),
  'clock-drift': NO_DRIFT_ALLOWANCE,
  'server-crash': within(10_000, KEY_NOT_ON_DISK),
  failover: within(10_000, KEY_NOT_REPLICATED),
};

/** A hold that the server has ended or forgotten cannot be entered again, only made anew. */
export const COUNTED: NonNullable<Claims['reentrancy']> = {
  default: 'holds',
  pause: within(10_000, COUNTED_AT_SERVER),
  partition: COUNTED_AT_SERVER,
  delay: COUNTED_AT_SERVER,
  'half-open': COUNTED_AT_SERVER,
  'server-error': COUNTED_AT_SERVER,
  'clock-step': COUNTED_AT_SERVER,
  'clock-drift': COUNTED_AT_SERVER,
  'server-crash': COUNTED_AT_SERVER,
  failover: COUNTED_AT_SERVER,
};

export const UNFENCED: NonNullable<Claims['resource-safety']> = {
  default: 'holds',
  pause: UNFENCED_PAUSE,
  delay: UNFENCED_WRITE_IN_FLIGHT,
  partition: UNFENCED_WRITE_IN_FLIGHT,
  'half-open': UNFENCED_WRITE_IN_FLIGHT,
  'clock-step': UNFENCED_DOUBLE_GRANT,
  'clock-drift': UNFENCED_DOUBLE_GRANT,
  'server-crash': UNFENCED_DOUBLE_GRANT,
  failover: UNFENCED_DOUBLE_GRANT,
};

/** A resource that compares fencing tokens is safe for as long as the server keeps the counter. */
export const FENCED: NonNullable<Claims['resource-safety']> = {
  default: 'holds',
  'server-crash': within(10_000, COUNTER_NOT_ON_DISK),
  failover: within(10_000, COUNTER_NOT_REPLICATED),
};

/** An acquire that was not answered is an error, and its key is left to the TTL. */
export const REDISSON_LEAK: NonNullable<Claims['leak']> = {
  ...PATIENTLY_LEFT_TO_TTL,
  'lost-reply': within(2_000, {
    worst: 'until-ttl',
    reason:
      'an acquire whose reply was lost is an error, and nobody leaves what it may have entered',
    source: 'redisson/redisson v4.7.0: RedissonLock.java, tryLockInnerAsync (no retry)',
  }),
};

const CLIENT_CLOCKS: Exclude<Claim, 'holds'> = {
  worst: 'breaks',
  reason:
    'whoever asks for a permit takes back those that are over by his own wall clock: one that is ' +
    'ahead ends the permits of others in their term, one that is behind asks for less than it says',
  source: 'redisson/redisson v4.7.0: RedissonPermitExpirableSemaphore.java, tryAcquireAsync',
};

const RECKONED_BEFORE_SENDING: Exclude<Claim, 'holds'> = {
  worst: 'breaks',
  reason:
    'a permit ends by the reading of the clock that its client took before it asked: who sleeps ' +
    'in between is given one that is nearly over, and whoever comes next takes it back',
  source: 'redisson/redisson v4.7.0: RedissonPermitExpirableSemaphore.java, tryAcquireAsync',
};

/** The holder of a permit is told nothing. */
export const PERMITS: NonNullable<Claims['permits']> = {
  default: 'holds',
  // Three or more clients, and the last permit: too rare for a search to be held to it.
  pause: {
    ...RECKONED_BEFORE_SENDING,
    reason: `${NEVER_TOLD.reason}; and ${RECKONED_BEFORE_SENDING.reason}`,
  },
  partition: NEVER_TOLD,
  delay: NEVER_TOLD,
  'half-open': NEVER_TOLD,
  'clock-step': within(10_000, CLIENT_CLOCKS),
  'clock-drift': CLIENT_CLOCKS,
  'server-crash': within(10_000, KEY_NOT_ON_DISK),
  failover: within(10_000, KEY_NOT_REPLICATED),
};

export const PERMITS_TAKEN_BACK: NonNullable<Claims['ownership']> = {
  default: 'holds',
  // A sleep in one place, and another client at the right time: one run in some thousands.
  pause: RECKONED_BEFORE_SENDING,
  'clock-step': CLIENT_CLOCKS,
  'clock-drift': CLIENT_CLOCKS,
};
