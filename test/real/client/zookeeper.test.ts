/** What a session of ZooKeeper promises, of a simulated and of a real one (R7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import {
  type SessionOptions,
  type SessionState,
  ZooKeeperError,
  type ZooKeeperSession,
} from '../../../src/algorithms/zookeeper.js';
import { outcome } from '../../sim/run.js';
import { isInstalled } from '../servers/needing.js';
import { type Arm, type Code, simulatedArm } from './arm.js';
import { expectToExclude, soundLocks } from './lock-story.js';
import { openClient, type RealClient, realArm, type StartedService } from './real-arm.js';
import { startZooKeeperService, TIMEOUT_MS } from './zookeeper-service.js';

const isReal = isInstalled('zookeeper');
let zookeeper: StartedService;
beforeAll(async () => {
  if (isReal) zookeeper = await startZooKeeperService();
});
afterAll(async () => {
  if (isReal) await zookeeper.stop();
});

const arms: readonly Arm[] = [
  simulatedArm('zookeeper'),
  ...(isReal ? [{ name: 'real', run: (...args) => realArm(zookeeper).run(...args) } as Arm] : []),
];

/** No longer than a second has to be waited for its end. */
const SHORT_MS = 1_000;

/** A session and the states that it was told of, with the id it had then. */
function connect(env: Environment, options: Partial<SessionOptions> = {}) {
  const states: [SessionState, number][] = [];
  const session = env.zookeeper[0]!.connect({ timeoutMs: TIMEOUT_MS, ...options });
  session.onState((state) => states.push([state, session.sessionId]));
  return { session, states };
}

async function until(env: Environment, holds: () => boolean): Promise<void> {
  while (!holds()) await env.sleep(20);
}

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const [how, error] = await outcome(call);
  if (how === 'ok') return 'OK';
  return error instanceof ZooKeeperError ? `${error.code} ${error.path}` : String(error);
};

