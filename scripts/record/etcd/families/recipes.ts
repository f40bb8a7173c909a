/**
 * What locks and elections on etcd send, request for request: `clientv3/concurrency` (mutex.go,
 * key.go, election.go, session.go) before and after 3.5, the lock service (`etcdserver/api/v3lock`),
 * which uses the same, and locks made by hand.
 */
import type { EtcdRequest, TxnRequest } from '../../../../src/sim/servers/etcd/messages.js';
import {
  compare,
  grant,
  keepAlive,
  prefixEnd,
  prefixed,
  put,
  range,
  remove,
  revoke,
  timeToLive,
  txn,
  watch,
} from '../requests.js';
import { close, on, type Sequence, sequence } from '../sequence.js';

const keyOf = (prefix: string, lease: number): string => `${prefix}/${lease.toString(16)}`;

/** Mutex.Lock: stand in the queue, and look who is first. */
function enqueue(prefix: string, lease: number): TxnRequest {
  const key = keyOf(prefix, lease);
  const first = prefixed(`${prefix}/`, { sortTarget: 'create', sortOrder: 'ascend', limit: 1 });
  return txn(
    [compare('create', key, '=', 0)],
    [put(key, '', { lease }), first],
    [range(key), first],
  );
}

/** waitDeletes: who is the last of those before that revision. */
const lastBefore = (prefix: string, revision: number): EtcdRequest =>
  prefixed(`${prefix}/`, {
    sortTarget: 'create',
    sortOrder: 'descend',
    limit: 1,
    maxCreateRevision: revision - 1,
  });

/** Election.Campaign. */
function campaign(prefix: string, lease: number, value: string): TxnRequest {
  const key = keyOf(prefix, lease);
  return txn([compare('create', key, '=', 0)], [put(key, value, { lease })], [range(key)]);
}

const owned = (prefix: string, lease: number, revision: number) =>
  compare('create', keyOf(prefix, lease), '=', revision);

const sessions = [grant(0xa1, 60), on('b', grant(0xb2, 60)), on('c', grant(0xc3, 60))];

