/**
 * Calls that wait for a list or sorted set.
 */
import { type Sequence, sequence } from '../sequence.js';

export const BLOCKING: readonly Sequence[] = [
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
