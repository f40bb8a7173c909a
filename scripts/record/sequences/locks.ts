/**
 * What lock designs send, command for command: the careful and the careless ones. Scripts are
 * written anew after the published algorithms named beside them.
 */
import { createHash } from 'node:crypto';
import { quote, type Sequence, sequence } from '../sequence.js';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

/** Delete, or extend, if the value is mine (Redis documentation, "Distributed Locks with Redis"). */
const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;
const EXTEND = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const EXTEND_SECONDS = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('EXPIRE', KEYS[1], ARGV[2]) end return 0`;
/** Extends, or takes a lock that has expired (go-redsync with SetNXOnExtend). */
const TOUCH_OR_SET = `local v = redis.call('GET', KEYS[1])
if v == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
if v then return 0 end
return redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2], 'NX')`;
/** Takes the lock and draws a fencing token in one step. */
const FENCED_ACQUIRE = `if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('INCR', KEYS[2]) end return false`;
/** Redlock over several keys of one server: all or none. */
const MULTI_ACQUIRE = `for i = 1, #KEYS do if redis.call('EXISTS', KEYS[i]) == 1 then return 0 end end
for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
return #KEYS`;
const MULTI_RELEASE = `local n = 0
for i = 1, #KEYS do if redis.call('GET', KEYS[i]) == ARGV[1] then n = n + redis.call('DEL', KEYS[i]) end end
return n`;
const MULTI_EXTEND = `for i = 1, #KEYS do if redis.call('GET', KEYS[i]) ~= ARGV[1] then return 0 end end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[2]) end
return #KEYS`;
/** A reentrant lock as a hash of hold counts (after Redisson's RLock). */
const REENTRANT_ACQUIRE = `if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then
redis.call('HINCRBY', KEYS[1], ARGV[2], 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return nil end
return redis.call('PTTL', KEYS[1])`;
const REENTRANT_RENEW = `if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) return 1 end return 0`;
const REENTRANT_RELEASE = `if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then return nil end
local left = redis.call('HINCRBY', KEYS[1], ARGV[2], -1)
if left > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) return 0 end
redis.call('DEL', KEYS[1])
redis.call('PUBLISH', KEYS[2], '0')
return 1`;
/** A counting semaphore as a sorted set of holders by time (after redis-semaphore). */
const SEMAPHORE_ACQUIRE = `redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4] - ARGV[3])
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1 end
return 0`;
const SEMAPHORE_REFRESH = `redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4] - ARGV[3])
if redis.call('ZSCORE', KEYS[1], ARGV[2]) then
redis.call('ZADD', KEYS[1], ARGV[4], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1 end
return 0`;
/** Read-write lock: mode and holders in a hash. */
const READ_ACQUIRE = `local mode = redis.call('HGET', KEYS[1], 'mode')
if mode == 'write' then return redis.call('PTTL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'mode', 'read')
redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return nil`;
const WRITE_ACQUIRE = `if redis.call('EXISTS', KEYS[1]) == 1 then return redis.call('PTTL', KEYS[1]) end
redis.call('HSET', KEYS[1], 'mode', 'write', ARGV[1], 1)
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return nil`;
const READ_RELEASE = `if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return nil end
if redis.call('HINCRBY', KEYS[1], ARGV[1], -1) < 1 then redis.call('HDEL', KEYS[1], ARGV[1]) end
if redis.call('HLEN', KEYS[1]) == 1 then redis.call('DEL', KEYS[1]) return 1 end
return 0`;
/** A fair queue: a list of waiters beside the lock. */
const FAIR_ACQUIRE = `if redis.call('EXISTS', KEYS[1]) == 0 and (redis.call('LLEN', KEYS[2]) == 0 or redis.call('LINDEX', KEYS[2], 0) == ARGV[1]) then
redis.call('LREM', KEYS[2], 0, ARGV[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1 end
if not redis.call('LPOS', KEYS[2], ARGV[1]) then redis.call('RPUSH', KEYS[2], ARGV[1]) end
return 0`;
/** Hands the lock to a waiter through a list (after python-redis-lock). */
const SIGNAL_RELEASE = `if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 1 end
redis.call('DEL', KEYS[2])
redis.call('LPUSH', KEYS[2], 1)
redis.call('PEXPIRE', KEYS[2], ARGV[2])
redis.call('DEL', KEYS[1])
return 0`;
/** All keys or, if they are mine already, a new term (after bsm/redislock). */
const OBTAIN = `local all = {}
for i = 1, #KEYS do all[#all + 1] = KEYS[i] all[#all + 1] = ARGV[1] end
if redis.call('MSETNX', unpack(all)) == 0 then
for i = 1, #KEYS do if redis.call('GETRANGE', KEYS[i], 0, tonumber(ARGV[2]) - 1) ~= string.sub(ARGV[1], 1, tonumber(ARGV[2])) then return false end end
redis.call('MSET', unpack(all)) end
for i = 1, #KEYS do redis.call('PEXPIRE', KEYS[i], ARGV[3]) end
return redis.status_reply('OK')`;

