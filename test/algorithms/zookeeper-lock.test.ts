/** The lock on ZooKeeper: a queue of znodes under protection, and word of a lost session. */
import { expect, test } from 'vitest';
import type { Grant } from '../../src/algorithms/lock.js';
import zookeeperLock from '../../src/algorithms/zookeeper-lock.js';
import { FakeWorld } from './fake-environment.js';
import type { FakeSession } from './fake-zookeeper.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

function setUp(options = {}) {
  const world = new FakeWorld();
  const environment = world.client('A');
  const lock = create(zookeeperLock, environment, options);
  const session = (): FakeSession => environment.zookeeper[0]!.sessions[0]!;
  return { world, lock, session };
}

const place = (id: string, number: number): string =>
  `/job/_c_${id}-exclusive-${String(number).padStart(10, '0')}`;

test('makes the parent when it is missing, takes a place, and looks who is first', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock);
  expect(world.log).toEqual([
    '1 A z1 connect, timeout 10000 ms',
    '3 A z1 create -e -s /job/_c_A1-exclusive-',
    '5 A z1 create -c /job',
    '7 A z1 create -e -s /job/_c_A1-exclusive-',
    '9 A z1 ls /job',
  ]);
  expect(world.ensemble.places()).toEqual([place('A1', 0)]);
  expect(await world.run(grant.release())).toBe(true);
  expect(world.log.at(-1)).toBe(`11 A z1 delete ${place('A1', 0)}`);
  expect(world.ensemble.places()).toEqual([]);
});

test('who waits watches the place before its own, and is served in order', async () => {
  const { world, lock } = setUp();
  const first = await granted(world, lock);
  const order: string[] = [];
  const waiters = ['B', 'C'].map(async (name) => {
    const theirs = create(zookeeperLock, world.client(name));
    const answer = await theirs.acquire(KEY, { ttlMs: TTL_MS, waitMs: 60_000 });
    order.push(name);
    return answer as Grant;
  });
  await world.advance(50);
  expect(world.log.filter((line) => line.includes('get -w'))).toEqual([
    expect.stringContaining(`B z1 get -w ${place('A1', 0)}`),
    expect.stringContaining(`C z1 get -w ${place('B2', 1)}`),
  ]);
  await world.run(first.release());
  const second = await world.run(waiters[0]!);
  expect(order).toEqual(['B']);
  await world.run(second.release());
  const third = await world.run(waiters[1]!);
  expect(order).toEqual(['B', 'C']);
  expect(third.fencingToken).toBeGreaterThan(second.fencingToken!);
  expect(second.fencingToken).toBeGreaterThan(first.fencingToken!);
});

test('gives up its place before it answers that the wait is over', async () => {
  const { world, lock } = setUp();
  await granted(world, lock);
  const theirs = create(zookeeperLock, world.client('B'));
  expect(await refused(world, theirs, { waitMs: 1_000 })).toBe('held');
  expect(world.ensemble.places()).toEqual([place('A1', 0)]);
  expect(world.timersOf('B')).toBe(0);
});

test('finds the znode whose creation was not answered, after a sync', async () => {
  const { world, lock, session } = setUp();
  await world.run((await granted(world, lock)).release());
  session().loseReplyTo('create2');
  const grant = await granted(world, lock, { waitMs: 5_000 });
  expect(world.ensemble.places()).toEqual([place('A2', 1)]);
  const asked = world.log.map((line) => line.split(' z1 ')[1]!);
  const again = asked.slice(asked.lastIndexOf('create -e -s /job/_c_A2-exclusive-') + 1);
  expect(again).toEqual([
    'connect again with session 1',
    'sync /job',
    'ls /job',
    `stat ${place('A2', 1)}`,
    'ls /job',
  ]);
  expect(await world.run(grant.release())).toBe(true);
});

test('tells the holder when the connection is lost, though the session lives on', async () => {
  const { world, lock, session } = setUp();
  const grant = await granted(world, lock);
  const { signal } = grant;
  await world.advance(5 * TTL_MS);
  expect(signal!.aborted).toBe(false);
  session().cut(1_000);
  expect(signal!.aborted).toBe(true);
  expect(await world.run(grant.release())).toBe(true);
  expect(world.ensemble.places()).toEqual([]);
});

test('a release whose answer was lost is made once, and was ours', async () => {
  const { world, lock, session } = setUp();
  const grant = await granted(world, lock);
  session().loseReplyTo('delete');
  expect(await world.run(grant.release())).toBe(true);
});

test('a release after the end of the session is told so', async () => {
  const { world, lock, session } = setUp();
  const grant = await granted(world, lock);
  session().cut(3 * TTL_MS);
  await world.advance(2 * TTL_MS);
  expect(world.ensemble.places()).toEqual([]);
  expect(await world.run(grant.release())).toBe(false);
});

test('a session that was given up leaves no place behind, and gives nobody the lock', async () => {
  const { world, lock, session } = setUp({ sessionExpirationPercent: 20 });
  await granted(world, create(zookeeperLock, world.client('B')));
  const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 60_000 });
  await world.advance(50);
  session().cut(4_000);
  await world.advance(5_000);
  // The old session lives for as long as its timeout, and its znode would.
  expect(world.ensemble.places()).toEqual([place('B1', 0), place('A2', 2)]);
  void ours;
});

test('a holder that acquires again is granted at once, and holds until the last release', async () => {
  const { world, lock } = setUp();
  const outer = await granted(world, lock);
  const asked = world.log.length;
  const inner = await granted(world, lock, { holder: outer });
  expect(inner.fencingToken).toBe(outer.fencingToken);
  expect(await world.run(inner.release())).toBe(true);
  expect(world.log).toHaveLength(asked);
  expect(await refused(world, create(zookeeperLock, world.client('B')))).toBe('held');
  expect(await world.run(outer.release())).toBe(true);
  await granted(world, create(zookeeperLock, world.client('B')));
});

test('what is nested is lost with what it is nested in', async () => {
  const { world, lock, session } = setUp();
  const outer = await granted(world, lock);
  session().cut(100);
  const inner = await granted(world, lock, { holder: outer });
  expect(inner.signal!.aborted).toBe(true);
  expect(await world.run(inner.release())).toBe(false);
});

test('offers nothing to ask: the libraries have only the state of the connection', async () => {
  const { world, lock } = setUp();
  expect('validForMs' in (await granted(world, lock))).toBe(false);
});
