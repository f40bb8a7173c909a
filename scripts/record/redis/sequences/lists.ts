/**
 * Lists, without the calls that wait for one.
 */
import { type Sequence, sequence } from '../sequence.js';

export const LISTS: readonly Sequence[] = [
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
    `LPUSHX l a
     RPUSHX l a
     EXISTS l
     RPUSH l a
     LPUSHX l b c
     RPUSHX l d
     LRANGE l 0 -1`,
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
    `RPUSH l a
     RPOPLPUSH l l
     LRANGE l 0 -1
     LMOVE l l RIGHT RIGHT
     PEXPIRE l 10000
     RPOPLPUSH l l
     PTTL l`,
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
