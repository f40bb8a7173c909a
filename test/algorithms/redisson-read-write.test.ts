/** Redisson's read-write lock: who may be in together, and how long the lock lives for whom. */
import { expect, test } from 'vitest';
import redissonReadWrite from '../../src/algorithms/redisson-read-write.js';
import type { Options } from '../../src/scenario.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { searched, unclaimed } from './searching.js';

const shared = { mode: 'shared' } as const;

function setUp(options: Options = {}) {
  const world = new FakeWorld();
  const clients = ['A', 'B', 'C'].map((name) => world.client(name));
  for (const client of clients) client.wallAheadMs = 0;
  const [a, b, c] = clients.map((client) => create(redissonReadWrite, client, options));
  return { world, a: a!, b: b!, c: c!, server: world.servers[0]! };
}

test('readers are in together, and keep writers out until the last has left', async () => {
  const { world, a, b, c, server } = setUp();
  const first = await granted(world, a, shared);
  const second = await granted(world, b, shared);
  expect(server.execute('HGETALL', KEY)).toEqual(['mode', 'read', 'A1', '1', 'B2', '1']);
  expect(await refused(world, c)).toBe('not acquired');
  await world.run(first.release());
  expect(await refused(world, c)).toBe('not acquired');
  await world.run(second.release());
  const writer = await granted(world, c);
  expect(await refused(world, a)).toBe('not acquired');
  expect(await refused(world, a, shared)).toBe('not acquired');
  await world.run(writer.release());
  await world.advance(10);
  expect(server.execute('DBSIZE')).toBe(0);
});

test('the lock lives as long as the longest lease of those who read', async () => {
  const { world, a, b, server } = setUp({ leaseTime: 'ttl' });
  const long = await granted(world, a, { ...shared, ttlMs: 9_000 });
  const short = await granted(world, b, { ...shared, ttlMs: 1_000 });
  expect(server.ttlMs(KEY)).toBe(9_000 - 3);
  expect(server.ttlMs(`{${KEY}}:B2:rwlock_timeout:1`)).toBe(1_000 - 1);
  await world.run(long.release());
  expect(server.ttlMs(KEY)).toBe(1_000 - 3);
  await world.run(short.release());
  expect(server.ttlMs(KEY)).toBeUndefined();
});

test('a writer may read, and a read that ends leaves the write as it is', async () => {
  const { world, a, b, server } = setUp();
  const writing = await granted(world, a);
  const reading = await granted(world, a, { ...shared, holder: writing });
  await world.run(reading.release());
  expect(server.execute('HGETALL', KEY)).toEqual(['mode', 'write', 'A1:write', '1']);
  const again = await granted(world, a, { ...shared, holder: writing });
  await world.run(writing.release());
  expect(server.execute('HGET', KEY, 'mode')).toBe('read');
  await granted(world, b, shared);
  expect(await world.run(again.release())).toBe(true);
});

test('a writer that enters again has as much longer as it asked for', async () => {
  const { world, a, server } = setUp({ leaseTime: 'ttl' });
  const outer = await granted(world, a);
  await granted(world, a, { holder: outer });
  expect(server.ttlMs(KEY)).toBe(2 * TTL_MS - 3);
});

test('both are renewed, a read with its time-outs', async () => {
  const { world, a, b, server } = setUp();
  await granted(world, a, shared);
  await granted(world, b, shared);
  await world.advance(3 * TTL_MS);
  for (const key of [KEY, `{${KEY}}:A1:rwlock_timeout:1`, `{${KEY}}:B2:rwlock_timeout:1`]) {
    expect(server.ttlMs(key), key).toBeGreaterThan(TTL_MS / 2);
  }
});

test('a writer that leaves wakes the readers who wait', async () => {
  const { world, a, b, c } = setUp();
  const writer = await granted(world, a);
  const readers = [b, c].map((lock) => lock.acquire(KEY, { ttlMs: TTL_MS, ...shared }));
  await world.advance(10);
  await world.run(writer.release());
  for (const reader of readers) expect((await world.run(reader)).granted).toBe(true);
  expect(world.nowMs).toBeLessThan(20);
});

test('does what it claims', async () => {
  expect(unclaimed(await searched(redissonReadWrite, { runs: 300 }))).toEqual([]);
});
