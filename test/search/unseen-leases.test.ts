/**
 * Locks whose keys do not name the lock (docs/semantics.md, R1; docs/decisions/0022): they work,
 * and a campaign says that it cannot see their leases. Locks that write no such key stay broken.
 */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { deleteIfOwn } from '../../src/algorithms/key-server.js';
import { defineLock, type LockAlgorithm } from '../../src/algorithms/lock.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import { drawn, planFor } from '../sim/runs.js';
import { portFor, search } from './port.js';

interface Held {
  readonly release: () => Promise<boolean>;
}
type Attempt = (key: string, ttlMs: number, ownerId: string) => Promise<Held | undefined>;

/** A lock that tries until it is granted, and says for how long its grant is good. */
function trying(create: (env: Environment) => Attempt): LockAlgorithm {
  return defineLock({
    name: 'trying',
    summary: 'Does what a test says.',
    source: 'test/search/unseen-leases.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (env) => ({
      async acquire(key, { ttlMs }) {
        const ownerId = env.ownerId();
        const attempt = create(env);
        for (;;) {
          const sentAtMs = env.monoMs();
          const held = await attempt(key, ttlMs, ownerId);
          if (held !== undefined) {
            const validForMs = () => ttlMs - (env.monoMs() - sentAtMs);
            return { granted: true, ownerId, validForMs, ...held };
          }
          await env.sleep(50);
        }
      },
    }),
  });
}

/** SET NX under a name made of the lock's key. */
const named = (nameOf: (key: string) => string) =>
  trying((env) => async (key, ttlMs, ownerId) => {
    const redis = env.redis[0]!;
    const name = nameOf(key);
    const answer = await redis.call('SET', name, ownerId, 'NX', 'PX', ttlMs);
    return answer === 'OK'
      ? { release: async () => (await deleteIfOwn(redis, name, ownerId)) === 1 }
      : undefined;
  });

/** A sum of the characters: enough to hide a name. */
const hashOf = (text: string) =>
  [...text].reduce((sum, c) => (sum * 33 + c.charCodeAt(0)) % 1e9, 7);
const hashed = named((key) => `uniquejobs:${hashOf(key)}`);
const plain = named((key) => `lock:${key}`);
const inSet = trying((env) => async (key, _ttlMs, ownerId) => {
  const redis = env.redis[0]!;
  if ((await redis.call('SADD', `holders:${key}`, 'held')) !== 1) return undefined;
  await redis.call('SET', `owner-of-${hashOf(key)}`, ownerId);
  return { release: async () => (await redis.call('SREM', `holders:${key}`, 'held')) === 1 };
});
const always: Held = { release: async () => true };
/** A token in a list is the lock; a key beside it says that the list was made. */
const popped = trying((env) => async (key) => {
  const redis = env.redis[0]!;
  const init = `if redis.call('SETNX', KEYS[2], 1) == 1 then redis.call('RPUSH', KEYS[1], 1) end`;
  await redis.eval(init, [`${key}:tokens`, `${key}:init`]);
  if ((await redis.call('LPOP', `${key}:tokens`)) === null) return undefined;
  return { release: async () => (await redis.call('RPUSH', `${key}:tokens`, 1)) === 1 };
});
const counted = trying((env) => async (key) => {
  const redis = env.redis[0]!;
  if ((await redis.call('INCR', key)) === 1) {
    return { release: async () => (await redis.call('DECR', key)) === 0 };
  }
  await redis.call('DECR', key);
  return undefined;
});
const SET_KEY = "redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])";
const ADD_MEMBER = "redis.call('ZADD', KEYS[2], 1, ARGV[1])";
/** Some holders write a key, the others are members of a sorted set. */
const eitherWay = trying((env) => {
  const asKey = env.random() < 0.5;
  return async (key, ttlMs, ownerId) => {
    const redis = env.redis[0]!;
    const take = `
      if redis.call('EXISTS', KEYS[1]) + redis.call('ZCARD', KEYS[2]) > 0 then return 0 end
      ${asKey ? SET_KEY : ADD_MEMBER}
      return 1`;
    const set = `${key}:readers`;
    if ((await redis.eval(take, [key, set], [ownerId, ttlMs])) !== 1) return undefined;
    if (asKey) return { release: async () => (await deleteIfOwn(redis, key, ownerId)) === 1 };
    return { release: async () => (await redis.call('ZREM', set, ownerId)) === 1 };
  };
});
const writesNothing = trying(() => async () => always);
const onlyCounts = trying((env) => async () => {
  await env.redis[0]!.call('INCR', 'grants');
  return always;
});
const onlyReads = trying((env) => async (key) => {
  await env.redis[0]!.call('GET', `lock:${hashOf(key)}`);
  return always;
});

async function campaignOf(lock: LockAlgorithm) {
  const plan = planFor(lock, { faultClasses: ['interleaving'], clients: 2, operationsEach: 3 });
  const result = await search(lock, plan, 10, { checkers: CHECKERS });
  const tally = (name: Parameters<typeof result.tallies.get>[0]) => result.tallies.get(name)!;
  const broken = result.violations.map(({ verdict }) => verdict.property);
  return { result, tally, broken };
}

