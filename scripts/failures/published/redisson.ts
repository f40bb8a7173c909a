/** Failures of Redisson's locks. */
import type { PublishedFailure } from '../failure.js';

export const redissonFailures: readonly PublishedFailure[] = [
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
