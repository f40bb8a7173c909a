/**
 * The locks that come with Holdfast, in the order in which they are shown: correct ones first,
 * then the flawed siblings that the checkers must catch.
 */
import blindDelete from './flawed/blind-delete.js';
import getThenDelete from './flawed/get-then-delete.js';
import noTtl from './flawed/no-ttl.js';
import redlockNoValidity from './flawed/redlock-no-validity.js';
import redlockUnlockOnlyWinners from './flawed/redlock-unlock-only-winners.js';
import setNxNoValidity from './flawed/set-nx-no-validity.js';
import setnxThenExpire from './flawed/setnx-then-expire.js';
import lease from './lease.js';
import type { LockAlgorithm } from './lock.js';
import redlock from './redlock.js';
import redsync from './redsync.js';
import setNx from './set-nx.js';
import setNxFenced from './set-nx-fenced.js';
import setNxWatchdog from './set-nx-watchdog.js';

export const locks: readonly LockAlgorithm[] = [
  setNx,
  setNxFenced,
  setNxWatchdog,
  lease,
  redlock,
  redsync,
  blindDelete,
  getThenDelete,
  setnxThenExpire,
  noTtl,
  setNxNoValidity,
  redlockNoValidity,
  redlockUnlockOnlyWinners,
];

/** The built-in lock of that name. */
export function findLock(name: string): LockAlgorithm | undefined {
  return locks.find((lock) => lock.name === name);
}
