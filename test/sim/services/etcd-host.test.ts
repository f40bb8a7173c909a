/** What an etcd cluster in the world writes down of leases (R1, R9), and its faults (R8, R16). */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { EtcdConnection } from '../../../src/algorithms/etcd-connection.js';
import type { Fault } from '../../../src/fault.js';
import {
  at,
  bareGrant,
  LATENCY_US,
  outcome,
  ROUND_TRIP_US,
  recordsOf,
  runScript,
  type Script,
  type Setting,
} from '../run.js';

const TTL_US = 10_000_000;

const failover = (atUs: number, replica: number): Fault => ({
  id: 'f1',
  class: 'failover',
  at: at(atUs),
  host: 'e1',
  replica,
});

function run(script: Script, setting: Setting = {}) {
  return runScript(script, { service: 'etcd', ...setting });
}

/** Attaches a key to a new lease; answers its id. */
async function locked(etcd: EtcdConnection, key = 'job/x'): Promise<number> {
  const { id } = await etcd.grant(10_000);
  await etcd.put(key, '', { lease: id });
  return id;
}

const etcdOf = (environment: Environment): EtcdConnection => environment.etcd[0]!;

test('R1 a key with the name of the lock is a lease: the TTL, from the send of the grant', async () => {
  const alone = await run({ A1: (env) => locked(etcdOf(env)) });
  expect(recordsOf(alone, 'lease')).toMatchObject([
    { key: 'job/x', server: 'e1', host: 'A', sentAtUs: 0, termUs: TTL_US, extends: false },
  ]);
  // The grant takes a round trip, and the put comes after it.
  expect(recordsOf(alone, 'lease')[0]!.atUs).toBe(ROUND_TRIP_US + LATENCY_US);
});

test('R1 another key is none', async () => {
  const other = await run({ A1: (env) => locked(etcdOf(env), 'other') });
  expect(recordsOf(other, 'lease')).toEqual([]);
  expect(other.history.unseen).toBeUndefined();
});

test('R1 another key that a grant rests on, and with its lease, is an unseen one', async () => {
  const granted = (key: string, isAttached: boolean): Script => ({
    A1: {
      acquire: async (env) => {
        if (isAttached) await locked(etcdOf(env), key);
        else await etcdOf(env).put(key, 'A');
        return bareGrant();
      },
    },
  });
  const unseenIn = async (...asked: Parameters<typeof granted>) =>
    (await run(granted(...asked))).history.unseen;
  expect(await unseenIn('other', true)).toEqual({ server: 'e1', key: 'other' });
  expect(await unseenIn('other', false)).toBeUndefined();
  expect(await unseenIn('job/x', true)).toBeUndefined();
});

test('R1 a key that is attached to no lease has no term', async () => {
  const bare = await run({ A1: (env) => etcdOf(env).put('job', 'A') });
  expect(recordsOf(bare, 'lease')).toMatchObject([{ termUs: 'none', sentAtUs: 0 }]);
});

test('R1 a note beside the lock is no lease: nobody looked, and nothing is to end it', async () => {
  const note = await run({ A1: (env) => etcdOf(env).put('job-holder', 'A') });
  expect(recordsOf(note, 'lease')).toEqual([]);
  const detached = await run({
    A1: async (env) => {
      await locked(etcdOf(env));
      await etcdOf(env).put('job/x', '');
    },
  });
  expect(recordsOf(detached, 'lease').map(({ termUs }) => termUs)).toEqual([TTL_US, 'none']);
});

test('R1 a keep-alive extends it, counted from its own send, and so does its answer tell', async () => {
  const kept = await run({
    A1: async (env) => {
      const id = await locked(etcdOf(env));
      await env.sleep(3_000);
      await etcdOf(env).keepAlive(id);
    },
  });
  const [first, second] = recordsOf(kept, 'lease');
  expect(second).toMatchObject({ extends: true, termUs: TTL_US, owner: first!.owner });
  expect(second!.sentAtUs).toBe(2 * ROUND_TRIP_US + 3_000_000);
  expect(recordsOf(kept, 'acked').map(({ lease }) => lease)).toEqual([first!.lease, second!.lease]);
});

test('R0 its end: expired by itself, released by its owner, deleted by another', async () => {
  const causes = async (end: (env: Environment, id: number) => Promise<unknown>) => {
    const ended = await run({
      A1: async (env) => {
        await end(env, await locked(etcdOf(env)));
      },
      B1: async (env) => {
        await env.sleep(100);
        await etcdOf(env).delete('job/foreign');
      },
    });
    return recordsOf(ended, 'lease-end').map(({ cause, by }) => [cause, by?.operation]);
  };
  expect(await causes((env, id) => etcdOf(env).revoke(id))).toEqual([['released', 'A1']]);
  expect(await causes((env) => etcdOf(env).delete('job/x'))).toEqual([['released', 'A1']]);
  expect(await causes((env) => locked(etcdOf(env), 'job/foreign'))).toEqual([
    ['deleted', 'B1'],
    ['expired', undefined],
  ]);
});

