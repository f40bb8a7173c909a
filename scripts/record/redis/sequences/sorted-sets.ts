/**
 * Sorted sets.
 */
import { type Sequence, sequence } from '../sequence.js';

const ZADD_FLAGS = [
  '',
  'NX',
  'XX',
  'GT',
  'LT',
  'CH',
  'XX CH',
  'XX GT CH',
  'xx lt ch',
  'NX CH',
  'INCR',
  'XX INCR',
  'NX INCR',
  'GT INCR',
  'LT INCR',
];

/** ZADD with each set of options, on a missing key, a new, a lower, an equal, a higher score. */
const combinations: Sequence[] = ZADD_FLAGS.map((flags) =>
  sequence(
    `ZADD ${flags === '' ? 'without options' : flags}`,
    `ZADD missing ${flags} 1 a
     ZADD z 10 a 20 b
     ZADD z ${flags} 5 a
     ZADD z ${flags} 15 a
     ZADD z ${flags} 15 a
     ZADD z ${flags} 7 new
     ZRANGE z 0 -1 WITHSCORES
     EXISTS missing`,
  ),
);

const writes: Sequence[] = [
  sequence(
    'ZADD: options that exclude each other, and errors',
    `ZADD z NX XX 1 a
     ZADD z NX GT 1 a
     ZADD z LT NX 1 a
     ZADD z GT LT 1 a
     ZADD z INCR 1 a 2 b
     ZADD z 1
     ZADD z 1 a 2
     ZADD z NX
     ZADD z FOO 1 a
     ZADD z x a
     ZADD z 1 a x b
     ZADD z "" a
     ZADD z nan a
     ZADD z 1e400 a
     EXISTS z
     SET k v
     ZADD k 1 a
     ZADD k XX 1 a
     ZINCRBY k 1 a`,
  ),
  sequence(
    'scores and how they are written',
    `ZADD z 1 a 1.5 b -2 c 1e3 d 0.1 e inf f -inf g 3.0 h 1e21 i 1e-7 j
     ZADD z 12345678901234567890 k 0x10 l .5 m 5. n +1 o
     ZRANGE z 0 -1 WITHSCORES
     ZSCORE z e
     ZSCORE z i
     ZSCORE z j
     ZSCORE z f
     ZADD z 123456789012345.125 p 1e17 q 9007199254740993 r 0.30000000000000004 s
     ZADD z 1e16 t 123456.7891 u
     ZMSCORE z p q r s t u
     ZADD z -0 zero
     ZSCORE z zero
     ZADD z 1700000000000 v 1700000000000.5 w
     ZMSCORE z v w`,
  ),
  sequence(
    'ZINCRBY',
    `ZINCRBY z 1.5 a
     ZINCRBY z -2 a
     ZINCRBY z 0.1 a
     ZINCRBY z abc a
     ZINCRBY z inf a
     ZINCRBY z -inf a
     ZSCORE z a
     ZINCRBY z 0 b
     ZINCRBY z 1`,
  ),
  sequence(
    'members of one score are ordered by their bytes',
    `ZADD z 0 b 0 a 0 B 0 ab 0 "" 0 "é" 0 z 0 "\u{1f512}" 0 "\uff5e" 0 "\u20ac"
     ZRANGE z 0 -1
     ZRANGE z 0 -1 REV
     ZRANK z ab
     ZRANK z "é"
     ZRANK z "\u{1f512}"`,
  ),
  sequence(
    'ZREM',
    `ZADD z 1 a 2 b 3 c
     ZREM z a x
     ZREM z a
     ZREM z b c b
     EXISTS z
     ZREM z a
     ZREM z
     SET k v
     ZREM k a`,
  ),
  sequence(
    'ZPOPMIN and ZPOPMAX',
    `ZPOPMIN z
     ZPOPMAX z 2
     ZADD z 1 a 2 b 3 c 4 d 5 e
     ZPOPMIN z
     ZPOPMAX z
     ZPOPMIN z 2
     ZRANGE z 0 -1 WITHSCORES
     ZPOPMAX z 0
     ZPOPMAX z 10
     EXISTS z
     ZPOPMIN z -1
     ZPOPMIN z x
     ZPOPMIN z 1 2
     SET k v
     ZPOPMIN k
     ZPOPMIN k 0`,
  ),
  sequence(
    'ZREMRANGEBYSCORE',
    `ZADD z 1 a 2 b 3 c 4 d 5 e
     ZREMRANGEBYSCORE z (1 2
     ZREMRANGEBYSCORE z -inf (3
     ZREMRANGEBYSCORE z 10 20
     ZREMRANGEBYSCORE z 4 3
     ZRANGE z 0 -1
     ZREMRANGEBYSCORE z -inf +inf
     EXISTS z
     ZREMRANGEBYSCORE z 0 1
     ZREMRANGEBYSCORE z x 1
     ZREMRANGEBYSCORE z 0 (
     SET k v
     ZREMRANGEBYSCORE k 0 1`,
  ),
  sequence(
    'ZREMRANGEBYRANK and ZREMRANGEBYLEX',
    `ZADD z 0 a 0 b 0 c 0 d 0 e
     ZREMRANGEBYRANK z 0 0
     ZREMRANGEBYRANK z -1 -1
     ZREMRANGEBYRANK z 5 10
     ZREMRANGEBYRANK z 2 1
     ZRANGE z 0 -1
     ZREMRANGEBYLEX z [b (c
     ZREMRANGEBYLEX z - +
     EXISTS z
     ZREMRANGEBYRANK z 0 1
     ZREMRANGEBYRANK z x 1
     ZREMRANGEBYLEX z a b`,
  ),
];

