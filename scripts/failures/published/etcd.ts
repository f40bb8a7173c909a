/** Failures of locks on etcd. */
import type { FaultClass } from '../../../src/fault.js';
import type { PublishedFailure } from '../failure.js';

/** What may keep a session from being kept alive while its client waits. */
const CUT_OFF: readonly FaultClass[] = [
  'pause',
  'partition',
  'delay',
  'half-open',
  'server-crash',
  'server-error',
];

export const etcdFailures: readonly PublishedFailure[] = [
  {
    number: 95,
    id: 'etcd-grant-after-expiry',
    citation:
      'etcd-io/etcd#11456; Jepsen, [etcd 3.4.3](https://jepsen.io/analyses/etcd-3.4.3), 2020',
    lock: 'etcd-mutex-before-3.5',
    // Not long to be waited for where it is played in real time.
    ttlMs: 5_000,
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: CUT_OFF,
    enteredLate: true,
    clean: { lock: 'etcd-mutex', ttlMs: 5_000 },
  },
  {
    number: 96,
    id: 'etcd-election-same-gap',
    citation: 'etcd-io/etcd#19597, #12334; client/v3/concurrency/election.go: Campaign',
    lock: 'etcd-election-96',
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: CUT_OFF,
    enteredLate: true,
    clean: { lock: 'etcd-mutex', why: 'the same queue, with the look' },
  },
  {
    number: 97,
    id: 'etcd-waiter-overstays',
    citation: 'etcd-io/etcd#19597, #22387, both open',
    lock: 'etcd-mutex-97',
    property: 'progress',
    cause: 'lost-wake-up',
    note:
      'while its connection lives, the wait ends with the last of those before it, as progress ' +
      'asks for; on a silent one it never does',
    faults: ['half-open'],
    clean: {
      lock: 'etcd-mutex',
      waitMs: 3_600_000,
      why: 'a wait as good as without a limit, which ends with its session',
    },
  },
  {
    number: 101,
    id: 'etcd-prefix-collision',
    citation: 'etcd-io/etcd#6278, #6284',
    lock: 'etcd-mutex-101',
    property: 'progress',
    faults: [],
    clean: { lock: 'etcd-mutex' },
  },
  {
    number: 103,
    id: 'etcd-lease-reset-on-election',
    citation: 'etcd-io/etcd#9395, #9924; lease/lessor.go: Promote',
    lock: 'etcd-mutex',
    property: 'leak',
    class: 'until-ttl',
    note: 'but for longer than the TTL of 10 s, counted from the death of the holder',
    faults: ['client-crash', 'failover'],
    longerThanMs: 11_000,
    clean: {
      none:
        'the server would have to remember what is left of each lease, which it does not by ' +
        'default (etcd-io/etcd#9924), and does not in the simulation',
    },
  },
];
