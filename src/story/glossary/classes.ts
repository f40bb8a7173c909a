/** The classes of a violation, in the glossary's words. */
import type { ViolationClass } from '../../verdict.js';
import type { Entry } from './entry.js';
import { ANTIREZ, GRAY_CHERITON, KLEPPMANN, REDIS_PAGE } from './sources.js';

type ClassEntry = Entry & { readonly name: ViolationClass };

export const CLASS_ENTRIES: readonly ClassEntry[] = [
  {
    name: 'double-grant',
    kind: 'class',
    short: 'the service granted the lock twice; both holders were inside the term it had accepted',
    means:
      'Class of mutual-exclusion, the worst. When the second client entered, both were inside ' +
      'the term that the service had accepted, so the error is in how leases are kept, ' +
      'not in how ' +
      'holders behave. With the cause "resurrected", a renewal made a lost lease anew.',
    example:
      'The key is lost in a failover to a replica that did not have it yet; B is granted ' +
      'the lock ' +
      'while A has 9 s left.',
    helps:
      'Servers that keep what they granted; scripts that compare the owner id; server ' +
      'clocks that ' +
      'never step. A fencing token checked by the resource limits the damage.',
    source:
      `docs/semantics.md, R3; ${REDIS_PAGE}, section "Why Failover-based Implementations ` +
      'Are Not Enough"',
  },
  {
    name: 'stale-belief',
    kind: 'class',
    short: 'the holder acted although it could have known that its lease was over',
    means:
      'Class of mutual-exclusion. The offender acted on a grant that was over, and could have ' +
      'known: it had been told, or a reply said so, or its own monotonic clock did when it made ' +
      'the call. A lock that never looks at a clock is judged as if it had looked.',
    example: 'The work takes longer than the TTL, nobody renews, and nobody looks at the clock.',
    helps:
      'Look at the time left right before each act, on the monotonic clock, counted from ' +
      'the send ' +
      'of the request; stop when the signal aborts.',
    source: `docs/semantics.md, R3; ${ANTIREZ}`,
  },
  {
    name: 'inherent-overlap',
    kind: 'class',
    short: 'no code of the client could know; only a fencing token checked by the resource helps',
    means:
      'Class of mutual-exclusion, the mildest. The offender acted on a grant that was over, and ' +
      'nothing it could have read told it so: it was paused inside the call, its session end had ' +
      'not arrived, or its clock ran slower than the allowance. Every lease lock has this one.',
    example:
      'A checks that 5 s are left, calls write, and is paused for 6 s before the request leaves.',
    helps: 'Only a fencing token that the resource checks.',
    source: `docs/semantics.md, R3; ${KLEPPMANN}; ${GRAY_CHERITON}`,
  },
  {
    name: 'until-ttl',
    kind: 'class',
    short: 'a lease that nobody stands behind kept everybody out until its TTL ended',
    means:
      'Class of leak. The lease was orphaned (its client died, gave up, or released in vain) and ' +
      'ended by itself at the server.',
    example: 'A is killed while it holds the lock: nobody gets it until the TTL has passed.',
    helps: 'A short TTL with renewal; a release that asks every server, and asks again.',
    source: `docs/semantics.md, R9; ${REDIS_PAGE}, section "Liveness Arguments"`,
  },
  {
    name: 'for-ever',
    kind: 'class',
    short: 'an orphaned lease stands beyond twice its TTL, or for ever',
    means:
      'Class of leak, the worse one. The orphaned lease has no TTL, or something still ' +
      'extends it, ' +
      'or it outlived twice its TTL. What does not end has to be removed by hand.',
    example: 'A sets the key, and dies before it sets the TTL in a second command.',
    helps: 'Key and TTL in one command; end every renewal before the release.',
    source:
      'docs/semantics.md, R9; redis/redis-py#554, laravel/horizon#1738, ' +
      'lukas-krecan/ShedLock#65',
  },
  {
    name: 'damage',
    kind: 'class',
    short: 'what the workload promises of the resource is broken',
    means:
      'Class of resource-safety, the worse one. An earlier holder reached the resource after a ' +
      'later one, and that broke what the workload promises of it: an update is lost, a seat is ' +
      'sold twice, a message is delivered twice, a limit is exceeded, two runs overlap, two ' +
      'leaders decide, a reader gets an old value. Without the class the order of holders is ' +
      'broken, and nothing worse came of it in that run.',
    example: 'A finds seat 1 free and is paused; B books it; A wakes up, and books it again.',
    helps: 'What helps against the overlap; at the resource a fencing token that it checks.',
    source: 'docs/semantics.md, R12',
  },
];
