/**
 * What authors of locks on etcd accept, with the reason and who says so: most of it follows from
 * its leases and from its Go client, and not from the lock (docs/semantics.md, R13).
 */
import { PAUSED_HOLDER, within } from './claims.js';
import type { Claim, Claims } from './lock.js';

type Accepted = Exclude<Claim, 'holds'>;

const JEPSEN = 'Jepsen, "etcd 3.4.3", 2020, https://jepsen.io/analyses/etcd-3.4.3, section 3.4';
const CLIENT = 'etcd-io/etcd: client/v3/lease.go (recvKeepAlive, deadlineLoop)';

/** The Go client counts the TTL from the reply, and looks twice a second whether it is over. */
export const CLIENT_COUNTS_FROM_REPLY: Accepted = {
  worst: 'stale',
  reason:
    'the client counts the TTL from the arrival of a reply, looks only twice a second whether it ' +
    'is over, and has nothing that a holder could ask before it acts',
  source: CLIENT,
};

/** Told late, as above; or early, when the first keep-alive is not answered within 5 s. */
export const CLIENT_TELLS_LATE_OR_EARLY: Accepted = {
  worst: 'breaks',
  reason:
    'Done() comes up to half a second and the way of a reply too late; and too early if keep-' +
    'alives wait, the first one for 5 s whatever the TTL',
  source: CLIENT,
};

export const STALE_LEADER: Accepted = {
  worst: 'breaks',
  reason:
    'a leader that was cut off or hangs goes on answering keep-alives while another one counts, ' +
    'and revokes leases late that the other one renewed',
  source: 'etcd-io/etcd#15247; fixed by etcd-io/etcd#16822 in 3.4.31 and 3.5.13',
};

export const TWO_CLOCKS: Accepted = {
  worst: 'breaks',
  reason:
    'holder and leader count the same TTL on two clocks and nothing is taken off for drift: a ' +
    'fast leader ends the lease while the holder still counts on it',
  source: JEPSEN,
};

export const UNGUARDED_WRITE: Accepted = {
  worst: 'breaks',
  reason:
    'a write of a holder that was late, or was on its way when the lease ended, is accepted: the ' +
    'resource is not asked to compare the revision of the key',
  source: JEPSEN,
};

function leftToTtl(reason: string): Accepted {
  return { worst: 'until-ttl', reason, source: 'etcd documentation, "etcd API", "Lease API"' };
}

const RESET: Accepted = {
  worst: 'until-ttl',
  reason:
    'a leader that takes over gives each lease its whole TTL again, that of a dead holder too, ' +
    'and while there is no leader no lease ends',
  source: 'etcd-io/etcd#9395, etcd-io/etcd#9924; lease/lessor.go: Promote',
};

/** Leaks of a lock whose key lives with a lease. */
export const LEFT_TO_LEASE: NonNullable<Claims['leak']> = {
  default: 'holds',
  'client-crash': within(2_000, leftToTtl('a dead holder revokes nothing; its lease runs out')),
  'server-crash': within(10_000, RESET),
  failover: RESET,
  partition: leftToTtl('whoever cannot reach the cluster cannot revoke'),
  delay: leftToTtl('a request given up as lost may be applied later'),
  pause: leftToTtl('a client that sleeps past its time-outs gives up requests on their way'),
  'lost-request': leftToTtl('a request that ends a lease may be lost, and is not always repeated'),
  'lost-reply': leftToTtl('a lease whose grant was not answered is nobody to revoke'),
  'half-open': within(10_000, leftToTtl('a request that ends a lease may go into silence')),
  'server-error': within(10_000, leftToTtl('the cluster refuses to end the lease')),
};

/** What a holder does that nothing but its own clock can stop. */
export const UNGUARDED: NonNullable<Claims['resource-safety']> = {
  default: 'holds',
  pause: UNGUARDED_WRITE,
  'clock-drift': UNGUARDED_WRITE,
  'server-crash': UNGUARDED_WRITE,
  partition: UNGUARDED_WRITE,
  delay: UNGUARDED_WRITE,
  'half-open': UNGUARDED_WRITE,
  'server-error': UNGUARDED_WRITE,
  failover: UNGUARDED_WRITE,
};

/** A holder that looks at its clock before it acts: only a pause inside the act harms it. */
export const HOLDER_LOOKS: NonNullable<Claims['mutual-exclusion']> = {
  default: 'holds',
  pause: PAUSED_HOLDER,
  'clock-drift': TWO_CLOCKS,
  failover: STALE_LEADER,
};

/** A holder that waits to be told. */
export const HOLDER_IS_TOLD: NonNullable<Claims['mutual-exclusion']> = {
  default: 'holds',
  pause: within(10_000, CLIENT_COUNTS_FROM_REPLY),
  'clock-drift': TWO_CLOCKS,
  'server-crash': CLIENT_COUNTS_FROM_REPLY,
  partition: CLIENT_COUNTS_FROM_REPLY,
  delay: CLIENT_COUNTS_FROM_REPLY,
  'half-open': CLIENT_COUNTS_FROM_REPLY,
  'server-error': CLIENT_COUNTS_FROM_REPLY,
  failover: STALE_LEADER,
};

/** What the client tells of the loss of a session. */
export const TOLD_BY_CLIENT: NonNullable<Claims['belief']> = {
  default: 'holds',
  pause: within(10_000, CLIENT_TELLS_LATE_OR_EARLY),
  'server-crash': CLIENT_TELLS_LATE_OR_EARLY,
  partition: CLIENT_TELLS_LATE_OR_EARLY,
  delay: CLIENT_TELLS_LATE_OR_EARLY,
  'half-open': CLIENT_TELLS_LATE_OR_EARLY,
  'server-error': CLIENT_TELLS_LATE_OR_EARLY,
  failover: CLIENT_TELLS_LATE_OR_EARLY,
};
