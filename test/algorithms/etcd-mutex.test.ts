/** The etcd mutex: a queue by create revision, a session kept alive, and word of its end. */
import { expect, test } from 'vitest';
import { GONE } from '../../src/algorithms/deadline.js';
import etcdMutex from '../../src/algorithms/etcd-mutex.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

function setUp(options = {}) {
  const world = new FakeWorld();
  const environment = world.client('A');
  const lock = create(etcdMutex, environment, options);
  return { world, lock, etcd: environment.etcd[0]! };
}

/** What was asked for, without ids of leases. */
function asked(world: FakeWorld): string[] {
  return world.log.map((line) => line.replaceAll(/\b[0-9a-f]{9,}\b/g, 'L'));
}

test('one request takes a place in the queue and tells who holds the lock', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock);
  const first = 'get job/ --prefix --order=ascend --sort-by=create --limit=1';
  const key = 'job/1'; // The first id of the fake cluster.
  expect(asked(world)).toEqual([
    '1 A e1 lease grant 10',
    '3 A e1 lease keep-alive 1',
    `3 A e1 txn if create("${key}") = "0" then put ${key} "" --lease=1; ${first} ` +
      `else get ${key}; ${first}`,
  ]);
  expect(world.cluster.keys()).toEqual([key]);
  await world.run(grant.release());
  await world.advance(100);
  expect(asked(world).slice(3)).toEqual(['5 A e1 del job/1', '7 A e1 lease revoke 1']);
  expect(world.cluster.keys()).toEqual([]);
});

test('who waits watches the place before its own, and is served in order', async () => {
  const { world, lock } = setUp();
  const first = await granted(world, lock);
  const order: string[] = [];
  const waiters = ['B', 'C'].map(async (name) => {
    const theirs = create(etcdMutex, world.client(name));
    const answer = await theirs.acquire(KEY, { ttlMs: TTL_MS, waitMs: 60_000 });
    order.push(name);
    return answer;
  });
  await world.advance(50);
  expect(asked(world).filter((line) => line.includes('watch'))).toEqual([
    expect.stringMatching(/^\d+ B e1 watch job\/1 --rev=\d+$/),
    expect.stringMatching(/^\d+ C e1 watch job\/2 --rev=\d+$/),
  ]);
  await world.run(first.release());
  const second = await world.run(waiters[0]!);
  expect(order).toEqual(['B']);
  await world.run(second.granted ? second.release() : Promise.reject(new Error(second.reason)));
  await world.run(waiters[1]!);
  expect(order).toEqual(['B', 'C']);
});

test('gives up its place when the wait is over', async () => {
  const { world, lock } = setUp();
  await granted(world, lock);
  const theirs = create(etcdMutex, world.client('B'));
  await refused(world, theirs, { waitMs: 1_000 });
  await world.advance(100);
  expect(world.cluster.keys()).toEqual(['job/1']);
  expect(world.timersOf('B')).toBe(0);
});

test('the wait ends with its session, and with it the watch', async () => {
  const { world, lock, etcd } = setUp();
  const theirs = await granted(world, create(etcdMutex, world.client('B')));
  const ours = lock.acquire(KEY, { ttlMs: TTL_MS });
  await world.advance(10);
  // Nothing that A sends arrives: by its own clock its session is over after the TTL, at the next
  // look, which is every 500 ms.
  etcd.hold(10 * TTL_MS);
  expect(await world.run(ours)).toEqual({ granted: false, reason: 'session expired' });
  expect(world.nowMs).toBeGreaterThan(TTL_MS);
  expect(world.nowMs).toBeLessThanOrEqual(TTL_MS + 510);
  etcd.hold(0);
  const requests = () => world.log.filter((line) => line.includes(' A ')).length;
  const before = requests();
  await world.run(theirs.release());
  await world.advance(100);
  expect(requests()).toBe(before);
});

test('who aborts the wait gives up his place', async () => {
  const { world, lock } = setUp();
  await granted(world, create(etcdMutex, world.client('B')));
  const waiting = new AbortController();
  const ours = lock.acquire(KEY, { ttlMs: TTL_MS, signal: waiting.signal });
  await world.advance(10);
  expect(world.cluster.keys()).toHaveLength(2);
  waiting.abort();
  expect((await world.run(ours)).granted).toBe(false);
  await world.advance(10);
  expect(world.cluster.keys()).toHaveLength(1);
});

test('the session outlives its TTL while it is kept alive, and tells when it is gone', async () => {
  const { world, lock, etcd } = setUp();
  const grant = await granted(world, lock);
  const { signal } = grant;
  await world.advance(5 * TTL_MS);
  expect(signal!.aborted).toBe(false);
  await world.run(etcd.revoke(1));
  await world.advance(TTL_MS / 2);
  expect(signal!.reason).toBe(GONE);
});

test('without an answer for a TTL the session is over, up to half a second late', async () => {
  const { world, lock, etcd } = setUp();
  const { signal } = await granted(world, lock);
  // The reply to the first keep-alive came at 4 ms, and the client looks every 500 ms from 2 ms on.
  etcd.hold(60_000);
  await world.advance(10_501 - world.nowMs);
  expect(signal!.aborted).toBe(false);
  await world.advance(2);
  expect(signal!.aborted).toBe(true);
});

test('offers nothing to ask: the library has only Done()', async () => {
  const { world, lock } = setUp();
  expect('validForMs' in (await granted(world, lock))).toBe(false);
});

test('the TTL of the session may be another one than that asked for', async () => {
  const { world, lock } = setUp({ sessionTtlMs: 60_000 });
  await granted(world, lock);
  expect(asked(world)[0]).toBe('1 A e1 lease grant 60');
});
