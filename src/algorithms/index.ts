/**
 * The locks that come with Holdfast, in the order in which they are shown: correct ones first,
 * then the flawed siblings that the checkers must catch.
 */
import etcdMutex from './etcd-mutex.js';
import blindDelete from './flawed/blind-delete.js';
import etcdMutexBefore35 from './flawed/etcd-mutex-before-3.5.js';
import getThenDelete from './flawed/get-then-delete.js';
import noTtl from './flawed/no-ttl.js';
import redlockNoValidity from './flawed/redlock-no-validity.js';
import redlockUnlockOnlyWinners from './flawed/redlock-unlock-only-winners.js';
import setNxNoValidity from './flawed/set-nx-no-validity.js';
import setnxThenExpire from './flawed/setnx-then-expire.js';
import lease from './lease.js';
import leaseLock from './lease-lock.js';
import type { LockAlgorithm } from './lock.js';
import redlock from './redlock.js';
import setNx from './set-nx.js';
import setNxFenced from './set-nx-fenced.js';
import setNxWatchdog from './set-nx-watchdog.js';

export const locks: readonly LockAlgorithm[] = [
  setNx,
  setNxFenced,
  setNxWatchdog,
  lease,
  redlock,
  leaseLock,
  etcdMutex,
  blindDelete,
  getThenDelete,
  setnxThenExpire,
  noTtl,
  setNxNoValidity,
  redlockNoValidity,
  redlockUnlockOnlyWinners,
  etcdMutexBefore35,
];

/** The built-in lock of that name. */
export function findLock(name: string): LockAlgorithm | undefined {
  return locks.find((lock) => lock.name === name);
}
