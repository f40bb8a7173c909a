/** The properties that Holdfast judges, in the glossary's words. */
import type { Property } from '../../verdict.js';
import type { Entry } from './entry.js';
import { ETCD_LOCK, KLEPPMANN, LARAVEL, REDIS_PAGE, REDIS_PY } from './sources.js';

type PropertyEntry = Entry & { readonly name: Property };

export const PROPERTY_ENTRIES: readonly PropertyEntry[] = [
  {
    name: 'mutual-exclusion',
    kind: 'property',
    short: 'two holders at once',
    means:
      'No two clients act as holder of the same key at once. Judged by what they do in ' +
      'world time ' +
      '(enter, act, finish), never by what a server stores or a client believes. Every overlap ' +
      'gets a class: double-grant, stale-belief or inherent-overlap.',
    example:
      'A is paused inside its section for longer than the TTL; B is granted the lock; A wakes up ' +
      'and writes.',
    helps:
      'It depends on the class: the service must not grant twice, the holder must look at its ' +
      'clock, or the resource must check a fencing token.',
    source: `docs/semantics.md, R2 and R3; ${REDIS_PAGE}, section "Safety and Liveness Guarantees"`,
  },
  {
    name: 'read-write',
    kind: 'property',
    short: 'a writer was not alone',
    means:
      'Readers may hold the lock together; a writer holds it alone. Judged as mutual exclusion ' +
      'is, by what holders do, and with its classes; two readers never exclude each other.',
    example:
      'A holds the lock to write; B, who also holds it to write and then to read, gives back ' +
      'only the read lock, and the whole lock is gone: C enters beside B.',
    helps:
      'One step at the server that looks at writer and readers together, a lease of its own for ' +
      'each reader, and a holder that looks at its clock.',
    source: 'docs/semantics.md, R17; redisson/redisson: RedissonReadLock.java, RedissonWriteLock',
  },
  {
    name: 'permits',
    kind: 'property',
    short: 'more holders at once than there are permits',
    means:
      'Of a semaphore with n permits, no more than n clients act as holder at once. Judged as ' +
      'mutual exclusion is: who goes on after n others have entered is one too many.',
    example:
      'A semaphore for two counts its holders and adds itself in two requests; B and C both ' +
      'count one, and both add themselves to A.',
    helps:
      'Count and take in one step at the server, by one clock; give each permit a lease and an ' +
      'owner; look at the clock before each act.',
    source: 'docs/semantics.md, R18; J. L. Carlson, "Redis in Action", 2013, section 6.3',
  },
  {
    name: 'reentrancy',
    kind: 'property',
    short: 'a holder could not acquire again, or lost it so',
    means:
      'Of a reentrant lock, a holder in its term that acquires again is granted without waiting, ' +
      'and giving back the inner grant leaves the outer one as it was. Causes: refused, waited, ' +
      'dropped.',
    example:
      'A acquires twice and releases once; the lock keeps no count and deletes the key; B enters ' +
      'while A is at work.',
    helps:
      'Keep the owner and a count at the server, change both in one step, and end the lease only ' +
      'when the count gets to 0.',
    source: 'docs/semantics.md, R19; Redisson documentation, "Distributed locks and synchronizers"',
  },
  {
    name: 'resource-safety',
    kind: 'property',
    short: 'the resource accepted an earlier holder after a later one',
    means:
      'What the lock protects never accepts an access of an earlier holder after one of a later ' +
      'holder. Judged at the resource, so a write that was on its way counts when it arrives.',
    example:
      "A's write leaves while A holds the lock and takes 12 s; B is granted the lock and writes; " +
      "then A's write arrives and undoes it.",
    helps:
      'A fencing token with every grant, and a resource that refuses lower ones, reads ' +
      'included.',
    source: `docs/semantics.md, R12; ${KLEPPMANN}`,
  },
  {
    name: 'fencing',
    kind: 'property',
    short: 'fencing tokens do not order the holders',
    means:
      'The fencing tokens of a key strictly increase in the order in which the lock was granted, ' +
      'come with the grant, and belong to one grant only.',
    example:
      'The server forgets its counter in a failover; the next grant gets fencing token 1 once ' +
      'more, and the resource, which has seen 7, refuses the rightful holder.',
    helps:
      'Mint the fencing token in the step that grants the lock, from a counter that survives ' +
      'crashes and failovers.',
    source: `docs/semantics.md, R12; ${KLEPPMANN}`,
  },
  {
    name: 'ownership',
    kind: 'property',
    short: "somebody ended or extended another one's lease",
    means:
      'Nobody releases, renews, overwrites or deletes what another owner holds. Another grant of ' +
      'the same client is another owner.',
    example:
      "A's lease runs out, B is granted the lock, and A, done at last, deletes the key: it is B's.",
    helps: 'Compare the owner id and change the key in one script; a new owner id for every grant.',
    source:
      `${REDIS_PAGE}, section "Correct Implementation with a Single Instance"; ${LARAVEL}; ` +
      `${REDIS_PY}`,
  },
  {
    name: 'leak',
    kind: 'property',
    short: 'a lease stayed behind with nobody to end it',
    means:
      'A lease that nobody stands behind any more is ended at once. Two classes: until-ttl (it ' +
      'keeps everybody out until its TTL ends it) and for-ever.',
    example:
      'A acquires on three of five servers, gives up, and releases only where it was told ' +
      'yes.',
    helps:
      'Release on every server that was ever asked, more than once if need be; a TTL on ' +
      'every key; ' +
      'no renewal that outlives its grant.',
    source:
      `docs/semantics.md, R9; ${REDIS_PAGE}, sections "Retry on Failure" and "Liveness ` +
      'Arguments"',
  },
  {
    name: 'progress',
    kind: 'property',
    short: 'somebody waited longer than the bound, or for ever',
    means:
      'When the faults are over, whoever waits gets the lock within the bound that the ' +
      'configuration line prints; and an acquire that may wait so long does not wait ' +
      'much longer, ' +
      'faults or not. Causes: deadlock, lost-wake-up, not-completed, overlong-wait.',
    example:
      'A waiter sleeps until a message wakes it, and the message was lost with its ' +
      'connection.',
    helps: 'A bound on every call to a server; waits that end by the clock; a random retry delay.',
    source: `docs/semantics.md, R10; ${REDIS_PAGE}, section "Safety and Liveness Guarantees"`,
  },
  {
    name: 'fairness',
    kind: 'property',
    short: 'somebody was granted before an earlier one who waited',
    means:
      'Grants follow the order in which the server queued the requests: nobody is granted while ' +
      'one who was queued earlier still waits, lives, and has its place in the queue.',
    example:
      'A stands first in the queue; B, who has just come, finds the lock free at that moment and ' +
      'takes it without looking at the queue.',
    helps:
      'One step at the server that looks at the queue and takes the lock; every request goes ' +
      'through the queue; places that end by themselves if their owner dies.',
    source: 'docs/semantics.md, R20; etcd-io/etcd: client/v3/concurrency/mutex.go',
  },
  {
    name: 'belief',
    kind: 'property',
    short: 'a holder was told too late, or too early',
    means:
      'A holder that lost the lock is told in time, and not long before. Judged where the lock ' +
      'offers it: by a signal (push) or by a validity that can be asked (pull). A lock with ' +
      'neither is not applicable.',
    example:
      'The validity is counted from the reply instead of the request: after a slow reply ' +
      'the lock ' +
      'still answers "500 ms left" when nothing is left.',
    helps:
      'Count from the send of the request that made or extended the grant, on the monotonic ' +
      'clock, less the allowance for drift.',
    source: `docs/semantics.md, R11; ${ETCD_LOCK}`,
  },
  {
    name: 'coverage',
    kind: 'property',
    short: 'the campaign did not reach what a verdict needs',
    means:
      'The campaign reached the situations in which a lock can fail: sections that contended, ' +
      'faults that met an operation, a lease that ended while it was held. A campaign ' +
      'that reached ' +
      'nothing is unknown, never green.',
    example: 'With one client there is no contention, so no verdict about mutual exclusion.',
    helps: 'More runs, more clients, shorter gaps; fault classes that the lock can meet.',
    source: 'docs/semantics.md, R13',
  },
  {
    name: 'determinism',
    kind: 'property',
    short: 'the same run, made twice, differed',
    means:
      'A run is the same to the last byte when it is made again from its seed. Some runs ' +
      'of every ' +
      'campaign are made twice and compared.',
    example: 'The lock takes its retry delay from the random numbers of the machine.',
    helps:
      'Take clocks, timers and randomness from the environment; keep no state outside of create.',
    source: 'docs/semantics.md, D5, D8 and D15',
  },
];
