/**
 * What lock authors accept, with the reason and who says so. Each lock puts its own table together
 * from these, because most of them follow from the service and not from the lock
 * (docs/semantics.md, R13).
 */
import type { Claim, Claims } from './lock.js';

type Accepted = Exclude<Claim, 'holds'>;

/** The same claim, and the search must find it within so many runs. */
export function within(withinRuns: number, claim: Accepted): Accepted {
  return { ...claim, withinRuns };
}

const REDIS_PAGE = 'Redis documentation, "Distributed Locks with Redis"';
const KLEPPMANN =
  'M. Kleppmann, "How to do distributed locking", 2016, ' +
  'https://martin.kleppmann.com/2016/02/08/how-to-do-distributed-locking.html';

export const PAUSED_HOLDER: Accepted = {
  worst: 'inherent',
  reason:
    'a holder that is paused between its last look at the clock and its act wakes up after the ' +
    'lease has ended, and no code of its own runs in between',
  source: KLEPPMANN,
};

export const SERVER_CLOCK_STEP: Accepted = {
  worst: 'breaks',
  reason: 'keys expire by the wall clock of the server; a step forward ends leases in their term',
  source: `${REDIS_PAGE}, section "Disclaimer about consistency", point 2`,
};

export const NO_DRIFT_ALLOWANCE: Accepted = {
  worst: 'breaks',
  reason:
    'holder and server count the same TTL on two clocks and nothing is taken off for drift: a ' +
    'fast server ends the lease while the holder still counts on it',
  source: `${REDIS_PAGE}, section "Is the Algorithm Asynchronous?"`,
};

export const KEY_NOT_ON_DISK: Accepted = {
  worst: 'breaks',
  reason: 'with one fsync per second a power loss forgets the grants of the last second',
  source: `${REDIS_PAGE}, section "Performance, Crash Recovery and fsync"`,
};

export const KEY_NOT_REPLICATED: Accepted = {
  worst: 'breaks',
  reason: 'replication is asynchronous; a replica may take over without the key of a live lease',
  source: `${REDIS_PAGE}, section "Why Failover-based Implementations Are Not Enough"`,
};

const NOBODY_CHECKS = 'there is no fencing token that the resource could check';

export const UNFENCED_PAUSE: Accepted = {
  worst: 'breaks',
  reason: `the write of a holder that was paused past its lease is accepted: ${NOBODY_CHECKS}`,
  source: KLEPPMANN,
};

export const UNFENCED_WRITE_IN_FLIGHT: Accepted = {
  worst: 'breaks',
  reason: `a write sent in time may arrive after the lease has ended: ${NOBODY_CHECKS}`,
  source: KLEPPMANN,
};

export const UNFENCED_DOUBLE_GRANT: Accepted = {
  worst: 'breaks',
  reason: `two clients can be granted at once, and both write: ${NOBODY_CHECKS}`,
  source: `${REDIS_PAGE}, section "Disclaimer about consistency"`,
};

export const COUNTER_NOT_ON_DISK: Accepted = {
  worst: 'breaks',
  reason:
    'the counter of the fencing tokens is lost with the key; the next grant gets a fencing token ' +
    'that was given out before',
  source: KEY_NOT_ON_DISK.source,
};

export const COUNTER_NOT_REPLICATED: Accepted = {
  ...COUNTER_NOT_ON_DISK,
  source: KEY_NOT_REPLICATED.source,
};

/**
 * The clock is read before the request leaves, as it must be. Nothing tells the client of a pause
 * between the two, so it counts it as part of the term.
 */
export const TOLD_EARLY: Accepted = {
  worst: 'breaks',
  reason:
    'a pause between the look at the clock and the departure of the request counts as part of ' +
    'the term: the holder is told early, never late',
  source: `${REDIS_PAGE}, section "The Redlock Algorithm", steps 1 and 3`,
};

function leftToTtl(reason: string): Accepted {
  return {
    worst: 'until-ttl',
    reason,
    source: `${REDIS_PAGE}, sections "Retry on Failure" and "Liveness Arguments"`,
  };
}

const UNREACHABLE = leftToTtl('whoever cannot reach the server cannot release');
const APPLIED_LATE = leftToTtl('a request given up as lost may be applied after its clean-up');

/** Leaks of a lock on Redis that removes its keys with a bounded number of tries. */
export const LEFT_TO_TTL: NonNullable<Claims['leak']> = {
  default: 'holds',
  'client-crash': within(
    2_000,
    leftToTtl('a dead holder releases nothing; the TTL is there for it'),
  ),
  'server-crash': within(
    10_000,
    leftToTtl('the server is down when it is asked, or forgets that it deleted'),
  ),
  partition: within(10_000, UNREACHABLE),
  delay: within(10_000, APPLIED_LATE),
  pause: leftToTtl(
    'a client that sleeps past its call timeouts closes connections with requests on their way',
  ),
  'lost-request': leftToTtl('all tries of a release may be lost'),
  'half-open': leftToTtl('all tries of a release may go into silence'),
  'server-error': within(10_000, leftToTtl('the server refuses all tries of a release')),
  failover: within(10_000, leftToTtl('the replica that takes over may not have seen the release')),
};

/** Of a lock on one Redis that waits long for replies: it seldom gives up a request. */
export const PATIENTLY_LEFT_TO_TTL: NonNullable<Claims['leak']> = {
  ...LEFT_TO_TTL,
  partition: UNREACHABLE,
  delay: APPLIED_LATE,
};

/**
 * Overlaps of a lock that tells its holder nothing. `source` is where its whole interface is.
 */
export function neverTold(source: string): Accepted {
  return {
    worst: 'stale',
    reason:
      'nothing tells the holder that its time is up: while it sleeps, works or waits for an ' +
      'answer from elsewhere, the lease ends and another client enters',
    source,
  };
}

/** Redsync keeps one value for all tries of a lock, and each failed try is undone by that value. */
export const ONE_VALUE_FOR_ALL_TRIES: Accepted = {
  worst: 'breaks',
  reason:
    'all tries of a lock share one value: the removal that a failed try has sent, arriving late ' +
    'on a connection given up, deletes the key that a later try was granted',
  source: 'go-redsync/redsync v4.17.0: mutex.go, lockContext (one value, a release for each try)',
};
