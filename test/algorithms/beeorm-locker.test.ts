/** BeeORM's locker: how an obtain waits, when it panics, what a lock that was obtained knows. */
import { describe, expect, test } from 'vitest';
import beeormLocker, {
  BeeormLocker,
  type BeeormOptions,
  Panic,
} from '../../src/algorithms/beeorm-locker.js';
import { resolveOptions } from '../../src/algorithms/options.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { found, searched, unclaimed } from './searching.js';

function setUp() {
  const world = new FakeWorld();
  const environment = world.client('A');
  const options = resolveOptions(beeormLocker, {}) as unknown as BeeormOptions;
  const locker = new BeeormLocker(environment, options);
  return { world, environment, locker, redis: environment.redis[0]!, server: world.servers[0]! };
}

const OBTAIN = 'obtain job A1 2 10000';

describe('obtain', () => {
  test('sends one script with value, its length and the TTL', async () => {
    const { world, locker, server } = setUp();
    const lock = await world.run(locker.obtain(KEY, TTL_MS, 0));
    expect(world.log).toEqual([`1 A r1 ${OBTAIN}`]);
    expect([lock?.ownerId, server.get(KEY), server.ttlMs(KEY)]).toEqual(['A1', 'A1', TTL_MS - 1]);
  });

  test('a wait of 0 answers at once', async () => {
    const { world, locker, server } = setUp();
    server.set(KEY, 'B1');
    expect(await world.run(locker.obtain(KEY, TTL_MS, 0))).toBeUndefined();
    expect([world.nowMs, world.log.length]).toEqual([2, 1]);
  });

  test('a wait of 5 s tries each second, with one owner id, until then', async () => {
    const { world, locker, server } = setUp();
    server.set(KEY, 'B1');
    expect(await world.run(locker.obtain(KEY, TTL_MS, 5_000))).toBeUndefined();
    expect(world.log).toEqual(
      [1, 1_003, 2_005, 3_007, 4_009, 5_011].map((atMs) => `${atMs} A r1 ${OBTAIN}`),
    );
  });

  test('a wait of 5 s ends as soon as the lock is free', async () => {
    const { world, locker, server } = setUp();
    server.set(KEY, 'B1', 1_500);
    expect((await world.run(locker.obtain(KEY, TTL_MS, 5_000)))?.ownerId).toBe('A1');
    expect(world.nowMs).toBe(2_006);
  });

  test('a wait below a second is one more try at its end', async () => {
    const { world, locker, server } = setUp();
    server.set(KEY, 'B1');
    await world.run(locker.obtain(KEY, TTL_MS, 100));
    expect(world.log).toEqual([1, 103].map((atMs) => `${atMs} A r1 ${OBTAIN}`));
  });

  test('the wait counts tries, so slow replies stretch it', async () => {
    const { world, locker, redis, server } = setUp();
    server.set(KEY, 'B1');
    redis.strike({ delayReplyMs: 900 }, { delayReplyMs: 900 }, { delayReplyMs: 900 });
    await world.run(locker.obtain(KEY, TTL_MS, 2_000));
    expect(world.nowMs).toBe(3 * 902 + 2 * 1_000);
  });

  test('panics for a TTL of 0, and for a wait longer than the TTL', async () => {
    const { world, locker } = setUp();
    await expect(world.run(locker.obtain(KEY, 0, 0))).rejects.toThrow(Panic);
    await expect(world.run(locker.obtain(KEY, 1_000, 2_000))).rejects.toThrow(Panic);
    expect(world.log).toEqual([]);
  });

  test('panics when it waits as long as the TTL in vain: the deadline comes first', async () => {
    const { world, locker, server } = setUp();
    server.set(KEY, 'B1');
    await expect(world.run(locker.obtain(KEY, 3_000, 3_000))).rejects.toThrow(Panic);
    expect(world.nowMs).toBe(3_000);
  });

  test('panics when the reply has not come by the deadline, and removes nothing', async () => {
    const { world, locker, redis, server } = setUp();
    redis.strike('silence');
    await expect(world.run(locker.obtain(KEY, 3_000, 0))).rejects.toThrow(Panic);
    redis.strike('lost-reply');
    await expect(world.run(locker.obtain(KEY, 3_000, 0))).rejects.toThrow(Panic);
    await world.advance(1_000);
    expect(server.get(KEY)).toBe('A2');
  });
});

describe('a lock that was obtained', () => {
  async function obtained() {
    const all = setUp();
    const lock = await all.world.run(all.locker.obtain(KEY, TTL_MS, 0));
    return { ...all, lock: lock! };
  }

  test('knows its remaining TTL from the server alone; 0 when it is not held', async () => {
    const { world, lock, server } = await obtained();
    await world.advance(2_000 - world.nowMs);
    expect(await world.run(lock.ttlMs())).toBe(TTL_MS - 2_000);
    server.set(KEY, 'B1', 500);
    expect(await world.run(lock.ttlMs())).toBe(0);
  });

  test('refresh extends it, and is false from when it is lost on', async () => {
    const { world, lock, server } = await obtained();
    expect(await world.run(lock.renew(5_000))).toBe(true);
    expect(server.ttlMs(KEY)).toBe(4_999);
    server.set(KEY, 'B1');
    expect(await world.run(lock.renew(5_000))).toBe(false);
    server.set(KEY, lock.ownerId);
    const sent = world.log.length;
    expect(await world.run(lock.renew(5_000))).toBe(false);
    expect(world.log).toHaveLength(sent);
  });

  test('release deletes it once; a lock that was lost is no error', async () => {
    const { world, lock, server } = await obtained();
    server.set(KEY, 'B1');
    await world.run(lock.release());
    await world.run(lock.release());
    expect(world.log.slice(1)).toEqual(['3 A r1 delete-if-own job A1']);
    expect(server.get(KEY)).toBe('B1');
  });
});

describe('as a lock', () => {
  test('obtains again until the wait is over, without validity or signal', async () => {
    const { world, environment, server } = setUp();
    server.set(KEY, 'B1', 7_000);
    const grant = await granted(world, create(beeormLocker, environment), { waitMs: 20_000 });
    expect(grant.ownerId).toBe('A2');
    expect(['validForMs', 'signal'].filter((name) => name in grant)).toEqual([]);
  });

  test('is refused when the wait is over', async () => {
    const { world, environment, server } = setUp();
    server.set(KEY, 'B1');
    const lock = create(beeormLocker, environment);
    expect(await refused(world, lock)).toBe('not obtained');
    expect(await refused(world, lock, { waitMs: 3_000 })).toBe('not obtained');
  });
});

describe('a search', () => {
  test('R13 finds nothing that is not claimed', async () => {
    expect(unclaimed(await searched(beeormLocker, { runs: 500 }))).toEqual([]);
  });

  test('R13 finds what is claimed', async () => {
    const lost = await searched(beeormLocker, { runs: 200, faultClasses: ['lost-reply'] });
    expect(found(lost)).toContain('leak until-ttl');
    const stale = await searched(beeormLocker, { runs: 500, faultClasses: ['half-open'] });
    expect(found(stale)).toContain('mutual-exclusion stale-belief');
  });
});
