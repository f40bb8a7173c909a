/**
 * What authors of locks on PostgreSQL accept, with the reason and who says so: most of it follows
 * from how it commits, replicates and ends sessions, and not from the lock (docs/semantics.md,
 * R13).
 */
import { PAUSED_HOLDER, TOLD_EARLY, within } from './claims.js';
import type { Claim, Claims } from './lock.js';

type Accepted = Exclude<Claim, 'holds'>;

const PAGE = 'PostgreSQL documentation';

const DATABASE_CLOCK_STEP: Accepted = {
  worst: 'breaks',
  reason:
    'rows run out by the wall clock of the database; a step forward ends leases in their term',
  source: `${PAGE}, "Date/Time Functions and Operators", section "Current Date/Time"`,
};

const TWO_CLOCKS: Accepted = {
  worst: 'breaks',
  reason:
    'holder and database count the same TTL on two clocks and nothing is taken off for drift: a ' +
    'fast database ends the lease while the holder still counts on it',
  source: DATABASE_CLOCK_STEP.source,
};

const COMMIT_NOT_ON_DISK: Accepted = {
  worst: 'breaks',
  reason:
    'with synchronous_commit = off a crash forgets the commits of the last three ' +
    'wal_writer_delay, which have been reported as done',
  source: `${PAGE}, "Reliability and the Write-Ahead Log", section "Asynchronous Commit"`,
};

const COMMIT_NOT_REPLICATED: Accepted = {
  worst: 'breaks',
  reason: 'replication is asynchronous: a standby may take over without the last commits',
  source: `${PAGE}, "Log-Shipping Standby Servers", section "Synchronous Replication"`,
};

const NOBODY_CHECKS = 'there is no fencing token that the resource could check';
const UNFENCED_WRITE: Accepted = {
  worst: 'breaks',
  reason: `a write that was late, or on its way when the lock ended, is accepted: ${NOBODY_CHECKS}`,
  source: PAUSED_HOLDER.source,
};
const UNFENCED_DOUBLE_GRANT: Accepted = {
  worst: 'breaks',
  reason: `two clients can be granted at once, and both write: ${NOBODY_CHECKS}`,
  source: PAUSED_HOLDER.source,
};

function leftToTtl(reason: string): Accepted {
  return { worst: 'until-ttl', reason, source: DATABASE_CLOCK_STEP.source };
}

/** Overlaps of a lock in a table, by the clock of the database. */
export const TABLE_OVERLAPS: NonNullable<Claims['mutual-exclusion']> = {
  default: 'holds',
  pause: within(10_000, PAUSED_HOLDER),
  'clock-step': within(10_000, DATABASE_CLOCK_STEP),
  'clock-drift': TWO_CLOCKS,
  'server-crash': within(10_000, COMMIT_NOT_ON_DISK),
  failover: within(10_000, COMMIT_NOT_REPLICATED),
};

/** What the resource accepts of a holder without a fencing token. */
export const TABLE_UNFENCED: NonNullable<Claims['resource-safety']> = {
  default: 'holds',
  pause: UNFENCED_WRITE,
  delay: UNFENCED_WRITE,
  partition: UNFENCED_WRITE,
  'clock-step': UNFENCED_DOUBLE_GRANT,
  'clock-drift': UNFENCED_DOUBLE_GRANT,
  'server-crash': UNFENCED_DOUBLE_GRANT,
  failover: UNFENCED_DOUBLE_GRANT,
};

/** A number that is counted in a row may be counted again. */
export const COUNT_IN_ROW: NonNullable<Claims['fencing']> = {
  default: 'holds',
  'server-crash': within(10_000, {
    ...COMMIT_NOT_ON_DISK,
    reason: 'the count in the row is lost with the commit, and the next grant has it again',
  }),
  failover: within(10_000, {
    ...COMMIT_NOT_REPLICATED,
    reason: 'a standby that has not seen a commit counts on from the grant before it',
  }),
};

/** Leaks of a lock in a table that removes its rows with a bounded number of tries. */
export const LEFT_TO_EXPIRY: NonNullable<Claims['leak']> = {
  default: 'holds',
  'client-crash': within(2_000, leftToTtl('a dead holder releases nothing; its row runs out')),
  'server-crash': within(
    10_000,
    leftToTtl('the database is down when it is asked, or forgets that the row was removed'),
  ),
  partition: within(10_000, leftToTtl('whoever cannot reach the database cannot release')),
  delay: within(10_000, leftToTtl('a request given up as lost may be run after its clean-up')),
  pause: leftToTtl('a client that sleeps past its time-outs gives up requests on their way'),
  'lost-request': leftToTtl('all tries of a release may be lost'),
  'half-open': leftToTtl('all tries of a release may go into silence'),
  'server-error': within(10_000, leftToTtl('the database refuses all tries of a release')),
  failover: within(10_000, leftToTtl('the standby that takes over may not have seen the release')),
};

/** What is told by a client that counts the term from before its request. */
export const TOLD_BY_OWN_CLOCK: NonNullable<Claims['belief']> = {
  default: 'holds',
  pause: TOLD_EARLY,
};

/** Of the lock of a session: it ends at the server first, and its client hears of it later. */
const SESSION_ENDS_UNHEARD: Accepted = {
  worst: 'inherent',
  reason:
    'with the session its lock is free for the next client; the holder goes on until it hears ' +
    'that its connection is gone, and while it is paused or cut off it hears nothing',
  source: `${PAGE}, "Explicit Locking", section "Advisory Locks"`,
};

/** Overlaps of a lock that lives with a session: whatever ends the session without its client. */
export const SESSION_OVERLAPS: NonNullable<Claims['mutual-exclusion']> = {
  default: 'holds',
  'server-crash': SESSION_ENDS_UNHEARD,
  'half-open': SESSION_ENDS_UNHEARD,
  'server-error': SESSION_ENDS_UNHEARD,
  failover: SESSION_ENDS_UNHEARD,
};

/** The same, and a client that dies, seen from the resource. */
export const SESSION_UNFENCED: NonNullable<Claims['resource-safety']> = {
  default: 'holds',
  'client-crash': UNFENCED_WRITE,
  'server-crash': UNFENCED_WRITE,
  'half-open': UNFENCED_WRITE,
  'server-error': UNFENCED_WRITE,
  failover: UNFENCED_WRITE,
};

function leftToSession(reason: string): Accepted {
  return {
    worst: 'until-ttl',
    reason,
    source: `${PAGE}, "Connections and Authentication", section "TCP Settings"`,
  };
}

/** Leaks of a lock that nothing but its session ends. */
export const LEFT_TO_SESSION: NonNullable<Claims['leak']> = {
  default: 'holds',
  'client-crash': within(
    2_000,
    leftToSession(
      'the server keeps the session of a dead client until it hears that the connection is ' +
        'closed, or nothing is acknowledged for tcp_user_timeout',
    ),
  ),
  partition: leftToSession('whoever cannot reach the server can neither unlock nor disconnect'),
  delay: leftToSession('what closes the connection arrives as late as what it gives up'),
  pause: leftToSession('a client that sleeps past its time-outs disconnects when it wakes up'),
  'server-error': leftToSession('the server refuses to unlock; the client then disconnects'),
};

/** Waiting in the server has a price. */
export const DEAD_MAY_WAIT: NonNullable<Claims['progress']> = {
  default: 'holds',
  'client-crash': {
    worst: 'breaks',
    reason:
      'a client that lost power while it waited in the server is granted the lock there, and ' +
      'has it until the server finds out',
    source: `${PAGE}, "Connections and Authentication", section "TCP Settings"`,
  },
};
