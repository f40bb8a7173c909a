/** What a client's calls become in the history: who, when, and what is known of their end (R0). */
import { describe, expect, test } from 'vitest';
import {
  CallTimeout,
  ConnectionLost,
  type Environment,
  ReplyError,
} from '../../src/algorithms/environment.js';
import { DELETE_IF_OWN } from '../../src/algorithms/redis-scripts.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import { bareGrant, recordsOf, runScript, type Script } from './run.js';

/** How the acquire of A1 completes if the lock throws this. */
async function completionOf(thrown: unknown) {
  const run = await runScript({
    A1: () => {
      throw thrown;
    },
  });
  const ofA = run.history.records.filter((record) => 'client' in record && record.client === 'A');
  expect(ofA).toHaveLength(2);
  return { ...ofA[1]!, findings: run.findings };
}

describe('R0 an acquire that throws', () => {
  test.each([
    ['the server said no', new ReplyError('OOM'), 'fail'],
    ['nothing was sent', new ConnectionLost(false), 'fail'],
    ['it was sent', new ConnectionLost(true), 'info'],
    ['no reply came in time', new CallTimeout(5), 'info'],
    ['it says so itself', new Error('no idea'), 'info'],
  ])('R0 completes as it must, and is no finding: %s', async (_why, thrown, type) => {
    const { findings, ...record } = await completionOf(thrown);
    expect(record).toMatchObject({ type, action: 'acquire', reason: thrown.message });
    expect(findings).toEqual([]);
  });

  test.each([new TypeError('x is undefined'), new RangeError('too deep'), 'a text', undefined])(
    'a mistake of the program is a finding too: %s',
    async (thrown) => {
      const { findings, ...record } = await completionOf(thrown);
      expect(record).toMatchObject({ type: 'info' });
      expect(findings).toMatchObject([{ kind: 'threw', host: 'A' }]);
    },
  );
});

describe('R0 calls', () => {
  test('R0 of a round stand in order, each with its grant', async () => {
    const run = await runScript({
      A1: {
        acquire: (environment) =>
          bareGrant({
            ownerId: 'me',
            fencingToken: 3,
            validForMs: () => 1,
            renew: () => environment.sleep(2).then(() => true),
            release: () => environment.sleep(3).then(() => true),
          }),
        section: (section) => section.renew().then(() => true),
      },
    });
    const calls = run.history.records.filter((record) => 'call' in record && record.client === 'A');
    expect(calls).toMatchObject([
      { type: 'invoke', atUs: 0, action: 'acquire', call: 1, ttlMs: 10_000, waitMs: 20_000 },
      { type: 'ok', atUs: 0, call: 1, ownerId: 'me', fencingToken: 3, push: false, pull: true },
      { type: 'invoke', atUs: 0, action: 'renew', call: 2, grant: 1, ttlMs: 10_000 },
      { type: 'ok', atUs: 2_000, call: 2 },
      { type: 'invoke', atUs: 2_000, action: 'release', call: 3, grant: 1 },
      { type: 'ok', atUs: 5_000, call: 3 },
    ]);
    expect(findMalformation(run.history)).toBeUndefined();
  });

  test('R0 a refusal is a fail with its reason', async () => {
    const run = await runScript({ A1: () => {} });
    expect(recordsOf(run, 'fail')[0]).toMatchObject({ action: 'acquire', reason: 'no grant' });
  });

  test('R1 a release leaves with its first message', async () => {
    const run = await runScript({
      A1: {
        acquire: (environment) =>
          bareGrant({
            release: async () => {
              await environment.sleep(4);
              await environment.redis[0]!.call('DEL', 'job');
              await environment.redis[0]!.call('DEL', 'job');
              return true;
            },
          }),
      },
    });
    expect(recordsOf(run, 'release-sent').map(({ atUs }) => atUs)).toEqual([4_000]);
    const requests = recordsOf(run, 'request');
    expect(requests.map(({ action, effect }) => [action, effect])).toEqual([
      ['release', 'none'],
      ['release', 'none'],
    ]);
  });

  test('a workload that throws ends its operation, and the next one begins', async () => {
    const run = await runScript({
      A1: {
        acquire: () => bareGrant(),
        section: () => {
          throw new TypeError('in the section');
        },
      },
      A2: () => {},
    });
    const invoked = recordsOf(run, 'invoke').filter(({ client }) => client === 'A');
    expect(invoked.map(({ operation }) => operation)).toEqual(['A1', 'A2']);
    expect(run.findings).toMatchObject([{ kind: 'threw', host: 'A' }]);
  });
});

/** Runs A's code with the lock's key, and B's after 50 ms. */
const ofBoth = (a: (environment: Environment) => unknown, b?: Script[string]): Script => ({
  A1: async (environment) => {
    await a(environment);
    await environment.sleep(100);
  },
  ...(b === undefined
    ? {}
    : {
        B1: async (environment) => {
          await environment.sleep(50);
          await (b as (environment: Environment) => unknown)(environment);
        },
      }),
});

