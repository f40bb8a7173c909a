/**
 * Flaw: who has acquired the lock several times gives it back with the first release: the znode is
 * deleted while the outer sections go on.
 */
import { defineLock } from '../lock.js';
import { MUTEX_CLAIMS } from '../zookeeper-claims.js';
import { MUTEX_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from '../zookeeper-mutex.js';

export default defineLock({
  name: 'zookeeper-lock-112',
  summary: 'The lock on ZooKeeper that the first release of several gives back.',
  source: 'python-zk/kazoo#291: kazoo/recipe/lock.py before 2.1',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  declares: { fairness: 'enqueue-order', reentrant: true },
  claims: MUTEX_CLAIMS,
  flaw: { property: 'reentrancy', faults: ['interleaving'], runs: 500 },
  fixedBy: 'zookeeper-lock',
  create: (environment, options) =>
    new ZooKeeperLock(environment, options, { ...MUTEX_DESIGN, countsReleases: false }),
});