const mutexes: Sequence[] = [
  sequence(
    'mutex, nobody else',
    grant(0xa1, 60),
    keepAlive(0xa1),
    enqueue('m', 0xa1),
    remove(keyOf('m', 0xa1)),
    revoke(0xa1),
  ),
  sequence(
    'mutex before 3.5: wait, and hold without a look',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', lastBefore('m', 3)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    remove(keyOf('m', 0xa1)),
    on('b', lastBefore('m', 3)),
    on('b', txn([owned('m', 0xb2, 3)], [put('data', 'b')])),
    on('b', remove(keyOf('m', 0xb2))),
  ),
  sequence(
    'mutex from 3.5 on: wait, look for the own key, hold',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', lastBefore('m', 3)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    remove(keyOf('m', 0xa1)),
    on('b', lastBefore('m', 3)),
    on('b', range(keyOf('m', 0xb2))),
  ),
  sequence(
    'mutex from 3.5 on: the own lease ended while waiting',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', lastBefore('m', 3)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    on('c', enqueue('m', 0xc3)),
    on('b', revoke(0xb2)),
    remove(keyOf('m', 0xa1)),
    on('b', lastBefore('m', 3)),
    on('b', range(keyOf('m', 0xb2))),
    on('c', lastBefore('m', 4)),
  ),
  sequence(
    'mutex before 3.5: the own lease ended while waiting',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', lastBefore('m', 3)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    on('b', revoke(0xb2)),
    on('c', enqueue('m', 0xc3)),
    remove(keyOf('m', 0xa1)),
    on('b', lastBefore('m', 3)),
    on('b', txn([owned('m', 0xb2, 3)], [put('data', 'b')])),
    on('c', lastBefore('m', 5)),
  ),
  sequence(
    'mutex: three in the queue, the middle one gives up',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('c', enqueue('m', 0xc3)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    on('c', lastBefore('m', 4)),
    on('c', watch(keyOf('m', 0xb2), { startRevision: 4 })),
    on('b', remove(keyOf('m', 0xb2))),
    on('c', lastBefore('m', 4)),
    on('c', watch(keyOf('m', 0xa1), { startRevision: 5 })),
    remove(keyOf('m', 0xa1)),
    on('c', lastBefore('m', 4)),
  ),
  sequence(
    'mutex: the holder’s session ends',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    revoke(0xa1),
    on('b', lastBefore('m', 3)),
    txn([owned('m', 0xa1, 2)], [put('data', 'a')]),
    remove(keyOf('m', 0xa1)),
  ),
  sequence(
    'mutex: locked twice by one session',
    grant(0xa1, 60),
    enqueue('m', 0xa1),
    enqueue('m', 0xa1),
    remove(keyOf('m', 0xa1)),
    remove(keyOf('m', 0xa1)),
  ),
  sequence(
    'mutex: the predecessor goes between look and watch',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', lastBefore('m', 3)),
    remove(keyOf('m', 0xa1)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
  ),
  sequence(
    'mutex: a try that does not wait',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', remove(keyOf('m', 0xb2))),
    range('m/', { rangeEnd: prefixEnd('m/') }),
  ),
  sequence(
    'mutex: a fencing token from the creation',
    ...sessions,
    enqueue('m', 0xa1),
    remove(keyOf('m', 0xa1)),
    on('b', enqueue('m', 0xb2)),
    on('b', txn([owned('m', 0xb2, 4)], [put('data', 'b')])),
    txn([owned('m', 0xa1, 2)], [put('data', 'a')]),
  ),
  sequence(
    'mutex before 2016: the prefix of another lock',
    grant(0xa1, 60),
    on('b', grant(0xb2, 60)),
    put('ab/a1', '', { lease: 0xa1 }),
    on('b', put('a/b2', '', { lease: 0xb2 })),
    on(
      'b',
      prefixed('a', { sortTarget: 'create', sortOrder: 'descend', limit: 1, maxCreateRevision: 2 }),
    ),
    on(
      'b',
      prefixed('a/', {
        sortTarget: 'create',
        sortOrder: 'descend',
        limit: 1,
        maxCreateRevision: 2,
      }),
    ),
  ),
  sequence(
    'mutex: the connection goes, the session stays',
    ...sessions,
    enqueue('m', 0xa1),
    on('b', enqueue('m', 0xb2)),
    on('b', watch(keyOf('m', 0xa1), { startRevision: 3 })),
    close('b'),
    remove(keyOf('m', 0xa1)),
    on('b', lastBefore('m', 3)),
    on('b', keepAlive(0xb2)),
    on('b', range(keyOf('m', 0xb2))),
  ),
];

const elections: Sequence[] = [
  sequence(
    'election: campaign, proclaim, resign',
    grant(0xa1, 60),
    campaign('e', 0xa1, 'v1'),
    lastBefore('e', 2),
    txn([owned('e', 0xa1, 2)], [put(keyOf('e', 0xa1), 'v2', { lease: 0xa1 })]),
    prefixed('e/', { sortTarget: 'create', sortOrder: 'ascend', limit: 1 }),
    txn([owned('e', 0xa1, 2)], [remove(keyOf('e', 0xa1))]),
    txn([owned('e', 0xa1, 2)], [remove(keyOf('e', 0xa1))]),
  ),
  sequence(
    'election: the second one waits',
    ...sessions,
    campaign('e', 0xa1, 'a'),
    on('b', campaign('e', 0xb2, 'b')),
    on('b', lastBefore('e', 3)),
    on('b', watch(keyOf('e', 0xa1), { startRevision: 3 })),
    txn([owned('e', 0xa1, 2)], [put(keyOf('e', 0xa1), 'a2', { lease: 0xa1 })]),
    txn([owned('e', 0xa1, 2)], [remove(keyOf('e', 0xa1))]),
    on('b', lastBefore('e', 3)),
    on('b', txn([owned('e', 0xb2, 3)], [put(keyOf('e', 0xb2), 'b2', { lease: 0xb2 })])),
  ),
  sequence(
    'election: elected without a key',
    ...sessions,
    campaign('e', 0xa1, 'a'),
    on('b', campaign('e', 0xb2, 'b')),
    on('b', watch(keyOf('e', 0xa1), { startRevision: 3 })),
    on('b', revoke(0xb2)),
    revoke(0xa1),
    on('b', lastBefore('e', 3)),
    on('b', txn([owned('e', 0xb2, 3)], [put(keyOf('e', 0xb2), 'b2', { lease: 0xb2 })])),
  ),
  sequence(
    'election: campaign again with the same session',
    grant(0xa1, 60),
    campaign('e', 0xa1, 'a'),
    campaign('e', 0xa1, 'b'),
    txn([owned('e', 0xa1, 2)], [put(keyOf('e', 0xa1), 'b', { lease: 0xa1 })]),
    lastBefore('e', 2),
  ),
  sequence(
    'election: observe',
    on('b', watch('e/', { rangeEnd: 'e0', startRevision: 1 })),
    grant(0xa1, 60),
    campaign('e', 0xa1, 'a'),
    txn([owned('e', 0xa1, 2)], [put(keyOf('e', 0xa1), 'b', { lease: 0xa1 })]),
    revoke(0xa1),
  ),
];

const handmade: Sequence[] = [
  sequence(
    'a key with a lease as a lock',
    grant(1, 60),
    on('b', grant(2, 60)),
    txn([compare('version', 'lock', '=', 0)], [put('lock', 'a', { lease: 1 })], [range('lock')]),
    on(
      'b',
      txn([compare('version', 'lock', '=', 0)], [put('lock', 'b', { lease: 2 })], [range('lock')]),
    ),
    on('b', watch('lock', { noPut: true })),
    revoke(1),
    on(
      'b',
      txn([compare('version', 'lock', '=', 0)], [put('lock', 'b', { lease: 2 })], [range('lock')]),
    ),
    timeToLive(1),
    keepAlive(1),
  ),
  sequence(
    'a key without a lease as a lock is held for ever',
    txn([compare('create', 'lock', '=', 0)], [put('lock', 'a')], [range('lock')]),
    close('a'),
    on('b', txn([compare('create', 'lock', '=', 0)], [put('lock', 'b')], [range('lock')])),
  ),
  sequence(
    'deleted by somebody else',
    grant(1, 60),
    txn([compare('create', 'lock', '=', 0)], [put('lock', 'a', { lease: 1 })]),
    on('b', remove('lock', { prevKv: true })),
    on('b', txn([compare('create', 'lock', '=', 0)], [put('lock', 'b')])),
    txn([compare('value', 'lock', '=', 'a')], [remove('lock')]),
    keepAlive(1),
  ),
  sequence(
    'put by somebody else outlives the lease',
    grant(1, 60),
    put('lock', 'a', { lease: 1 }),
    on('b', put('lock', 'b')),
    revoke(1),
    range('lock'),
  ),
  sequence(
    'a semaphore of two',
    grant(1, 60),
    grant(2, 60),
    grant(3, 60),
    ...[1, 2, 3].flatMap((lease) => [
      put(`s/${lease}`, '', { lease }),
      prefixed('s/', { sortTarget: 'create', sortOrder: 'ascend', limit: 2 }),
    ]),
    revoke(1),
    prefixed('s/', { sortTarget: 'create', sortOrder: 'ascend', limit: 2 }),
  ),
  sequence(
    'readers and a writer by creation',
    grant(1, 60),
    put('rw/read/1', '', { lease: 1 }),
    put('rw/write/2', ''),
    prefixed('rw/write/', {
      sortTarget: 'create',
      sortOrder: 'descend',
      limit: 1,
      maxCreateRevision: 1,
    }),
    prefixed('rw/', { sortTarget: 'create', sortOrder: 'descend', limit: 1, maxCreateRevision: 2 }),
    revoke(1),
    prefixed('rw/', { sortTarget: 'create', sortOrder: 'descend', limit: 1, maxCreateRevision: 2 }),
  ),
  sequence(
    'a write that is guarded by the lock',
    grant(1, 60),
    put('lock', 'a', { lease: 1 }),
    txn([compare('create', 'lock', '=', 2)], [put('data', 'v')], []),
    revoke(1),
    txn([compare('create', 'lock', '=', 2)], [put('data', 'w')], []),
    range('data'),
  ),
];

export const RECIPES = [...mutexes, ...elections, ...handmade];
