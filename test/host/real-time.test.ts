/**
 * Locks that go by the timers of the host (D5, D8): their runs are unknown, as far as a timer that
 * the simulated world knows nothing of can have to do with it, and no more.
 */
import { readFile } from 'node:fs/promises';
import { setInterval as every, setTimeout as wait } from 'node:timers';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { deleteIfOwn } from '../../src/algorithms/key-server.js';
import { defineLock, type LockAlgorithm } from '../../src/algorithms/lock.js';
import { seedKey } from '../../src/seed-key.js';
import type { Property } from '../../src/verdict.js';
import { planFor } from '../sim/runs.js';
import { observeCampaign } from './observing.js';

/** SET NX; what it does until it tries again, and to which name it writes, is the test's. */
function lockThat(
  sleep: (environment: Environment) => Promise<unknown>,
  more: { readonly blindly?: true } = {},
): LockAlgorithm {
  return defineLock({
    name: 'by-the-host',
    summary: 'Waits as a test says.',
    source: 'test/host/real-time.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (environment) => ({
      async acquire(key, { ttlMs }) {
        const redis = environment.redis[0]!;
        const ownerId = environment.ownerId();
        const words = more.blindly ? ['PX', ttlMs] : ['NX', 'PX', ttlMs];
        while ((await redis.call('SET', key, ownerId, ...words)) !== 'OK') await sleep(environment);
        const release = async () => (await deleteIfOwn(redis, key, ownerId)) === 1;
        return { granted: true, ownerId, release };
      },
    }),
  });
}

async function campaignOf(lock: LockAlgorithm, runs = 6) {
  const plan = planFor(lock, { faultClasses: ['interleaving'], clients: 2, operationsEach: 2 });
  const request = { plan, key: seedKey('1'), runs, strict: true };
  const result = await observeCampaign(lock, request);
  const tally = (name: Property) => result.tallies.get(name)!;
  const broken = [...new Set(result.violations.map(({ verdict }) => verdict.property))];
  const kinds = [...new Set(result.findings.map(({ kind }) => kind))];
  return { result, tally, broken, kinds };
}

describe('D8 a lock that waits with a timer of the host', () => {
  test.each([
    ['timers/promises', 'promised setTimeout', () => delay(20)],
    ['timers', 'setTimeout', () => new Promise((resolve) => wait(resolve, 20))],
    ['the global one', 'setTimeout', () => new Promise((resolve) => setTimeout(resolve, 20))],
  ] as const)('D8 of %s is unknown, R10 not without progress', async (_name, what, sleep) => {
    const { result, tally, broken, kinds } = await campaignOf(lockThat(sleep));
    expect(broken).toEqual([]);
    expect(kinds).toEqual(expect.arrayContaining(['host-clock', 'never-settles']));
    const used = result.findings.find(({ kind }) => kind === 'host-clock')!;
    expect(used.message).toContain(`${what} is the host's`);
    expect(used.place).toMatch(/^real-time\.test\.ts:\d+$/);
    expect(tally('progress').unknown).toBeGreaterThan(0);
    expect(tally('progress').invalid).toBe(0);
    expect(result.unknownRuns).toBe(tally('progress').unknown);
  });

  test('D5 or reads a file: no guard sees it, and real work is looked for', async () => {
    const sleep = () => readFile(new URL(import.meta.url).pathname);
    const { tally, broken, kinds } = await campaignOf(lockThat(sleep));
    expect(kinds).toEqual(expect.arrayContaining(['real-asynchronous-work', 'never-settles']));
    expect(kinds).not.toContain('host-clock');
    expect(broken).toEqual([]);
    expect(tally('progress').unknown).toBeGreaterThan(0);
  });

  test('D8 what it does wrongly besides is told', async () => {
    const timed = lockThat(() => Promise.resolve(), { blindly: true });
    const create: LockAlgorithm['create'] = (environment, options) => {
      const lock = timed.create(environment, options);
      return {
        async acquire(key, wanted) {
          clearInterval(every(() => {}, 1_000));
          return lock.acquire(key, wanted);
        },
      };
    };
    const { broken, kinds } = await campaignOf({ ...timed, create });
    expect(kinds).toContain('host-clock');
    expect(broken).toContain('mutual-exclusion');
    expect(broken).toContain('ownership');
    expect(broken).toContain('resource-safety');
  });
});

describe('R10 what no timer of the host excuses', () => {
  test('R10 a lock that hangs by itself', async () => {
    const { broken, kinds } = await campaignOf(lockThat(() => new Promise(() => {})));
    expect(kinds).toEqual(['never-settles']);
    expect(broken).toEqual(['progress']);
  });

  test('R10 a lock that hangs and draws numbers of the host', async () => {
    const hangs = () => (Math.random() < 2 ? new Promise(() => {}) : Promise.resolve());
    const { broken, kinds } = await campaignOf(lockThat(hangs));
    expect(kinds).toEqual(expect.arrayContaining(['host-clock', 'never-settles']));
    expect(broken).toEqual(['progress']);
  });

  test('R10 runs of the lock in which it did not use one', async () => {
    let asked = 0;
    const sleep = (environment: Environment) =>
      environment.client === 'A' && ++asked % 2 === 0 ? delay(20) : new Promise(() => {});
    const { broken, tally } = await campaignOf(lockThat(sleep), 12);
    expect(broken).toEqual(['progress']);
    expect(tally('progress').unknown).toBeGreaterThan(0);
  });
});
