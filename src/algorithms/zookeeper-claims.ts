/**
 * What authors of locks on ZooKeeper accept, with the reason and who says so: most of it follows
 * from its sessions and its clients, and not from the lock (docs/semantics.md, R13).
 */
import { within } from './claims.js';
import type { Claim, Claims } from './lock.js';

type Accepted = Exclude<Claim, 'holds'>;

const GUIDE = 'ZooKeeper documentation, "ZooKeeper Programmer\'s Guide"';
const SESSIONS = `${GUIDE}, section "ZooKeeper Sessions"`;
const CLIENT = 'apache/zookeeper v3.8.0: ClientCnxn.java (readTimeout), ClientCnxnSocket.java';
const CURATOR = 'Apache Curator documentation, "Error Handling", and TN2, TN10';

/** The client counts two thirds of the timeout from the arrival of a message. */
const COUNTED_FROM_ARRIVAL: Accepted = {
  worst: 'stale',
  reason:
    'the client learns of the end of its session from a server, or gives up two thirds of the ' +
    'timeout after the last message arrived, however late that was; and a holder that wakes from ' +
    'a pause has nothing that it could ask before it acts',
  source: CLIENT,
};

const STALE_FOLLOWER: Accepted = {
  worst: 'breaks',
  reason:
    'a server that is cut off answers pings and reads of its clients from what it has, for ' +
    'syncLimit ticks, while the others end their sessions: a holder there counts on its session, ' +
    'and who waits there may take itself for first',
  source: `${GUIDE}, section "Consistency Guarantees"; quorum/LearnerHandler.java of 3.8.0`,
};

const TWO_CLOCKS: Accepted = {
  worst: 'breaks',
  reason:
    'holder and leader count the same timeout on two clocks; only that it is rounded up to the ' +
    'next tick mostly hides it',
  source: 'apache/zookeeper v3.8.0: ExpiryQueue.java (roundToNextInterval)',
};

const UNGUARDED_WRITE: Accepted = {
  worst: 'breaks',
  reason:
    'a write of a holder that was late, or was on its way when the session ended, is accepted: ' +
    'readers and writers have no fencing token that the resource could compare',
  source: 'Apache Curator documentation, "TN10", on pauses of the virtual machine',
};

/** Told at SUSPENDED, long before the session can end; or late, as above. */
const TOLD_WITH_THE_CONNECTION: Accepted = {
  worst: 'breaks',
  reason:
    'the holder is told when the connection is lost, since nobody knows then whether the session ' +
    'lives: mostly it does, and comes back; and late if the last message had come late',
  source: CURATOR,
};

function leftToSession(reason: string): Accepted {
  return { worst: 'until-ttl', reason, source: SESSIONS };
}

const RESTARTED_SESSIONS: Accepted = {
  worst: 'breaks',
  reason:
    'a leader that takes over gives each session its whole timeout again, that of a dead client ' +
    'too, and while there is no leader no session ends',
  source: 'apache/zookeeper v3.8.0: quorum/LeaderZooKeeperServer.java, SessionTrackerImpl.java',
};

const LATE_HEARTBEAT: Accepted = {
  worst: 'breaks',
  reason:
    'whatever a client has sent counts as a heartbeat when it arrives: what was held up on its ' +
    'way gives the session of a client that has died since its whole timeout again',
  source: 'apache/zookeeper v3.8.0: SessionTrackerImpl.java (touchSession)',
};

/** Leaks of a lock whose znode lives with a session, and is removed however long it takes. */
const LEFT_TO_SESSION: NonNullable<Claims['leak']> = {
  default: 'holds',
  'client-crash': within(2_000, leftToSession('a dead client leaves its session to its timeout')),
  'server-crash': RESTARTED_SESSIONS,
  partition: LATE_HEARTBEAT,
  delay: LATE_HEARTBEAT,
  failover: RESTARTED_SESSIONS,
};

/** A holder that waits to be told. */
const TOLD_BY_SESSION: NonNullable<Claims['mutual-exclusion']> = {
  default: 'holds',
  pause: within(10_000, COUNTED_FROM_ARRIVAL),
  'clock-drift': TWO_CLOCKS,
  partition: COUNTED_FROM_ARRIVAL,
  delay: COUNTED_FROM_ARRIVAL,
  failover: STALE_FOLLOWER,
};

/** The transaction that created the znode grows with every grant, in the eyes of the leader. */
const TOKEN_OF_LEADER: NonNullable<Claims['fencing']> = {
  default: 'holds',
  failover: STALE_FOLLOWER,
};

/** What a holder does that nothing but word of its session can stop. */
const UNFENCED: NonNullable<Claims['resource-safety']> = {
  default: 'holds',
  pause: UNGUARDED_WRITE,
  'clock-drift': UNGUARDED_WRITE,
  partition: UNGUARDED_WRITE,
  delay: UNGUARDED_WRITE,
  failover: UNGUARDED_WRITE,
};

/** What the session tells of its loss. */
const TOLD_EARLY_OR_LATE: NonNullable<Claims['belief']> = {
  default: 'holds',
  pause: within(10_000, TOLD_WITH_THE_CONNECTION),
  'server-crash': within(2_000, TOLD_WITH_THE_CONNECTION),
  partition: TOLD_WITH_THE_CONNECTION,
  delay: TOLD_WITH_THE_CONNECTION,
  'lost-request': TOLD_WITH_THE_CONNECTION,
  'lost-reply': TOLD_WITH_THE_CONNECTION,
  'half-open': TOLD_WITH_THE_CONNECTION,
  'server-error': TOLD_WITH_THE_CONNECTION,
  failover: TOLD_WITH_THE_CONNECTION,
};

/** An acquire ends when its znode is gone, and not before. */
const CLEANS_UP_FIRST: Accepted = {
  worst: 'breaks',
  reason:
    'calls have no time-out of their own, and who gives up removes its znode before it answers, ' +
    'however long the ensemble cannot be reached',
  source: 'python-zk/kazoo: kazoo/recipe/lock.py; python-zk/kazoo#732, repaired by #760',
};

const OF_BOTH = {
  ownership: { default: 'holds' },
  leak: LEFT_TO_SESSION,
  progress: { default: 'holds', partition: CLEANS_UP_FIRST, delay: CLEANS_UP_FIRST },
  fairness: { default: 'holds' },
  belief: TOLD_EARLY_OR_LATE,
} as const;

/** Of a mutex, with and without a flaw. */
export const MUTEX_CLAIMS: Claims = {
  'mutual-exclusion': TOLD_BY_SESSION,
  'resource-safety': { default: 'holds' },
  fencing: TOKEN_OF_LEADER,
  reentrancy: { default: 'holds' },
  ...OF_BOTH,
};

/** Of readers and writers, with and without a flaw. */
export const READ_WRITE_CLAIMS: Claims = {
  'read-write': TOLD_BY_SESSION,
  'resource-safety': UNFENCED,
  ...OF_BOTH,
};
