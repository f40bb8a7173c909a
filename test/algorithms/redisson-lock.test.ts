/** Redisson's lock: what it sends, how it waits, and when its watchdog renews. */
import { describe, expect, test } from 'vitest';
import { CallTimeout } from '../../src/algorithms/environment.js';
import redissonLock from '../../src/algorithms/redisson-lock.js';
import type { Options } from '../../src/scenario.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused } from './granted.js';
import { searched, unclaimed } from './searching.js';

const TTL_MS = 30_000;
const CHANNEL = `redisson_lock__channel:{${KEY}}`;

function setUp(options: Options = {}) {
  const world = new FakeWorld();
  const [environment, other] = [world.client('A'), world.client('B')];
  environment.wallAheadMs = 1e12;
  other.wallAheadMs = 0;
  const server = world.servers[0]!;
  const lock = create(redissonLock, environment, options);
  const theirs = create(redissonLock, other, options);
  return { world, environment, lock, theirs, server, redis: environment.redis[0]! };
}

const holders = ({ server }: ReturnType<typeof setUp>) => server.execute('HGETALL', KEY);

describe('on the wire', () => {
  test('enters, leaves, and removes the answer kept for a repeated unlock', async () => {
    const at = setUp();
    const grant = await granted(at.world, at.lock, { ttlMs: TTL_MS });
    expect(holders(at)).toEqual(['A1', '1']);
    expect(at.server.ttlMs(KEY)).toBe(TTL_MS - 1);
    expect(await at.world.run(grant.release())).toBe(true);
    await at.world.advance(10);
    expect(at.world.log).toEqual([
      '1 A r1 enter job 30000 A1',
      `3 A r1 leave job ${CHANNEL} redisson_unlock_latch:{job}:A1:1 0 30000 A1 publish 18000`,
      '5 A r1 DEL redisson_unlock_latch:{job}:A1:1',
    ]);
    expect(at.server.execute('DBSIZE')).toBe(0);
  });

  test('an unlock that arrives twice is answered as the first time', async () => {
    const at = setUp();
    const grant = await granted(at.world, at.lock, { ttlMs: TTL_MS });
    at.server.execute('SET', 'redisson_unlock_latch:{job}:A1:1', '1');
    expect(await at.world.run(grant.release())).toBe(true);
    expect(holders(at)).toEqual(['A1', '1']);
  });

  test('leaving a lock that is not ours any more is false', async () => {
    const { world, lock, server } = setUp({ leaseTime: 'ttl' });
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    server.execute('DEL', KEY);
    server.execute('HSET', KEY, 'B9', '1');
    expect(await world.run(grant.release())).toBe(false);
    expect(server.execute('HGETALL', KEY)).toEqual(['B9', '1']);
  });

  test('a reply that does not come is an error after 3 s, and nothing is undone', async () => {
    const { world, lock, redis, server } = setUp();
    redis.strike({ delayReplyMs: 5_000 });
    const answer = world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }));
    await expect(answer).rejects.toThrow(CallTimeout);
    expect(world.nowMs).toBe(3_000);
    await world.advance(5_000);
    expect(server.execute('HGETALL', KEY)).toEqual(['A1', '1']);
  });
});

describe('waiting', () => {
  test('a try that is not answered ends a limited wait; without a limit it is an error', async () => {
    for (const waitMs of [60_000, undefined]) {
      const { world, lock, theirs, redis } = setUp();
      const held = await granted(world, theirs);
      const wanted = { ttlMs: TTL_MS, ...(waitMs !== undefined && { waitMs }) };
      const ours = lock.acquire(KEY, wanted).catch((error: unknown) => error);
      await world.advance(100);
      redis.strike('silence');
      await world.run(held.release());
      const refusal = { granted: false, reason: 'not acquired' };
      expect(await world.run(ours)).toEqual(
        waitMs === undefined ? expect.any(CallTimeout) : refusal,
      );
      expect(world.nowMs).toBeLessThan(3_200);
    }
  });

  test('without a wait it tries once and subscribes to nothing', async () => {
    const { world, lock, theirs, server } = setUp();
    await granted(world, theirs);
    expect(await refused(world, lock)).toBe('not acquired');
    expect(server.listenersOf(CHANNEL)).toBe(0);
  });

  test('is woken by the unlock', async () => {
    const { world, lock, theirs, server } = setUp();
    const grant = await granted(world, theirs);
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS });
    await world.advance(1_000 - world.nowMs);
    expect(server.listenersOf(CHANNEL)).toBe(1);
    await world.run(grant.release());
    expect((await world.run(ours)).granted).toBe(true);
    // The unlock applied at 1,001, its message came at 1,002, the reply to the third try at 1,004.
    expect(world.nowMs).toBe(1_004);
    await world.advance(1);
    expect(server.listenersOf(CHANNEL)).toBe(0);
  });

  test('tries again once it listens: an unlock that came before is not missed', async () => {
    const { world, lock, theirs, redis } = setUp();
    const grant = await granted(world, theirs);
    redis.delaySubscriptions(50);
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS });
    await world.advance(10);
    await world.run(grant.release());
    expect((await world.run(ours)).granted).toBe(true);
    expect(world.nowMs).toBeLessThan(60);
  });

  test.each([
    ['with a limit, is refused by', 60_000, 'not acquired'],
    ['without a limit, fails by', undefined, 'no reply within 3000 ms'],
  ])('%s an answer that does not come', async (_how, waitMs, answer) => {
    const { world, lock, theirs, redis } = setUp();
    const grant = await granted(world, theirs);
    const ours = lock
      .acquire(KEY, { ttlMs: TTL_MS, ...(waitMs !== undefined && { waitMs }) })
      .then((one) => (one.granted ? 'granted' : one.reason))
      .catch((error: Error) => error.message);
    await world.advance(100);
    redis.strike({ delayReplyMs: 5_000 });
    await world.run(grant.release());
    expect(await world.run(ours)).toBe(answer);
  });

  test('waits at most for the time that the lock is still taken', async () => {
    const { world, lock, theirs } = setUp({ leaseTime: 'ttl' });
    await granted(world, theirs, { ttlMs: 5_000 });
    await world.run(lock.acquire(KEY, { ttlMs: TTL_MS }));
    expect(world.nowMs).toBeGreaterThan(5_000);
    expect(world.nowMs).toBeLessThan(5_010);
  });

  test('is refused when the wait is over by the wall clock, and listens no more', async () => {
    const { world, environment, lock, theirs, server } = setUp();
    await granted(world, theirs);
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 6_000 });
    await world.advance(1_000);
    environment.wallAheadMs! -= 4_000;
    await world.advance(6_000);
    expect(server.listenersOf(CHANNEL)).toBe(1);
    expect((await world.run(ours)).granted).toBe(false);
    expect(server.listenersOf(CHANNEL)).toBe(0);
    expect(world.timersOf('A')).toBe(0);
  });

  test('an abort ends it', async () => {
    const { world, lock, theirs } = setUp();
    await granted(world, theirs);
    const { signal, abort } = abortable();
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS, signal });
    await world.advance(100);
    abort();
    expect(await world.run(ours)).toEqual({ granted: false, reason: 'aborted' });
    expect(world.timersOf('A')).toBe(0);
  });

  test('a subscription that takes too long refuses the lock, and ends when it comes', async () => {
    const { world, lock, theirs, server, redis } = setUp();
    await granted(world, theirs);
    redis.delaySubscriptions(8_000);
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS });
    expect((await world.run(ours)).granted).toBe(false);
    expect(world.nowMs).toBe(4 + 7_500);
    await world.advance(1_000);
    expect(server.listenersOf(CHANNEL)).toBe(0);
  });
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

