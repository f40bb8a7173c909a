/**
 * A grant that rests on a write whose reply was lost (docs/semantics.md, R1): what its holder is
 * told, and that the remedy is one.
 */
import { describe, expect, test } from 'vitest';
import { ConnectionLost, type RedisConnection } from '../../src/algorithms/environment.js';
import { deleteIfOwn } from '../../src/algorithms/key-server.js';
import { defineLock } from '../../src/algorithms/lock.js';
import { belief } from '../../src/checkers/belief.js';
import { mutualExclusion } from '../../src/checkers/mutual-exclusion.js';
import { narrate } from '../../src/story/narrative/index.js';
import { storyRows } from '../../src/story/rows.js';
import { type Story, story } from '../checkers/history-builder.js';
import { judge } from '../checkers/judging.js';
import { search } from '../search/port.js';
import { planFor } from '../sim/runs.js';
import { traceOf } from './telling.js';

/** A's request is applied at 0.5 ms and never answered; it takes the lock for granted at 3 ms. */
const unanswered = (more: { pull?: true; push?: true } = {}) =>
  story('A', 'B').acquire('A', 0, { ackedMs: null, endMs: 3, ends: 'ok', ...more });
const HELP = /What helps: after a lost reply renew the lease, or set its TTL again, by a request/;
const HAD =
  'A did have a lease on r1, asked for at 0 ms and made at 0.5 ms, but the reply to that request ' +
  'had not arrived. A term counts from a request that was answered';

function told(checker: typeof belief, of: Story): string {
  const verdict = judge(checker, of);
  expect(verdict.verdict).toBe('invalid');
  return narrate(verdict, traceOf(of));
}

describe('R1 a grant on a write without a reply', () => {
  test('R11 a signal cannot count from it', () => {
    const why = told(belief, unanswered({ push: true }).enter('A', 3).exit('A', 40));
    expect(why).toContain(HAD);
    expect(why).toMatch(HELP);
    expect(why).not.toContain('monotonic');
  });

  test('R11 nor can a validity', () => {
    const why = told(
      belief,
      unanswered({ pull: true }).enter('A', 3).add({
        type: 'validity',
        atUs: 4_000,
        calledAtUs: 4_000,
        grant: 1,
        validForMs: 9_000,
      }),
    );
    expect(why).toContain(HAD);
    expect(why).toMatch(HELP);
  });

  test('R3 nor can a holder, beside which another one is', () => {
    const overlap = unanswered()
      .enter('A', 3)
      .leaseEnd('A', 10_000.5, 'expired')
      .acquire('B', 10_001)
      .enter('B', 10_003)
      .step('A', 10_004);
    // By then the lease is over as well, so that is not what the holder lacked.
    expect(told(mutualExclusion, overlap)).not.toMatch(HELP);
    const early = unanswered()
      .acquire('B', 4, { on: ['r1'] })
      .enter('B', 6)
      .enter('A', 7)
      .step('B', 8);
    expect(told(mutualExclusion, early)).toMatch(HELP);
  });

  test('R1 its row says so; without any lease there is no quorum', () => {
    const granted = (of: Story) => {
      const verdict = judge(mutualExclusion, of);
      return storyRows(traceOf(of), verdict).map(({ text }) => text);
    };
    const both = (of: Story) => of.enter('A', 3).acquire('B', 4).enter('B', 6).step('A', 7);
    expect(granted(both(unanswered()))).toContain('granted, without a reply');
    const nothing = story('A', 'B').acquire('A', 0, { on: [], endMs: 3 });
    expect(granted(both(nothing))).toContain('granted, without a quorum');
  });

  test('R11 without any lease the signal is told of the answer', () => {
    const nothing = story('A').acquire('A', 0, { on: [], endMs: 3, push: true });
    const why = told(belief, nothing.enter('A', 3).exit('A', 40));
    expect(why).toContain(
      'no reply of r1 had given it the lock. What helps: look at what the server',
    );
    expect(why).not.toMatch(HELP);
  });
});

const EXTEND = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
type Confirm = (redis: RedisConnection, key: string, id: string, ttlMs: number) => Promise<boolean>;

/** SET NX that asks what became of its request when the reply was lost. */
function confirming(confirm: Confirm) {
  return defineLock({
    name: 'confirming',
    summary: 'Asks again after a lost reply.',
    source: 'test/story/unanswered.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    create: (env) => ({
      async acquire(key, { ttlMs }) {
        const redis = env.redis[0]!;
        const ownerId = env.ownerId();
        for (;;) {
          const sentAtMs = env.monoMs();
          const taken = await redis
            .call('SET', key, ownerId, 'NX', 'PX', ttlMs)
            .then((reply) => reply === 'OK')
            .catch((error: unknown) => {
              if (!(error instanceof ConnectionLost)) throw error;
              return confirm(redis, key, ownerId, ttlMs).catch(() => false);
            });
          const validForMs = () => ttlMs - (env.monoMs() - sentAtMs);
          const release = async () => (await deleteIfOwn(redis, key, ownerId)) === 1;
          if (taken) return { granted: true, ownerId, validForMs, release };
          await env.sleep(50);
        }
      },
    }),
  });
}

describe('R1, R11 a lock that asks after a lost reply', () => {
  const brokenBy = async (confirm: Confirm) => {
    const lock = confirming(confirm);
    const plan = planFor(lock, { faultClasses: ['lost-reply'] });
    const { violations } = await search(lock, plan, 60, { checkers: [belief, mutualExclusion] });
    return violations.map(({ verdict }) => verdict.property);
  };

  test('R11 by a read has no term', async () => {
    expect(await brokenBy(async (redis, key, id) => (await redis.call('GET', key)) === id)).toEqual(
      ['belief'],
    );
  });

  test('R11 by setting the TTL again has one', async () => {
    const extend: Confirm = async (redis, key, id, ttlMs) =>
      (await redis.eval(EXTEND, [key], [id, ttlMs])) === 1;
    expect(await brokenBy(extend)).toEqual([]);
  });
});
