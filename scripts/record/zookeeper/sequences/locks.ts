/**
 * What lock recipes send, as two and three clients, request for request: Apache Curator's
 * InterProcessMutex and InterProcessReadWriteLock (LockInternals.java,
 * StandardLockInternalsDriver.java, InterProcessReadWriteLock.java) and kazoo's Lock, WriteLock and
 * ReadLock (kazoo/recipe/lock.py).
 */
import { type Sequence, sequence } from '../sequence.js';

/** The prefix by which Curator's protected mode finds a znode whose create had no answer. */
const GUID: Readonly<Record<string, string>> = {
  a: '_c_0a1f6c1e-7f0a-4d0e-9a53-0c1a52b1c8d1',
  b: '_c_5be3b7a4-1f62-4a7c-8a44-f6b2c8a7d9e2',
  c: '_c_c94d2b07-33aa-4f1b-b3a9-1e8f4d6c7a03',
};
const UUID: Readonly<Record<string, string>> = {
  a: '0a1f6c1e7f0a4d0e9a530c1a52b1c8d1',
  b: '5be3b7a41f624a7c8a44f6b2c8a7d9e2',
  c: 'c94d2b0733aa4f1bb3a91e8f4d6c7a03',
};
const count = (number: number) => String(number).padStart(10, '0');

/** Paths of Curator's lock znodes, by client and sequence number. */
const curator = (client: string, number: number, name = '-lock-') =>
  `/t/m/${GUID[client]}${name}${count(number)}`;
const enter = (client: string, name = '-lock-') =>
  `${client}: create /t/m/${GUID[client]}${name} 10.0.0.1 es`;
const kazoo = (client: string, number: number, name = '__lock__') =>
  `/t/k/${UUID[client]}${name}${count(number)}`;
const contend = (client: string, name = '__lock__') =>
  `${client}: create /t/k/${UUID[client]}${name} "" es`;
const list = (client: string, path: string) => `${client}: ls ${path}`;

const CLIENTS = 'a: connect 8000\nb: connect 8000\nc: connect 8000';
const PARENT = 'a: create /t/m "" c';

