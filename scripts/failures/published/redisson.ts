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
    cannot:
      'Time-outs drift with each waiter that comes and goes, and the three operations of a ' +
      'client are too few for a drift beyond the bound of progress. There is no variant yet.',
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
