/** What the built-in locks send, with their own scripts: one conversation for each design. */
import {
  DELETE_IF_OWN,
  EXTEND_IF_OWN,
  SET_AND_COUNT,
} from '../../../../src/algorithms/redis-scripts.js';
import { REDISLOCK_OBTAIN, REDISLOCK_PTTL } from '../../../../src/algorithms/redislock.js';
import { REDSYNC_DELETE, REDSYNC_TOUCH_OR_SET } from '../../../../src/algorithms/redsync-mutex.js';
import { UCLOUD_RENEW } from '../../../../src/algorithms/ucloud-lock.js';
import { quote, type Sequence, sequence } from '../sequence.js';

const CAREFUL = `
  EVAL ${quote(EXTEND_IF_OWN)} 1 orders A1-1 5000
  b: EVAL ${quote(EXTEND_IF_OWN)} 1 orders B1-1 5000
  PTTL orders
  b: EVAL ${quote(DELETE_IF_OWN)} 1 orders B1-1
  EVAL ${quote(DELETE_IF_OWN)} 1 orders A1-1
  EVAL ${quote(DELETE_IF_OWN)} 1 orders A1-1
  EVAL ${quote(EXTEND_IF_OWN)} 1 orders A1-1 5000`;

export const BUILT_IN_LOCKS: readonly Sequence[] = [
  sequence(
    'set-nx, set-nx-watchdog, lease, and each server of redlock',
    `SET orders A1-1 NX PX 10000
     b: SET orders B1-1 NX PX 10000
     ${CAREFUL}
     b: SET orders B1-2 NX PX 10000`,
  ),
  sequence(
    'set-nx-fenced',
    `EVAL ${quote(SET_AND_COUNT)} 2 orders {orders}:fence A1-1 10000
     b: EVAL ${quote(SET_AND_COUNT)} 2 orders {orders}:fence B1-1 10000
     ${CAREFUL}
     b: EVAL ${quote(SET_AND_COUNT)} 2 orders {orders}:fence B1-2 10000
     GET {orders}:fence`,
  ),
  sequence(
    'blind-delete',
    `SET orders locked NX PX 10000
     b: SET orders locked NX PX 10000
     b: DEL orders
     b: SET orders locked NX PX 10000
     PEXPIRE orders 5000
     DEL orders`,
  ),
  sequence(
    'get-then-delete',
    `SET orders A1-1 NX PX 10000
     GET orders
     b: GET orders
     DEL orders
     GET orders`,
  ),
  sequence(
    'setnx-then-expire',
    `SETNX orders A1-1
     PTTL orders
     b: SETNX orders B1-1
     PEXPIRE orders 10000
     PTTL orders
     EVAL ${quote(DELETE_IF_OWN)} 1 orders A1-1`,
  ),
  sequence(
    'no-ttl',
    `SET orders A1-1 NX
     b: SET orders B1-1 NX
     PTTL orders
     EVAL ${quote(DELETE_IF_OWN)} 1 orders A1-1
     b: SET orders B1-1 NX`,
  ),
  sequence(
    'redsync and lock-manager',
    `SET orders A1-1 NX PX 10000
     b: SET orders B1-1 NX PX 10000
     b: EVAL ${quote(REDSYNC_DELETE)} 1 orders B1-1
     EVAL ${quote(EXTEND_IF_OWN)} 1 orders A1-1 8000
     GET orders
     EVAL ${quote(REDSYNC_DELETE)} 1 orders A1-1
     EVAL ${quote(REDSYNC_DELETE)} 1 orders A1-1
     EVAL ${quote(REDSYNC_TOUCH_OR_SET)} 1 orders A1-1 8000
     EVAL ${quote(REDSYNC_TOUCH_OR_SET)} 1 orders A1-1 7000
     b: EVAL ${quote(REDSYNC_TOUCH_OR_SET)} 1 orders B1-1 8000
     GET orders`,
  ),
  sequence(
    'beeorm-locker',
    `EVAL ${quote(REDISLOCK_OBTAIN)} 1 orders A1-1 4 10000
     b: EVAL ${quote(REDISLOCK_OBTAIN)} 1 orders B1-1 4 10000
     EVAL ${quote(REDISLOCK_OBTAIN)} 1 orders A1-1:more 4 10000
     GET orders
     EVAL ${quote(REDISLOCK_PTTL)} 1 orders A1-1
     b: EVAL ${quote(EXTEND_IF_OWN)} 1 orders B1-1 5000
     EVAL ${quote(EXTEND_IF_OWN)} 1 orders A1-1:more 5000
     EVAL ${quote(DELETE_IF_OWN)} 1 orders A1-1:more
     EVAL ${quote(REDISLOCK_PTTL)} 1 orders A1-1`,
  ),
  sequence(
    'ucloud-best-effort',
    `SET distributed-lock-orders A1-1 PX 60000 NX
     b: SET distributed-lock-orders B1-1 PX 60000 NX
     b: EVAL ${quote(UCLOUD_RENEW)} 1 distributed-lock-orders B1-1 90
     EVAL ${quote(UCLOUD_RENEW)} 1 distributed-lock-orders A1-1 90
     TTL distributed-lock-orders
     EVAL ${quote(UCLOUD_RENEW)} 1 distributed-lock-orders A1-1 0
     GET distributed-lock-orders
     EVAL ${quote(DELETE_IF_OWN)} 1 distributed-lock-orders A1-1`,
  ),
  sequence(
    'notes-naive',
    `SET orders locked NX EX 10
     b: SET orders locked NX EX 10
     TTL orders
     b: DEL orders
     DEL orders`,
  ),
];
