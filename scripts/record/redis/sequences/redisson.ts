/** What Redisson's locks send, with their own scripts: one conversation for each. */
import {
  FAIR_ENTER,
  FAIR_GIVE_UP,
  FAIR_LEAVE,
} from '../../../../src/algorithms/redisson-fair-scripts.js';
import {
  READ_ENTER,
  READ_LEAVE,
  READ_RENEW_ALL,
  WRITE_ENTER,
  WRITE_LEAVE,
} from '../../../../src/algorithms/redisson-read-write-scripts.js';
import {
  ENTER,
  ENTER_AND_COUNT,
  LEAVE,
  RENEW_ALL,
} from '../../../../src/algorithms/redisson-scripts.js';
import {
  EXTEND_PERMIT,
  GIVE_PERMIT_BACK,
  SET_PERMITS,
  TAKE_PERMITS,
} from '../../../../src/algorithms/redisson-semaphore-scripts.js';
import { quote, type Sequence, sequence } from '../sequence.js';

const CHANNEL = 'redisson_lock__channel:{orders}';
const LATCH = 'redisson_unlock_latch:{orders}';
const QUEUE = 'redisson_lock_queue:{orders} redisson_lock_timeout:{orders}';

function leave(owner: string, number: number): string {
  const keys = `orders ${CHANNEL} ${LATCH}:${owner}:${number}`;
  return `EVAL ${quote(LEAVE)} 3 ${keys} 0 10000 ${owner} publish 18000`;
}

function fairEnter(owner: string, now: number): string {
  return `EVAL ${quote(FAIR_ENTER)} 3 orders ${QUEUE} 10000 ${owner} 5000 ${now}`;
}

function fairLeave(owner: string, now: number): string {
  const keys = `orders ${QUEUE} ${CHANNEL} ${LATCH}:${owner}:1`;
  return `EVAL ${quote(FAIR_LEAVE)} 5 ${keys} 0 10000 ${owner} ${now} publish 18000`;
}

function readEnter(owner: string): string {
  const keys = `orders {orders}:${owner}:rwlock_timeout`;
  return `EVAL ${quote(READ_ENTER)} 2 ${keys} 10000 ${owner} ${owner}:write`;
}

function readLeave(owner: string, number: number): string {
  const own = `{orders}:${owner}:rwlock_timeout {orders} ${LATCH}:${owner}:${number}`;
  const keys = `orders redisson_rwlock:{orders} ${own}`;
  return `EVAL ${quote(READ_LEAVE)} 5 ${keys} 0 ${owner} publish 18000`;
}

function writeEnter(owner: string): string {
  return `EVAL ${quote(WRITE_ENTER)} 1 orders 10000 ${owner}:write`;
}

function writeLeave(owner: string, number: number): string {
  const keys = `orders redisson_rwlock:{orders} ${LATCH}:${owner}:w${number}`;
  return `EVAL ${quote(WRITE_LEAVE)} 3 ${keys} 1 10000 ${owner}:write publish 18000`;
}

const SEMAPHORE = '{orders}:timeout redisson_sc:{orders}';

function takePermit(id: string, until: number, now: number): string {
  const args = `1 ${until} ${now} 922337203685477 publish ${id}`;
  return `EVAL ${quote(TAKE_PERMITS)} 3 orders ${SEMAPHORE} ${args}`;
}

function givePermitBack(id: string, now: number): string {
  const keys = 'orders redisson_sc:{orders} {orders}:timeout';
  return `EVAL ${quote(GIVE_PERMIT_BACK)} 3 ${keys} ${id} 1 ${now} publish`;
}

/** The same for the fenced lock, whose script has a counter besides. */
const COUNTED = `EVAL ${quote(ENTER_AND_COUNT)} 2 orders redisson_lock_token:{orders} 10000`;

