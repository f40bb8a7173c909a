/**
 * Expiry: EXPIRE with every condition, TTL, and keys whose time comes.
 */
import { type Sequence, sequence } from '../sequence.js';

const FLAGS = ['', 'NX', 'XX', 'GT', 'LT', 'nx', 'XX GT', 'xx lt', 'GT GT'];
const FORMS = [
  ['EXPIRE', '100', '50', '200'],
  ['PEXPIRE', '100000', '50000', '200000'],
  ['EXPIREAT', '@s+100', '@s+50', '@s+200'],
  ['PEXPIREAT', '@ms+100000', '@ms+50000', '@ms+200000'],
] as const;

/** Every condition on a key without expiry, with a later and with an earlier one. */
const conditions: Sequence[] = FORMS.flatMap(([name, time, earlier, later]) =>
  FLAGS.map((flags) =>
    sequence(
      `${name} ${flags}`.trim(),
      `${name} missing ${time} ${flags}
       SET plain v
       ${name} plain ${time} ${flags}
       PTTL plain
       SET early v
       ${name} early ${earlier}
       ${name} early ${time} ${flags}
       PTTL early
       SET late v
       ${name} late ${later}
       ${name} late ${time} ${flags}
       PTTL late`,
    ),
  ),
);

const expiry: Sequence[] = [
  sequence(
    'EXPIRE: conditions that exclude each other',
    `SET k v
     EXPIRE k 10 NX XX
     EXPIRE k 10 NX GT
     PEXPIRE k 10 NX LT
     PEXPIREAT k 10 GT LT
     EXPIREAT k 10 LT XX GT
     EXPIRE k 10 FOO
     EXPIRE k 10 NX FOO
     EXPIRE k abc NX XX
     EXPIRE missing 10 NX XX
     PTTL k`,
  ),
  sequence(
    'EXPIRE: times that are no integers or too large',
    `SET k v
     EXPIRE k abc
     PEXPIRE k 1.5
     EXPIRE k ""
     EXPIRE k 9223372036854775807
     EXPIRE k -9223372036854775808
     PEXPIRE k 9223372036854775807
     EXPIREAT k 9223372036854775807
     PEXPIRE k 9223372036854775808
     EXPIRE missing abc
     EXPIRE missing 9223372036854775807
     EXPIRE k
     PEXPIRE
     EXISTS k`,
  ),
  sequence(
    'EXPIRE with no time left deletes',
    `SET k v
     EXPIRE k 0
     EXISTS k
     SET k v
     PEXPIRE k -1
     EXISTS k
     SET k v
     EXPIREAT k 1
     EXISTS k
     SET k v
     PEXPIREAT k @ms-10
     EXISTS k
     SET k v PX 10000
     PEXPIRE k -1 GT
     PEXPIRE k -1 NX
     PEXPIRE k 0 LT
     EXISTS k
     EXPIRE k 0`,
  ),
  sequence(
    'EXPIRE on keys of every type',
    `RPUSH l a
     SADD s a
     HSET h f v
     ZADD z 1 a
     PEXPIRE l 50000
     PEXPIRE s 50000
     PEXPIRE h 50000
     PEXPIRE z 50000
     RPUSH l b
     PTTL l
     SADD s b
     PTTL s
     HSET h g w
     PTTL h
     ZADD z 2 b
     PTTL z
     LPOP l
     PTTL l
     HINCRBY h n 1
     PTTL h
     LPOP l
     RPUSH l c
     PTTL l`,
  ),
  sequence(
    'TTL, PTTL, EXPIRETIME, PEXPIRETIME',
    `TTL k
     PTTL k
     EXPIRETIME k
     PEXPIRETIME k
     SET k v
     TTL k
     PTTL k
     EXPIRETIME k
     PEXPIRETIME k
     PEXPIREAT k @ms+5000
     PEXPIRETIME k
     PTTL k
     EXPIREAT k @s+500
     EXPIRETIME k
     PEXPIRE k 100000
     TTL k
     TTL
     PTTL a b`,
  ),
  sequence(
    'TTL rounds to the nearest second',
    `SET k v PX 400
     TTL k
     SET k v PX 10400
     TTL k
     SET k v PX 10900
     TTL k
     SET k v EX 1
     TTL k`,
  ),
  sequence(
    'PERSIST',
    `PERSIST k
     SET k v
     PERSIST k
     PEXPIRE k 10000
     PERSIST k
     PTTL k
     PERSIST k
     PERSIST`,
  ),
  sequence(
    'a key expires',
    `SET k v PX 40
     GET k
     (wait 80)
     GET k
     EXISTS k
     PTTL k
     TTL k
     SET k w NX PX 10000
     GET k`,
  ),
  sequence(
    'keys of other types expire',
    `RPUSH l a
     HSET h f v
     ZADD z 1 a
     SADD s a
     PEXPIRE l 40
     PEXPIRE h 40
     PEXPIRE z 40
     PEXPIRE s 40
     (wait 80)
     LLEN l
     HGET h f
     ZSCORE z a
     SISMEMBER s a
     TYPE l
     RPUSH l b
     PTTL l`,
  ),
  sequence(
    'a renewal keeps a key alive',
    `SET k v PX 60
     (wait 30)
     PEXPIRE k 200
     (wait 60)
     GET k
     PEXPIRE k 30 GT
     PERSIST k
     PTTL k`,
  ),
  sequence(
    'writes to an expired key start afresh',
    `SET n 5 PX 30
     SET m 5 PX 30
     SET a x PX 30
     RPUSH l a
     PEXPIRE l 30
     (wait 60)
     INCR n
     PTTL n
     APPEND a y
     SETNX m 6
     RPUSHX l b
     GETDEL l
     DEL l
     MSETNX m 1`,
  ),
  sequence(
    'an expired key is not there for anything',
    `MSET a 1 b 2
     PEXPIRE a 30
     (wait 70)
     EXISTS a b
     DEL a
     UNLINK a
     RENAME a c
     COPY a c
     KEYS *
     TOUCH a b
     EXPIRE a 10
     PERSIST a
     SCAN 0
     GETEX a
     SET a x XX`,
  ),
];

export const EXPIRY: readonly Sequence[] = [...conditions, ...expiry];
