/** Failures of locks on etcd and ZooKeeper. */
import type { PublishedFailure } from '../failure.js';

export const coordinationFailures: readonly PublishedFailure[] = [
  {
    number: 95,
    id: 'etcd-grant-after-expiry',
    citation:
      'etcd-io/etcd#11456; Jepsen, [etcd 3.4.3](https://jepsen.io/analyses/etcd-3.4.3), 2020',
    lock: 'etcd-mutex-before-3.5',
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['pause', 'partition'],
    enteredLate: true,
    clean: { lock: 'etcd-mutex' },
  },
  {
    number: 103,
    id: 'etcd-lease-reset-on-election',
    citation: 'etcd-io/etcd#9395, #9924; lease/lessor.go: Promote',
    lock: 'etcd-mutex',
    property: 'leak',
    class: 'for-ever',
    faults: ['client-crash', 'failover'],
    clean: { none: 'lease checkpoints (etcd-io/etcd#9924) are off by default and not simulated' },
  },
];
