/**
 * Flaw: the lease of the reader who entered last counts for all. A reader with little to do asks
 * for a short lease, and with it ends the lock under those who read longer: a writer enters.
 */
import { defineLock } from '../lock.js';
import { REDISSON_OPTIONS } from '../redisson-base.js';
import { RedissonReadWriteLock } from '../redisson-read-write.js';
import { READ_ENTER, READ_LEAVE } from '../redisson-read-write-scripts.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

const READ_ENTER_BEFORE_FIX = READ_ENTER.replace(
  'math.max(left, tonumber(ARGV[1]))',
  'tonumber(ARGV[1])',
);

export default defineLock({
  name: 'redisson-read-write-86',
  summary: "Redisson's read-write lock in which a short read lease ends the longer ones.",
  source: 'redisson/redisson#2144: RedissonReadLock.java before 25914b00, released with v3.11.1',
  services: { redis: 1 },
  options: {
    ...REDISSON_OPTIONS,
    leaseTime: { ...REDISSON_OPTIONS.leaseTime, default: 'ttl' },
    shortLeaseRatio: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 1,
      doc: 'lease of every other reader, as a share of the TTL; 0: all ask for the TTL',
    },
  },
  declares: { wokenByMessage: true, readWrite: true },
  claims: NAIVE_CLAIMS,
  flaw: {
    property: 'read-write',
    class: 'double-grant',
    faults: ['interleaving'],
    runs: 2_000,
  },
  fixedBy: 'redisson-read-write',
  create(environment, options) {
    const { shortLeaseRatio } = options;
    const design = { readEnter: READ_ENTER_BEFORE_FIX, readLeave: READ_LEAVE };
    const lock = new RedissonReadWriteLock(environment, options, design);
    return {
      acquire(key, wanted) {
        const isShort =
          wanted.mode === 'shared' && shortLeaseRatio > 0 && environment.random() < 0.5;
        return lock.acquire(
          key,
          isShort ? { ...wanted, ttlMs: wanted.ttlMs * shortLeaseRatio } : wanted,
        );
      },
    };
  },
});
