/** Redisson's fair lock: places in its queue, their time-outs, and who is told of an unlock. */
import { expect, test } from 'vitest';
import redissonFair from '../../src/algorithms/redisson-fair.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { searched, unclaimed } from './searching.js';

const QUEUE = `redisson_lock_queue:{${KEY}}`;
const TIMEOUTS = `redisson_lock_timeout:{${KEY}}`;
const WAIT_MS = 20_000;

function setUp() {
  const world = new FakeWorld();
  const clients = ['A', 'B', 'C'].map((name) => world.client(name));
  for (const client of clients) client.wallAheadMs = 0;
  const [a, b, c] = clients.map((client) => create(redissonFair, client));
  return { world, clients, a: a!, b: b!, c: c!, server: world.servers[0]! };
}

const wanted = { ttlMs: TTL_MS, waitMs: WAIT_MS };

test('who waits stands in the queue, each with a time-out of its own wait later', async () => {
  const { world, a, b, c, server } = setUp();
  await granted(world, a);
  void b.acquire(KEY, wanted);
  await world.advance(100);
  void c.acquire(KEY, wanted);
  await world.advance(100);
  expect(server.execute('LRANGE', QUEUE, '0', '-1')).toEqual(['B2', 'C3']);
  // B asked at 2 ms, when the lease of 10 s had 9,998 ms left (applied at 1 and 3 ms).
  expect(server.execute('ZSCORE', TIMEOUTS, 'B2')).toBe('30000');
  expect(server.execute('ZSCORE', TIMEOUTS, 'C3')).toBe('50000');
});

test('an unlock wakes the first in the queue alone, and the others move up', async () => {
  const { world, a, b, c, server } = setUp();
  const grant = await granted(world, a);
  const second = b.acquire(KEY, wanted);
  await world.advance(10);
  const third = c.acquire(KEY, wanted);
  await world.advance(10);
  const tries = () => world.log.filter((line) => line.includes(' C ')).length;
  const before = tries();
  await world.run(grant.release());
  const next = await world.run(second);
  expect(next.granted).toBe(true);
  expect(tries()).toBe(before);
  expect(server.execute('ZSCORE', TIMEOUTS, 'C3')).toBe('30000');
  if (next.granted) await world.run(next.release());
  expect((await world.run(third)).granted).toBe(true);
  expect(server.execute('EXISTS', QUEUE, TIMEOUTS)).toBe(0);
});

test('who gives up takes his place along', async () => {
  const { world, a, b, server } = setUp();
  await granted(world, a);
  expect(await refused(world, b)).toBe('not acquired');
  expect(server.execute('EXISTS', QUEUE, TIMEOUTS)).toBe(0);
});

test('who is not answered gives up his place, and says so until it is heard', async () => {
  const { world, clients, a, b, server } = setUp();
  const grant = await granted(world, a);
  const ours = b.acquire(KEY, wanted);
  await world.advance(100);
  clients[1]!.redis[0]!.strike('silence', 'lost-request', 'lost-request');
  await world.run(grant.release());
  expect(await world.run(ours)).toEqual({ granted: false, reason: 'not acquired' });
  // 3 s without an answer, and two pauses of 1 to 2 s.
  expect(world.nowMs).toBeGreaterThan(5_000);
  expect(world.nowMs).toBeLessThan(7_200);
  expect(server.execute('EXISTS', QUEUE, TIMEOUTS)).toBe(0);
});

test('who cannot give up his place says so at last', async () => {
  const { world, clients, a, b, server } = setUp();
  await granted(world, a);
  const ours = b.acquire(KEY, { ttlMs: TTL_MS, waitMs: 100 });
  await world.advance(50);
  const lost = Array.from({ length: 5 }, () => 'lost-request' as const);
  clients[1]!.redis[0]!.strike(...lost);
  await expect(world.run(ours)).rejects.toThrow('connection lost');
  expect(server.execute('LLEN', QUEUE)).toBe(1);
});

test('a place whose owner does not come stands in the way until its time-out', async () => {
  const { world, a, b, server } = setUp();
  const grant = await granted(world, a);
  server.execute('RPUSH', QUEUE, 'dead');
  server.execute('ZADD', TIMEOUTS, '5000', 'dead');
  const ours = b.acquire(KEY, wanted);
  await world.advance(10);
  await world.run(grant.release());
  expect((await world.run(ours)).granted).toBe(true);
  // B, told to wait for 4,996 ms at first, looks when the lease would have ended, or told 0, soon.
  expect(world.nowMs).toBeGreaterThanOrEqual(5_000);
  expect(world.nowMs).toBeLessThan(TTL_MS + 50);
});

test('a client whose clock is ahead takes out those who are not late', async () => {
  const { world, clients, a, b, c, server } = setUp();
  await granted(world, a);
  void b.acquire(KEY, wanted);
  await world.advance(10);
  clients[2]!.wallAheadMs = 60_000;
  void c.acquire(KEY, wanted);
  await world.advance(10);
  expect(server.execute('LRANGE', QUEUE, '0', '-1')).toEqual(['C3']);
});

test('who holds it enters again without a look at the queue', async () => {
  const { world, a, b } = setUp();
  const grant = await granted(world, a);
  void b.acquire(KEY, wanted);
  await world.advance(10);
  const inner = await granted(world, a, { holder: grant });
  expect(inner.ownerId).toBe(grant.ownerId);
  expect(await world.run(inner.release())).toBe(true);
  expect(await world.run(grant.release())).toBe(true);
});

test('does what it claims', async () => {
  expect(unclaimed(await searched(redissonFair, { runs: 300 }))).toEqual([]);
});
