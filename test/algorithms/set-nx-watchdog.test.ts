/** The lock with a watchdog: when it renews, when it stops, and when it tells its holder. */
import { describe, expect, test } from 'vitest';
import { EXPIRED, GONE } from '../../src/algorithms/deadline.js';
import setNxWatchdog from '../../src/algorithms/set-nx-watchdog.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused } from './granted.js';

const TTL_MS = 3_000;

function setUp() {
  const world = new FakeWorld();
  const environment = world.client('A');
  const lock = create(setNxWatchdog, environment);
  return { world, lock, redis: environment.redis[0]!, server: world.servers[0]! };
}

/** When the servers carried out renewals. */
function renewals(world: FakeWorld): number[] {
  return world.log
    .filter((line) => line.includes('extend-if-own'))
    .map((line) => Number(line.split(' ')[0]));
}

describe('while it is held', () => {
  test('renews after each third of the TTL, counted from the confirmation', async () => {
    const { world, lock } = setUp();
    await granted(world, lock, { ttlMs: TTL_MS });
    await world.advance(4_000);
    expect(renewals(world)).toEqual([1_003, 2_005, 3_007]);
  });

  test('a section may last longer than the TTL', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    const signal = grant.signal!;
    await world.advance(10 * TTL_MS);
    expect(signal.aborted).toBe(false);
    expect(grant.validForMs?.()).toBeGreaterThan(TTL_MS / 2);
    expect(server.get(KEY)).toBe(grant.ownerId);
  });

  test('a renewal by hand sets the TTL that the watchdog then asks for', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    await world.run(grant.renew!(9_000));
    await world.advance(1_010);
    expect(world.log.at(-1)).toBe('1003 A r1 extend-if-own job A1 9000');
  });

  test('a failed renewal is tried again after the next third', async () => {
    const { world, lock, redis } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    redis.strike({ error: 'LOADING' });
    await world.advance(2_500);
    expect(renewals(world)).toEqual([2_005]);
    expect(grant.signal?.aborted).toBe(false);
  });
});

describe('when the lock is lost', () => {
  test('R11 tells the holder at the reply that says so, and stops', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    const signal = grant.signal!;
    server.set(KEY, 'B1', 60_000);
    await world.advance(1_004 - world.nowMs - 0.001);
    expect(signal.aborted).toBe(false);
    await world.advance(0.001);
    expect(signal.reason).toBe(GONE);
    expect(world.timersOf('A')).toBe(0);
    await world.advance(2 * TTL_MS);
    expect(renewals(world)).toEqual([1_003]);
  });

  test('R11 tells the holder at the local deadline if renewals stay unanswered', async () => {
    const { world, lock, redis } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    const signal = grant.signal!;
    redis.strike('silence', 'silence', 'silence');
    await world.advance(TTL_MS - world.nowMs - 0.001);
    expect(signal.aborted).toBe(false);
    await world.advance(0.001);
    expect(signal.reason).toBe(EXPIRED);
  });

  test('R9 never renews after the local deadline, though nobody asked for the signal', async () => {
    const { world, lock, redis, server } = setUp();
    await granted(world, lock, { ttlMs: TTL_MS });
    server.set(KEY, 'A1');
    redis.strike({ error: 'LOADING' }, { error: 'LOADING' });
    await world.advance(4 * TTL_MS);
    expect(renewals(world)).toEqual([]);
    expect(world.timersOf('A')).toBe(0);
  });
});

describe('release', () => {
  test('R9 stops the watchdog before the release leaves; no timer stays', async () => {
    const { world, lock, server } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    expect(grant.signal?.aborted).toBe(false);
    const released = grant.release();
    expect(world.timersOf('A')).toBe(0);
    expect(await world.run(released)).toBe(true);
    await world.advance(3 * TTL_MS);
    expect(renewals(world)).toEqual([]);
    expect(server.get(KEY)).toBeNull();
  });

  test('R9 a renewal in flight at the release is not followed by another', async () => {
    const { world, lock, redis, server } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    await world.advance(1_000 - world.nowMs);
    redis.strike({ delayReplyMs: 20 });
    await world.advance(5);
    expect(await world.run(grant.release())).toBe(true);
    await world.advance(3 * TTL_MS);
    expect(renewals(world)).toEqual([1_003]);
    expect(server.get(KEY)).toBeNull();
    expect(world.timersOf('A')).toBe(0);
  });

  test('R9 does not renew a lease that it failed to release', async () => {
    const { world, lock, redis, server } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    redis.strike({ error: 'LOADING' }, { error: 'LOADING' }, { error: 'LOADING' });
    await expect(world.run(grant.release())).rejects.toThrow('LOADING');
    await world.advance(TTL_MS);
    expect(renewals(world)).toEqual([]);
    expect(server.get(KEY)).toBeNull();
  });
});

test('a refused try starts no watchdog', async () => {
  const { world, lock, server } = setUp();
  server.set(KEY, 'B1');
  await refused(world, lock, { ttlMs: TTL_MS });
  expect(world.timersOf('A')).toBe(0);
});