describe.each(arms)('a $name session', (arm) => {
  const alone = async (code: Code, setting?: Parameters<Arm['run']>[1]) =>
    (await arm.run({ A: code }, setting))['A']!;

  test('creates, reads, writes and deletes znodes', async () => {
    const { value, sent } = await alone(async ({ env }) => {
      const { session } = connect(env);
      const made = await session.create('/a', 'é', 'persistent');
      const read = await session.getData('/a');
      const written = await session.setData('/a', 'w', 0);
      const child = await session.create('/a/n-', '', 'ephemeral-sequential');
      const other = await session.create('/a/n-', '', 'persistent-sequential');
      const container = await session.create('/c', '', 'container');
      const names = [...(await session.getChildren('/a'))].sort();
      const stat = await session.exists('/a');
      await session.sync('/a');
      await session.delete(other.path);
      await session.delete(child.path, 0);
      const before = session.sessionId;
      session.close();
      return [
        [made.path, made.stat.version, made.stat.ephemeralOwner, read.data],
        [written.version, written.czxid === made.stat.czxid, written.mzxid > written.czxid],
        [child.path, child.stat.ephemeralOwner === before, before > 0],
        [other.path, other.stat.ephemeralOwner, container.path, container.stat.ephemeralOwner],
        [names, stat?.numChildren],
      ];
    });
    const [first, second] = ['n-0000000000', 'n-0000000001'];
    expect(value).toEqual([
      ['/a', 0, 0, 'é'],
      [1, true, true],
      [`/a/${first}`, true, true],
      [`/a/${second}`, 0, '/c', 0],
      [[first, second], 2],
    ]);
    expect(sent).toEqual([
      `connect, timeout ${TIMEOUT_MS} ms`,
      'create /a "é"',
      'get /a',
      'set -v 0 /a "w"',
      'create -e -s /a/n-',
      'create -s /a/n-',
      'create -c /c',
      'ls /a',
      'stat /a',
      'sync /a',
      `delete /a/${second}`,
      `delete -v 0 /a/${first}`,
      'close the session',
    ]);
  });

  test('errors have the names of upstream, and the path', async () => {
    const { value } = await alone(async ({ env }) => {
      const { session } = connect(env);
      await session.create('/a', '', 'persistent');
      await session.create('/a/e', '', 'ephemeral');
      const codes = [
        await codeOf(session.create('/a', '', 'persistent')),
        await codeOf(session.create('/none/b', '', 'persistent')),
        await codeOf(session.create('/a/e/f', '', 'persistent')),
        await codeOf(session.getData('/none')),
        await codeOf(session.setData('/a', '', 7)),
        await codeOf(session.delete('/a', 7)),
        await codeOf(session.delete('/a')),
        await codeOf(session.getChildren('/none')),
        await session.exists('/none'),
      ];
      session.close();
      return codes;
    });
    expect(value).toEqual([
      'NODEEXISTS /a',
      'NONODE /none/b',
      'NOCHILDRENFOREPHEMERALS /a/e/f',
      'NONODE /none',
      'BADVERSION /a',
      'BADVERSION /a',
      'NOTEMPTY /a',
      'NONODE /none',
      undefined,
    ]);
  });

  test('a transaction does all or nothing, and says what failed', async () => {
    const { value, sent } = await alone(async ({ env }) => {
      const { session } = connect(env);
      await session.multi([
        { type: 'create', path: '/a', data: 'x', mode: 'persistent' },
        { type: 'setData', path: '/a', data: 'y', version: 0 },
        { type: 'check', path: '/a', version: 1 },
        { type: 'create', path: '/c', data: '', mode: 'container' },
        { type: 'delete', path: '/c' },
      ]);
      const failed = await codeOf(
        session.multi([
          { type: 'create', path: '/b', data: '', mode: 'persistent' },
          { type: 'check', path: '/a', version: 0 },
          { type: 'delete', path: '/a' },
        ]),
      );
      const left = [(await session.getData('/a')).data, await session.exists('/b')];
      session.close();
      return [failed, left];
    });
    expect(value).toEqual(['BADVERSION /a', ['y', undefined]]);
    expect(sent[2]).toBe('multi create /b; check -v 0 /a; delete /a');
  });

  test('R4 enters once for each call, and for no other reason', async () => {
    const { entered } = await alone(async ({ env }) => {
      const { session } = connect(env);
      await session.create('/a', '', 'persistent');
      await session.getData('/a', () => {});
      await session.setData('/a', '');
      session.close();
    });
    expect(entered).toBe(5);
  });

  test('watches are one-shot, and told to the callback of the read that set them', async () => {
    const seen = await arm.run({
      A: async ({ env }) => {
        const { session } = connect(env);
        const told: string[] = [];
        await session.create('/a', '', 'persistent');
        await session.exists('/a/new', (event) => told.push(`created ${event}`));
        await session.getData('/a', (event) => told.push(`data ${event}`));
        await session.getChildren('/a', (event) => told.push(`children ${event}`));
        await env.sleep(600);
        await session.getData('/a/new', (event) => told.push(`deleted ${event}`));
        await env.sleep(600);
        session.close();
        return told.sort();
      },
      B: async ({ env }) => {
        const { session } = connect(env);
        await env.sleep(300);
        await session.create('/a/new', '', 'persistent');
        await session.setData('/a', '1');
        await session.setData('/a', '2');
        await env.sleep(600);
        await session.delete('/a/new');
        session.close();
      },
    });
    const all = ['children changed', 'created changed', 'data changed', 'deleted changed'];
    expect(seen['A']!.value).toEqual(all);
  });

  test('ephemeral znodes end with the session that is closed', async () => {
    const seen = await arm.run({
      A: async ({ env }) => {
        const { session } = connect(env);
        await session.create('/held', '', 'ephemeral');
        await env.sleep(400);
        session.close();
      },
      B: async ({ env }) => {
        const { session } = connect(env);
        await env.sleep(200);
        const taken = await codeOf(session.create('/held', '', 'ephemeral'));
        await new Promise<void>((resolve) => {
          void session.exists('/held', () => resolve());
        });
        const free = await codeOf(session.create('/held', '', 'ephemeral'));
        session.close();
        return [taken, free];
      },
    });
    expect(seen['B']!.value).toEqual(['NODEEXISTS /held', 'OK']);
  });

  test.each([
    ['lost-request', false],
    ['lost-reply', true],
  ] as const)('R7 %s: CONNECTIONLOSS, and the session goes on', async (strike, isThere) => {
    const { value } = await alone(
      async ({ env, armed }) => {
        const { session, states } = connect(env);
        const told: string[] = [];
        await session.create('/a', '', 'persistent');
        await session.getData('/a', (event) => told.push(event));
        await armed();
        const lost = await codeOf(session.create('/b', '', 'ephemeral'));
        const there = await session.exists('/b');
        await session.setData('/a', 'x');
        await env.sleep(50);
        const { sessionId } = session;
        session.close();
        const isOurs = there === undefined || there.ephemeralOwner === sessionId;
        const isOne = states.every(([, id]) => id === sessionId);
        return [lost, there !== undefined, isOurs, states.map(([state]) => state), isOne, told];
      },
      { strike },
    );
    const states = ['CONNECTED', 'SUSPENDED', 'RECONNECTED'];
    const told = ['state', 'state', 'changed'];
    expect(value).toEqual(['CONNECTIONLOSS /b', isThere, true, states, true, told]);
  });

  test('R7 a connection that fell silent is given up, and the session goes on', async () => {
    const { value } = await alone(
      async ({ env, armed }) => {
        const { session, states } = connect(env);
        await session.create('/a', '', 'ephemeral');
        const heardAtMs = env.monoMs();
        await armed();
        const lost = await codeOf(session.sync('/a'));
        const isPatient = env.monoMs() - heardAtMs > session.timeoutMs / 2;
        const stat = await session.exists('/a');
        session.close();
        return [lost, isPatient, stat !== undefined, states.map(([state]) => state)];
      },
      { strike: 'half-open' },
    );
    const states = ['CONNECTED', 'SUSPENDED', 'RECONNECTED'];
    expect(value).toEqual(['CONNECTIONLOSS /a', true, true, states]);
  });

  test('after its close a session answers that it is over', async () => {
    const { value } = await alone(async ({ env }) => {
      const { session } = connect(env);
      await session.create('/a', '', 'persistent');
      session.close();
      return codeOf(session.getData('/a'));
    });
    expect(value).toBe('SESSIONEXPIRED /a');
  });
});

