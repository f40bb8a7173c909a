/**
 * Locks that keep something from run to run: a campaign names the first event or record in which
 * two makings of a run differ, and whose it is (D15).
 */
import { describe, expect, test } from 'vitest';
import type { Environment } from '../../src/algorithms/environment.js';
import { defineLock, type Grant, type LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import type { Difference } from '../../src/difference.js';
import type { CampaignPlan } from '../../src/search/generate.js';
import { seedKey } from '../../src/seed-key.js';
import { planFor } from '../sim/runs.js';
import { observeCampaign } from './observing.js';

const key = seedKey('1');

/** What one acquire does in its own way; the rest is set-nx. `count` is kept over all runs. */
interface Way {
  before?(environment: Environment, count: number): Promise<unknown> | undefined;
  key?(key: string, count: number): string;
  ttlMs?(ttlMs: number, count: number): number;
  fencingToken?(count: number): number;
}

function remembering(way: Way): LockAlgorithm {
  let count = 0;
  return defineLock({
    name: 'remembering',
    summary: 'Keeps state in its module from run to run.',
    source: 'test/host/double-run.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (environment) => ({
      async acquire(name, { ttlMs }) {
        const own = way.key?.(name, count) ?? name;
        const term = way.ttlMs?.(ttlMs, count) ?? ttlMs;
        await way.before?.(environment, count);
        count++;
        const ownerId = environment.ownerId();
        const redis = environment.redis[0]!;
        const reply = await redis.call('SET', own, ownerId, 'NX', 'PX', term);
        if (reply !== 'OK') return { granted: false, reason: 'held' };
        const grant: Grant = {
          granted: true,
          ownerId,
          release: async () => (await redis.call('DEL', own)) === 1,
        };
        const fencingToken = way.fencingToken?.(count);
        return fencingToken === undefined ? grant : { ...grant, fencingToken };
      },
    }),
  });
}

async function found(lock: LockAlgorithm, more: Partial<CampaignPlan> = {}) {
  const plan = planFor(lock, { faultClasses: ['interleaving'], ...more });
  const { findings } = await observeCampaign(lock, { plan, key, runs: 3 });
  return findings.filter(({ kind }) => kind === 'not-deterministic');
}

async function differenceOf(way: Way, more: Partial<CampaignPlan> = {}): Promise<Difference> {
  const findings = await found(remembering(way), more);
  expect(findings).toHaveLength(1);
  return findings[0]!.difference!;
}

describe('D15 the first event that differs is named', () => {
  test('D15 a counter in a key', async () => {
    const difference = await differenceOf({ key: (name, count) => `${name}:${count}` });
    expect(difference).toMatchObject({ differsIn: 'payload', kind: 'request', entry: 'event' });
    expect(difference.operation).toMatch(/^[ABC]1$/);
    expect(difference.host).toBe(difference.operation![0]);
    const command = /^SET orders:(\d+) \S+ NX PX 10000$/;
    const [first, second] = [command.exec(difference.first), command.exec(difference.second)];
    expect(first![1]).not.toBe(second![1]);
  });

  test('D15 a counter in a TTL: the rest of the command is the same', async () => {
    const difference = await differenceOf({ ttlMs: (ttlMs, count) => ttlMs + count });
    expect(difference).toMatchObject({ differsIn: 'payload', kind: 'request' });
    const rest = (text: string) => text.replace(/ \d+$/, '');
    expect(rest(difference.first)).toBe(rest(difference.second));
    expect(difference.first).not.toBe(difference.second);
  });

  test('D15 a delay that grows: the instant of a timer, or who comes first', async () => {
    const difference = await differenceOf({
      before: (environment, count) => environment.sleep(1 + count),
    });
    expect(['instant', 'order']).toContain(difference.differsIn);
    expect(difference.first).not.toBe(difference.second);
    expect(`${difference.what} ${difference.first} ${difference.second}`).toContain('a timer of');
  });

  test('D15 a delay from the random numbers of the machine', async () => {
    const lock = remembering({
      before: (environment) => environment.sleep(1 + Math.random() * 1_000),
    });
    const [finding] = await found(lock);
    expect(['instant', 'order']).toContain(finding!.difference!.differsIn);
  });

  test('D15 a record alone: every message is the same', async () => {
    const difference = await differenceOf({ fencingToken: (count) => count });
    expect(difference).toMatchObject({ differsIn: 'record', entry: 'record', kind: 'ok' });
    expect(difference.first).toMatch(/^fencingToken \d+$/);
    expect(difference.second).toMatch(/^fencingToken \d+$/);
    expect(difference.first).not.toBe(difference.second);
  });

  test('D15 one more message', async () => {
    const difference = await differenceOf({
      before: (environment, count) =>
        count % 2 === 0 ? undefined : environment.redis[0]!.call('PING'),
    });
    expect(difference).toMatchObject({ differsIn: 'payload', kind: 'request' });
    expect([difference.first, difference.second]).toContain('PING');
  });

  test('D15 one more event', async () => {
    const difference = await differenceOf({
      before: (environment, count) => {
        if (count === 0) environment.after(15, () => {});
        return undefined;
      },
    });
    expect(difference).toMatchObject({ entry: 'event', kind: 'timer' });
    expect(['instant', 'order']).toContain(difference.differsIn);
  });

  test('D15 a run that is only longer', async () => {
    const busy: Way = {
      before: (environment, count) => {
        while (count > 0 && environment.monoMs() < 1e9);
        return undefined;
      },
    };
    // One client: what others had under way would be recorded at the end.
    const difference = await differenceOf(busy, { clients: 1, operationsEach: 1 });
    expect(difference).toMatchObject({ differsIn: 'end', second: 'the end of the run' });
    expect(difference.first).not.toBe(difference.second);
  });

  test('D15 state that is made once and kept: only the first run is another', async () => {
    const difference = await differenceOf({
      before: (environment, count) =>
        count === 0 ? environment.redis[0]!.call('SCRIPT', 'LOAD', 'return 1') : undefined,
    });
    expect(difference.first).toBe('SCRIPT LOAD "return 1"');
    expect(difference.second).toMatch(/^SET orders /);
  });

  test('D15 a lock that keeps nothing has none', async () => {
    expect(await found(remembering({}))).toEqual([]);
    expect(await found(setNx)).toEqual([]);
  });
});
