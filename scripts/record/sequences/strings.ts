/**
 * Strings: SET with every combination of its options, GET and their neighbours.
 */
import { type Sequence, sequence } from '../sequence.js';

const CONDITIONS = ['', 'NX', 'XX', 'nx', 'xX', 'NX XX', 'NX NX'];
const EXPIRIES = ['', 'EX 100', 'px 100000', 'EXAT @s+100', 'PxAt @ms+100000', 'KEEPTTL'];
const RETURNS = ['', 'GET'];

/** Every condition with every expiry, with and without GET, on a key in each state it can have. */
const combinations: Sequence[] = CONDITIONS.flatMap((condition) =>
  EXPIRIES.flatMap((expiry) =>
    RETURNS.map((returns) => {
      const options = [condition, expiry, returns].filter((part) => part !== '').join(' ');
      return sequence(
        `SET ${options === '' ? 'without options' : options}`,
        `SET absent new ${options}
         GET absent
         PTTL absent
         SET plain old
         SET plain new ${options}
         GET plain
         PTTL plain
         SET expiring old PX 50000
         SET expiring new ${options}
         GET expiring
         PTTL expiring
         RPUSH list a
         SET list new ${options}
         TYPE list`,
      );
    }),
  ),
);

const set: Sequence[] = [
  sequence(
    'SET: options in any order',
    `SET k v PX 10000 NX
     SET k w GET XX EX 100
     PTTL k
     SET k x KEEPTTL GET
     PTTL k
     SET k y GET
     PTTL k`,
  ),
  sequence(
    'SET: two ways to expire exclude each other',
    `SET k v EX 10 PX 10000
     SET k v PX 10000 EX 10
     SET k v EX 10 KEEPTTL
     SET k v KEEPTTL PX 100
     SET k v EXAT @s+10 PXAT @ms+10000
     SET k v EX 10 EX 20
     TTL k
     SET k v PX 5 PX 10000
     PTTL k
     GET k`,
  ),
  sequence(
    'SET: an expiry that lacks its value',
    `SET k v PX
     SET k v EX
     SET k v NX PX
     SET k v EXAT
     SET k v PX NX
     EXISTS k`,
  ),
  sequence(
    'SET: an expiry that is no positive integer',
    `SET k v PX 0
     SET k v PX -1
     SET k v EX 0
     SET k v EX -5
     SET k v PX abc
     SET k v PX 1.5
     SET k v PX ""
     SET k v PX " 10"
     SET k v PX 010
     SET k v PX +10
     SET k v EXAT 0
     SET k v PXAT -1
     EXISTS k`,
  ),
  sequence(
    'SET: an expiry out of range',
    `SET k v EX 9223372036854775807
     SET k v EX 9223372036854776
     SET k v EX 9223372036854775
     SET k v PX 9223372036854775807
     SET k v PX 9223372036854775808
     SET k v PXAT 9223372036854775807
     SET k v EXAT 9223372036854775
     EXISTS k`,
  ),
  sequence(
    'SET: unknown options',
    `SET k v FOO
     SET k v NX FOO
     SET k v 10000
     SET k v PERSIST
     SET k v NXX
     SET k v PX 10000 IFEQ v
     EXISTS k`,
  ),
  sequence('SET: too few arguments', 'SET\nSET k\nset k\nGET\nGET a b'),
  sequence(
    'SET: an expiry in the past expires the key',
    `SET k v
     SET k w PXAT @ms-1000
     GET k
     SET k v EXAT @s-10
     EXISTS k
     SET k v PXAT 1 GET
     PTTL k`,
  ),
  sequence(
    'SET with GET on a key of another type',
    'RPUSH l a\nSET l v GET\nSET l v NX GET\nSET l v XX GET PX 0\nTYPE l',
  ),
  sequence(
    'SET takes an expiry away, SETNX that fails leaves it',
    `SET k v PX 60000
     SETNX k w
     PTTL k
     SET k w
     PTTL k`,
  ),
  sequence(
    'SET in lower and mixed case from two clients',
    `set lock a px 10000 nx
     b: set lock b px 10000 nx
     b: sEt lock b Px 10000 nX
     a: GET lock
     PTTL lock`,
  ),
  sequence(
    'empty keys and values',
    `SET "" ""
     GET ""
     EXISTS ""
     STRLEN ""
     DEL ""
     GET ""`,
  ),
  sequence(
    'values that are not ASCII',
    `SET k "héllo"
     GET k
     STRLEN k
     SET "ключ" "значение 🔒"
     GET "ключ"
     STRLEN "ключ"
     SET nul "a\\u0000b\\r\\nc"
     GET nul
     STRLEN nul
     KEYS *`,
  ),
];