describe.each(isReal ? ['a real session'] : [])('%s', () => {
  test.each(soundLocks('zookeeper'))('$name excludes and hands over', (algorithm) =>
    expectToExclude(zookeeper, algorithm),
  );

  /** Runs a session whose server is out of reach until it is given up, and then is not. */
  async function loseSession(options: Partial<SessionOptions>) {
    await zookeeper.clear(undefined);
    const client = await openClient(zookeeper, 'A');
    const { session, states } = connect(client.env, { timeoutMs: SHORT_MS, ...options });
    await session.create('/a', '', 'ephemeral');
    client.proxy.refuse(true);
    client.proxy.cut();
    return { client, session, states };
  }

  async function backWithAnother(client: RealClient, session: ZooKeeperSession, first: number) {
    client.proxy.refuse(false);
    await until(client.env, () => session.sessionId !== 0 && session.sessionId !== first);
    const there = await codeOf(session.create('/b', '', 'ephemeral'));
    expect(there).toBe('OK');
    await client.close();
  }

  test('a server says that the session has ended: LOST, then another one', async () => {
    const { client, session, states } = await loseSession({});
    const [[, first]] = states as [[SessionState, number]];
    await client.env.sleep(2 * SHORT_MS);
    expect(states.map(([state]) => state)).toEqual(['CONNECTED', 'SUSPENDED']);
    await backWithAnother(client, session, first);
    const names = ['CONNECTED', 'SUSPENDED', 'LOST', 'RECONNECTED'];
    expect(states.map(([state]) => state)).toEqual(names);
  });

  test('with an expiration percent the client itself gives the session up', async () => {
    const { client, session, states } = await loseSession({ sessionExpirationPercent: 50 });
    const [[, first]] = states as [[SessionState, number]];
    const pending = codeOf(session.exists('/a'));
    await until(client.env, () => states.at(-1)?.[0] === 'LOST');
    expect(session.sessionId).toBe(0);
    expect(await pending).toMatch(/^(?:CONNECTIONLOSS|SESSIONEXPIRED) \/a$/);
    await backWithAnother(client, session, first);
    expect(states.at(-1)?.[0]).toBe('RECONNECTED');
  });

  test('R7 a server that cannot be reached was asked nothing', async () => {
    const client = await openClient(zookeeper, 'A');
    client.proxy.refuse(true);
    const { session, states } = connect(client.env);
    const refused = await codeOf(session.exists('/a'));
    expect(refused).toBe('CONNECTIONLOSS /a');
    expect(states).toEqual([]);
    expect(client.calls.sent.filter((text) => text.startsWith('stat'))).toEqual([]);
    session.close();
    await client.close();
  });
});
