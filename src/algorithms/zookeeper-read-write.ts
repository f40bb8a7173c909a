/**
 * Shared locks on ZooKeeper as kazoo's ReadLock and WriteLock have them: readers and writers stand
 * in one queue. A reader waits for the last writer before it, a writer for whoever is before it.
 */
import { defineLock } from './lock.js';
import { READ_WRITE_CLAIMS } from './zookeeper-claims.js';
import { READ_WRITE_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from './zookeeper-mutex.js';

export default defineLock({
  name: 'zookeeper-read-write',
  summary: 'Readers and writers in one queue of ephemeral sequential znodes.',
  source:
    'python-zk/kazoo 2.9: kazoo/recipe/lock.py, ReadLock and WriteLock; ZooKeeper documentation, ' +
    '"ZooKeeper Recipes and Solutions", section "Shared Locks"',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  claims: READ_WRITE_CLAIMS,
  declares: { fairness: 'enqueue-order', readWrite: true },
  create: (environment, options) => new ZooKeeperLock(environment, options, READ_WRITE_DESIGN),
});
