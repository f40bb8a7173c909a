/** A campaign in which no acquire got the lock is not green, and says why (R13). */
import { describe, expect, test } from 'vitest';
import { defineLock, type Lock } from '../../src/algorithms/lock.js';
import { planFor } from '../sim/runs.js';
import { search } from './port.js';

/** What the coverage of a campaign of a lock without faults misses. */
async function missedBy(
  acquire: (client: string) => ReturnType<Lock['acquire']>,
  runs = 5,
): Promise<string | undefined> {
  const lock = defineLock({
    name: 'fruitless',
    summary: 'Does what a test says.',
    source: 'test/search/acquires.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: ({ client }) => ({ acquire: () => acquire(client) }),
  });
  const plan = planFor(lock, { faultClasses: ['interleaving'], clients: 2, operationsEach: 3 });
  return (await search(lock, plan, runs)).coverage.missed();
}

describe('R13 a campaign in which no acquire got the lock', () => {
  test('R13 names the error that acquire throws, and how often', async () => {
    // Two clients with three operations each, and the probe.
    expect(await missedBy(() => Promise.reject(new Error('no such thing')))).toContain(
      'none of 35 acquires got the lock; 35 ended with "no such thing"',
    );
  });

  test('R13 names the commonest of several reasons', async () => {
    const refuse = async (client: string) => {
      if (client === 'P') throw new Error('no probes');
      return { granted: false, reason: 'held' } as const;
    };
    expect(await missedBy(refuse)).toContain(
      'none of 35 acquires got the lock; 30 ended with "held"',
    );
  });

  test('R13 says that there is no reason, and names an error without a message', async () => {
    for (const reason of ['', undefined as unknown as string]) {
      expect(await missedBy(async () => ({ granted: false, reason }))).toContain(
        'none of 35 acquires got the lock; 35 were refused without a reason',
      );
    }
    expect(await missedBy(() => Promise.reject(new Error()))).toContain('35 ended with "Error"');
  });

  test('R13 says so if none of them ended', async () => {
    expect(await missedBy(() => new Promise(() => {}))).toMatch(
      /^none of \d+ acquires got the lock, and none ended/,
    );
  });

  test('R13 is no matter of a lock that anybody got', async () => {
    const once = async (client: string) => {
      if (client !== 'B') throw new Error('for B alone');
      return { granted: true, release: async () => true } as const;
    };
    expect((await missedBy(once)) ?? '').not.toContain('acquires');
  });

  test('R13 without a run nobody asked', async () => {
    expect(await missedBy(() => Promise.reject(new Error('unasked')), 0)).toMatch(
      /^nobody asked for the lock; not reached: contention/,
    );
  });
});
