/** The lease: ended by its client before its server can, and kept alive as long as that works. */
import { expect, test } from 'vitest';
import { EXPIRED } from '../../src/algorithms/deadline.js';
import lease from '../../src/algorithms/lease.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused } from './granted.js';

const TTL_MS = 3_000;

function setUp(options = {}) {
  const world = new FakeWorld();
  const environment = world.client('A');
  const lock = create(lease, environment, { guardRatio: 0.1, ...options });
  return { world, lock, redis: environment.redis[0]!, server: world.servers[0]! };
}

test('asks for the whole TTL and counts on it less the guard', async () => {
  const { world, lock, server } = setUp();
  const grant = await granted(world, lock, { ttlMs: TTL_MS });
  expect(server.ttlMs(KEY)).toBe(TTL_MS - 1);
  expect(grant.validForMs?.()).toBe(2_700 - world.nowMs);
});

test('R1 declares the guard as its drift allowance', () => {
  const { declares } = lease;
  expect(typeof declares === 'function' && declares({ guardRatio: 0.1 } as never)).toEqual({
    driftAllowance: { ratio: 0.1, constantMs: 0 },
  });
});

test('R11 tells its holder before the server can end the lease', async () => {
  const { world, lock, redis, server } = setUp();
  const grant = await granted(world, lock, { ttlMs: TTL_MS });
  const signal = grant.signal!;
  redis.strike(...Array.from({ length: 100 }, () => 'lost-request' as const));
  await world.advance(2_700 - world.nowMs - 0.001);
  expect(signal.aborted).toBe(false);
  await world.advance(0.001);
  expect(signal.reason).toBe(EXPIRED);
  expect(server.get(KEY)).toBe(grant.ownerId);
});

test('a failed renewal is tried again soon', async () => {
  const { world, lock, redis } = setUp({ retryDelayMs: 50 });
  await granted(world, lock, { ttlMs: TTL_MS });
  redis.strike({ error: 'LOADING' }, { error: 'LOADING' });
  await world.advance(1_200);
  expect(world.log.slice(1)).toEqual(['1107 A r1 extend-if-own job A1 3000']);
});

test('each renewal counts from its send, less the guard', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock, { ttlMs: TTL_MS });
  await world.advance(1_100);
  expect(world.log.at(-1)).toBe('1003 A r1 extend-if-own job A1 3000');
  expect(grant.validForMs?.()).toBe(1_002 + 2_700 - world.nowMs);
});

test('ends at once when it is released', async () => {
  const { world, lock, server } = setUp();
  const grant = await granted(world, lock, { ttlMs: TTL_MS });
  expect(await world.run(grant.release())).toBe(true);
  expect(server.get(KEY)).toBeNull();
  expect(world.timersOf('A')).toBe(0);
});

test('a reply inside the guard is too late', async () => {
  const { world, lock, redis } = setUp({ callTimeoutMs: 5_000 });
  redis.strike({ delayReplyMs: 2_699 });
  expect(await refused(world, lock, { ttlMs: TTL_MS })).toBe('granted too late');
});
