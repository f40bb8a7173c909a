/**
 * What a client's library does about connections that break and sessions that end: states, errors,
 * watches, timing.
 */
import { describe, expect, it } from 'vitest';
import { ERROR } from '../../../../src/sim/servers/zookeeper/errors.js';
import {
  CREATE_MODE,
  OPEN_ACL_UNSAFE,
  type RequestBody,
} from '../../../../src/sim/servers/zookeeper/messages.js';
import { ClientWorld } from './client-world.js';

const create = (path: string, flags: number = CREATE_MODE.persistent): RequestBody => ({
  type: 'create',
  path,
  data: '',
  acl: OPEN_ACL_UNSAFE,
  flags,
});
const list = (path: string): RequestBody => ({ type: 'getChildren', path, watch: false });
const exists = (path: string, watch = false): RequestBody => ({ type: 'exists', path, watch });

describe('a client session', () => {
  it('connects, and agrees on a timeout within the bounds of the server', () => {
    const world = new ClientWorld();
    expect(world.client({ timeoutMs: 1000 }).session.timeoutMs).toBe(4000);
    const client = world.client({ timeoutMs: 60_000 });
    expect(client.session.timeoutMs).toBe(40_000);
    expect(client.states).toEqual(['CONNECTED']);
  });

  it('pings when a third of its timeout has passed without a request, and lives on', () => {
    const world = new ClientWorld();
    const client = world.client({ timeoutMs: 9000 });
    world.pass(2000);
    client.ask(exists('/'));
    world.pass(7000);
    const pings = client.sent.filter(({ request }) => request.type === 'ping');
    expect(pings.map(({ atMs }) => atMs)).toEqual([5000, 8000]);
    world.pass(600_000);
    expect(client.states).toEqual(['CONNECTED']);
  });

  it('is suspended after two thirds of its timeout without a word, and asks the next server', () => {
    const world = new ClientWorld({ followerLagUs: [0, 0] });
    const client = world.client({ timeoutMs: 9000, servers: 3 });
    client.deafClient = true;
    world.pass(5999);
    expect(client.states).toEqual(['CONNECTED']);
    world.pass(1);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED']);
    client.deafClient = false;
    world.pass(1);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED', 'RECONNECTED']);
    expect(client.opened).toEqual([1, 2]);
  });

  it('gives up an attempt after its timeout divided by the number of servers', () => {
    const world = new ClientWorld({ followerLagUs: [0, 0] });
    const client = world.client({ timeoutMs: 9000, servers: 3 });
    client.deafClient = true;
    client.sever();
    world.pass(1);
    expect(client.opened).toEqual([1, 2]);
    world.pass(3000);
    expect(client.opened).toEqual([1, 2]);
    world.pass(1);
    expect(client.opened).toEqual([1, 2, 3]);
  });

  it('waits before it reconnects', () => {
    const world = new ClientWorld();
    const client = world.client();
    client.delayMs = 700;
    client.sever();
    world.pass(699);
    expect(client.opened).toEqual([1]);
    world.pass(1);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED', 'RECONNECTED']);
  });

  it('keeps its session and its ephemeral znodes over a reconnect', () => {
    const world = new ClientWorld();
    const client = world.client();
    const { sessionId } = client.session;
    client.ask(create('/e', CREATE_MODE.ephemeral));
    client.sever();
    world.pass(100);
    expect(client.session.sessionId).toBe(sessionId);
    expect(client.ask(exists('/e')).answer?.result?.stat?.ephemeralOwner).toBe(sessionId);
  });
});

describe('requests of a client whose connection breaks', () => {
  it('fail with CONNECTIONLOSS, and may have been carried out all the same', () => {
    const world = new ClientWorld();
    const client = world.client();
    client.ask(create('/lock'));
    client.deafClient = true;
    const lost = client.ask(create('/lock/_c_guid-lock-', CREATE_MODE.ephemeralSequential));
    expect(lost.answer).toBeUndefined();
    client.sever();
    expect(lost.answer).toEqual({ error: ERROR.CONNECTIONLOSS, result: undefined });
    client.deafClient = false;
    world.pass(10_000);
    // What Curator's protected mode looks for before it creates again.
    expect(client.ask(list('/lock')).answer?.result?.children).toEqual(['_c_guid-lock-0000000000']);
  });

  it('wait for the next connection if there is none, in order', () => {
    const world = new ClientWorld();
    const client = world.client();
    client.delayMs = 500;
    client.sever();
    const first = client.ask(create('/a'));
    const second = client.ask(create('/a'));
    expect(first.answer).toBeUndefined();
    world.pass(500);
    expect([first.answer?.error, second.answer?.error]).toEqual([ERROR.OK, ERROR.NODEEXISTS]);
  });

  it('that wait fail with the next attempt that fails', () => {
    const world = new ClientWorld();
    const client = world.client();
    client.delayMs = 500;
    client.sever();
    client.refused = true;
    const waiting = client.ask(create('/a'));
    world.pass(500);
    expect(waiting.answer?.error).toBe(ERROR.CONNECTIONLOSS);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED']);
  });
});

