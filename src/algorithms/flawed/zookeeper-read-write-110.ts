/**
 * Flaw: a reader waits for the last writer in the queue, also for one that came later. That one
 * waits for the reader. Both wait without a limit, as kazoo does unless it is given one.
 */
import { defineLock } from '../lock.js';
import { READ_WRITE_CLAIMS } from '../zookeeper-claims.js';
import {
  READ_WRITE_DESIGN,
  ZOOKEEPER_LOCK_OPTIONS,
  ZooKeeperLock,
  type ZooKeeperLockDesign,
} from '../zookeeper-mutex.js';
import { isExclusive, latestBefore, numberOf } from '../zookeeper-queue.js';

const DESIGN: ZooKeeperLockDesign = {
  ...READ_WRITE_DESIGN,
  predecessorOf(children, own) {
    if (isExclusive(own)) return latestBefore(children, own);
    const writers = children.filter(isExclusive);
    return writers.sort((a, b) => numberOf(a) - numberOf(b)).at(-1);
  },
};

export default defineLock({
  name: 'zookeeper-read-write-110',
  summary: 'Shared locks on ZooKeeper whose readers wait for writers that came after them.',
  source: 'python-zk/kazoo#649: kazoo/recipe/lock.py before 2.9, repaired by python-zk/kazoo#650',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  declares: { fairness: 'enqueue-order', readWrite: true },
  claims: READ_WRITE_CLAIMS,
  flaw: { property: 'progress', faults: ['interleaving'], runs: 500 },
  fixedBy: 'zookeeper-read-write',
  create(environment, options) {
    const lock = new ZooKeeperLock(environment, options, DESIGN);
    return {
      acquire: (key, { ttlMs, mode = 'exclusive' }) => lock.acquire(key, { ttlMs, mode }),
    };
  },
});