const neighbours: Sequence[] = [
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
    'INCR and DECR',
    `INCR n
     INCR n
     DECR n
     INCRBY n 10
     DECRBY n 3
     GET n
     INCR n x
     INCRBY n abc
     INCRBY n 1.5
     DECRBY n ""
     INCRBY n -5
     DECRBY n -5
     TYPE n`,
  ),
  sequence(
    'INCR on what is no integer',
    `SET s abc
     INCR s
     SET s " 1"
     INCR s
     SET s 1.0
     INCR s
     SET s 01
     INCR s
     SET s ""
     INCR s
     SET s -0
     INCR s
     RPUSH l a
     INCR l
     DECRBY l 2`,
  ),
  sequence(
    'INCR at the ends of 64 bits',
    `SET n 9223372036854775806
     INCR n
     INCR n
     GET n
     INCRBY n 1
     DECRBY n 1
     SET n -9223372036854775807
     DECR n
     DECR n
     GET n
     INCRBY n 9223372036854775807
     INCRBY n 9223372036854775808
     SET n 9223372036854775808
     INCR n
     SET n 0
     DECRBY n -9223372036854775808`,
  ),
  sequence(
    'INCR beyond 2^53 stays exact',
    `SET n 9007199254740991
     INCR n
     GET n
     INCR n
     GET n
     INCRBY n 9007199254740993
     GET n
     DECRBY n 1
     GET n`,
  ),
  sequence(
    'INCR keeps the expiry',
    `SET n 1 PX 60000
     INCR n
     PTTL n
     INCRBYFLOAT n 0.5
     PTTL n
     APPEND n 1
     PTTL n
     SETRANGE n 0 9
     PTTL n
     GET n`,
  ),
  sequence(
    'INCRBYFLOAT',
    `INCRBYFLOAT f 0.1
     INCRBYFLOAT f 0.2
     INCRBYFLOAT f -0.3
     INCRBYFLOAT f 1e3
     INCRBYFLOAT f .5
     INCRBYFLOAT f 5.
     INCRBYFLOAT f 3.0e-5
     INCRBYFLOAT f abc
     INCRBYFLOAT f ""
     INCRBYFLOAT f " 1"
     INCRBYFLOAT f inf
     INCRBYFLOAT f -inf
     GET f
     RPUSH l a
     INCRBYFLOAT l 1
     SET s x
     INCRBYFLOAT s 1`,
  ),
  sequence(
    'INCRBYFLOAT: large and small numbers',
    `SET f 5.0e3
     INCRBYFLOAT f 2.0e2
     SET f 10.50
     INCRBYFLOAT f 0.1
     SET f 3.14159265358979323846
     INCRBYFLOAT f 1
     SET f 9223372036854775807
     INCRBYFLOAT f 1
     SET f 1e-17
     INCRBYFLOAT f 1e-18
     SET f 123456789.987654321
     INCRBYFLOAT f -123456789
     SET f 1
     INCRBYFLOAT f -1
     SET f -0.5
     INCRBYFLOAT f 0.25`,
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

export const STRINGS: readonly Sequence[] = [...combinations, ...set, ...neighbours];