describe('the end of a session', () => {
  it('is learnt after a reconnect only, late; then there is a new one', () => {
    const world = new ClientWorld();
    const client = world.client({ timeoutMs: 6000 });
    const { sessionId } = client.session;
    client.ask(create('/e', CREATE_MODE.ephemeral));
    client.refused = true;
    client.sever();
    world.pass(60_000);
    expect(world.sessions.at(-1)).toMatchObject({ sessionId, state: 'closed', cause: 'expired' });
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED']);
    client.refused = false;
    world.pass(1);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED', 'LOST', 'RECONNECTED']);
    expect(client.session.sessionId).not.toBe(sessionId);
    expect(client.ask(exists('/e')).answer?.error).toBe(ERROR.NONODE);
  });

  it('fails what was waiting with SESSIONEXPIRED', () => {
    const world = new ClientWorld();
    const client = world.client({ timeoutMs: 4000 });
    client.delayMs = 999;
    client.refused = true;
    client.sever();
    world.pass(20_000);
    client.refused = false;
    const waiting = client.ask(create('/a'));
    world.pass(1000);
    expect(waiting.answer?.error).toBe(ERROR.SESSIONEXPIRED);
  });

  it('is foreseen by Curator: suspended for the whole timeout is lost', () => {
    const world = new ClientWorld();
    const client = world.client({ timeoutMs: 9000, sessionExpirationPercent: 100 });
    client.refused = true;
    client.sever();
    world.pass(8999);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED']);
    world.pass(1);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED', 'LOST']);
  });

  it('is foreseen later by a Curator whose wall clock is set back', () => {
    const world = new ClientWorld();
    const client = world.client({ timeoutMs: 9000, sessionExpirationPercent: 100 });
    client.refused = true;
    client.sever();
    client.wallStepUs = -5_000_000;
    world.pass(13_999);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED']);
    world.pass(1);
    expect(client.states).toEqual(['CONNECTED', 'SUSPENDED', 'LOST']);
  });

  it('by close tells the server, deletes what is ephemeral, and is for good', () => {
    const world = new ClientWorld();
    const client = world.client();
    const other = world.client();
    client.ask(create('/e', CREATE_MODE.ephemeral));
    client.session.close();
    world.settle();
    expect(client.states).toEqual(['CONNECTED', 'CLOSED']);
    expect(other.ask(exists('/e')).answer?.error).toBe(ERROR.NONODE);
    expect(client.ask(exists('/')).answer?.error).toBe(ERROR.SESSIONEXPIRED);
    world.pass(60_000);
    expect(client.opened).toEqual([1]);
  });

  it('by close without a connection is left to the timeout of the server', () => {
    const world = new ClientWorld();
    const client = world.client();
    const other = world.client();
    client.ask(create('/e', CREATE_MODE.ephemeral));
    client.sever();
    client.session.close();
    world.settle();
    expect(client.states.at(-1)).toBe('CLOSED');
    expect(other.ask(exists('/e')).answer?.error).toBe(ERROR.OK);
    world.pass(12_000);
    expect(other.ask(exists('/e')).answer?.error).toBe(ERROR.NONODE);
  });
});

describe('watches of a client', () => {
  it('come back with the connection, and tell what happened in between', () => {
    const world = new ClientWorld();
    const [client, other] = [world.client(), world.client()];
    other.ask(create('/a'));
    client.ask(exists('/a', true));
    client.ask(exists('/new', true));
    client.ask({ type: 'getChildren', path: '/', watch: true });
    client.delayMs = 500;
    client.sever();
    other.ask({ type: 'delete', path: '/a', version: -1 });
    expect(client.fired).toEqual([]);
    world.pass(500);
    expect(client.fired).toEqual(['NodeDeleted /a', 'NodeChildrenChanged /']);
    other.ask(create('/new'));
    expect(client.fired.slice(2)).toEqual(['NodeCreated /new']);
  });

  it('are gone in kazoo, for good', () => {
    const world = new ClientWorld();
    const [client, other] = [world.client({ restoresWatches: false }), world.client()];
    other.ask(create('/a'));
    client.ask(exists('/a', true));
    client.sever();
    world.pass(500);
    other.ask({ type: 'delete', path: '/a', version: -1 });
    expect(client.fired).toEqual([]);
  });

  it('do not outlive the session', () => {
    const world = new ClientWorld();
    const [client, other] = [world.client({ timeoutMs: 4000 }), world.client()];
    other.ask(create('/a'));
    client.ask(exists('/a', true));
    client.refused = true;
    client.sever();
    world.pass(20_000);
    client.refused = false;
    world.pass(1000);
    expect(client.states.at(-1)).toBe('RECONNECTED');
    other.ask({ type: 'delete', path: '/a', version: -1 });
    expect(client.fired).toEqual([]);
  });

  it('fire once, and not again after a reconnect', () => {
    const world = new ClientWorld();
    const [client, other] = [world.client(), world.client()];
    other.ask(create('/a'));
    client.ask(exists('/a', true));
    other.ask({ type: 'setData', path: '/a', data: 'x', version: -1 });
    client.sever();
    world.pass(500);
    other.ask({ type: 'setData', path: '/a', data: 'y', version: -1 });
    expect(client.fired).toEqual(['NodeDataChanged /a']);
  });
});
