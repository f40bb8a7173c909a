/**
 * Shared locks on ZooKeeper as kazoo's ReadLock and WriteLock have them: readers and writers stand
 * in one queue. A reader waits for the last writer before it, a writer for whoever is before it.
 */
import { defineLock } from './lock.js';
import {
  IN_ORDER,
  LEFT_TO_SESSION,
  TOLD_BY_SESSION,
  TOLD_EARLY_OR_LATE,
  UNFENCED,
} from './zookeeper-claims.js';
import { READ_WRITE_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from './zookeeper-mutex.js';

export default defineLock({
  name: 'zookeeper-read-write',
  summary: 'Readers and writers in one queue of ephemeral sequential znodes.',
  source:
    'python-zk/kazoo 2.9: kazoo/recipe/lock.py, ReadLock and WriteLock; ZooKeeper documentation, ' +
    '"ZooKeeper Recipes and Solutions", section "Shared Locks"',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  claims: {
    'read-write': TOLD_BY_SESSION,
    'resource-safety': UNFENCED,
    ownership: { default: 'holds' },
    leak: LEFT_TO_SESSION,
    progress: { default: 'holds' },
    fairness: IN_ORDER,
    belief: TOLD_EARLY_OR_LATE,
  },
  declares: { fairness: 'enqueue-order', readWrite: true },
  create: (environment, options) => new ZooKeeperLock(environment, options, READ_WRITE_DESIGN),
});
