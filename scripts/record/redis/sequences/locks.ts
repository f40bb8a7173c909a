/**
 * What lock designs on plain keys send, command for command: the careful and the careless ones.
 */
import { createHash } from 'node:crypto';
import { quote, type Sequence, sequence } from '../sequence.js';
import {
  EXTEND,
  EXTEND_SECONDS,
  FENCED_ACQUIRE,
  MULTI_ACQUIRE,
  MULTI_EXTEND,
  MULTI_RELEASE,
  OBTAIN,
  RELEASE,
  TOUCH_OR_SET,
} from './lock-scripts.js';

const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

const singleServer: Sequence[] = [
  sequence(
    'SET NX PX with compare-and-delete: acquire, refuse, release, acquire',
    `SET lock a NX PX 10000
     b: SET lock b NX PX 10000
     PTTL lock
     b: EVAL ${quote(RELEASE)} 1 lock b
     EVAL ${quote(RELEASE)} 1 lock a
     EVAL ${quote(RELEASE)} 1 lock a
     b: SET lock b NX PX 10000
     GET lock`,
  ),
  sequence(
    'SET NX PX: the lease ends, the next one gets it, the first cannot release it',
    `SET lock a NX PX 40
     b: SET lock b NX PX 10000
     (wait 80)
     b: SET lock b NX PX 10000
     EVAL ${quote(RELEASE)} 1 lock a
     EVAL ${quote(EXTEND)} 1 lock a 10000
     GET lock
     PTTL lock`,
  ),
  sequence(
    'renewal by compare-and-extend',
    `SET lock a NX PX 5000
     EVAL ${quote(EXTEND)} 1 lock a 10000
     PTTL lock
     b: EVAL ${quote(EXTEND)} 1 lock b 60000
     PTTL lock
     EVAL ${quote(EXTEND_SECONDS)} 1 lock a 90
     PTTL lock
     DEL lock
     EVAL ${quote(EXTEND)} 1 lock a 10000
     EXISTS lock`,
  ),
  sequence(
    'renewal that takes an expired lock again',
    `EVAL ${quote(TOUCH_OR_SET)} 1 lock a 10000
     EVAL ${quote(TOUCH_OR_SET)} 1 lock a 20000
     PTTL lock
     b: EVAL ${quote(TOUCH_OR_SET)} 1 lock b 20000
     GET lock`,
  ),
  sequence(
    'release and renewal by EVALSHA, loaded on the way',
    `SET lock a NX PX 10000
     EVALSHA ${sha1(RELEASE)} 1 lock a
     SCRIPT LOAD ${quote(RELEASE)}
     SCRIPT EXISTS ${sha1(RELEASE)} ${sha1(EXTEND)}
     EVALSHA ${sha1(RELEASE)} 1 lock b
     EVALSHA ${sha1(RELEASE)} 1 lock a
     EVAL ${quote(EXTEND)} 1 lock a 1000
     EVALSHA ${sha1(EXTEND)} 1 lock a 1000
     SCRIPT FLUSH
     EVALSHA ${sha1(EXTEND)} 1 lock a 1000`,
  ),
  sequence(
    'SETNX, then EXPIRE',
    `SETNX lock a
     EXPIRE lock 10
     TTL lock
     b: SETNX lock b
     b: TTL lock
     DEL lock
     b: SETNX lock b
     b: PTTL lock`,
  ),
  sequence(
    'SETNX with the deadline as value, GETSET to take over',
    `SETNX lock 1000
     b: SETNX lock 2000
     b: GET lock
     b: GETSET lock 2000
     GETSET lock 3000
     GET lock`,
  ),
  sequence(
    'a blind DEL frees another one’s lock',
    `SET lock a NX PX 30
     (wait 70)
     b: SET lock b NX PX 10000
     DEL lock
     c: SET lock c NX PX 10000
     GET lock`,
  ),
  sequence(
    'GET, then DEL, with another in between',
    `SET lock a NX PX 10000
     GET lock
     b: DEL lock
     b: SET lock b NX PX 10000
     DEL lock
     EXISTS lock`,
  ),
  sequence(
    'GET, then PEXPIRE, with another in between',
    `SET lock a NX PX 10000
     GET lock
     b: SET lock b XX PX 5000
     PEXPIRE lock 60000
     GET lock
     PTTL lock`,
  ),
  sequence(
    'a keep-alive that overwrites any owner',
    `SET lock a NX PX 10000
     b: SET lock b XX PX 20000
     GET lock
     PTTL lock
     SET lock a XX PX 30000
     DEL lock
     SET lock a XX PX 1000`,
  ),
  sequence(
    'release by WATCH, MULTI, DEL',
    `SET lock a NX PX 10000
     WATCH lock
     GET lock
     MULTI
     DEL lock
     EXEC
     SET lock a NX PX 10000
     WATCH lock
     GET lock
     b: SET lock b PX 10000
     MULTI
     DEL lock
     EXEC
     GET lock`,
  ),
  sequence(
    'SET with GET tells who has it',
    `SET lock a NX GET PX 10000
     b: SET lock b NX GET PX 10000
     GET lock
     PTTL lock`,
  ),
  sequence(
    'GETDEL and GETEX in place of scripts',
    `SET lock a NX PX 10000
     GETEX lock PX 20000
     PTTL lock
     GETDEL lock
     GETDEL lock
     SET lock b NX PX 5
     (wait 40)
     GETEX lock PX 1000`,
  ),
  sequence(
    'a lock without a time to live',
    `SET lock a NX
     PTTL lock
     b: SET lock b NX
     b: TTL lock
     PERSIST lock
     DEL lock`,
  ),
];