const singleServer: Sequence[] = [
  sequence(
    'SET NX PX with compare-and-delete: acquire, refuse, release, acquire',
    `SET lock a NX PX 10000
     b: SET lock b NX PX 10000
     PTTL lock
     b: EVAL ${quote(RELEASE)} 1 lock b
     EVAL ${quote(RELEASE)} 1 lock a
     EVAL ${quote(RELEASE)} 1 lock a
     b: SET lock b NX PX 10000
     GET lock`,
  ),
  sequence(
    'SET NX PX: the lease ends, the next one gets it, the first cannot release it',
    `SET lock a NX PX 40
     b: SET lock b NX PX 10000
     (wait 80)
     b: SET lock b NX PX 10000
     EVAL ${quote(RELEASE)} 1 lock a
     EVAL ${quote(EXTEND)} 1 lock a 10000
     GET lock
     PTTL lock`,
  ),
  sequence(
    'renewal by compare-and-extend',
    `SET lock a NX PX 5000
     EVAL ${quote(EXTEND)} 1 lock a 10000
     PTTL lock
     b: EVAL ${quote(EXTEND)} 1 lock b 60000
     PTTL lock
     EVAL ${quote(EXTEND_SECONDS)} 1 lock a 90
     PTTL lock
     DEL lock
     EVAL ${quote(EXTEND)} 1 lock a 10000
     EXISTS lock`,
  ),
  sequence(
    'renewal that takes an expired lock again',
    `EVAL ${quote(TOUCH_OR_SET)} 1 lock a 10000
     EVAL ${quote(TOUCH_OR_SET)} 1 lock a 20000
     PTTL lock
     b: EVAL ${quote(TOUCH_OR_SET)} 1 lock b 20000
     GET lock`,
  ),
  sequence(
    'release and renewal by EVALSHA, loaded on the way',
    `SET lock a NX PX 10000
     EVALSHA ${sha1(RELEASE)} 1 lock a
     SCRIPT LOAD ${quote(RELEASE)}
     SCRIPT EXISTS ${sha1(RELEASE)} ${sha1(EXTEND)}
     EVALSHA ${sha1(RELEASE)} 1 lock b
     EVALSHA ${sha1(RELEASE)} 1 lock a
     EVAL ${quote(EXTEND)} 1 lock a 1000
     EVALSHA ${sha1(EXTEND)} 1 lock a 1000
     SCRIPT FLUSH
     EVALSHA ${sha1(EXTEND)} 1 lock a 1000`,
  ),
  sequence(
    'SETNX, then EXPIRE',
    `SETNX lock a
     EXPIRE lock 10
     TTL lock
     b: SETNX lock b
     b: TTL lock
     DEL lock
     b: SETNX lock b
     b: PTTL lock`,
  ),
  sequence(
    'SETNX with the deadline as value, GETSET to take over',
    `SETNX lock 1000
     b: SETNX lock 2000
     b: GET lock
     b: GETSET lock 2000
     GETSET lock 3000
     GET lock`,
  ),
  sequence(
    'a blind DEL frees another one’s lock',
    `SET lock a NX PX 30
     (wait 70)
     b: SET lock b NX PX 10000
     DEL lock
     c: SET lock c NX PX 10000
     GET lock`,
  ),
  sequence(
    'GET, then DEL, with another in between',
    `SET lock a NX PX 10000
     GET lock
     b: DEL lock
     b: SET lock b NX PX 10000
     DEL lock
     EXISTS lock`,
  ),
  sequence(
    'GET, then PEXPIRE, with another in between',
    'SET lock a NX PX 10000\nGET lock\nb: SET lock b XX PX 5000\nPEXPIRE lock 60000\nGET lock\nPTTL lock',
  ),
  sequence(
    'a keep-alive that overwrites any owner',
    'SET lock a NX PX 10000\nb: SET lock b XX PX 20000\nGET lock\nPTTL lock\nSET lock a XX PX 30000\nDEL lock\nSET lock a XX PX 1000',
  ),
  sequence(
    'release by WATCH, MULTI, DEL',
    `SET lock a NX PX 10000
     WATCH lock
     GET lock
     MULTI
     DEL lock
     EXEC
     SET lock a NX PX 10000
     WATCH lock
     GET lock
     b: SET lock b PX 10000
     MULTI
     DEL lock
     EXEC
     GET lock`,
  ),
  sequence(
    'SET with GET tells who has it',
    'SET lock a NX GET PX 10000\nb: SET lock b NX GET PX 10000\nGET lock\nPTTL lock',
  ),
  sequence(
    'GETDEL and GETEX in place of scripts',
    'SET lock a NX PX 10000\nGETEX lock PX 20000\nPTTL lock\nGETDEL lock\nGETDEL lock\nSET lock b NX PX 5\n(wait 40)\nGETEX lock PX 1000',
  ),
  sequence(
    'a lock without a time to live',
    'SET lock a NX\nPTTL lock\nb: SET lock b NX\nb: TTL lock\nPERSIST lock\nDEL lock',
  ),
];

