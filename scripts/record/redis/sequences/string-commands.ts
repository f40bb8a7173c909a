/**
 * The commands around GET and SET, and those that see a string as bytes.
 */
import { type Sequence, sequence } from '../sequence.js';

export const STRING_COMMANDS: readonly Sequence[] = [
  sequence(
    'SETNX',
    `SETNX k v
     SETNX k w
     GET k
     PTTL k
     DEL k
     SETNX k x
     SETNX k
     RPUSH l a
     SETNX l v`,
  ),
  sequence(
    'SETEX and PSETEX',
    `SETEX k 100 v
     TTL k
     PSETEX k 90000 w
     PTTL k
     GET k
     SETEX k 0 v
     SETEX k -1 v
     SETEX k abc v
     PSETEX k 0 v
     PSETEX k 9223372036854775807 v
     SETEX k 9223372036854775807 v
     SETEX k 100
     RPUSH l a
     PSETEX l 1000 v
     TYPE l`,
  ),
  sequence(
    'GETSET',
    `GETSET k v
     GETSET k w
     PEXPIRE k 50000
     GETSET k x
     PTTL k
     RPUSH l a
     GETSET l v
     TYPE l`,
  ),
  sequence(
    'GETDEL',
    `GETDEL k
     SET k v
     GETDEL k
     EXISTS k
     RPUSH l a
     GETDEL l
     EXISTS l
     GETDEL
     GETDEL a b`,
  ),
  sequence(
    'GETEX without options',
    `GETEX k
     SET k v PX 50000
     GETEX k
     PTTL k
     RPUSH l a
     GETEX l
     GETEX`,
  ),
  sequence(
    'GETEX sets, moves and takes away an expiry',
    `SET k v
     GETEX k PX 50000
     PTTL k
     GETEX k EX 100
     PTTL k
     GETEX k PERSIST
     PTTL k
     GETEX k PXAT @ms+60000
     PTTL k
     GETEX k exat @s+70
     EXPIRETIME k
     GETEX k persist
     GETEX k PERSIST`,
  ),
  sequence(
    'GETEX: errors',
    `SET k v
     GETEX k PX
     GETEX k PX 0
     GETEX k EX -1
     GETEX k PX abc
     GETEX k PERSIST PX 100
     GETEX k PX 100 PERSIST
     GETEX k EX 1 PX 1
     GETEX k KEEPTTL
     GETEX k NX
     GETEX k GET
     GETEX missing PX 0
     GETEX missing FOO
     PTTL k`,
  ),
  sequence(
    'GETEX with an instant in the past deletes',
    `SET k v
     GETEX k PXAT 1
     EXISTS k
     SET k v
     GETEX k EXAT 1
     GET k`,
  ),
  sequence(
    'MSET and MGET',
    `MSET a 1 b 2
     MGET a b c
     MSET a 3 a 4
     GET a
     MSET a
     MSET a 1 b
     RPUSH l x
     MGET a l b
     MSET l 1
     TYPE l
     PEXPIRE a 50000
     MSET a 5
     PTTL a
     MGET`,
  ),
  sequence(
    'MSETNX is all or nothing',
    `MSETNX a 1 b 2
     MSETNX b 3 c 4
     EXISTS c
     GET b
     MSETNX c 1 c 2
     GET c
     MSETNX d
     MSETNX d 1 e
     RPUSH l x
     MSETNX l 1 f 2
     EXISTS f`,
  ),
  sequence(
    'APPEND and STRLEN',
    `APPEND k abc
     APPEND k def
     GET k
     APPEND k ""
     STRLEN k
     STRLEN missing
     APPEND e ""
     EXISTS e
     RPUSH l a
     APPEND l x
     STRLEN l`,
  ),
  sequence(
    'GETRANGE',
    `SET k "Hello, world"
     GETRANGE k 0 4
     GETRANGE k -5 -1
     GETRANGE k 0 -1
     GETRANGE k 5 2
     GETRANGE k -1 -5
     GETRANGE k 7 100
     GETRANGE k 100 200
     GETRANGE k -100 2
     GETRANGE k -100 -50
     SUBSTR k 0 1
     GETRANGE missing 0 -1
     GETRANGE k a 1
     GETRANGE k 0 b
     RPUSH l a
     GETRANGE l 0 1
     SET e ""
     GETRANGE e 0 -1`,
  ),
  sequence(
    'GETRANGE cuts bytes, not characters',
    `SET k "aé🔒z"
     STRLEN k
     GETRANGE k 0 0
     GETRANGE k 1 2
     GETRANGE k 1 1
     GETRANGE k 2 2
     GETRANGE k 3 6
     GETRANGE k 4 5
     GETRANGE k -1 -1`,
  ),
  sequence(
    'SETRANGE',
    `SETRANGE k 0 Hello
     SETRANGE k 6 world
     GET k
     SETRANGE k 0 J
     GET k
     SETRANGE k 0 ""
     SETRANGE missing 10 ""
     EXISTS missing
     SETRANGE k -1 x
     SETRANGE k a x
     SETRANGE k 536870912 x
     RPUSH l a
     SETRANGE l 0 x
     SETRANGE l 0 ""`,
  ),
  sequence(
    'SETRANGE and APPEND put halves of characters together',
    `SET k "é"
     SETRANGE k 1 "x"
     GET k
     STRLEN k
     SET half "\\udcc3"
     STRLEN half
     GET half
     APPEND half "\\udca9"
     GET half
     STRLEN half
     SET lock "🔒"
     GETRANGE lock 0 1
     SETRANGE lock 2 "ab"
     GET lock`,
  ),
];
