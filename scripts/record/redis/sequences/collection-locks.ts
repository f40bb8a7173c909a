/**
 * What lock designs on hashes, lists and sorted sets send: reentrant, read-write and fair locks,
 * semaphores, queues.
 */
import { quote, type Sequence, sequence } from '../sequence.js';
import {
  EXTEND,
  FAIR_ACQUIRE,
  READ_ACQUIRE,
  READ_RELEASE,
  REENTRANT_ACQUIRE,
  REENTRANT_RELEASE,
  REENTRANT_RENEW,
  RELEASE,
  SEMAPHORE_ACQUIRE,
  SEMAPHORE_REFRESH,
  SIGNAL_RELEASE,
  WRITE_ACQUIRE,
} from './lock-scripts.js';

export const COLLECTION_LOCKS: readonly Sequence[] = [
  sequence(
    'reentrant lock: enter twice, leave twice',
    `EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 30000 id:1
     EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 30000 id:1
     HGETALL lock
     EVAL ${quote(REENTRANT_RELEASE)} 2 lock channel 30000 id:1
     EVAL ${quote(REENTRANT_RELEASE)} 2 lock channel 30000 id:1
     EVAL ${quote(REENTRANT_RELEASE)} 2 lock channel 30000 id:1
     EXISTS lock`,
  ),
  sequence(
    'reentrant lock: another one is refused and told of the release',
    `EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 30000 id:1
     b: EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 30000 id:2 # ms
     c: SUBSCRIBE channel
     b: EVAL ${quote(REENTRANT_RENEW)} 1 lock 30000 id:2
     EVAL ${quote(REENTRANT_RENEW)} 1 lock 60000 id:1
     PTTL lock
     EVAL ${quote(REENTRANT_RELEASE)} 2 lock channel 30000 id:1
     b: EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 30000 id:2
     b: HGETALL lock`,
  ),
  sequence(
    'reentrant lock: the lease ends',
    `EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 40 id:1
     (wait 80)
     b: EVAL ${quote(REENTRANT_ACQUIRE)} 1 lock 30000 id:2
     EVAL ${quote(REENTRANT_RENEW)} 1 lock 30000 id:1
     EVAL ${quote(REENTRANT_RELEASE)} 2 lock channel 30000 id:1
     HGETALL lock`,
  ),
  sequence(
    'semaphore: two permits, three who want one',
    `EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 a 10000 1000000
     b: EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 b 10000 1000100
     c: EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 c 10000 1000200
     ZRANGE sem 0 -1 WITHSCORES
     ZREM sem a
     c: EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 c 10000 1000300
     b: EVAL ${quote(SEMAPHORE_REFRESH)} 1 sem 2 b 10000 1005000
     a: EVAL ${quote(SEMAPHORE_REFRESH)} 1 sem 2 a 10000 1005000
     ZRANGE sem 0 -1 WITHSCORES
     PTTL sem`,
  ),
  sequence(
    'semaphore: a fast clock evicts the others',
    `EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 a 10000 1000000
     b: EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 b 10000 1000100
     c: EVAL ${quote(SEMAPHORE_ACQUIRE)} 1 sem 2 c 10000 1020000
     ZRANGE sem 0 -1
     b: EVAL ${quote(SEMAPHORE_REFRESH)} 1 sem 2 b 10000 1000500`,
  ),
  sequence(
    'semaphore with plain commands',
    `ZREMRANGEBYSCORE sem -inf 500
     ZADD sem 1000 a
     ZRANK sem a
     b: ZADD sem 1001 b
     b: ZRANK sem b
     b: ZREM sem b
     ZCARD sem
     ZADD sem XX CH 2000 a
     ZADD sem XX CH 2000 b
     ZSCORE sem a`,
  ),
  sequence(
    'read-write lock',
    `EVAL ${quote(READ_ACQUIRE)} 1 rw r1 10000
     b: EVAL ${quote(READ_ACQUIRE)} 1 rw r2 20000
     PTTL rw
     c: EVAL ${quote(WRITE_ACQUIRE)} 1 rw w1 10000 # ms
     EVAL ${quote(READ_RELEASE)} 1 rw r1
     b: EVAL ${quote(READ_RELEASE)} 1 rw r2
     c: EVAL ${quote(WRITE_ACQUIRE)} 1 rw w1 10000
     EVAL ${quote(READ_ACQUIRE)} 1 rw r1 10000 # ms
     HGETALL rw`,
  ),
  sequence(
    'fair lock: a queue beside the lock',
    `EVAL ${quote(FAIR_ACQUIRE)} 2 lock queue a 10000
     b: EVAL ${quote(FAIR_ACQUIRE)} 2 lock queue b 10000
     c: EVAL ${quote(FAIR_ACQUIRE)} 2 lock queue c 10000
     b: EVAL ${quote(FAIR_ACQUIRE)} 2 lock queue b 10000
     LRANGE queue 0 -1
     EVAL ${quote(RELEASE)} 1 lock a
     c: EVAL ${quote(FAIR_ACQUIRE)} 2 lock queue c 10000
     b: EVAL ${quote(FAIR_ACQUIRE)} 2 lock queue b 10000
     LRANGE queue 0 -1`,
  ),
  sequence(
    'hand-over through a list: the waiter is signalled',
    `SET lock a NX PX 10000
     b: SET lock b NX PX 10000
     b> BLPOP signal 0
     EVAL ${quote(SIGNAL_RELEASE)} 2 lock signal a 1000
     b: SET lock b NX PX 10000
     EVAL ${quote(SIGNAL_RELEASE)} 2 lock signal a 1000
     EXISTS signal`,
  ),
  sequence(
    'hand-over through a list: the signal is deleted too early',
    `SET lock a NX PX 10000
     EVAL ${quote(SIGNAL_RELEASE)} 2 lock signal a 1000
     DEL signal
     b> BLPOP signal 0.03
     (wait 70)
     b: SET lock b NX PX 10000`,
  ),
  sequence(
    'permits as elements of a list',
    `RPUSH permits 1 2
     b: BLPOP permits 0
     c: BLPOP permits 0
     a> BLPOP permits 0
     b: RPUSH permits 1
     LLEN permits`,
  ),
  sequence(
    'jobs claimed from a queue, with a lock for each',
    `RPUSH wait j1 j2
     RPOPLPUSH wait active
     SET job:j1:lock a NX PX 30000
     b: BRPOPLPUSH wait active 0
     b: SET job:j2:lock b NX PX 30000
     LRANGE active 0 -1
     EVAL ${quote(EXTEND)} 1 job:j1:lock a 30000
     MULTI
     LREM active 1 j1
     ZADD completed 1 j1
     DEL job:j1:lock
     EXEC
     LRANGE active 0 -1`,
  ),
  sequence(
    'waiting for a release by subscription: subscribe, try again, be told',
    `SET lock a NX PX 10000
     b: SET lock b NX PX 10000
     c: SUBSCRIBE lock:released
     b: SET lock b NX PX 10000
     EVAL ${quote(RELEASE)} 1 lock a
     PUBLISH lock:released 1
     b: SET lock b NX PX 10000`,
  ),
  sequence(
    'waiting for an expiry by keyspace notification',
    `CONFIG SET notify-keyspace-events Kgx
     SET lock a NX PX 50000
     b: SUBSCRIBE __keyspace@0__:lock
     DEL lock
     SET lock c NX PX 30
     (wait 150)
     EXISTS lock`,
  ),
  sequence(
    'several holders in a set',
    `SADD holders a
     SADD holders b
     SADD holders a
     SCARD holders
     SREM holders a
     SISMEMBER holders a
     SREM holders b
     EXISTS holders`,
  ),
];