const fencedAndMany: Sequence[] = [
  sequence(
    'fenced acquire: tokens rise with every grant',
    `EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence a 10000
     b: EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence b 10000
     GET fence
     EVAL ${quote(RELEASE)} 1 lock a
     b: EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence b 40
     (wait 80)
     EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence a 10000
     GET fence
     PTTL fence`,
  ),
  sequence(
    'fenced acquire in a transaction',
    'MULTI\nSET lock a NX PX 10000\nINCR fence\nEXEC\nb: MULTI\nb: SET lock b NX PX 10000\nb: INCR fence\nb: EXEC\nGET lock',
  ),
  sequence(
    'fencing by INCR after the acquire',
    'SET lock a NX PX 10000\nINCR fence\nb: SET lock b NX PX 10000\nb: GET fence\nDEL lock\nb: SET lock b NX PX 10000\nb: INCR fence',
  ),
  sequence(
    'Redlock on one of its servers: acquire, extend, release',
    `EVAL ${quote(MULTI_ACQUIRE)} 1 lock a 10000
     b: EVAL ${quote(MULTI_ACQUIRE)} 1 lock b 10000
     EVAL ${quote(MULTI_EXTEND)} 1 lock a 20000
     PTTL lock
     b: EVAL ${quote(MULTI_RELEASE)} 1 lock b
     EVAL ${quote(MULTI_RELEASE)} 1 lock a
     EVAL ${quote(MULTI_EXTEND)} 1 lock a 20000
     b: EVAL ${quote(MULTI_ACQUIRE)} 1 lock b 10000`,
  ),
  sequence(
    'Redlock over several keys',
    `EVAL ${quote(MULTI_ACQUIRE)} 2 x y a 10000
     b: EVAL ${quote(MULTI_ACQUIRE)} 2 y z b 10000
     EXISTS z
     EVAL ${quote(MULTI_EXTEND)} 2 x y a 20000
     PTTL x
     PTTL y
     DEL y
     EVAL ${quote(MULTI_EXTEND)} 2 x y a 30000
     PTTL x
     EVAL ${quote(MULTI_RELEASE)} 2 x y a`,
  ),
  sequence(
    'Redlock with SET NX and EVALSHA',
    `EVALSHA ${sha1(MULTI_ACQUIRE)} 1 lock a 10000
     EVAL ${quote(MULTI_ACQUIRE)} 1 lock a 10000
     EVALSHA ${sha1(MULTI_ACQUIRE)} 1 lock b 10000
     EVALSHA ${sha1(MULTI_RELEASE)} 1 lock a
     EVAL ${quote(MULTI_RELEASE)} 1 lock a`,
  ),
  sequence(
    'a prefix of the value names the owner',
    `EVAL ${quote(OBTAIN)} 2 x y token-meta 5 10000
     b: EVAL ${quote(OBTAIN)} 2 y z other-meta 5 10000
     EVAL ${quote(OBTAIN)} 2 x y token-new 5 20000
     GET x
     PTTL y
     EXISTS z`,
  ),
  sequence(
    'waiting for replicas that are not there',
    'SET lock a NX PX 10000\na> WAIT 1 10\n(wait 40)\nEVAL "return redis.call(\'DEL\', KEYS[1])" 1 lock',
  ),
];

const collections: Sequence[] = [
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
    'SADD holders a\nSADD holders b\nSADD holders a\nSCARD holders\nSREM holders a\nSISMEMBER holders a\nSREM holders b\nEXISTS holders',
  ),
];

export const LOCKS: readonly Sequence[] = [...singleServer, ...fencedAndMany, ...collections];
