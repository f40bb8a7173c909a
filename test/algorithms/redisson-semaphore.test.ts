/** Redisson's semaphore with expiring permits: how many are out, and by whose clock they end. */
import { expect, test } from 'vitest';
import redissonSemaphore from '../../src/algorithms/redisson-semaphore.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { searched, unclaimed } from './searching.js';

const TIMEOUTS = `{${KEY}}:timeout`;

function setUp() {
  const world = new FakeWorld();
  const clients = ['A', 'B', 'C'].map((name) => world.client(name));
  for (const client of clients) client.wallAheadMs = 0;
  const [a, b, c] = clients.map((client) => create(redissonSemaphore, client));
  return { world, clients, a: a!, b: b!, c: c!, server: world.servers[0]! };
}

test('gives out as many permits as there are, each with the end of its lease', async () => {
  const { world, a, b, c, server } = setUp();
  const first = await granted(world, a);
  await granted(world, b);
  expect(server.get(KEY)).toBe('0');
  // A asked at 2 ms, B at 6 ms: each sets the permits first, if they are not there.
  const ends = ['A1', '10002', 'B2', '10006'];
  expect(server.execute('ZRANGE', TIMEOUTS, '0', '-1', 'WITHSCORES')).toEqual(ends);
  expect(await refused(world, c)).toBe('no permit left');
  expect(await world.run(first.release())).toBe(true);
  expect(server.get(KEY)).toBe('1');
  expect((await granted(world, c)).ownerId).toBe('C4');
});

test('who waits is woken by a permit that is given back', async () => {
  const { world, a, b, c } = setUp();
  const first = await granted(world, a);
  await granted(world, b);
  const ours = c.acquire(KEY, { ttlMs: TTL_MS });
  await world.advance(100);
  await world.run(first.release());
  expect((await world.run(ours)).granted).toBe(true);
  expect(world.nowMs).toBeLessThan(120);
});

test('who waits takes back the permit that is over first', async () => {
  const { world, a, b, c, server } = setUp();
  await granted(world, a);
  await granted(world, b);
  expect((await world.run(c.acquire(KEY, { ttlMs: TTL_MS }))).granted).toBe(true);
  expect(world.nowMs).toBeGreaterThanOrEqual(10_002);
  expect(world.nowMs).toBeLessThan(10_010);
  expect(server.execute('ZSCORE', TIMEOUTS, 'A1')).toBeNull();
});

test('a client whose clock is ahead takes back what is not over', async () => {
  const { world, clients, a, b, c, server } = setUp();
  await granted(world, a);
  await granted(world, b);
  clients[2]!.wallAheadMs = 2 * TTL_MS;
  await granted(world, c);
  expect(server.execute('ZSCORE', TIMEOUTS, 'A1')).toBeNull();
});

test('a permit is extended while it is there, and given back once', async () => {
  const { world, a, server } = setUp();
  const permit = await granted(world, a);
  await world.advance(5_000);
  expect(await world.run(permit.renew!(TTL_MS))).toBe(true);
  expect(server.execute('ZSCORE', TIMEOUTS, 'A1')).toBe('15004');
  expect(await world.run(permit.release())).toBe(true);
  expect(await world.run(permit.release())).toBe(false);
  expect(await world.run(permit.renew!(TTL_MS))).toBe(false);
  expect(server.get(KEY)).toBe('2');
});

test('does what it claims', async () => {
  expect(unclaimed(await searched(redissonSemaphore, { runs: 400 }))).toEqual([]);
});
