/** Redisson's fenced lock: where its numbers come from. */
import { expect, test } from 'vitest';
import redissonFenced from '../../src/algorithms/redisson-fenced.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

function setUp() {
  const world = new FakeWorld();
  const [a, b] = [world.client('A'), world.client('B')];
  for (const client of [a, b]) client.wallAheadMs = 0;
  const [lock, theirs] = [create(redissonFenced, a), create(redissonFenced, b)];
  return { world, lock, theirs, server: world.servers[0]! };
}

test('the script that enters the lock counts the grant', async () => {
  const { world, lock, theirs, server } = setUp();
  const grant = await granted(world, lock);
  expect(grant.fencingToken).toBe(1);
  expect(world.log).toEqual(['1 A r1 enter-and-count job redisson_lock_token:{job} 10000 A1']);
  expect(await refused(world, theirs)).toBe('not acquired');
  await world.run(grant.release());
  expect((await granted(world, theirs)).fencingToken).toBe(2);
  expect(server.get('redisson_lock_token:{job}')).toBe('2');
  expect(server.ttlMs('redisson_lock_token:{job}')).toBe(Number.POSITIVE_INFINITY);
});

test('who waited gets the number of the try that entered', async () => {
  const { world, lock, theirs } = setUp();
  const grant = await granted(world, lock);
  const next = theirs.acquire(KEY, { ttlMs: TTL_MS });
  await world.advance(100);
  await world.run(grant.release());
  expect(await world.run(next)).toMatchObject({ granted: true, fencingToken: 2 });
});
