/**
 * Hashes and sets.
 */
import { type Sequence, sequence } from '../sequence.js';

export const HASHES: readonly Sequence[] = [
  sequence(
    'HSET and HGET',
    `HSET h a 1
     HSET h a 2 b 3
     HSET h b 3
     HGET h a
     HGET h x
     HGET missing a
     HGETALL h
     HLEN h
     HSET h a
     HSET h a 1 b
     HSET h
     HGET h`,
  ),
  sequence(
    'HMSET',
    `HMSET h a 1 b 2
     HGETALL h
     HMSET h a
     HMSET h a 1 b
     hmset h c 3
     HLEN h`,
  ),
  sequence(
    'HSETNX',
    `HSETNX h f v
     HSETNX h f w
     HGET h f
     HSETNX h g w
     HLEN h
     HSETNX h f
     SET s x
     HSETNX s f v`,
  ),
  sequence(
    'HDEL',
    `HSET h a 1 b 2 c 3
     HDEL h a
     HDEL h a x
     HDEL h b c b
     EXISTS h
     HDEL h a
     HDEL missing a
     HDEL h
     HSET h a 1
     PEXPIRE h 10000
     HDEL h a
     HSET h a 1
     PTTL h`,
  ),
  sequence(
    'HINCRBY',
    `HINCRBY h n 1
     HINCRBY h n -3
     HGET h n
     HINCRBY h n abc
     HINCRBY h n 1.5
     HSET h s abc
     HINCRBY h s 1
     HSET h m 9223372036854775807
     HINCRBY h m 1
     HINCRBY h m -1
     HINCRBY h n 0
     HINCRBY h n
     SET s x
     HINCRBY s n 1`,
  ),
  sequence(
    'HINCRBYFLOAT',
    `HINCRBYFLOAT h f 10.5
     HINCRBYFLOAT h f 0.1
     HINCRBYFLOAT h f -5
     HINCRBYFLOAT h f 5.0e3
     HINCRBYFLOAT h f abc
     HINCRBYFLOAT h f inf
     HSET h s abc
     HINCRBYFLOAT h s 1
     SET k v
     HINCRBYFLOAT k f 1
     HINCRBYFLOAT k f abc`,
  ),
  sequence(
    'HMGET, HKEYS, HVALS, HLEN, HEXISTS, HSTRLEN',
    `HSET h a 1 b 22 c "é"
     HMGET h a x b
     HMGET missing a b
     HKEYS h
     HVALS h
     HLEN h
     HEXISTS h a
     HEXISTS h x
     HEXISTS missing x
     HSTRLEN h b
     HSTRLEN h c
     HSTRLEN h x
     HSTRLEN missing x
     HKEYS missing
     HVALS missing
     HGETALL missing
     HLEN missing
     HMGET h`,
  ),
  sequence(
    'hash commands on another type',
    `SET s v
     HSET s f v
     HGET s f
     HMGET s f
     HGETALL s
     HDEL s f
     HLEN s
     HEXISTS s f
     HKEYS s
     HVALS s
     HINCRBY s f 1
     HSTRLEN s f
     HSCAN s 0
     GET s`,
  ),
  sequence(
    'HSCAN',
    `HSET h a 1 b 2 lock:1 3
     HSCAN h 0
     HSCAN h 0 MATCH lock:* COUNT 100
     HSCAN missing 0
     HSCAN missing 0 FOO
     HSCAN h x
     HSCAN h 0 COUNT 0
     HSCAN h 0 TYPE string
     HSCAN h`,
  ),
  sequence(
    'a hash as a reentrant hold count',
    `HEXISTS lock owner:1
     HINCRBY lock owner:1 1
     PEXPIRE lock 30000
     HINCRBY lock owner:1 1
     b: HEXISTS lock owner:2
     b: PTTL lock
     HINCRBY lock owner:1 -1
     HINCRBY lock owner:1 -1
     DEL lock
     b: HINCRBY lock owner:2 1
     HGETALL lock`,
  ),
];

export const SETS: readonly Sequence[] = [
  sequence(
    'SADD and SREM',
    `SADD s a b
     SADD s b c
     SADD s c
     SCARD s
     SMEMBERS s
     SREM s a x
     SREM s a
     SREM s b c
     EXISTS s
     SREM s a
     SADD s
     SREM s`,
  ),
  sequence(
    'SADD of one member twice',
    `SADD s a a a
     SCARD s
     SREM s a a
     EXISTS s
     SADD n 1 2 3
     SADD n 01
     SMEMBERS n
     SREM n 1`,
  ),
  sequence(
    'SISMEMBER, SMISMEMBER, SCARD, SMEMBERS',
    `SADD s a b
     SISMEMBER s a
     SISMEMBER s x
     SISMEMBER missing a
     SMISMEMBER s a x b
     SMISMEMBER missing a
     SCARD missing
     SMEMBERS missing
     SISMEMBER s
     SMISMEMBER s`,
  ),
  sequence(
    'SMOVE',
    `SADD a 1 2
     SMOVE a b 1
     SMEMBERS a
     SMEMBERS b
     SMOVE a b x
     SMOVE missing b 1
     SMOVE a a 2
     SMOVE a a x
     SADD b 2
     SMOVE a b 2
     EXISTS a
     SMEMBERS b
     SET k v
     SMOVE b k 1
     SMOVE k b 1
     SMOVE missing k 1
     SMOVE a b`,
  ),
  sequence(
    'SPOP',
    `SPOP s
     SPOP s 2
     SADD s a b c d e
     SPOP s # one of a b c d e
     SCARD s
     SPOP s 2 # 2 of a b c d e
     SCARD s
     SPOP s 0
     SPOP s 5 # 2 of a b c d e
     EXISTS s
     SADD s a
     SPOP s
     EXISTS s
     SPOP s -1
     SPOP s x
     SPOP s 1 2
     SPOP`,
  ),
  sequence(
    'SRANDMEMBER',
    `SRANDMEMBER s
     SRANDMEMBER s 2
     SADD s a b c
     SRANDMEMBER s # one of a b c
     SRANDMEMBER s 2 # 2 of a b c
     SRANDMEMBER s 5 # 3 of a b c
     SRANDMEMBER s -5 # -5 of a b c
     SRANDMEMBER s 0
     SCARD s
     SRANDMEMBER s x
     SRANDMEMBER s 1 2
     SRANDMEMBER s -9223372036854775808`,
  ),
  sequence(
    'SINTER, SUNION, SDIFF',
    `SADD a 1 2 3 x
     SADD b 2 3 4 y
     SADD c 3 z
     SINTER a b
     SINTER a b c
     SINTER a missing
     SINTER a
     SUNION a b missing
     SUNION c
     SDIFF a b
     SDIFF a b c
     SDIFF missing a
     SDIFF a missing
     SET k v
     SINTER a k
     SUNION k
     SDIFF a k
     SINTER missing k
     SINTER`,
  ),
  sequence(
    'set commands on another type',
    `SET k v
     SADD k a
     SREM k a
     SMEMBERS k
     SISMEMBER k a
     SMISMEMBER k a
     SCARD k
     SPOP k
     SPOP k 1
     SRANDMEMBER k
     SRANDMEMBER k 1
     SSCAN k 0
     SMOVE k l a`,
  ),
  sequence(
    'SSCAN',
    `SADD s a b lock:1
     SSCAN s 0
     SSCAN s 0 MATCH lock:* COUNT 100
     SSCAN missing 0
     SSCAN s x
     SSCAN s 0 FOO`,
  ),
];
