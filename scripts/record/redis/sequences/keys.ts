/**
 * Commands on keys of any type.
 */
import { type Sequence, sequence } from '../sequence.js';

export const KEYS: readonly Sequence[] = [
  sequence(
    'DEL, UNLINK, EXISTS, TOUCH',
    `MSET a 1 b 2 c 3
     EXISTS a
     EXISTS a b x
     EXISTS a a
     TOUCH a x
     DEL a
     DEL a
     DEL b x c
     MSET a 1 b 2
     UNLINK a b a
     EXISTS a b
     DEL
     EXISTS
     UNLINK
     TOUCH`,
  ),
  sequence(
    'TYPE',
    `TYPE k
     SET k v
     TYPE k
     RPUSH l a
     TYPE l
     HSET h f v
     TYPE h
     SADD s a
     TYPE s
     ZADD z 1 a
     TYPE z
     TYPE
     TYPE a b`,
  ),
  sequence(
    'RENAME',
    `RENAME a b
     SET a 1
     RENAME a a
     RENAME a b
     EXISTS a
     GET b
     SET c 3 PX 50000
     RENAME c b
     GET b
     PTTL b
     RPUSH l x
     RENAME l b
     TYPE b
     PTTL b
     RENAME a
     RENAME`,
  ),
  sequence(
    'RENAMENX',
    `RENAMENX a b
     SET a 1
     RENAMENX a a
     SET b 2
     RENAMENX a b
     GET b
     DEL b
     RENAMENX a b
     GET b
     EXISTS a`,
  ),
  sequence(
    'COPY',
    `COPY a b
     SET a 1 PX 50000
     COPY a a
     COPY a b
     GET b
     PTTL b
     SET a 2
     COPY a b
     COPY a b REPLACE
     GET b
     PTTL b
     COPY a c replace
     COPY a d FOO
     COPY a d DB 0
     COPY a d DB 99
     COPY a d DB x
     COPY a d DB
     COPY a`,
  ),
  sequence(
    'COPY makes collections of their own',
    `RPUSH l a
     COPY l m
     RPUSH m b
     LRANGE l 0 -1
     HSET h f v
     COPY h i
     HSET i f w
     HGET h f
     SADD s a
     COPY s t
     SADD t b
     SCARD s
     ZADD z 1 a
     COPY z y
     ZADD y 2 a
     ZSCORE z a`,
  ),
  sequence(
    'KEYS and patterns',
    `MSET lock:1 a lock:2 b lock:10 c other d "we?ird" e "a[b" f
     KEYS *
     KEYS lock:*
     KEYS lock:?
     KEYS lock:[12]
     KEYS lock:[^1]
     KEYS lock:[1-9]
     KEYS *:1*
     KEYS we\\?ird
     KEYS a\\[b
     KEYS nothing*
     KEYS [
     KEYS lock:[1
     KEYS ""
     KEYS **
     KEYS l*k:*
     KEYS
     KEYS a b`,
  ),
  sequence(
    'SCAN',
    `SCAN 0
     MSET a 1 b 2 lock:1 3
     SCAN 0 COUNT 100
     SCAN 0 MATCH lock:* COUNT 100
     RPUSH l x
     SCAN 0 TYPE list COUNT 100
     SCAN 0 TYPE STRING COUNT 100
     SCAN 0 TYPE nothing COUNT 100
     SCAN abc
     SCAN 0 COUNT 0
     SCAN 0 COUNT x
     SCAN 0 MATCH
     SCAN 0 FOO 1
     SCAN " 0"
     SCAN`,
  ),
  sequence(
    'DBSIZE, FLUSHDB, FLUSHALL',
    `DBSIZE
     MSET a 1 b 2
     DBSIZE
     FLUSHDB
     DBSIZE
     SET a 1
     FLUSHALL SYNC
     SET a 1
     FLUSHALL ASYNC
     SET a 1
     FLUSHDB async
     EXISTS a
     FLUSHALL FOO
     FLUSHDB SYNC ASYNC`,
  ),
  sequence(
    'RANDOMKEY',
    `RANDOMKEY
     SET a 1
     RANDOMKEY
     MSET b 2 c 3
     RANDOMKEY # one of a b c
     RANDOMKEY x`,
  ),
  sequence(
    'SELECT',
    `SELECT 0
     SELECT 16
     SELECT -1
     SELECT abc
     SELECT 99999999999
     SELECT
     SELECT 0 1`,
  ),
];