describe('R1 leases', () => {
  test('R1 a key of the lock with a TTL is a lease, acknowledged when the reply is there', async () => {
    const run = await runScript(
      ofBoth(async (environment) => {
        const ownerId = environment.ownerId();
        await environment.redis[0]!.call('SET', 'job', ownerId, 'NX', 'PX', 5_000);
      }),
    );
    expect(recordsOf(run, 'lease')).toMatchObject([
      {
        key: 'job',
        server: 'r1',
        host: 'A',
        operation: 'A1',
        owner: { host: 'A', incarnation: 1, operation: 'A1' },
        sentAtUs: 0,
        atUs: 600,
        termUs: 5_000_000,
        extends: false,
      },
    ]);
    expect(recordsOf(run, 'acked')).toMatchObject([{ atUs: 1_200, lease: 1 }]);
  });

  test('R1 a key without a TTL is one that never ends', async () => {
    const run = await runScript(ofBoth((env) => env.redis[0]!.call('SET', 'job', 'x')));
    expect(recordsOf(run, 'lease')[0]).toMatchObject({ termUs: 'none' });
  });

  test('R1 keys of others and counters are none', async () => {
    const run = await runScript(
      ofBoth(async (environment) => {
        const redis = environment.redis[0]!;
        await redis.call('SET', 'other', 'x', 'PX', 5_000);
        await redis.call('INCR', 'job:count');
        await redis.call('SADD', 'job:set', 'x');
      }),
    );
    expect(recordsOf(run, 'lease')).toEqual([]);
  });

  test.each([
    ['PEXPIRE', (environment: Environment) => environment.redis[0]!.call('PEXPIRE', 'job', 9_000)],
    [
      'SET',
      (environment: Environment) => environment.redis[0]!.call('SET', 'job', 'x', 'PX', 9_000),
    ],
  ])('R1 extending it makes a record that extends: %s', async (_command, extend) => {
    const run = await runScript(
      ofBoth(async (environment) => {
        await environment.redis[0]!.call('SET', 'job', 'x', 'PX', 5_000);
        await extend(environment);
      }),
    );
    expect(recordsOf(run, 'lease').map(({ termUs, extends: more }) => [termUs, more])).toEqual([
      [5_000_000, false],
      [9_000_000, true],
    ]);
  });

  test.each([
    ['its own client', 'DEL', undefined, 'released', 'A'],
    ['somebody else', undefined, 'DEL', 'deleted', 'B'],
    ['somebody else, by writing', undefined, 'SET', 'overwritten', 'B'],
    ['time', undefined, undefined, 'expired', undefined],
  ] as const)(
    'R0 its end has a cause, and who caused it: %s',
    async (_who, mine, theirs, cause, by) => {
      const run = await runScript(
        ofBoth(
          async (environment) => {
            const redis = environment.redis[0]!;
            await redis.call('SET', 'job', environment.ownerId(), 'PX', 80);
            if (mine !== undefined) await redis.call(mine, 'job');
          },
          (environment) => {
            if (theirs === undefined) return undefined;
            const value = theirs === 'SET' ? [environment.ownerId()] : [];
            return environment.redis[0]!.call(theirs, 'job', ...value);
          },
        ),
      );
      const [end] = recordsOf(run, 'lease-end');
      expect([end!.cause, end!.by?.host]).toEqual([cause, by]);
    },
  );

  test('R0 a renewal that extends says so, and nothing is lost', async () => {
    const run = await runScript({
      A1: {
        acquire: async (environment) => {
          const ownerId = environment.ownerId();
          const redis = environment.redis[0]!;
          await redis.call('SET', 'job', ownerId, 'PX', 50);
          const renew = async () => (await redis.call('PEXPIRE', 'job', 90)) === 1;
          return bareGrant({ ownerId, renew });
        },
        section: (section) => section.renew().then(() => true),
      },
    });
    const renewals = recordsOf(run, 'request').filter(({ action }) => action === 'renew');
    expect(renewals).toMatchObject([
      { client: 'A', operation: 'A1', server: 'r1', effect: 'extended' },
    ]);
    expect(recordsOf(run, 'loss-delivered')).toEqual([]);
  });

  test('R3 a reply that says that it is gone is delivered as such, after the grant', async () => {
    const run = await runScript({
      A1: {
        acquire: async (environment) => {
          const ownerId = environment.ownerId();
          const redis = environment.redis[0]!;
          await redis.call('SET', 'job', ownerId, 'PX', 20);
          const renew = async () => {
            await environment.sleep(40);
            return (await redis.call('SET', 'job', ownerId, 'XX', 'PX', 20)) !== null;
          };
          return bareGrant({ ownerId, renew });
        },
        section: (section) => section.renew().then(() => false),
      },
    });
    expect(recordsOf(run, 'loss-delivered')).toMatchObject([
      { client: 'A', operation: 'A1', server: 'r1', atUs: 1_200 + 40_000 + 1_200 },
    ]);
    expect(recordsOf(run, 'request')).toMatchObject([{ action: 'renew', effect: 'none' }]);
  });

  test.each([
    ['the grant', 'grant', 1],
    ['an earlier try of the same acquire', 'earlier try', 0],
  ])('R3 a reply about %s tells as much of the grant', async (_whose, about, told) => {
    const run = await runScript({
      A1: {
        acquire: async (environment) => {
          const redis = environment.redis[0]!;
          const earlier = environment.ownerId();
          const ownerId = environment.ownerId();
          await redis.call('SET', 'job', ownerId, 'PX', 20);
          const clean = () => {
            void redis.eval(DELETE_IF_OWN, ['job'], [about === 'grant' ? ownerId : earlier]);
          };
          environment.after(40, clean);
          return bareGrant({ ownerId });
        },
        section: (_section, environment) => environment.sleep(60).then(() => false),
      },
    });
    expect(recordsOf(run, 'loss-delivered')).toHaveLength(told);
  });
});
