/**
 * Lists, and the calls that wait for one.
 */
import { type Sequence, sequence } from '../sequence.js';

const plain: Sequence[] = [
  sequence(
    'LPUSH, RPUSH, LRANGE',
    `LPUSH l a b c
     RPUSH l d e
     LRANGE l 0 -1
     LRANGE l 1 2
     LRANGE l -2 -1
     LRANGE l 3 1
     LRANGE l 10 20
     LRANGE l -100 1
     LRANGE l 0 100
     LRANGE missing 0 -1
     LRANGE l a 1
     LRANGE l 0 b
     LLEN l
     LLEN missing
     LPUSH l
     RPUSH`,
  ),
  sequence(
    'LPUSHX and RPUSHX',
    'LPUSHX l a\nRPUSHX l a\nEXISTS l\nRPUSH l a\nLPUSHX l b c\nRPUSHX l d\nLRANGE l 0 -1',
  ),
  sequence(
    'LPOP and RPOP',
    `LPOP l
     RPUSH l a b c d e
     LPOP l
     RPOP l
     LPOP l 2
     LRANGE l 0 -1
     RPOP l 5
     EXISTS l
     LPOP l 2
     RPUSH l a b c
     RPOP l 2
     LPOP l 0
     LPOP missing 0
     LPOP l -1
     LPOP l x
     LPOP missing x
     LPOP l 1 2
     RPOP l 1 2
     LPOP`,
  ),
  sequence(
    'LINDEX and LSET',
    `RPUSH l a b c
     LINDEX l 0
     LINDEX l -1
     LINDEX l 3
     LINDEX l -4
     LINDEX l x
     LINDEX missing 0
     LINDEX missing x
     LSET l 1 B
     LSET l -1 C
     LSET l 3 x
     LSET l -4 x
     LSET l x x
     LSET missing 0 x
     LRANGE l 0 -1`,
  ),
  sequence(
    'LINSERT',
    `RPUSH l a b c b
     LINSERT l BEFORE b x
     LINSERT l after c y
     LINSERT l AFTER missing z
     LRANGE l 0 -1
     LINSERT missing BEFORE a b
     LINSERT l BESIDE a b
     LINSERT missing BESIDE a b`,
  ),
  sequence(
    'LREM',
    `RPUSH l a b a c a
     LREM l 1 a
     LRANGE l 0 -1
     LREM l -1 a
     LRANGE l 0 -1
     LREM l 0 a
     LREM l 0 a
     LREM l 5 b
     LREM l x c
     LREM l 0 c
     EXISTS l
     LREM missing 0 a
     LREM missing x a`,
  ),
  sequence(
    'LTRIM',
    `RPUSH l a b c d e
     LTRIM l 1 3
     LRANGE l 0 -1
     LTRIM l -2 -1
     LRANGE l 0 -1
     LTRIM l 0 100
     LLEN l
     LTRIM l 5 10
     EXISTS l
     LTRIM missing 0 1
     RPUSH l a
     LTRIM l x 1
     LTRIM l 1 0
     EXISTS l`,
  ),
  sequence(
    'LPOS',
    `RPUSH l a b c a b a
     LPOS l a
     LPOS l a RANK 2
     LPOS l a RANK -1
     LPOS l a COUNT 2
     LPOS l a COUNT 0
     LPOS l a COUNT 0 RANK -2
     LPOS l a COUNT 0 MAXLEN 4
     LPOS l a RANK -1 MAXLEN 1
     LPOS l b RANK -1 MAXLEN 1
     LPOS l x
     LPOS l x COUNT 1
     LPOS missing a
     LPOS missing a COUNT 1
     LPOS l a RANK 0
     LPOS l a COUNT -1
     LPOS l a MAXLEN -1
     LPOS l a RANK x
     LPOS l a COUNT x
     LPOS l a FOO 1
     LPOS l a RANK
     LPOS l a RANK 10`,
  ),
  sequence(
    'LMOVE and RPOPLPUSH',
    `RPUSH a 1 2 3
     LMOVE a b LEFT RIGHT
     LMOVE a b right left
     LRANGE a 0 -1
     LRANGE b 0 -1
     RPOPLPUSH a b
     EXISTS a
     LRANGE b 0 -1
     RPOPLPUSH b b
     LRANGE b 0 -1
     LMOVE b b LEFT LEFT
     LMOVE missing b LEFT LEFT
     RPOPLPUSH missing b
     LMOVE a b UP LEFT
     LMOVE a b LEFT DOWN
     SET k v
     LMOVE b k LEFT LEFT
     LMOVE k b LEFT LEFT
     RPOPLPUSH missing k
     LLEN b`,
  ),
  sequence(
    'RPOPLPUSH of the only element onto the same list',
    'RPUSH l a\nRPOPLPUSH l l\nLRANGE l 0 -1\nLMOVE l l RIGHT RIGHT\nPEXPIRE l 10000\nRPOPLPUSH l l\nPTTL l',
  ),
  sequence(
    'LMPOP',
    `LMPOP 1 l LEFT
     RPUSH l a b c
     RPUSH m x y
     LMPOP 2 missing l LEFT
     LMPOP 2 l m RIGHT COUNT 5
     LMPOP 2 l m left count 1
     LMPOP 0 l LEFT
     LMPOP x l LEFT
     LMPOP 1 m UP
     LMPOP 3 l m LEFT
     LMPOP 1 m LEFT COUNT 0
     LMPOP 1 m LEFT COUNT
     LMPOP 1 m LEFT COUNT 1 COUNT 1
     LMPOP 1 m LEFT FOO 1
     SET k v
     LMPOP 1 k LEFT
     LMPOP 2 missing k LEFT`,
  ),
  sequence(
    'list commands on another type',
    `SET k v
     LPUSH k a
     RPUSHX k a
     LPOP k
     RPOP k 1
     LLEN k
     LRANGE k 0 -1
     LINDEX k 0
     LSET k 0 a
     LINSERT k BEFORE a b
     LREM k 0 a
     LTRIM k 0 1
     LPOS k a
     LMOVE k l LEFT LEFT`,
  ),
];

