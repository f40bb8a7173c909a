/** Failures of Redisson's locks. */
import type { PublishedFailure } from '../failure.js';

export const redissonFailures: readonly PublishedFailure[] = [
  {
    number: 7,
    id: 'one-replica-ack-failover',
    citation:
      'redisson/redisson: CommandAsyncService.syncedEval, checkLockSyncedSlaves; ' +
      'redisson/redisson#5256',
    lock: 'redisson-lock-7',
    property: 'mutual-exclusion',
    class: 'double-grant',
    faults: ['failover'],
    note: 'its replicas have half of the default second, beyond which none lags here',
    clean: {
      lock: 'set-nx-replicated',
      set: { replicas: 2 },
      why: 'it asks for both; Redisson has no setting that does',
    },
  },
  {
    number: 81,
    id: 'redisson-missed-unlock',
    citation: 'redisson/redisson#1763, #3891, #5070',
    lock: 'redisson-lock-81',
    property: 'progress',
    faults: [],
    clean: { lock: 'redisson-lock' },
  },
  {
    number: 82,
    id: 'redisson-watchdog-zombie',
    citation: 'redisson/redisson#2714, #1626, #7272',
    lock: 'redisson-lock-82',
    property: 'leak',
    class: 'for-ever',
    faults: [],
    clean: { lock: 'redisson-lock' },
  },
  {
    number: 85,
    id: 'redisson-rw-read-unlock',
    citation: 'redisson/redisson#891',
    lock: 'redisson-read-write-85',
    property: 'reentrancy',
    faults: [],
    clean: { lock: 'redisson-read-write' },
  },
  {
    number: 86,
    id: 'redisson-rw-short-reader',
    citation: 'redisson/redisson#2144',
    lock: 'redisson-read-write-86',
    property: 'read-write',
    class: 'double-grant',
    faults: [],
    clean: { lock: 'redisson-read-write' },
  },
  {
    number: 88,
    id: 'redisson-fair-drift',
    citation: 'redisson/redisson#1104, #2099',
    lock: 'redisson-fair-88',
    property: 'progress',
    faults: ['client-crash'],
    clean: {
      lock: 'redisson-fair',
      set: { fairLockWaitTimeoutMs: 5_000, lockWatchdogTimeoutMs: 4_000 },
      waitMs: 2_500,
      why: 'with leases and waits as in the flawed one',
    },
  },
  {
    number: 92,
    id: 'redisson-fenced-gettoken',
    citation: 'redisson/redisson: RedissonFencedLock.java, getToken',
    lock: 'redisson-fenced-92',
    property: 'fencing',
    faults: ['pause'],
    clean: { lock: 'redisson-fenced' },
  },
];
