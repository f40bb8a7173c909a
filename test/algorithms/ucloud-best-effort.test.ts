/** UCloud's lock: one try to acquire, renewals with their cool-down, a release nobody waits for. */
import { describe, expect, test } from 'vitest';
import ucloud60 from '../../src/algorithms/flawed/ucloud-best-effort-60.js';
import ucloud61 from '../../src/algorithms/flawed/ucloud-best-effort-61.js';
import { resolveOptions } from '../../src/algorithms/options.js';
import ucloud from '../../src/algorithms/ucloud-best-effort.js';
import { NotAcquired, UCloudLock, type UCloudOptions } from '../../src/algorithms/ucloud-lock.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, refused } from './granted.js';
import { found, searched, unclaimed } from './searching.js';

const NAME = 'metadata-recovery-lock';
const KEY = `distributed-lock-${NAME}`;
const MINUTE_MS = 60_000;

function setUp() {
  const world = new FakeWorld();
  const environment = world.client('A');
  environment.wallAheadMs = 1_000_000;
  const options = resolveOptions(ucloud, {}) as unknown as UCloudOptions;
  const lock = new UCloudLock(environment, options, NAME, MINUTE_MS, 'wall');
  return { world, environment, lock, redis: environment.redis[0]!, server: world.servers[0]! };
}

describe('acquire', () => {
  test('is one try: SET PX NX, with a value of its own each time', async () => {
    const { world, lock, server } = setUp();
    expect(await world.run(lock.acquire())).toBe(true);
    expect(world.log).toEqual([`1 A r1 SET ${KEY} A1 PX 60000 NX`]);
    server.set(KEY, 'B1', 10);
    expect(await world.run(lock.acquire())).toBe(false);
    expect(world.log).toHaveLength(2);
  });

  test('answers no to any failure, and forgets what it has set', async () => {
    const { world, lock, redis, server } = setUp();
    redis.strike('lost-reply');
    expect(await world.run(lock.acquire())).toBe(false);
    await world.advance(1_000);
    expect(server.get(KEY)).toBe('A1');
    expect(() => lock.release()).toThrow(NotAcquired);
  });

  test('again while it is held forgets the value that holds the key', async () => {
    const { world, lock, server } = setUp();
    await world.run(lock.acquire());
    expect(await world.run(lock.acquire())).toBe(false);
    expect(() => lock.release()).toThrow(NotAcquired);
    expect(server.get(KEY)).toBe('A1');
  });
});

describe('renew', () => {
  test('extends in whole seconds, rounded down', async () => {
    const { world, lock, server } = setUp();
    await world.run(lock.acquire());
    expect(await world.run(lock.renew(90_999))).toBe(true);
    expect(world.log.at(-1)).toBe(`3 A r1 ucloud-renew ${KEY} A1 90`);
    expect(server.ttlMs(KEY)).toBe(90_000 - 1);
  });

  test('says yes without asking for a tenth of the duration', async () => {
    const { world, lock } = setUp();
    await world.run(lock.acquire());
    await world.run(lock.renew(90_000));
    const sent = world.log.length;
    await world.advance(2 + 9_000 - world.nowMs);
    expect(await world.run(lock.renew(90_000))).toBe(true);
    expect(world.log).toHaveLength(sent);
    await world.advance(1);
    await world.run(lock.renew(90_000));
    expect(world.log).toHaveLength(sent + 1);
  });

  test('cools down after a renewal that failed or found nothing, too', async () => {
    const { world, lock, redis, server } = setUp();
    await world.run(lock.acquire());
    server.flush();
    expect(await world.run(lock.renew(90_000))).toBe(false);
    expect(await world.run(lock.renew(90_000))).toBe(true);
    await world.advance(10_000);
    redis.strike({ error: 'LOADING' });
    await expect(world.run(lock.renew(90_000))).rejects.toThrow('LOADING');
    expect(await world.run(lock.renew(90_000))).toBe(true);
  });

  test('keeps its cool-down through a release and the next acquire', async () => {
    const { world, lock } = setUp();
    await world.run(lock.acquire());
    await world.run(lock.renew(90_000));
    lock.release();
    await world.run(lock.acquire());
    const sent = world.log.length;
    expect(await world.run(lock.renew(90_000))).toBe(true);
    expect(world.log).toHaveLength(sent);
  });

  test('has no cool-down below 5 s', async () => {
    const { world, lock } = setUp();
    await world.run(lock.acquire());
    await world.run(lock.renew(4_999));
    await world.run(lock.renew(4_999));
    expect(world.log).toHaveLength(3);
  });

  test('reads the wall clock: a step back makes the cool-down longer', async () => {
    const { world, environment, lock } = setUp();
    await world.run(lock.acquire());
    await world.run(lock.renew(90_000));
    environment.wallAheadMs! -= 30_000;
    await world.advance(20_000);
    const sent = world.log.length;
    expect(await world.run(lock.renew(90_000))).toBe(true);
    expect(world.log).toHaveLength(sent);
  });

  test('for less than a second deletes the key and says yes', async () => {
    const { world, lock, server } = setUp();
    await world.run(lock.acquire());
    expect(await world.run(lock.renew(999))).toBe(true);
    expect(server.get(KEY)).toBeNull();
  });

  test('needs an acquire before', async () => {
    const { lock } = setUp();
    await expect(lock.renew(90_000)).rejects.toThrow(NotAcquired);
  });
});

