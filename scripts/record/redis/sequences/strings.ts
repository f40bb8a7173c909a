/**
 * SET with every combination of its options.
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
  sequence(
    'SET: too few arguments',
    `SET
     SET k
     set k
     GET
     GET a b`,
  ),
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
    `RPUSH l a
     SET l v GET
     SET l v NX GET
     SET l v XX GET PX 0
     TYPE l`,
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

export const STRINGS: readonly Sequence[] = [...combinations, ...set];
