/**
 * INCR and its like.
 */
import { type Sequence, sequence } from '../sequence.js';

export const COUNTERS: readonly Sequence[] = [
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
];
