/** A session of ZooKeeper's client in the world: what it makes of faults (R4, R7, R8). */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { ZooKeeperSession } from '../../../src/algorithms/zookeeper.js';
import zookeeperLock from '../../../src/algorithms/zookeeper-lock.js';
import type { Fault } from '../../../src/fault.js';
import { DEFAULT_WORKLOAD } from '../../../src/workloads/index.js';
import {
  at,
  call,
  crash,
  outcome,
  recordsOf,
  runLock,
  runScript,
  type Script,
  type Setting,
  scenarioOf,
} from '../run.js';

const TIMEOUT_MS = 10_000;

function run(script: Script, setting: Setting = {}) {
  return runScript(script, { service: 'zookeeper', ...setting });
}

/** A session, and the instants at which its state changed, on the clock of its client. */
function connect(environment: Environment) {
  const states: [string, number][] = [];
  const session: ZooKeeperSession = environment.zookeeper[0]!.connect({ timeoutMs: TIMEOUT_MS });
  session.onState((state) => states.push([state, Math.floor(environment.monoMs())]));
  return { session, states };
}

const ofLink = (faultClass: 'lost-request' | 'lost-reply' | 'half-open', nth: number): Fault => ({
  id: 'f1',
  class: faultClass,
  at: call('A1', nth),
  client: 'A',
  server: 'z1',
});

/** It follows on connect, exists, and the look at the clock when the session is connected. */
const CREATE = 4;

async function created(fault: Fault) {
  let answer: unknown;
  let exists: unknown;
  let states: [string, number][] = [];
  await run(
    {
      A1: async (env) => {
        const client = connect(env);
        ({ states } = client);
        await client.session.exists('/');
        [, answer] = await outcome(client.session.create('/job', '', 'persistent'));
        exists = await client.session.exists('/job');
      },
    },
    { faults: [fault] },
  );
  return { answer, exists, states: states.map(([state]) => state) };
}

test('R7 a reply that is lost: CONNECTIONLOSS, and the request was carried out', async () => {
  const { answer, exists, states } = await created(ofLink('lost-reply', CREATE));
  expect(answer).toMatchObject({ code: 'CONNECTIONLOSS', refused: false });
  expect(exists).toMatchObject({ version: 0 });
  expect(states).toEqual(['CONNECTED', 'SUSPENDED', 'RECONNECTED']);
});

test('R7 a request that is lost: the same answer, and it was not', async () => {
  const { answer, exists } = await created(ofLink('lost-request', CREATE));
  expect(answer).toMatchObject({ code: 'CONNECTIONLOSS' });
  expect(exists).toBeUndefined();
});

test('R7 in silence the connection is given up after two thirds of the timeout', async () => {
  let changes: [string, number][] = [];
  await run(
    {
      A1: async (env) => {
        const { session, states } = connect(env);
        changes = states;
        await session.exists('/');
        await outcome(session.create('/job', '', 'persistent'));
      },
    },
    { faults: [ofLink('half-open', CREATE)] },
  );
  const [, suspended] = changes;
  expect(suspended![0]).toBe('SUSPENDED');
  expect(suspended![1]).toBeGreaterThanOrEqual(Math.floor((TIMEOUT_MS * 2) / 3));
  expect(suspended![1]).toBeLessThan((TIMEOUT_MS * 2) / 3 + 5);
});

test('a watch fires once, and tells of the first change after the read that set it', async () => {
  const told: string[] = [];
  await run({
    A1: async (env) => {
      const { session } = connect(env);
      await session.create('/job', 'a', 'persistent');
      await session.getData('/job', (event) => told.push(event));
      await session.setData('/job', 'b');
      await session.setData('/job', 'c');
      await session.delete('/job');
    },
  });
  expect(told).toEqual(['changed']);
});

test('a transaction is all or nothing, and rejects with the error of the one that failed', async () => {
  const answers: unknown[] = [];
  await run({
    A1: async (env) => {
      const { session } = connect(env);
      const create = { type: 'create', path: '/job', data: '', mode: 'persistent' } as const;
      const [, error] = await outcome(
        session.multi([create, { type: 'delete', path: '/missing' }]),
      );
      answers.push(error, await session.exists('/job'));
      await session.multi([create]);
      answers.push(await session.exists('/job'));
    },
  });
  expect(answers).toMatchObject([{ code: 'NONODE', path: '/missing' }, undefined, { version: 0 }]);
});

test('R8 the session of a client that died goes on at the server; the next one is another', async () => {
  const owners: number[] = [];
  const died = await run(
    {
      A1: async (env) => {
        await connect(env).session.create('/job', '', 'ephemeral');
        await env.sleep(5_000);
      },
      A2: async (env) => {
        const { session } = connect(env);
        owners.push((await session.exists('/job'))!.ephemeralOwner);
        owners.push(session.sessionId);
      },
    },
    { faults: [crash(at(1e6), { restartAfterUs: 100_000 })] },
  );
  expect(owners).toEqual([1, 2]);
  expect(died.findings).toEqual([]);
});

test('R4 a client that is paused pings when it wakes, and not before', async () => {
  const pause: Fault = { id: 'f1', class: 'pause', at: at(1e6), host: 'A', durationUs: 4e6 };
  const paused = await run(
    {
      A1: async (env) => {
        await connect(env).session.create('/job', '', 'ephemeral');
        await env.sleep(8_000);
      },
    },
    { faults: [pause] },
  );
  const heartbeats = recordsOf(paused, 'lease').map(({ sentAtUs }) => sentAtUs);
  expect(heartbeats[1]).toBe(5e6);
});

test('clocks that drift move the pings with them', async () => {
  const drift: Fault = {
    id: 'f1',
    class: 'clock-drift',
    at: at(0),
    host: 'A',
    ppm: 500_000,
    durationUs: 20e6,
  };
  const fast = await run(
    {
      A1: async (env) => {
        await connect(env).session.create('/job', '', 'ephemeral');
        await env.sleep(8_000);
      },
    },
    { faults: [drift] },
  );
  const [first, second] = recordsOf(fast, 'lease').map(({ sentAtUs }) => sentAtUs);
  expect((second! - first!) / 1e6).toBeCloseTo(3.333 / 1.5, 2);
});

test('a session that is open is no left-over, and whoever waits for its news is not stuck', async () => {
  const open = await run({
    A1: async (env) => {
      await connect(env).session.create('/job', '', 'ephemeral');
    },
    B1: async (env) => {
      await env.sleep(100);
      await new Promise<void>((resolve) => {
        void connect(env).session.getData('/job', () => resolve());
      });
    },
  });
  expect(open.findings).toEqual([]);
});

test('R10 when only heartbeats are left to happen, the run is over', async () => {
  const scenario = scenarioOf({ A1: () => {} }, { service: 'zookeeper' });
  const over = await runLock(zookeeperLock, DEFAULT_WORKLOAD, scenario);
  const pings = recordsOf(over, 'lease').filter(({ extends: isHeartbeat }) => isHeartbeat);
  expect(pings.length).toBeLessThan(5);
  expect(over.history.endUs).toBeGreaterThan(10e6);
});