export const REDISSON: readonly Sequence[] = [
  sequence(
    'redisson-lock',
    `EVAL ${quote(ENTER)} 1 orders 10000 A1-1
     b: EVAL ${quote(ENTER)} 1 orders 10000 B1-1 # ms
     c: SUBSCRIBE ${CHANNEL}
     EVAL ${quote(ENTER)} 1 orders 10000 A1-1
     HGETALL orders
     EVAL ${quote(RENEW_ALL)} 1 orders 10000 A1-1
     b: EVAL ${quote(RENEW_ALL)} 2 orders others 10000 B1-1 B1-1
     b: ${leave('B1-1', 1)}
     ${leave('A1-1', 1)}
     ${leave('A1-1', 2)}
     ${leave('A1-1', 2)}
     DEL ${LATCH}:A1-1:2
     ${leave('A1-1', 3)}
     EXISTS orders
     b: EVAL ${quote(ENTER)} 1 orders 10000 B1-1`,
  ),
  sequence(
    'redisson-fenced',
    `${COUNTED} A1-1
     ${COUNTED} A1-1
     b: ${COUNTED} B1-1 # ms
     ${leave('A1-1', 1)}
     ${leave('A1-1', 2)}
     b: ${COUNTED} B1-1
     GET redisson_lock_token:{orders}`,
  ),
  sequence(
    'redisson-fair: turns, a place given up, one that is late',
    `${fairEnter('A1-1', 1_000_000)}
     c: SUBSCRIBE ${CHANNEL}:B1-1
     b: ${fairEnter('B1-1', 1_000_000)} # ms
     ${fairEnter('C1-1', 1_000_010)} # ms
     ${fairEnter('D1-1', 1_000_020)} # ms
     LRANGE redisson_lock_queue:{orders} 0 -1
     ${fairEnter('A1-1', 1_000_030)}
     EVAL ${quote(FAIR_GIVE_UP)} 2 ${QUEUE} C1-1 5000
     LRANGE redisson_lock_queue:{orders} 0 -1
     ${fairLeave('A1-1', 1_000_040)}
     DEL ${LATCH}:A1-1:1
     ${fairLeave('A1-1', 1_000_040)}
     ${fairEnter('D1-1', 1_000_050)}
     b: ${fairEnter('B1-1', 1_000_050)}
     LRANGE redisson_lock_queue:{orders} 0 -1
     DEL orders
     ${fairEnter('E1-1', 2_000_000)}
     EXISTS redisson_lock_queue:{orders} redisson_lock_timeout:{orders}`,
  ),
  sequence(
    'redisson-read-write: readers, a writer who reads, and the last one out',
    `${readEnter('A1-1')}
     b: ${readEnter('B1-1')}
     b: ${readEnter('B1-1')}
     ${writeEnter('C1-1')} # ms
     HGETALL orders
     EVAL ${quote(READ_RENEW_ALL)} 2 orders {orders} 10000 1 B1-1
     EVAL ${quote(READ_RENEW_ALL)} 2 orders {orders} 10000 2 C1-1 D1-1
     c: SUBSCRIBE redisson_rwlock:{orders}
     ${readLeave('A1-1', 1)}
     b: ${readLeave('B1-1', 1)}
     b: ${readLeave('B1-1', 2)}
     b: ${readLeave('B1-1', 3)}
     EXISTS orders
     ${writeEnter('C1-1')}
     ${writeEnter('C1-1')}
     ${readEnter('C1-1')}
     b: ${readEnter('B1-1')} # ms
     HGETALL orders
     ${readLeave('C1-1', 1)}
     ${writeLeave('C1-1', 1)}
     ${readEnter('C1-1')}
     ${writeLeave('C1-1', 2)}
     HGETALL orders
     ${readLeave('C1-1', 2)}
     ${writeLeave('C1-1', 3)}
     EXISTS orders`,
  ),
  sequence(
    'redisson-semaphore: permits given out, taken back and extended',
    `${takePermit('A1-1', 1_700_000_010_000, 1_700_000_000_000)}
     EVAL ${quote(SET_PERMITS)} 2 orders redisson_sc:{orders} 2 publish
     b: EVAL ${quote(SET_PERMITS)} 2 orders redisson_sc:{orders} 2 publish
     ${takePermit('A1-1', 1_700_000_010_000, 1_700_000_000_000)}
     b: ${takePermit('B1-1', 1_700_000_010_001, 1_700_000_000_001)}
     ${takePermit('C1-1', 1_700_000_010_002, 1_700_000_000_002)}
     c: SUBSCRIBE redisson_sc:{orders}
     ${takePermit('C1-1', 1_700_000_020_000, 1_700_000_010_000)}
     ZRANGE {orders}:timeout 0 -1 WITHSCORES
     EVAL ${quote(EXTEND_PERMIT)} 3 orders ${SEMAPHORE} A1-1 1700000030000 1700000010000 publish
     EVAL ${quote(EXTEND_PERMIT)} 3 orders ${SEMAPHORE} C1-1 1700000030000 1700000010001 publish
     ${givePermitBack('A1-1', 1_700_000_010_002)}
     ${givePermitBack('C1-1', 1_700_000_010_002)}
     ${takePermit('D1-1', 1_700_000_010_003, 1_700_000_010_002)}
     ${givePermitBack('D1-1', 1_700_000_010_003)}
     GET orders
     EXISTS {orders}:timeout`,
  ),
];
