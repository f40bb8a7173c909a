/** Failures of locks on ZooKeeper. */
import type { PublishedFailure } from '../failure.js';

export const zookeeperFailures: readonly PublishedFailure[] = [
  {
    number: 104,
    id: 'zk-create-lost-reply',
    citation: 'ZOOKEEPER-1262; samuel/go-zookeeper#237',
    lock: 'zookeeper-lock-104',
    property: 'progress',
    faults: ['lost-reply'],
    clean: { lock: 'zookeeper-lock' },
  },
  {
    number: 105,
    id: 'curator-old-session-node',
    citation: 'CURATOR-604, apache/curator#1121',
    lock: 'zookeeper-lock-105',
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['partition', 'pause', 'delay', 'half-open', 'server-crash', 'server-error'],
    clean: { lock: 'zookeeper-lock' },
  },
  {
    number: 107,
    id: 'curator-partition-holder',
    citation: 'CURATOR-206, apache/curator#727',
    lock: 'zookeeper-lock-107',
    property: 'mutual-exclusion',
    class: 'stale-belief',
    faults: ['partition'],
    clean: { lock: 'zookeeper-lock', workload: 'metadata-recovery' },
  },
  {
    number: 110,
    id: 'kazoo-rw-deadlock',
    citation: 'python-zk/kazoo#649, #650',
    lock: 'zookeeper-read-write-110',
    property: 'progress',
    faults: [],
    clean: { lock: 'zookeeper-read-write' },
  },
  {
    number: 112,
    id: 'kazoo-half-reentrant',
    citation: 'python-zk/kazoo#291',
    lock: 'zookeeper-lock-112',
    property: 'reentrancy',
    faults: [],
    clean: { lock: 'zookeeper-lock' },
  },
];