const fencedAndMany: Sequence[] = [
  sequence(
    'fenced acquire: tokens rise with every grant',
    `EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence a 10000
     b: EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence b 10000
     GET fence
     EVAL ${quote(RELEASE)} 1 lock a
     b: EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence b 40
     (wait 80)
     EVAL ${quote(FENCED_ACQUIRE)} 2 lock fence a 10000
     GET fence
     PTTL fence`,
  ),
  sequence(
    'fenced acquire in a transaction',
    `MULTI
     SET lock a NX PX 10000
     INCR fence
     EXEC
     b: MULTI
     b: SET lock b NX PX 10000
     b: INCR fence
     b: EXEC
     GET lock`,
  ),
  sequence(
    'fencing by INCR after the acquire',
    `SET lock a NX PX 10000
     INCR fence
     b: SET lock b NX PX 10000
     b: GET fence
     DEL lock
     b: SET lock b NX PX 10000
     b: INCR fence`,
  ),
  sequence(
    'Redlock on one of its servers: acquire, extend, release',
    `EVAL ${quote(MULTI_ACQUIRE)} 1 lock a 10000
     b: EVAL ${quote(MULTI_ACQUIRE)} 1 lock b 10000
     EVAL ${quote(MULTI_EXTEND)} 1 lock a 20000
     PTTL lock
     b: EVAL ${quote(MULTI_RELEASE)} 1 lock b
     EVAL ${quote(MULTI_RELEASE)} 1 lock a
     EVAL ${quote(MULTI_EXTEND)} 1 lock a 20000
     b: EVAL ${quote(MULTI_ACQUIRE)} 1 lock b 10000`,
  ),
  sequence(
    'Redlock over several keys',
    `EVAL ${quote(MULTI_ACQUIRE)} 2 x y a 10000
     b: EVAL ${quote(MULTI_ACQUIRE)} 2 y z b 10000
     EXISTS z
     EVAL ${quote(MULTI_EXTEND)} 2 x y a 20000
     PTTL x
     PTTL y
     DEL y
     EVAL ${quote(MULTI_EXTEND)} 2 x y a 30000
     PTTL x
     EVAL ${quote(MULTI_RELEASE)} 2 x y a`,
  ),
  sequence(
    'Redlock with SET NX and EVALSHA',
    `EVALSHA ${sha1(MULTI_ACQUIRE)} 1 lock a 10000
     EVAL ${quote(MULTI_ACQUIRE)} 1 lock a 10000
     EVALSHA ${sha1(MULTI_ACQUIRE)} 1 lock b 10000
     EVALSHA ${sha1(MULTI_RELEASE)} 1 lock a
     EVAL ${quote(MULTI_RELEASE)} 1 lock a`,
  ),
  sequence(
    'a prefix of the value names the owner',
    `EVAL ${quote(OBTAIN)} 2 x y token-meta 5 10000
     b: EVAL ${quote(OBTAIN)} 2 y z other-meta 5 10000
     EVAL ${quote(OBTAIN)} 2 x y token-new 5 20000
     GET x
     PTTL y
     EXISTS z`,
  ),
  sequence(
    'waiting for replicas that are not there',
    `SET lock a NX PX 10000
     a> WAIT 1 10
     (wait 40)
     EVAL "return redis.call('DEL', KEYS[1])" 1 lock`,
  ),
];

export const LOCKS: readonly Sequence[] = [...singleServer, ...fencedAndMany];
