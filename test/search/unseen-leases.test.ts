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
    /two holders\. Whose fault it was cannot be told\. The lock was granted and no lease was seen/,
  );
  const told = storyRows(trace, overlap!).map(({ text }) => text);
  expect(told).toContain('granted');
  expect(told.join()).not.toContain('quorum');
});