describe('the watchdog', () => {
  const renewals = (world: FakeWorld) =>
    world.log.filter((line) => line.includes('renew-all')).map((line) => line.split(' ')[0]);

  test('renews after every third of its timeout while the lock is held', async () => {
    const { world, lock, server } = setUp();
    await granted(world, lock, { ttlMs: TTL_MS });
    await world.advance(25_000);
    expect(renewals(world)).toEqual(['10003', '20005']);
    expect(world.log.at(-1)).toBe('20005 A r1 renew-all job 30000 A1');
    await world.advance(2 * TTL_MS);
    expect(server.execute('HGETALL', KEY)).toEqual(['A1', '1']);
  });

  test('has its own timeout where one is set', async () => {
    const { world, lock, server } = setUp({ lockWatchdogTimeoutMs: 9_000 });
    await granted(world, lock, { ttlMs: TTL_MS });
    expect(server.ttlMs(KEY)).toBe(8_999);
    await world.advance(4_000);
    expect(renewals(world)).toEqual(['3003']);
  });

  test('is off for a lock with a lease time', async () => {
    const { world, lock, server } = setUp({ leaseTime: 'ttl' });
    await granted(world, lock, { ttlMs: TTL_MS });
    expect(world.timersOf('A')).toBe(0);
    await world.advance(TTL_MS + 1);
    expect(server.ttlMs(KEY)).toBeUndefined();
  });

  test('goes on after a renewal that failed, and forgets a lock that is gone', async () => {
    const { world, lock, redis, server } = setUp();
    await granted(world, lock, { ttlMs: TTL_MS });
    redis.strike({ error: 'LOADING' });
    await world.advance(25_000);
    expect(renewals(world)).toEqual(['20005']);
    server.execute('DEL', KEY);
    await world.advance(10_000);
    expect(world.timersOf('A')).toBe(0);
    expect(server.ttlMs(KEY)).toBeUndefined();
  });

  test('R9 ends with the unlock, also with one that failed', async () => {
    const { world, lock, redis, server } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    redis.strike({ error: 'LOADING' });
    await expect(world.run(grant.release())).rejects.toThrow('LOADING');
    expect(world.timersOf('A')).toBe(0);
    await world.advance(TTL_MS);
    expect(server.ttlMs(KEY)).toBeUndefined();
  });

  test('R9 a renewal under way at the unlock is not followed by another', async () => {
    const { world, lock, redis } = setUp();
    const grant = await granted(world, lock, { ttlMs: TTL_MS });
    await world.advance(10_000 - world.nowMs);
    redis.strike({ delayReplyMs: 20 });
    await world.advance(5);
    await world.run(grant.release());
    await world.advance(TTL_MS);
    expect(renewals(world)).toEqual(['10003']);
    expect(world.timersOf('A')).toBe(0);
  });
});

test('tells its holder nothing', async () => {
  const { world, lock } = setUp();
  const grant = await granted(world, lock);
  expect(['signal', 'validForMs', 'renew'].filter((name) => name in grant)).toEqual([]);
});

test('does what it claims, with the watchdog and with a lease time', async () => {
  expect(unclaimed(await searched(redissonLock, { runs: 400 }))).toEqual([]);
  const set = { leaseTime: 'ttl' };
  expect(unclaimed(await searched(redissonLock, { runs: 400, set }))).toEqual([]);
});
