/**
 * The lock recipe of ZooKeeper as Apache Curator's InterProcessMutex has it: an ephemeral
 * sequential znode under protection, a watch on the one before, a count of the acquires of one
 * holder, and a listener to the state of the connection that tells the holder. The transaction that
 * created the znode is the fencing token.
 */
import { defineLock } from './lock.js';
import { MUTEX_CLAIMS } from './zookeeper-claims.js';
import { MUTEX_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from './zookeeper-mutex.js';

export default defineLock({
  name: 'zookeeper-lock',
  summary: 'A queue of ephemeral sequential znodes; each lives with the session of its client.',
  source:
    'apache/curator: curator-recipes, InterProcessMutex.java, LockInternals.java; ZooKeeper ' +
    'documentation, "ZooKeeper Recipes and Solutions", section "Locks"',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  claims: MUTEX_CLAIMS,
  declares: { fairness: 'enqueue-order', reentrant: true },
  create: (environment, options) => new ZooKeeperLock(environment, options, MUTEX_DESIGN),
});
