/**
 * Flaw: a read that ends inside a write deletes the lock. Who leaves as the last of the readers
 * does not look whether somebody writes, be it himself: others enter, and his write is left to
 * nothing.
 */
import { defineLock } from '../lock.js';
import { REDISSON_OPTIONS } from '../redisson-base.js';
import { RedissonReadWriteLock } from '../redisson-read-write.js';
import { READ_ENTER, READ_LEAVE } from '../redisson-read-write-scripts.js';
import { NAIVE_CLAIMS } from './naive-claims.js';

const READ_LEAVE_BEFORE_FIX = READ_LEAVE.replace(
  "  if mode == 'write' then return answering(0) end\n",
  '',
);

export default defineLock({
  name: 'redisson-read-write-85',
  summary: "Redisson's read-write lock whose nested read takes the write lock along when it ends.",
  source:
    'redisson/redisson#891: RedissonReadLock.java before 48ddec70, released with v2.9.3 and v3.4.3',
  services: { redis: 1 },
  options: REDISSON_OPTIONS,
  declares: { wokenByMessage: true, readWrite: true, reentrant: true },
  claims: NAIVE_CLAIMS,
  flaw: { property: 'reentrancy', faults: ['interleaving'], runs: 2_000 },
  fixedBy: 'redisson-read-write',
  create: (environment, options) =>
    new RedissonReadWriteLock(environment, options, {
      readEnter: READ_ENTER,
      readLeave: READ_LEAVE_BEFORE_FIX,
    }),
});
