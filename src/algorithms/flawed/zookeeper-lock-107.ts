/**
 * Flaw: the holder is not told that its connection, or its session, is lost: it works on while
 * another one is granted the lock. If it asks whether it holds the lock still, the answer is what
 * it remembers (`isAcquiredInThisProcess`).
 */
import { defineLock } from '../lock.js';
import { MUTEX_CLAIMS } from '../zookeeper-claims.js';
import { MUTEX_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from '../zookeeper-mutex.js';

export default defineLock({
  name: 'zookeeper-lock-107',
  summary: 'The lock on ZooKeeper whose holder never hears that its session has ended.',
  source: 'apache/curator#727 (CURATOR-206); InterProcessMutex.java, which listens to no state',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  declares: { fairness: 'enqueue-order', reentrant: true },
  claims: MUTEX_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['partition'],
    runs: 2_000,
    workload: 'metadata-recovery',
  },
  fixedBy: 'zookeeper-lock',
  create: (environment, options) =>
    new ZooKeeperLock(environment, options, { ...MUTEX_DESIGN, tellsHolder: false }),
});
