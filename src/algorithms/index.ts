/**
 * The locks that come with Holdfast, in the order in which they are shown: correct ones first,
 * then the flawed siblings that the checkers must catch.
 */
import beeormLocker from './beeorm-locker.js';
import etcdMutex from './etcd-mutex.js';
import beeormLocker56 from './flawed/beeorm-locker-56.js';
import beeormLocker58 from './flawed/beeorm-locker-58.js';
import blindDelete from './flawed/blind-delete.js';
import etcdElection96 from './flawed/etcd-election-96.js';
import etcdMutex97 from './flawed/etcd-mutex-97.js';
import etcdMutex101 from './flawed/etcd-mutex-101.js';
import etcdMutexBefore35 from './flawed/etcd-mutex-before-3.5.js';
import getThenDelete from './flawed/get-then-delete.js';
import lockManager66 from './flawed/lock-manager-66.js';
import noTtl from './flawed/no-ttl.js';
import notesNaive from './flawed/notes-naive.js';
import postgresAdvisory129 from './flawed/postgres-advisory-129.js';
import postgresAdvisory130 from './flawed/postgres-advisory-130.js';
import postgresTable121 from './flawed/postgres-table-121.js';
import postgresTableClientClock from './flawed/postgres-table-client-clock.js';
import redissonFair88 from './flawed/redisson-fair-88.js';
import redissonFenced92 from './flawed/redisson-fenced-92.js';
import redissonLock7 from './flawed/redisson-lock-7.js';
import redissonLock81 from './flawed/redisson-lock-81.js';
import redissonLock82 from './flawed/redisson-lock-82.js';
import redissonReadWrite85 from './flawed/redisson-read-write-85.js';
import redissonReadWrite86 from './flawed/redisson-read-write-86.js';
import redlockNoValidity from './flawed/redlock-no-validity.js';
import redlockUnlockOnlyWinners from './flawed/redlock-unlock-only-winners.js';
import redsync51 from './flawed/redsync-51.js';
import redsync53 from './flawed/redsync-53.js';
import setNxNoValidity from './flawed/set-nx-no-validity.js';
import setnxThenExpire from './flawed/setnx-then-expire.js';
import ucloudBestEffort60 from './flawed/ucloud-best-effort-60.js';
import ucloudBestEffort61 from './flawed/ucloud-best-effort-61.js';
import ucloudBestEffort62 from './flawed/ucloud-best-effort-62.js';
import ucloudBestEffort63 from './flawed/ucloud-best-effort-63.js';
import ucloudBestEffort64 from './flawed/ucloud-best-effort-64.js';
import zookeeperLock104 from './flawed/zookeeper-lock-104.js';
import zookeeperLock105 from './flawed/zookeeper-lock-105.js';
import zookeeperLock107 from './flawed/zookeeper-lock-107.js';
import zookeeperLock112 from './flawed/zookeeper-lock-112.js';
import zookeeperReadWrite110 from './flawed/zookeeper-read-write-110.js';
import lease from './lease.js';
import leaseLock from './lease-lock.js';
import type { LockAlgorithm } from './lock.js';
import lockManager from './lock-manager.js';
import postgresAdvisory from './postgres-advisory.js';
import postgresRowLock from './postgres-row-lock.js';
import postgresTable from './postgres-table.js';
import postgresTableFenced from './postgres-table-fenced.js';
import redissonFair from './redisson-fair.js';
import redissonFenced from './redisson-fenced.js';
import redissonLock from './redisson-lock.js';
import redissonReadWrite from './redisson-read-write.js';
import redissonSemaphore from './redisson-semaphore.js';
import redlock from './redlock.js';
import redsync from './redsync.js';
import setNx from './set-nx.js';
import setNxFenced from './set-nx-fenced.js';
import setNxReplicated from './set-nx-replicated.js';
import setNxWatchdog from './set-nx-watchdog.js';
import ucloudBestEffort from './ucloud-best-effort.js';
import zookeeperLock from './zookeeper-lock.js';
import zookeeperReadWrite from './zookeeper-read-write.js';

export const locks: readonly LockAlgorithm[] = [
  setNx,
  setNxFenced,
  setNxWatchdog,
  setNxReplicated,
  lease,
  redlock,
  redsync,
  lockManager,
  beeormLocker,
  redissonLock,
  redissonFair,
  redissonFenced,
  redissonReadWrite,
  redissonSemaphore,
  ucloudBestEffort,
  leaseLock,
  etcdMutex,
  postgresTable,
  postgresTableFenced,
  postgresAdvisory,
  postgresRowLock,
  zookeeperLock,
  zookeeperReadWrite,
  blindDelete,
  getThenDelete,
  setnxThenExpire,
  noTtl,
  setNxNoValidity,
  redlockNoValidity,
  redlockUnlockOnlyWinners,
  notesNaive,
  lockManager66,
  beeormLocker56,
  beeormLocker58,
  ucloudBestEffort60,
  ucloudBestEffort61,
  ucloudBestEffort62,
  ucloudBestEffort63,
  ucloudBestEffort64,
  redissonLock7,
  redissonLock81,
  redissonLock82,
  redissonReadWrite85,
  redissonReadWrite86,
  redissonFair88,
  redissonFenced92,
  redsync51,
  redsync53,
  etcdMutexBefore35,
  etcdElection96,
  etcdMutex97,
  etcdMutex101,
  postgresTableClientClock,
  postgresTable121,
  postgresAdvisory129,
  postgresAdvisory130,
  zookeeperLock104,
  zookeeperLock105,
  zookeeperLock107,
  zookeeperLock112,
  zookeeperReadWrite110,
];

/** The built-in lock of that name. */
export function findLock(name: string): LockAlgorithm | undefined {
  return locks.find((lock) => lock.name === name);
}