const blocking: Sequence[] = [
  sequence(
    'BLPOP and BRPOP do not wait for what is there',
    `RPUSH l a b c
     BLPOP l 1
     BRPOP missing l 1
     BLPOP l 0
     EXISTS l
     BLPOP l x
     BLPOP l -1
     BLPOP l
     SET k v
     BLPOP k 1
     RPUSH l a
     BLPOP l k 1
     BLPOP missing k l 1`,
  ),
  sequence(
    'BLPOP is served by a push of another client',
    `b> BLPOP queue 0
     a: RPUSH queue job
     a: EXISTS queue
     b: PING`,
  ),
  sequence(
    'BLPOP is served in the order of waiting',
    `b> BLPOP queue 0
     c> BLPOP queue 0
     a: RPUSH queue one
     a: RPUSH queue two
     a: RPUSH queue three
     a: LRANGE queue 0 -1`,
  ),
  sequence(
    'one push of many serves many',
    `b> BLPOP queue 0
     c> BRPOP queue 0
     a: RPUSH queue 1 2 3 4
     a: LRANGE queue 0 -1`,
  ),
  sequence(
    'BLPOP of several keys takes the first that comes',
    `b> BLPOP one two three 0
     a: RPUSH two x
     a: RPUSH one y
     b: LLEN one`,
  ),
  sequence(
    'BLPOP gives up',
    `b> BLPOP queue 0.03
     (wait 70)
     a: RPUSH queue x
     a: LLEN queue
     b: PING`,
  ),
  sequence(
    'a client that gave up is skipped',
    `b> BLPOP queue 0.03
     c> BLPOP queue 0
     (wait 70)
     a: RPUSH queue x`,
  ),
  sequence(
    'a client that left is skipped',
    `b> BLPOP queue 0
     c> BLPOP queue 0
     (close b)
     a: RPUSH queue x
     a: LLEN queue`,
  ),
  sequence(
    'what a blocked client sends waits for its turn',
    `b> BLPOP queue 0
     b> SET later 1
     a: EXISTS later
     a: RPUSH queue x
     a: GET later`,
  ),
  sequence(
    'a transaction serves waiting clients when it ends',
    `b> BLPOP queue 0
     a: MULTI
     a: RPUSH queue 1
     a: RPUSH queue 2
     a: LLEN queue
     a: EXEC
     a: LRANGE queue 0 -1`,
  ),
  sequence(
    'a list that is gone by the end of the transaction serves nobody',
    `b> BLPOP queue 0
     a: MULTI
     a: RPUSH queue 1
     a: DEL queue
     a: EXEC
     a: RPUSH queue 2`,
  ),
  sequence(
    'a script serves waiting clients when it ends',
    `b> BLPOP queue 0
     a: EVAL "redis.call('RPUSH', KEYS[1], 'x', 'y') return redis.call('LLEN', KEYS[1])" 1 queue
     a: LRANGE queue 0 -1`,
  ),
  sequence(
    'RENAME and COPY serve waiting clients',
    `b> BLPOP queue 0
     a: RPUSH other x
     a: RENAME other queue
     b> BLPOP queue 0
     a: RPUSH other y
     a: COPY other queue
     a: EXISTS queue`,
  ),
  sequence(
    'a key of another type serves nobody',
    `b> BLPOP queue 0
     a: SET queue x
     a: DEL queue
     a: ZADD queue 1 x
     a: DEL queue
     a: LPUSH queue y`,
  ),
  sequence(
    'BLPOP in a transaction does not wait',
    `MULTI
     BLPOP queue 0
     BLMOVE queue other LEFT RIGHT 0
     BRPOPLPUSH queue other 0
     BZPOPMIN zset 0
     RPUSH queue x
     BLPOP queue 0
     EXEC`,
  ),
  sequence(
    'BLMOVE and BRPOPLPUSH',
    `RPUSH a 1 2
     BLMOVE a b LEFT RIGHT 0
     BRPOPLPUSH a b 0
     LRANGE b 0 -1
     c> BLMOVE a b LEFT LEFT 0
     a: RPUSH a 3
     a: LRANGE b 0 -1
     c> BRPOPLPUSH a b 0.03
     (wait 70)
     BLMOVE a b UP LEFT 0
     BLMOVE a b LEFT LEFT x
     BLMOVE a b LEFT LEFT -1
     BRPOPLPUSH a b
     SET k v
     BLMOVE b k LEFT LEFT 0
     BLMOVE k b LEFT LEFT 0`,
  ),
  sequence(
    'BLMOVE hands on to a client that waits for its target',
    `b> BLMOVE first second LEFT RIGHT 0
     c> BLPOP second 0
     a: RPUSH first x
     a: EXISTS first second`,
  ),
  sequence(
    'BLMOVE to a key of another type',
    `b> BLMOVE from to LEFT LEFT 0
     a: SET to x
     a: RPUSH from y
     a: LRANGE from 0 -1
     b: PING`,
  ),
  sequence(
    'BLMPOP',
    `RPUSH l a b c
     BLMPOP 1 2 missing l LEFT COUNT 2
     BLMPOP 1 1 l RIGHT
     b> BLMPOP 0 1 l LEFT COUNT 10
     a: RPUSH l x y
     BLMPOP x 1 l LEFT
     BLMPOP 1 0 l LEFT
     BLMPOP -1 1 l LEFT
     BLMPOP 1 1 l UP
     b> BLMPOP 0.03 1 l LEFT
     (wait 70)
     b: PING`,
  ),
  sequence(
    'BLMPOP in a script does not wait',
    `EVAL "return redis.call('BLMPOP', 0, 1, KEYS[1], 'LEFT')" 1 l
     EVAL "return redis.pcall('BLPOP', KEYS[1], 0)" 1 l`,
  ),
  sequence(
    'BZPOPMIN and BZPOPMAX',
    `ZADD z 1 a 2 b 3 c
     BZPOPMIN z 1
     BZPOPMAX missing z 1
     b> BZPOPMIN y 0
     a: ZADD y 5 x 4 w
     a: ZRANGE y 0 -1 WITHSCORES
     SET k v
     BZPOPMIN k 1
     BZPOPMIN z x
     BZPOPMAX z -1
     a: ZREM y x
     b> BZPOPMAX y other 0.03
     (wait 70)
     b: PING`,
  ),
  sequence(
    'clients of lists and of sorted sets on one key',
    `b> BZPOPMIN k 0
     c> BLPOP k 0
     a: RPUSH k x
     a: ZADD k 1 y
     a: TYPE k`,
  ),
];

export const LISTS: readonly Sequence[] = plain;
export const BLOCKING: readonly Sequence[] = blocking;