export const LOCKS: readonly Sequence[] = [
  sequence(
    'InterProcessMutex: the first client finds no parent, makes it, and has the lock',
    `${CLIENTS}
     ${enter('a')}
     a: exists /t
     a: create /t/m "" c
     ${enter('a')}
     ${list('a', '/t/m')}
     a: delete ${curator('a', 0)}`,
  ),
  sequence(
    'InterProcessMutex: two clients, the second waits for the first',
    `${CLIENTS}
     ${PARENT}
     ${enter('a')}
     ${list('a', '/t/m')}
     ${enter('b')}
     ${list('b', '/t/m')}
     b: get ${curator('a', 0)} w
     a: delete ${curator('a', 0)}
     ${list('b', '/t/m')}
     b: delete ${curator('b', 1)}
     ${list('a', '/t/m')}`,
  ),
  sequence(
    'InterProcessMutex: three clients in order, each wakes one',
    `${CLIENTS}
     ${PARENT}
     ${enter('a')}
     ${enter('b')}
     ${enter('c')}
     ${list('c', '/t/m')}
     c: get ${curator('b', 1)} w
     ${list('b', '/t/m')}
     b: get ${curator('a', 0)} w
     a: delete ${curator('a', 0)}
     ${list('b', '/t/m')}
     b: delete ${curator('b', 1)}
     ${list('c', '/t/m')}
     ${enter('a')}
     a: get ${curator('c', 2)} w
     c: close
     ${list('a', '/t/m')}`,
  ),
  sequence(
    'InterProcessMutex: the one in the middle gives up',
    `${CLIENTS}
     ${PARENT}
     ${enter('a')}
     ${enter('b')}
     ${enter('c')}
     b: get ${curator('a', 0)} w
     c: get ${curator('b', 1)} w
     b: delete ${curator('b', 1)}
     ${list('c', '/t/m')}
     c: get ${curator('a', 0)} w
     a: delete ${curator('a', 0)}
     ${list('c', '/t/m')}`,
  ),
  sequence(
    'InterProcessMutex: the predecessor goes between the list and the watch',
    `${CLIENTS}
     ${PARENT}
     ${enter('a')}
     ${enter('b')}
     ${list('b', '/t/m')}
     a: delete ${curator('a', 0)}
     b: get ${curator('a', 0)} w
     ${list('b', '/t/m')}`,
  ),
  sequence(
    'InterProcessMutex: a create without an answer is found by its prefix',
    `a: connect 8000
     b: connect 8000
     ${PARENT}
     ${enter('a')}
     (drop a)
     c: connect 8000 as a
     c: ls /t/m
     b: create /t/m/${GUID['b']}-lock- 10.0.0.2 es
     b: get ${curator('a', 0)} w
     c: delete ${curator('a', 0)}
     b: ls /t/m`,
  ),
  sequence(
    'InterProcessMutex: without protection the client waits for its own first znode',
    `a: connect 8000
     ${PARENT}
     a: create /t/m/lock- 10.0.0.1 es
     (drop a)
     b: connect 8000 as a
     b: create /t/m/lock- 10.0.0.1 es
     b: ls /t/m
     b: get /t/m/lock-0000000000 w
     b: ephemerals /t/m`,
  ),
  sequence(
    'InterProcessReadWriteLock: two readers, then a writer, then a reader',
    `${CLIENTS}
     ${PARENT}
     ${enter('a', '__READ__')}
     ${list('a', '/t/m')}
     ${enter('b', '__READ__')}
     ${list('b', '/t/m')}
     ${enter('c', '__WRIT__')}
     ${list('c', '/t/m')}
     c: get ${curator('b', 1, '__READ__')} w
     b: delete ${curator('b', 1, '__READ__')}
     ${list('c', '/t/m')}
     c: get ${curator('a', 0, '__READ__')} w
     ${enter('b', '__READ__')}
     b: get ${curator('c', 2, '__WRIT__')} w
     a: delete ${curator('a', 0, '__READ__')}
     ${list('c', '/t/m')}
     c: delete ${curator('c', 2, '__WRIT__')}
     ${list('b', '/t/m')}`,
  ),
  sequence(
    'InterProcessReadWriteLock: a writer takes the read lock too, by the number of its own',
    `${CLIENTS}
     ${PARENT}
     ${enter('a', '__WRIT__')}
     a: create ${curator('a', 0, '__READ__')} 10.0.0.1 e
     ${enter('b', '__READ__')}
     b: get ${curator('a', 0, '__WRIT__')} w
     a: delete ${curator('a', 0, '__WRIT__')}
     ${list('b', '/t/m')}
     a: delete ${curator('a', 0, '__READ__')}`,
  ),
  sequence(
    'kazoo Lock: two clients, the second waits for the first',
    `${CLIENTS}
     a: exists /t/k
     a: create /t/k ""
     ${contend('a')}
     ${list('a', '/t/k')}
     b: exists /t/k
     ${contend('b')}
     ${list('b', '/t/k')}
     b: get ${kazoo('a', 0)} w
     a: delete ${kazoo('a', 0)}
     ${list('b', '/t/k')}
     b: delete ${kazoo('b', 1)}`,
  ),
  sequence(
    'kazoo Lock: both make the parent',
    `${CLIENTS}
     a: exists /t/k
     b: exists /t/k
     a: create /t/k ""
     b: create /t/k ""
     ${contend('b')}
     ${contend('a')}
     ${list('a', '/t/k')}
     a: get ${kazoo('b', 0)} w
     b: close
     ${list('a', '/t/k')}`,
  ),
  sequence(
    'kazoo Lock: a try that does not wait cleans up',
    `${CLIENTS}
     a: create /t/k ""
     ${contend('a')}
     ${contend('b')}
     ${list('b', '/t/k')}
     b: delete ${kazoo('b', 1)}
     ${contend('c')}
     c: get ${kazoo('a', 0)} w
     a: delete ${kazoo('a', 0)}
     ${list('c', '/t/k')}`,
  ),
  sequence(
    'kazoo Lock: three clients, the holder is gone without a word and comes back',
    `${CLIENTS}
     a: create /t/k ""
     ${contend('a')}
     ${contend('b')}
     ${contend('c')}
     c: get ${kazoo('b', 1)} w
     b: get ${kazoo('a', 0)} w
     (drop a)
     d: connect 8000 as a
     d: ls /t/k
     d: delete ${kazoo('a', 0)}
     ${list('b', '/t/k')}
     b: delete ${kazoo('b', 1)}
     ${list('c', '/t/k')}`,
  ),
  sequence(
    'kazoo Lock: the waiter reconnects, its watch comes back by setWatches',
    `${CLIENTS}
     a: create /t/k ""
     ${contend('a')}
     ${contend('b')}
     b: get ${kazoo('a', 0)} w
     (drop b)
     a: delete ${kazoo('a', 0)}
     d: connect 8000 as b
     d: setWatches zxid+6 data=${kazoo('a', 0)}
     d: ls /t/k`,
  ),
  sequence(
    'kazoo WriteLock and ReadLock: a reader behind a writer behind a reader',
    `${CLIENTS}
     a: create /t/k ""
     ${contend('a', '__rlock__')}
     ${list('a', '/t/k')}
     ${contend('b', '__lock__')}
     ${list('b', '/t/k')}
     b: get ${kazoo('a', 0, '__rlock__')} w
     ${contend('c', '__rlock__')}
     ${list('c', '/t/k')}
     c: get ${kazoo('b', 1)} w
     a: delete ${kazoo('a', 0, '__rlock__')}
     ${list('b', '/t/k')}
     b: delete ${kazoo('b', 1)}
     ${list('c', '/t/k')}`,
  ),
  sequence(
    'leader election by one ephemeral znode',
    `${CLIENTS}
     a: create /t/leader a e
     b: create /t/leader b e
     b: exists /t/leader w
     c: create /t/leader c e
     c: exists /t/leader w
     a: close
     b: create /t/leader b e
     c: create /t/leader c e
     c: get /t/leader w`,
  ),
];
