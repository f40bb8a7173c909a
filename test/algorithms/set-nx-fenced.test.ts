/** The fenced lock: its fencing token is minted by the request that makes the lease. */
import { expect, test } from 'vitest';
import setNxFenced, { counterKey } from '../../src/algorithms/set-nx-fenced.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused } from './granted.js';

function setUp() {
  const world = new FakeWorld();
  const environment = world.client('A');
  const lock = create(setNxFenced, environment);
  return { world, lock, redis: environment.redis[0]!, server: world.servers[0]! };
}

test('R12 one script sets the key and counts the grant; it answers the fencing token', async () => {
  const { world, lock, server } = setUp();
  const grant = await granted(world, lock);
  expect(world.log).toEqual(['1 A r1 set-and-count job {job}:fence A1 10000']);
  expect(grant.fencingToken).toBe(1);
  expect(server.get(KEY)).toBe('A1');
});

test('R12 fencing tokens increase from grant to grant, also over an expiry', async () => {
  const { world, lock } = setUp();
  const first = await granted(world, lock, { ttlMs: 100 });
  await world.advance(200);
  const second = await granted(world, lock);
  await world.run(second.release());
  const third = await granted(world, lock);
  expect([first, second, third].map((grant) => grant.fencingToken)).toEqual([1, 2, 3]);
});

test('a refused try counts nothing', async () => {
  const { world, lock, server } = setUp();
  server.set(KEY, 'B1', 5_000);
  expect(await refused(world, lock)).toBe('held');
  expect(server.get(counterKey(KEY))).toBeNull();
});

test('R12 a fencing token whose reply was lost is given to nobody else', async () => {
  const { world, lock, redis } = setUp();
  redis.strike('lost-reply');
  const grant = await granted(world, lock, { waitMs: 1_000 });
  expect(grant.fencingToken).toBe(2);
});

test('the counter never expires, and shares the cluster slot of the key', async () => {
  const { world, lock, server } = setUp();
  await granted(world, lock);
  expect(server.ttlMs(counterKey(KEY))).toBe(Number.POSITIVE_INFINITY);
  expect(counterKey('job')).toBe('{job}:fence');
});

test('renews and releases like the lock without fencing tokens', async () => {
  const { world, lock, server } = setUp();
  const grant = await granted(world, lock);
  expect(await world.run(grant.renew!(500))).toBe(true);
  expect(server.ttlMs(KEY)).toBe(499);
  expect(await world.run(grant.release())).toBe(true);
  expect(server.get(KEY)).toBeNull();
});
