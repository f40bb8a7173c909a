/** What a ZooKeeper in the world writes down of leases and places (R1, R9, R20), and its faults. */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { ZooKeeperSession } from '../../../src/algorithms/zookeeper.js';
import zookeeperLock from '../../../src/algorithms/zookeeper-lock.js';
import type { Fault } from '../../../src/fault.js';
import { DEFAULT_WORKLOAD } from '../../../src/workloads/index.js';
import {
  at,
  bareGrant,
  crash,
  LATENCY_US,
  outcome,
  ROUND_TRIP_US,
  recordsOf,
  runLock,
  runScript,
  type Script,
  type Setting,
  scenarioOf,
} from '../run.js';

const TTL_US = 10_000_000;
const TICK_US = 2_000_000;

const failover = (atUs: number, replica: number, id = 'f1'): Fault => ({
  id,
  class: 'failover',
  at: at(atUs),
  host: 'z1',
  replica,
});

const serverError = (atUs: number, durationUs: number, error: string): Fault => ({
  id: 'f1',
  class: 'server-error',
  at: at(atUs),
  host: 'z1',
  durationUs,
  error,
});

function run(script: Script, setting: Setting = {}) {
  return runScript(script, { service: 'zookeeper', ...setting });
}

function connect(environment: Environment, timeoutMs = 10_000): ZooKeeperSession {
  return environment.zookeeper[0]!.connect({ timeoutMs });
}

/** A session with an ephemeral znode of that name. */
async function locked(environment: Environment, path = '/job'): Promise<ZooKeeperSession> {
  const session = connect(environment);
  await session.create(path, '', 'ephemeral');
  return session;
}

async function holding(environment: Environment): Promise<void> {
  await locked(environment);
  await environment.sleep(1_000);
}

test('R1 an ephemeral znode with the name of the lock is a lease, from the send of its create', async () => {
  const alone = await run({ A1: (env) => locked(env) });
  const [lease] = recordsOf(alone, 'lease');
  expect(lease).toMatchObject({ key: '/job', server: 'z1', host: 'A', termUs: TTL_US });
  expect(lease).toMatchObject({ sentAtUs: ROUND_TRIP_US, atUs: ROUND_TRIP_US + LATENCY_US });
  expect(recordsOf(alone, 'acked')[0]).toMatchObject({ lease: lease!.lease });
});

test('R1 a persistent znode is none, nor is one of another name', async () => {
  const other = await run({
    A1: async (env) => {
      const session = connect(env);
      await session.create('/job', '', 'persistent');
      await session.create('/other', '', 'ephemeral');
    },
  });
  expect(recordsOf(other, 'lease')).toEqual([]);
});

test('R1 the term is the timeout as the server grants it: between 2 and 20 ticks', async () => {
  const termOf = async (timeoutMs: number) => {
    const one = await run({
      A1: (env) => connect(env, timeoutMs).create('/job', '', 'ephemeral'),
    });
    return recordsOf(one, 'lease')[0]!.termUs;
  };
  expect(await termOf(1_000)).toBe(2 * TICK_US);
  expect(await termOf(7_000)).toBe(7_000_000);
  expect(await termOf(90_000)).toBe(20 * TICK_US);
});

test('R1 every request of the session is a heartbeat; without one the client pings', async () => {
  const kept = await run({
    A1: async (env) => {
      const session = await locked(env);
      await env.sleep(1_000);
      await session.exists('/');
      await env.sleep(5_000);
    },
  });
  const [first, second, third] = recordsOf(kept, 'lease');
  const readAtUs = 2 * ROUND_TRIP_US + 1_000_000;
  expect(second).toMatchObject({ extends: true, sentAtUs: readAtUs, owner: first!.owner });
  // A third of the timeout after what was sent last (ClientCnxn.java: readTimeout / 2).
  expect(third!.sentAtUs - readAtUs).toBe(3_333_000);
  expect(
    recordsOf(kept, 'acked')
      .map(({ lease }) => lease)
      .slice(0, 3),
  ).toEqual([1, 2, 3]);
});

test('R0 its end: with its session, released by its owner, deleted by another', async () => {
  const causes = async (end: (session: ZooKeeperSession, env: Environment) => unknown) => {
    const ended = await run({
      A1: async (env) => end(await locked(env), env),
      B1: async (env) => {
        await env.sleep(100);
        await outcome(connect(env).delete('/job'));
      },
    });
    return recordsOf(ended, 'lease-end').map(({ cause, by }) => [cause, by?.operation]);
  };
  expect(await causes((session) => session.delete('/job'))).toEqual([['released', 'A1']]);
  expect(await causes((session) => session.close())).toEqual([['released', 'A1']]);
  expect(await causes((_session, env) => env.sleep(1_000))).toEqual([['deleted', 'B1']]);
});

test('R9 the session of a dead client ends at the first tick after its timeout', async () => {
  const died = await run({ A1: holding }, { faults: [crash(at(100_000))] });
  expect(recordsOf(died, 'lease-end')).toMatchObject([{ cause: 'session' }]);
  const [{ atUs }] = recordsOf(died, 'lease-end') as unknown as [{ atUs: number }];
  expect(atUs % TICK_US).toBe(0);
  expect(atUs).toBeGreaterThan(TTL_US);
  expect(atUs).toBeLessThanOrEqual(TTL_US + TICK_US);
});