describe('release', () => {
  test('deletes the key if it is its own, and waits for nothing', async () => {
    const { world, lock, server } = setUp();
    await world.run(lock.acquire());
    lock.release();
    expect(server.get(KEY)).toBe('A1');
    await world.advance(10);
    expect(world.log.at(-1)).toBe(`3 A r1 delete-if-own ${KEY} A1`);
    expect(server.get(KEY)).toBeNull();
  });
});

describe('as a lock', () => {
  test('withLock tries again after 0 to 149 ms', async () => {
    const { world, environment, server } = setUp();
    server.set('distributed-lock-job', 'B1', 300);
    environment.nextRandom = 0.999;
    const grant = await granted(world, create(ucloud, environment), { waitMs: 20_000 });
    expect(world.log.map((line) => line.split(' ')[0])).toEqual(['1', '152', '303']);
    expect(['validForMs', 'signal'].filter((name) => name in grant)).toEqual([]);
  });

  test('tries once where it is set so, or nothing may be waited', async () => {
    const { world, environment, server } = setUp();
    server.set('distributed-lock-job', 'B1');
    const once = create(ucloud, environment, { acquire: 'once' });
    expect(await refused(world, once, { waitMs: 20_000 })).toBe('not acquired');
    expect(await refused(world, create(ucloud, environment))).toBe('not acquired');
    expect(world.log).toHaveLength(2);
  });
});

describe('a search', () => {
  test('R13 finds nothing that is not claimed', async () => {
    expect(unclaimed(await searched(ucloud, { runs: 500 }))).toEqual([]);
  });

  test('R13 finds what is claimed', async () => {
    const result = await searched(ucloud, { runs: 500, faultClasses: ['pause'] });
    expect(found(result)).toContain('mutual-exclusion stale-belief');
  });

  test('a careful holder is misled by the cool-down under pauses alone', async () => {
    const misled = 'mutual-exclusion stale-belief';
    const paused = await searched(ucloud60, { runs: 1_500, faultClasses: ['pause'] });
    expect(found(paused)).toContain(misled);
    const stepped = await searched(ucloud60, { runs: 500, faultClasses: ['clock-step'] });
    expect(found(stepped)).not.toContain(misled);
  });

  test('a careful holder is misled by the wall clock when it steps', async () => {
    const stepped = await searched(ucloud61, { runs: 500, faultClasses: ['clock-step'] });
    expect(found(stepped)).toContain('mutual-exclusion stale-belief');
  });
});