const reads: Sequence[] = [
  sequence(
    'ZSCORE, ZMSCORE, ZCARD, ZRANK, ZREVRANK',
    `ZADD z 1 a 2 b 3 c
     ZSCORE z b
     ZSCORE z x
     ZSCORE missing x
     ZMSCORE z a x c
     ZMSCORE missing a
     ZCARD z
     ZCARD missing
     ZRANK z a
     ZRANK z x
     ZRANK missing a
     ZREVRANK z a
     ZREVRANK z c
     ZREVRANK missing a
     ZMSCORE z`,
  ),
  sequence(
    'ZCOUNT and ZLEXCOUNT',
    `ZADD z 1 a 2 b 3 c 4 d
     ZCOUNT z 2 3
     ZCOUNT z (2 3
     ZCOUNT z (2 (3
     ZCOUNT z -inf +inf
     ZCOUNT z 5 1
     ZCOUNT z inf -inf
     ZCOUNT missing 0 1
     ZCOUNT z x 1
     ZCOUNT z 1 y
     ZCOUNT z "" 1
     ZADD l 0 a 0 b 0 c
     ZLEXCOUNT l - +
     ZLEXCOUNT l [b +
     ZLEXCOUNT l (b +
     ZLEXCOUNT l - (b
     ZLEXCOUNT l + -
     ZLEXCOUNT l b c
     ZLEXCOUNT missing - +`,
  ),
  sequence(
    'ZRANGE by rank',
    `ZADD z 1 a 2 b 3 c 4 d
     ZRANGE z 0 -1
     ZRANGE z 1 2 WITHSCORES
     ZRANGE z 0 1 REV
     ZRANGE z 0 0 rev withscores
     ZRANGE z -2 -1
     ZRANGE z 3 1
     ZRANGE z 10 20
     ZRANGE z x 1
     ZRANGE z 0 y
     ZRANGE missing 0 -1
     ZRANGE z 0 -1 FOO
     ZRANGE z 0 -1 LIMIT 0 1
     ZRANGE z 0 -1 LIMIT 0 -1
     ZRANGE z 0 -1 LIMIT 0
     ZREVRANGE z 0 1
     ZREVRANGE z 0 -1 WITHSCORES
     ZREVRANGE z 0 1 REV
     ZREVRANGE z 0 1 BYSCORE`,
  ),
  sequence(
    'ZRANGE by score',
    `ZADD z 1 a 2 b 3 c 4 d 4 e
     ZRANGE z 2 3 BYSCORE
     ZRANGE z (2 (4 BYSCORE WITHSCORES
     ZRANGE z 3 2 BYSCORE
     ZRANGE z 4 2 BYSCORE REV
     ZRANGE z +inf -inf BYSCORE REV WITHSCORES
     ZRANGE z -inf +inf BYSCORE LIMIT 1 2
     ZRANGE z -inf +inf BYSCORE LIMIT 1 -1
     ZRANGE z -inf +inf BYSCORE LIMIT -1 2
     ZRANGE z -inf +inf BYSCORE LIMIT 10 2
     ZRANGE z -inf +inf BYSCORE LIMIT 0 0
     ZRANGE z inf -inf BYSCORE REV LIMIT 1 2
     ZRANGE z a b BYSCORE
     ZRANGE z 1 2 BYSCORE BYLEX
     ZRANGE missing 1 2 BYSCORE`,
  ),
  sequence(
    'ZRANGEBYSCORE and ZREVRANGEBYSCORE',
    `ZADD z 1 a 2 b 3 c 4 d
     ZRANGEBYSCORE z 2 3
     ZRANGEBYSCORE z (1 (4
     ZRANGEBYSCORE z -inf inf WITHSCORES
     ZRANGEBYSCORE z -inf inf LIMIT 1 2 WITHSCORES
     ZRANGEBYSCORE z -inf inf limit 0 1
     ZRANGEBYSCORE z 1 2 REV
     ZRANGEBYSCORE z 1 2 LIMIT 0
     ZRANGEBYSCORE z 1 2 LIMIT x 1
     ZRANGEBYSCORE z x 1
     ZREVRANGEBYSCORE z 3 2
     ZREVRANGEBYSCORE z 2 3
     ZREVRANGEBYSCORE z +inf -inf LIMIT 0 1
     ZREVRANGEBYSCORE z (3 -inf WITHSCORES`,
  ),
  sequence(
    'ranges by member',
    `ZADD z 0 a 0 b 0 c 0 d
     ZRANGE z [b [c BYLEX
     ZRANGE z (a + BYLEX
     ZRANGE z - + BYLEX LIMIT 1 2
     ZRANGE z + - BYLEX REV
     ZRANGE z [c [a BYLEX REV
     ZRANGE z - + BYLEX WITHSCORES
     ZRANGE z a b BYLEX
     ZRANGE z - +x BYLEX
     ZRANGEBYLEX z - (c
     ZRANGEBYLEX z [x +
     ZREVRANGEBYLEX z + [c
     ZREVRANGEBYLEX z [c -
     ZRANGEBYLEX z 0 1
     ZRANGEBYLEX missing - +`,
  ),
  sequence(
    'sorted set commands on another type',
    `SET k v
     ZSCORE k a
     ZMSCORE k a
     ZCARD k
     ZRANK k a
     ZCOUNT k 0 1
     ZRANGE k 0 -1
     ZRANGEBYSCORE k 0 1
     ZRANGEBYLEX k - +
     ZLEXCOUNT k - +
     ZREMRANGEBYRANK k 0 1
     ZSCAN k 0`,
  ),
  sequence(
    'ZSCAN',
    `ZADD z 1 a 2.5 b 3 lock:1
     ZSCAN z 0
     ZSCAN z 0 MATCH lock:* COUNT 100
     ZSCAN missing 0
     ZSCAN z x
     ZSCAN z 0 COUNT 0`,
  ),
  sequence(
    'lexical ranges of members whose scores differ',
    `ZADD z 0 c 1 a 2 d 3 b
     ZRANGEBYLEX z - [a
     ZRANGEBYLEX z - [c
     ZRANGEBYLEX z [a +
     ZRANGEBYLEX z (a +
     ZRANGEBYLEX z [d +
     ZRANGEBYLEX z + -
     ZRANGEBYLEX z - -
     ZRANGEBYLEX z [b (b
     ZREVRANGEBYLEX z [c -
     ZREVRANGEBYLEX z + [b
     ZREVRANGEBYLEX z [d [b
     ZLEXCOUNT z - [c
     ZLEXCOUNT z [b [d
     ZREMRANGEBYLEX z - [b
     ZREMRANGEBYLEX z [c [c
     ZRANGE z 0 -1`,
  ),
];

export const SORTED_SETS: readonly Sequence[] = [...combinations, ...writes, ...reads];
