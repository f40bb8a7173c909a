/**
 * Flaw: after it has lost one session and begun another, the client takes the znode of the old one
 * for its own. That goes at any moment, and the lock with it. Sessions are as short as a server
 * allows by default, and given up after a third of their timeout, as Curator can be told to: so
 * many are lost, and their znodes live on for a while.
 */
import { defineLock } from '../lock.js';
import { MUTEX_CLAIMS } from '../zookeeper-claims.js';
import { MUTEX_DESIGN, ZOOKEEPER_LOCK_OPTIONS, ZooKeeperLock } from '../zookeeper-mutex.js';

/** Two ticks of 2 s. */
const SHORTEST_SESSION_MS = 4_000;

export default defineLock({
  name: 'zookeeper-lock-105',
  summary: 'The lock on ZooKeeper that is acquired by the znode of a session that has been lost.',
  source: 'apache/curator#1121 (CURATOR-604); LockInternals.java, internalLockLoop',
  services: { zookeeper: 1 },
  options: {
    ...ZOOKEEPER_LOCK_OPTIONS,
    sessionTimeoutMs: { ...ZOOKEEPER_LOCK_OPTIONS.sessionTimeoutMs, default: SHORTEST_SESSION_MS },
    sessionExpirationPercent: { ...ZOOKEEPER_LOCK_OPTIONS.sessionExpirationPercent, default: 33 },
  },
  declares: { fairness: 'enqueue-order', reentrant: true },
  claims: MUTEX_CLAIMS,
  flaw: {
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['server-error'],
    runs: 2_000,
  },
  fixedBy: 'zookeeper-lock',
  create: (environment, options) =>
    new ZooKeeperLock(environment, options, { ...MUTEX_DESIGN, checksOwner: false }),
});