describe('R1 a lock whose key does not name the lock', () => {
  test('R13 is unknown in every run, and no violation', async () => {
    const { result, tally, broken } = await campaignOf(hashed);
    expect(broken).toEqual([]);
    expect(result.unknownRuns).toBe(10);
    for (const property of ['belief', 'leak', 'ownership'] as const) {
      expect(tally(property)).toMatchObject({ valid: 0, invalid: 0, unknown: 10 });
      expect(tally(property).reason).toContain(
        `it wrote uniquejobs:${hashOf('orders')} on r1, a name that does not contain the ` +
          "lock's key, orders. If that is the lock: let its name contain the lock's key",
      );
    }
    for (const property of ['mutual-exclusion', 'resource-safety', 'progress'] as const) {
      expect(tally(property)).toMatchObject({ valid: 10, unknown: 0 });
    }
  });

  test('R1 with the name of the lock in it is judged', async () => {
    const { result, tally, broken } = await campaignOf(plain);
    expect(broken).toEqual([]);
    expect(result.unknownRuns).toBe(0);
    expect(tally('belief').valid).toBe(10);
    expect(tally('leak').valid).toBe(10);
  });

  test('R1 a set is told as what it is', async () => {
    const { tally } = await campaignOf(inSet);
    expect(tally('belief').invalid).toBe(0);
    expect(tally('leak').reason).toContain('it wrote holders:orders on r1, which is a set');
  });

  test.each([
    ['a token in a list', popped, 'orders:tokens on r1, which is a list'],
    ['a number', counted, 'orders on r1, which is a number that is counted'],
  ])('R1 %s is told as what it is', async (_name, lock, wrote) => {
    const { tally, broken } = await campaignOf(lock);
    expect(broken).toEqual([]);
    for (const property of ['belief', 'leak', 'ownership'] as const) {
      expect(tally(property)).toMatchObject({ valid: 0, invalid: 0, unknown: 10 });
      expect(tally(property).reason).toContain(`it wrote ${wrote}`);
    }
  });

  test('R1 a permit whose id the environment did not give out is not seen', async () => {
    const own = trying((env) => async (key) => {
      const redis = env.redis[0]!;
      const id = `${env.client}-${Math.floor(env.random() * 1e9)}`;
      const take = `if redis.call('ZCARD', KEYS[1]) > 0 then return 0 end
        return redis.call('ZADD', KEYS[1], 1, ARGV[1])`;
      if ((await redis.eval(take, [key], [id])) !== 1) return undefined;
      return { release: async () => (await redis.call('ZREM', key, id)) === 1 };
    });
    const { tally, broken } = await campaignOf({ ...own, declares: { permits: 1 } });
    expect(broken).toEqual([]);
    expect(tally('leak').reason).toContain('no owner id of the environment is its member');
  });
});

describe('R1 a lock of which some leases are seen', () => {
  test('is unknown in each run with a grant that has none', async () => {
    const { tally, broken } = await campaignOf(eitherWay);
    expect(broken).toEqual([]);
    expect(tally('belief').unknown).toBeGreaterThan(0);
    expect(tally('belief').reason).toContain(
      'it wrote orders:readers on r1, which is a sorted set',
    );
  });

  test('a fencing counter beside a lease says nothing', async () => {
    const fenced = trying((env) => async (key, ttlMs, ownerId) => {
      const redis = env.redis[0]!;
      if ((await redis.call('SET', key, ownerId, 'NX', 'PX', ttlMs)) !== 'OK') return undefined;
      await redis.call('INCR', `${key}:fence`);
      return { release: async () => (await deleteIfOwn(redis, key, ownerId)) === 1 };
    });
    const { result, broken } = await campaignOf(fenced);
    expect(broken).toEqual([]);
    expect(result.unknownRuns).toBe(0);
  });
});

test('R1 a note who held a lock last is no lease, and the lock is judged', async () => {
  const noted = trying((env) => async (key, ttlMs, ownerId) => {
    const redis = env.redis[0]!;
    if ((await redis.call('SET', key, ownerId, 'NX', 'PX', ttlMs)) !== 'OK') return undefined;
    await redis.call('SET', `${key}:last-holder`, env.client);
    return { release: async () => (await deleteIfOwn(redis, key, ownerId)) === 1 };
  });
  const { result, tally, broken } = await campaignOf(noted);
  expect(broken).toEqual([]);
  expect(result.unknownRuns).toBe(0);
  expect(tally('leak').valid).toBe(10);
});

describe('R1 a lock that writes nothing', () => {
  test.each([
    ['without a request', writesNothing],
    ['that only counts', onlyCounts],
    ['that only reads', onlyReads],
  ])('R3, R11 %s is broken', async (_name, lock) => {
    const { result, tally, broken } = await campaignOf(lock);
    expect(broken).toEqual(expect.arrayContaining(['mutual-exclusion', 'belief']));
    expect(result.violations[0]!.verdict.class).toBe('stale-belief');
    expect(tally('belief')).toMatchObject({ invalid: 10, unknown: 0 });
    expect(tally('leak').unknown).toBe(0);
  });
});

test('R2 two holders of a hashed key are two holders, and the story blames nobody', async () => {
  const careless = trying((env) => async (key, ttlMs, ownerId) => {
    await env.redis[0]!.call('SET', `jobs:${hashOf(key)}`, ownerId, 'PX', ttlMs);
    return always;
  });
  const { broken } = await campaignOf(careless);
  expect(broken).toEqual(expect.arrayContaining(['mutual-exclusion']));
  expect(broken).not.toContain('belief');
  const plan = planFor(careless, { faultClasses: ['interleaving'], clients: 2 });
  const { scenario } = drawn(plan, 0);
  const decisions = new SeededDecisions(seedKey('1'), true);
  const { run, properties } = await portFor(careless).check(scenario, decisions, true);
  const trace = { ...run.trace!, digest: run.digest };
  const [overlap] = properties;
  expect(overlap).toMatchObject({ verdict: 'invalid', cause: 'leases-unseen' });
  expect(narrate(overlap!, trace)).toMatch(
    /two holders\. Whose fault it was cannot be told\. The lock was granted and no lease of that/,
  );
  const told = storyRows(trace, overlap!).map(({ text }) => text);
  expect(told).toContain('granted');
  expect(told.join()).not.toContain('quorum');
});
