/**
 * The lock recipe of ZooKeeper as Apache Curator's InterProcessMutex has it: an ephemeral
 * sequential znode under protection, a watch on the one before, and a listener to the state of the
 * connection that tells the holder. The transaction that created the znode is the fencing token.
 */
import { defineLock } from './lock.js';
import { ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from './zookeeper-mutex.js';
import { latestBefore } from './zookeeper-queue.js';

export default defineLock({
  name: 'zookeeper-lock',
  summary: 'A queue of ephemeral sequential znodes; each lives with the session of its client.',
  source:
    'apache/curator: curator-recipes, locks/InterProcessMutex.java, LockInternals.java; ZooKeeper ' +
    'documentation, "ZooKeeper Recipes and Solutions", section "Locks"',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  claims: {},
  create: (environment, options) =>
    new ZooKeeperLock(environment, options, {
      isProtected: true,
      checksOwner: true,
      tellsHolder: true,
      predecessorOf: (children, own) => latestBefore(children, own),
    }),
});