test('R9 a new leader gives a session its whole timeout again, which no client did', async () => {
  const faults = [crash(at(100_000)), failover(5e6, 1, 'f2')];
  const changed = await run({ A1: holding, B1: (env) => env.sleep(6_000) }, { faults });
  expect(recordsOf(changed, 'lease')).toHaveLength(1);
  const [end] = recordsOf(changed, 'lease-end');
  expect(end).toMatchObject({ cause: 'session' });
  expect(end!.atUs).toBeGreaterThan(5e6 + TTL_US);
});

test('R3 only word of the end of the session says lost', async () => {
  const cut: Fault = {
    id: 'f1',
    class: 'partition',
    at: at(500_000),
    client: 'A',
    server: 'z1',
    direction: 'both',
    durationUs: 20_000_000,
  };
  const script: Script = {
    A1: {
      acquire: async (env) => {
        await locked(env);
        return bareGrant();
      },
      section: async (section) => {
        section.enter();
        await section.wait(25_000_000);
        return true;
      },
    },
  };
  const lost = await run(script, { faults: [cut] });
  const [told] = recordsOf(lost, 'loss-delivered');
  expect(told).toMatchObject({ client: 'A', operation: 'A1', server: 'z1' });
  expect(told!.atUs).toBeGreaterThan(20_500_000);
  const throttled = serverError(500_000, 5_000_000, 'ThrottledOp');
  expect(recordsOf(await run(script, { faults: [throttled] }), 'loss-delivered')).toEqual([]);
});

test('R20 the znodes below one parent are the places of one queue', async () => {
  const scenario = scenarioOf({ A1: () => {}, B1: () => {} }, { service: 'zookeeper' });
  const run = await runLock(zookeeperLock, DEFAULT_WORKLOAD, scenario);
  const [first, second] = recordsOf(run, 'enqueued');
  expect([first!.key, second!.key]).toEqual(['/job/', '/job/']);
  expect([first!.operation, second!.operation].sort()).toEqual(['A1', 'B1']);
  const left = recordsOf(run, 'dequeued').map(({ operation, cause }) => [operation, cause]);
  expect(left.slice(0, 2)).toEqual([
    [first!.operation, 'left'],
    [second!.operation, 'left'],
  ]);
});

test('R8 a crash of the ensemble resets connections and keeps what was answered', async () => {
  const states: string[] = [];
  let kept: unknown;
  const serverCrash: Fault = {
    id: 'f1',
    class: 'server-crash',
    at: at(1e6),
    host: 'z1',
    restartAfterUs: 1_000,
  };
  await run(
    {
      A1: async (env) => {
        const session = await locked(env);
        session.onState((state) => states.push(state));
        await env.sleep(3_000);
        kept = await session.exists('/job');
      },
    },
    { faults: [serverCrash] },
  );
  expect(states).toEqual(['SUSPENDED', 'RECONNECTED']);
  expect(kept).toMatchObject({ ephemeralOwner: 1 });
});

test.each([2, 3])('R16 failover %i ends by itself: the ensemble answers again', async (replica) => {
  const answers: string[] = [];
  const script: Script = {
    A1: async (env) => {
      const session = connect(env);
      await env.sleep(40_000);
      const [how] = await outcome(session.create('/late', '', 'persistent'));
      answers.push(how);
    },
  };
  const healed = await run(script, { faults: [failover(1e6, replica)] });
  expect(answers).toEqual(['ok']);
  expect(recordsOf(healed, 'fault').map(({ edge }) => edge)).toContain('end');
});

test('R16 a change of leader closes all connections, and sessions go on', async () => {
  const states: string[] = [];
  await run(
    {
      A1: async (env) => {
        const session = await locked(env);
        session.onState((state) => states.push(state));
        await env.sleep(3_000);
      },
    },
    { faults: [failover(1e6, 1)] },
  );
  expect(states).toEqual(['SUSPENDED', 'RECONNECTED']);
});

test('a throttled request is refused in its turn, and is a heartbeat all the same', async () => {
  let refusal: unknown;
  const busy = await run(
    {
      A1: async (env) => {
        const session = await locked(env);
        await env.sleep(1_000);
        [, refusal] = await outcome(session.delete('/job'));
        await env.sleep(30_000);
      },
    },
    { faults: [serverError(500_000, 20_000_000, 'ThrottledOp')] },
  );
  expect(refusal).toMatchObject({ code: 'THROTTLEDOP', refused: true });
  expect(recordsOf(busy, 'lease-end')).toEqual([]);
});

test('an ensemble that does not run closes connections until it does', async () => {
  const states: string[] = [];
  await run(
    {
      A1: async (env) => {
        const session = await locked(env);
        session.onState((state) => states.push(state));
        await env.sleep(1_000);
        await outcome(session.exists('/'));
        await env.sleep(8_000);
      },
    },
    { faults: [serverError(500_000, 3_000_000, 'ZooKeeperServer not running')] },
  );
  expect(states).toEqual(['SUSPENDED', 'RECONNECTED']);
});

test('R1 another ephemeral znode that a grant rests on is an unseen lease', async () => {
  const unseenIn = async (path: string, mode: 'ephemeral' | 'persistent') => {
    const acquire = async (env: Environment) => {
      await connect(env).create(path, '', mode);
      return bareGrant();
    };
    return (await run({ A1: { acquire } })).history.unseen;
  };
  expect(await unseenIn('/other', 'ephemeral')).toEqual({ server: 'z1', key: '/other' });
  expect(await unseenIn('/other', 'persistent')).toBeUndefined();
  expect(await unseenIn('/job', 'ephemeral')).toBeUndefined();
});
