/** The lease lock: a key that lives with a lease; taken means refused at once. */
import { expect, test } from 'vitest';
import { EXPIRED, GONE } from '../../src/algorithms/deadline.js';
import leaseLock from '../../src/algorithms/lease-lock.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

function setUp() {
  const world = new FakeWorld();
  const environment = world.client('A');
  const theirs = create(leaseLock, world.client('B'));
  return { world, lock: create(leaseLock, environment), theirs, etcd: environment.etcd[0]! };
}

test('a second client is refused at once, however long it would wait', async () => {
  const { world, lock, theirs } = setUp();
  await granted(world, lock);
  const askedAtMs = world.nowMs;
  expect(await refused(world, theirs, { waitMs: 60_000 })).toBe('held');
  expect(world.nowMs - askedAtMs).toBe(4); // Two round trips.
});

test('R1 counts from the send of the grant', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock);
  expect(grant.validForMs?.()).toBe(TTL_MS - world.nowMs);
});

test('nobody has to release it: the lease runs out, and the holder was told before', async () => {
  const { world, lock, theirs } = setUp();
  const { signal } = await granted(world, lock);
  expect(signal!.aborted).toBe(false);
  await world.advance(TTL_MS - world.nowMs);
  expect(signal!.reason).toBe(EXPIRED);
  await world.advance(1_000);
  await granted(world, theirs);
});

test('long work renews the lease', async () => {
  const { world, lock, theirs } = setUp();
  const grant = await granted(world, lock);
  for (let times = 0; times < 4; times++) {
    await world.advance(TTL_MS / 2);
    expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
  }
  expect(await refused(world, theirs)).toBe('held');
});

test('a lease that is gone cannot be renewed, and the holder is told', async () => {
  const { world, lock, etcd } = setUp();
  const grant = await granted(world, lock);
  const { signal } = grant;
  await world.run(etcd.revoke(1));
  expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
  expect(signal!.reason).toBe(GONE);
});

test('release revokes the lease and the key goes with it; again it finds nothing', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock);
  expect(world.cluster.keys()).toEqual([KEY]);
  expect(await world.run(grant.release())).toBe(true);
  expect(world.cluster.keys()).toEqual([]);
  expect(await world.run(grant.release())).toBe(false);
});

test('a refused try leaves no lease behind', async () => {
  const { world, lock, theirs } = setUp();
  await granted(world, lock);
  await refused(world, theirs);
  await world.advance(100);
  expect(world.log.at(-1)).toMatch(/ B e1 lease revoke 2$/);
});

test('a request that is not answered is a refusal, not a grant', async () => {
  const { world, lock, etcd } = setUp();
  etcd.hold(5_000);
  expect(await refused(world, lock)).toBe('no reply within 2000 ms');
});