test('R3 a keep-alive that finds nothing says lost, an error of the cluster does not', async () => {
  const script = (ends: boolean): Script => ({
    A1: {
      acquire: async (env) => {
        const id = await locked(etcdOf(env));
        env.after(1_000, () => {
          const first = ends ? etcdOf(env).revoke(id) : Promise.resolve();
          first.then(() => etcdOf(env).keepAlive(id)).catch(() => {});
        });
        return bareGrant();
      },
      section: async (section) => {
        section.enter();
        await section.wait(2_000_000);
        return true;
      },
    },
  });
  expect(recordsOf(await run(script(true)), 'loss-delivered')).not.toEqual([]);
  const error: Fault = {
    id: 'f1',
    class: 'server-error',
    at: at(500_000),
    host: 'e1',
    durationUs: 5_000_000,
    error: 'etcdserver: request timed out',
  };
  expect(recordsOf(await run(script(false), { faults: [error] }), 'loss-delivered')).toEqual([]);
});

test('R20 a key with a lease is a place in the queue of its prefix, until it is gone', async () => {
  const script: Script = {
    A1: async (env) => {
      const lease = await locked(etcdOf(env), 'job/a');
      await locked(etcdOf(env), 'job/late');
      await env.sleep(3_000);
      await etcdOf(env).revoke(lease);
    },
    B1: async (env) => {
      await locked(etcdOf(env), 'job/b');
      await env.sleep(2_000);
      await etcdOf(env).delete('job/late');
      await etcdOf(env).delete('job/b');
    },
  };
  const gapsUs = { B1: 50_000 };
  const fair = await run(script, { gapsUs, declares: { fairness: 'enqueue-order' } });
  const joined = recordsOf(fair, 'enqueued');
  expect(joined.map(({ operation }) => operation)).toEqual(['A1', 'A1', 'B1']);
  expect(joined[0]).toMatchObject({ key: 'job/', server: 'e1', host: 'A', mode: 'exclusive' });
  expect(joined[0]!.atUs).toBe(recordsOf(fair, 'lease')[0]!.atUs);
  const left = recordsOf(fair, 'dequeued').map(({ operation, cause }) => `${operation} ${cause}`);
  expect(left).toEqual(['A1 removed', 'B1 left', 'A1 left']);
  const alone = await run({ A1: script['A1']! }, { declares: { fairness: 'enqueue-order' } });
  expect(recordsOf(alone, 'dequeued').map(({ cause }) => cause)).toEqual(['left', 'expired']);
  const undeclared = await run(script, { gapsUs });
  expect(recordsOf(undeclared, 'enqueued')).toEqual([]);
});

test('R9 a new leader gives the lease its TTL again, which no client did', async () => {
  const holding = async (env: Environment) => {
    await locked(etcdOf(env));
    await env.sleep(6_000);
  };
  const changed = await run({ A1: holding }, { faults: [failover(5e6, 1)] });
  expect(recordsOf(changed, 'lease')).toHaveLength(1);
  // The whole TTL and an election time-out on top, then the check each half second.
  const [end] = recordsOf(changed, 'lease-end');
  expect(end).toMatchObject({ cause: 'expired' });
  expect(end!.atUs - (5e6 + TTL_US + 1e6)).toBeGreaterThanOrEqual(0);
  expect(end!.atUs - (5e6 + TTL_US + 1e6)).toBeLessThan(500_001);
});

test('R10 the run lasts until a lease that a new leader prolonged has ended', async () => {
  const changed = await run({ A1: (env) => locked(etcdOf(env)) }, { faults: [failover(1_000, 1)] });
  const { healedAtUs, endUs } = changed.history;
  expect(healedAtUs).toBeLessThan(100_000);
  expect(endUs).toBeGreaterThan(TTL_US + 1e6);
});

test.each([2, 3])('R16 failover %i ends by itself: the cluster answers again', async (replica) => {
  const answers: string[] = [];
  const script: Script = {
    A1: async (env) => {
      await env.sleep(20_000);
      const [how] = await outcome(etcdOf(env).put('job/late', ''));
      answers.push(how);
    },
  };
  const healed = await run(script, { faults: [failover(1e6, replica)] });
  expect(answers).toEqual(['ok']);
  const edges = recordsOf(healed, 'fault').map(({ edge }) => edge);
  expect(edges).toContain('end');
});

test('R8 a crash of the cluster resets connections and keeps what was answered', async () => {
  let kept = -1;
  let lost: unknown;
  const crash: Fault = {
    id: 'f1',
    class: 'server-crash',
    at: at(1e6),
    host: 'e1',
    restartAfterUs: 1_000,
  };
  await run(
    {
      A1: async (env) => {
        await locked(etcdOf(env));
        const watch = await etcdOf(env).watch('job/x', {}, () => {});
        lost = await watch.lost;
        await env.sleep(1_000);
        kept = (await etcdOf(env).range('job/x')).count;
      },
    },
    { faults: [crash] },
  );
  expect(lost).toEqual({ compactRevision: undefined });
  expect(kept).toBe(1);
});
