/**
 * Subscriptions and keyspace notifications.
 */
import { type Sequence, sequence } from '../sequence.js';

export const PUBSUB: readonly Sequence[] = [
  sequence(
    'PUBLISH and SUBSCRIBE',
    `PUBLISH c hello
     b: SUBSCRIBE c
     PUBLISH c hello
     PUBLISH other hello
     c: SUBSCRIBE c d
     PUBLISH c again
     PUBLISH d "é"
     b: UNSUBSCRIBE c
     PUBLISH c last
     PUBLISH c
     SUBSCRIBE`,
  ),
  sequence(
    'SUBSCRIBE twice, UNSUBSCRIBE from nothing',
    `b: SUBSCRIBE c
     b: SUBSCRIBE c
     PUBLISH c once
     b: UNSUBSCRIBE x
     b: UNSUBSCRIBE
     b: UNSUBSCRIBE
     b: PUNSUBSCRIBE
     b: GET k`,
  ),
  sequence(
    'UNSUBSCRIBE from several',
    `b: SUBSCRIBE x y
     b: UNSUBSCRIBE x y
     PUBLISH x m
     b: PSUBSCRIBE p*
     b: UNSUBSCRIBE
     b: PUNSUBSCRIBE p* q*`,
  ),
  sequence(
    'PSUBSCRIBE',
    `b: PSUBSCRIBE lock:*
     PUBLISH lock:1 free
     PUBLISH queue:1 free
     b: SUBSCRIBE lock:1
     PUBLISH lock:1 free
     b: PUNSUBSCRIBE lock:*
     PUBLISH lock:1 free
     b: PUNSUBSCRIBE x
     b: UNSUBSCRIBE lock:1
     b: PING`,
  ),
  sequence(
    'what is allowed while subscribed',
    `b: SUBSCRIBE c
     b: GET k
     b: SET k v
     b: PING
     b: PING hello
     b: MULTI
     b: FOO
     b: GET
     b: PUBLISH c m
     b: CLIENT ID
     b: PING a b
     b: UNSUBSCRIBE c
     b: GET k`,
  ),
  sequence(
    'a subscription ends with its connection',
    `b: SUBSCRIBE c
     PUBLISH c 1
     (close b)
     PUBLISH c 2
     b: PING`,
  ),
  sequence(
    'RESET ends subscriptions',
    `b: SUBSCRIBE c
     b: PSUBSCRIBE d*
     b: RESET
     PUBLISH c 1
     b: GET k`,
  ),
  sequence(
    'SUBSCRIBE in a transaction',
    `b: MULTI
     b: SUBSCRIBE c
     b: SET k v
     b: EXEC
     PUBLISH c m
     b: GET k`,
  ),
  sequence(
    'PUBLISH from a script and a transaction',
    `b: SUBSCRIBE c
     EVAL "return redis.call('PUBLISH', KEYS[1], ARGV[1])" 1 c hello
     MULTI
     PUBLISH c one
     PUBLISH c two
     EXEC`,
  ),
  sequence(
    'PUBSUB',
    `PUBSUB CHANNELS
     b: SUBSCRIBE x1 x2 y
     c: PSUBSCRIBE x*
     PUBSUB CHANNELS
     PUBSUB CHANNELS x*
     PUBSUB NUMSUB x1 y z
     PUBSUB NUMSUB
     PUBSUB NUMPAT
     PUBSUB FOO
     PUBSUB
     PUBSUB NUMPAT x`,
  ),
  sequence(
    'keyspace notifications of a lock',
    `CONFIG SET notify-keyspace-events KEA
     b: PSUBSCRIBE __key*__:*
     SET lock a NX PX 50000
     SET lock b NX PX 50000
     PEXPIRE lock 60000
     PERSIST lock
     DEL lock
     SETNX lock a
     EXPIRE lock 0
     CONFIG GET notify-keyspace-events`,
  ),
  sequence(
    'a notification of an expiry',
    `CONFIG SET notify-keyspace-events Ex
     b: SUBSCRIBE __keyevent@0__:expired
     SET lock a PX 30
     (wait 150)
     GET lock`,
  ),
  sequence(
    'keyspace notifications of strings and keys',
    `CONFIG SET notify-keyspace-events EA
     b: PSUBSCRIBE __keyevent@0__:*
     SET k 1
     INCR k
     INCRBYFLOAT k 1
     APPEND k x
     SETRANGE k 0 y
     GETSET k z
     GETEX k PX 5000
     GETEX k PERSIST
     GETDEL k
     MSET a 1 b 2
     MSETNX c 1
     RENAME a d
     COPY b e
     DEL b c
     SETEX s 100 v
     GETEX s EXAT 1
     FLUSHALL`,
  ),
  sequence(
    'keyspace notifications of collections',
    `CONFIG SET notify-keyspace-events EA
     b: PSUBSCRIBE __keyevent@0__:*
     HSET h f 1
     HINCRBY h f 1
     HSETNX h f 2
     HINCRBYFLOAT h g 1
     HDEL h f g
     RPUSH l a b c
     LPOP l
     LSET l 0 x
     LINSERT l BEFORE x y
     LREM l 1 y
     LTRIM l 0 0
     LMOVE l m LEFT RIGHT
     RPOPLPUSH m m
     RPOP m
     SADD s a b
     SADD s a
     SREM s a
     SMOVE s t b
     SPOP t
     ZADD z 1 a 2 b 3 c 4 d 5 e
     ZADD z 1 a
     ZINCRBY z 1 a
     ZREM z a
     ZPOPMIN z
     ZPOPMAX z
     ZREMRANGEBYRANK z 0 0
     ZREMRANGEBYSCORE z 0 10`,
  ),
  sequence(
    'classes of notifications',
    `CONFIG SET notify-keyspace-events Kg$
     CONFIG GET notify-keyspace-events
     b: PSUBSCRIBE *
     SET k v
     RPUSH l a
     DEL k l
     CONFIG SET notify-keyspace-events ""
     SET k v
     CONFIG GET notify-keyspace-events
     CONFIG SET notify-keyspace-events AKE
     CONFIG GET notify-keyspace-events
     CONFIG SET notify-keyspace-events zhslx$g
     CONFIG GET notify-keyspace-events`,
  ),
];
