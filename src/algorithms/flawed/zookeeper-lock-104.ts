/**
 * Flaw: a create whose answer was lost with the connection is sent again, and nobody looks whether
 * the first one was carried out. If it was, its znode stands first in the queue for as long as the
 * session lives, and everybody waits for it, whoever made it too.
 */
import { defineLock } from '../lock.js';
import { MUTEX_CLAIMS } from '../zookeeper-claims.js';
import { MUTEX_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from '../zookeeper-mutex.js';

export default defineLock({
  name: 'zookeeper-lock-104',
  summary: 'The lock recipe without protection: an answer that is lost leaves a znode of nobody.',
  source:
    'ZOOKEEPER-1262 (flaw in the documentation of the lock recipe); samuel/go-zookeeper#229, ' +
    'repaired by samuel/go-zookeeper#237',
  services: { zookeeper: 1 },
  options: ZOOKEEPER_LOCK_OPTIONS,
  declares: { fairness: 'enqueue-order', reentrant: true },
  claims: MUTEX_CLAIMS,
  flaw: { property: 'progress', faults: ['lost-reply'], runs: 500 },
  fixedBy: 'zookeeper-lock',
  create: (environment, options) =>
    new ZooKeeperLock(environment, options, { ...MUTEX_DESIGN, isProtected: false }),
});
