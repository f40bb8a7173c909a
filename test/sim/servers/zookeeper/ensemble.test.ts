/**
 * More than one server: reads from a follower that lags, sync, servers that are cut off, and new
 * leaders (upstream quorum/Leader.java, Learner.java, LearnerHandler.java, CommitProcessor.java).
 */
import { describe, expect, it } from 'vitest';
import { ERROR } from '../../../../src/sim/servers/zookeeper/errors.js';
import { CREATE_MODE, OPEN_ACL_UNSAFE } from '../../../../src/sim/servers/zookeeper/messages.js';
import { World } from './world.js';

const LAG_MS = 50;

/** A leader, a follower that lags, a follower that does not; a client at each. */
function ensemble(): World {
  const world = new World({ followerLagUs: [LAG_MS * 1000, 0] });
  for (const member of [1, 2, 3]) {
    world.server.connect(member, member);
    const request = { sessionId: 0, password: '', timeoutMs: 10_000, lastZxidSeen: 0 };
    world.server.execute(member, { type: 'connect', ...request });
    world.pass(LAG_MS);
  }
  world.said.length = 0;
  return world;
}
const read = (world: World, connection: number, path: string) =>
  world.ask(connection, { type: 'getData', path, watch: false });

describe('a follower that lags', () => {
  it('answers reads from what it has, late', () => {
    const world = ensemble();
    world.create(1, '/a');
    expect(read(world, 3, '/a').error).toBe(ERROR.OK);
    expect(read(world, 2, '/a').error).toBe(ERROR.NONODE);
    world.pass(LAG_MS);
    expect(read(world, 2, '/a').error).toBe(ERROR.OK);
  });

  it('answers a read after a sync with what was committed before the sync', () => {
    const world = ensemble();
    world.create(1, '/a');
    world.request(2, { type: 'sync', path: '/' });
    world.request(2, { type: 'getData', path: '/a', watch: false });
    expect(world.heard(2)).toEqual([]);
    world.pass(LAG_MS);
    expect(world.heard(2)).toMatchObject([
      { xid: 1, error: ERROR.OK, result: { path: '/' } },
      { xid: 2, error: ERROR.OK, result: { data: '' } },
    ]);
  });

  it('answers a write when it has it itself, so that its client reads what it wrote', () => {
    const world = ensemble();
    const acl = OPEN_ACL_UNSAFE;
    world.request(2, { type: 'create', path: '/a', data: 'x', acl, flags: 0 });
    world.request(2, { type: 'getData', path: '/a', watch: false });
    expect(read(world, 1, '/a').result?.data).toBe('x');
    expect(world.heard(2)).toEqual([]);
    world.pass(LAG_MS);
    expect(world.heard(2)).toMatchObject([
      { xid: 1, result: { path: '/a' } },
      { xid: 2, result: { data: 'x' } },
    ]);
  });

  it('refuses a write by what the leader has, not by what it has itself', () => {
    const world = ensemble();
    world.create(1, '/a');
    const acl = OPEN_ACL_UNSAFE;
    world.request(2, { type: 'create', path: '/a', data: '', acl, flags: 0 });
    world.pass(LAG_MS);
    expect(world.heard(2)).toMatchObject([{ error: ERROR.NODEEXISTS }]);
  });

  it('fires watches when it applies the change', () => {
    const world = ensemble();
    world.ask(2, { type: 'exists', path: '/a', watch: true });
    world.create(1, '/a');
    expect(world.heard(2)).toEqual([]);
    world.pass(LAG_MS);
    expect(world.heard(2)).toEqual([{ type: 'event', event: 'NodeCreated', path: '/a' }]);
  });

  it('refuses a client that has seen more than it has', () => {
    const world = ensemble();
    const { zxid: lastZxidSeen } = world.create(1, '/a');
    const request = { sessionId: 0, password: '', timeoutMs: 10_000, lastZxidSeen };
    world.server.connect(4, 2);
    world.server.execute(4, { type: 'connect', ...request });
    expect(world.heard(4)).toEqual([{ type: 'closed' }]);
    world.pass(LAG_MS);
    world.server.connect(5, 2);
    world.server.execute(5, { type: 'connect', ...request });
    world.pass(LAG_MS);
    expect(world.heard(5)).toMatchObject([{ type: 'connected', timeoutMs: 10_000 }]);
  });

  it('keeps the sessions of its clients alive at the leader', () => {
    const world = ensemble();
    for (let second = 0; second < 60; second++) {
      for (const connection of [1, 2, 3]) world.request(connection, { type: 'ping' });
      world.pass(1000);
    }
    expect(world.sessions.filter(({ state }) => state === 'closed')).toEqual([]);
    world.pass(20_000);
    expect(world.sessions.filter(({ state }) => state === 'closed')).toHaveLength(3);
  });
});

describe('a session that moves to another server', () => {
  it('goes on there; a write by its old connection closes that', () => {
    const world = ensemble();
    const sessionId = world.sessions[0]!.sessionId;
    world.resume(4, sessionId, 3, 10_000);
    expect(world.heard(4)).toMatchObject([{ type: 'connected', sessionId }]);
    const acl = OPEN_ACL_UNSAFE;
    world.request(1, { type: 'create', path: '/a', data: '', acl, flags: 0 });
    expect(world.heard(1)).toEqual([{ type: 'closed' }]);
    expect(world.create(4, '/a').error).toBe(ERROR.OK);
  });

  it('leaves reads on the old connection to a follower, which does not know', () => {
    const world = ensemble();
    const sessionId = world.sessions.filter(({ cause }) => cause === 'created')[2]!.sessionId;
    world.resume(4, sessionId, 1, 10_000);
    expect(read(world, 3, '/').error).toBe(ERROR.OK);
    world.request(3, { type: 'setData', path: '/', data: 'x', version: -1 });
    expect(world.heard(3)).toEqual([{ type: 'closed' }]);
  });
});

describe('a follower that is cut off', () => {
  it('goes on answering reads from what it had, and its client never learns of a write', () => {
    const world = ensemble();
    world.server.isolate(2);
    world.create(1, '/a');
    world.pass(LAG_MS);
    expect(read(world, 2, '/a').error).toBe(ERROR.NONODE);
    world.request(2, { type: 'sync', path: '/' });
    world.request(2, { type: 'getData', path: '/a', watch: false });
    world.pass(5000);
    expect(world.heard(2)).toEqual([]);
  });

  it('lets the sessions of its clients run out at the leader while they think all is well', () => {
    const world = new World({ followerLagUs: [0, 0], syncLimit: 10 });
    const holder = world.open(2, 4000, 2);
    world.open(1, 40_000, 1);
    world.create(2, '/lock', CREATE_MODE.ephemeral);
    world.server.isolate(2);
    for (let second = 0; second < 8; second++) {
      expect(world.ask(2, { type: 'ping' }).error).toBe(ERROR.OK);
      world.pass(1000);
    }
    expect(world.sessions.at(-1)).toMatchObject({ sessionId: holder, cause: 'expired' });
    expect(world.list(1, '/')).toEqual(['zookeeper']);
    expect(world.list(2, '/')).toEqual(['lock', 'zookeeper']);
  });

  it('closes its connections after syncLimit ticks, and refuses new ones until it is back', () => {
    const world = ensemble();
    const startMs = world.monoUs() / 1000;
    world.server.isolate(2);
    world.pass(9999);
    expect(world.heard(2)).toEqual([]);
    world.pass(1);
    expect(world.said).toContainEqual({
      connection: 2,
      message: { type: 'closed' },
      atUs: (startMs + 10_000) * 1000,
    });
    world.resume(4, 1, 2);
    expect(world.heard(4)).toEqual([{ type: 'closed' }]);
    world.server.rejoin(2);
    world.pass(LAG_MS);
    expect(world.open(5, 8000, 3)).toBeGreaterThan(3);
  });

  it('passes on what had waited if it is back in time', () => {
    const world = ensemble();
    world.server.isolate(2);
    const acl = OPEN_ACL_UNSAFE;
    world.request(2, { type: 'create', path: '/a', data: '', acl, flags: 0 });
    world.request(2, { type: 'exists', path: '/a', watch: false });
    world.pass(3000);
    world.server.rejoin(2);
    world.pass(LAG_MS);
    expect(world.heard(2)).toMatchObject([
      { xid: 1, error: ERROR.OK },
      { xid: 2, error: ERROR.OK },
    ]);
    expect(read(world, 1, '/a').error).toBe(ERROR.OK);
  });
});

describe('a new leader', () => {
  it('has all that was committed, keeps sessions, and closes all connections', () => {
    const world = ensemble();
    world.create(1, '/a');
    const owner = world.sessions[0]!.sessionId;
    world.create(1, '/e', CREATE_MODE.ephemeral);
    const zxid = read(world, 1, '/e').zxid;
    world.server.changeLeader(2);
    for (const connection of [1, 2, 3]) {
      expect(world.heard(connection)).toContainEqual({ type: 'closed' });
    }
    world.resume(4, owner, 2);
    expect(world.heard(4)).toMatchObject([{ type: 'connected', sessionId: owner }]);
    expect(read(world, 4, '/e').result?.stat?.ephemeralOwner).toBe(owner);
    // A new epoch, in the high half.
    expect(world.create(4, '/b').zxid).toBe((Math.floor(zxid / 2 ** 32) + 1) * 2 ** 32 + 1);
  });

  it('gives every session its whole timeout again', () => {
    const world = new World({ followerLagUs: [0, 0] });
    world.open(1, 10_000);
    world.pass(9000);
    world.server.changeLeader(3);
    // At 19 s its time is up; 20 s is the next multiple of the tick.
    world.pass(10_999);
    expect(world.sessions.at(-1)).toMatchObject({ state: 'open', cause: 'leader' });
    world.pass(1);
    expect(world.sessions.at(-1)).toMatchObject({ state: 'closed', atMs: 20_000 });
  });

  it('comes by itself when the old one is cut off; until then nothing is written', () => {
    const world = ensemble();
    world.choice = (n) => n - 1;
    world.server.isolate(1);
    const acl = OPEN_ACL_UNSAFE;
    world.request(3, { type: 'create', path: '/a', data: '', acl, flags: 0 });
    world.request(1, { type: 'create', path: '/b', data: '', acl, flags: 0 });
    expect(read(world, 2, '/').error).toBe(ERROR.OK);
    world.pass(9999);
    expect(world.heard(3)).toEqual([]);
    world.pass(1);
    for (const connection of [1, 2, 3]) {
      expect(world.heard(connection)).toEqual([{ type: 'closed' }]);
    }
    const session = world.open(5, 8000, 3);
    expect(session).toBeGreaterThan(0);
    expect(world.list(5, '/')).toEqual(['zookeeper']);
    world.server.rejoin(1);
    world.create(5, '/c');
    world.resume(6, session, 1);
    expect(world.list(6, '/')).toEqual(['c', 'zookeeper']);
  });

  it('does not come without a majority, and comes with the one that makes it', () => {
    const world = ensemble();
    world.server.isolate(2);
    world.server.isolate(3);
    world.pass(10_000);
    for (const connection of [1, 2, 3]) {
      expect(world.heard(connection)).toContainEqual({ type: 'closed' });
    }
    world.resume(4, 1, 1);
    expect(world.heard(4)).toEqual([{ type: 'closed' }]);
    world.server.rejoin(3);
    world.resume(5, 1, 1);
    expect(world.heard(5)).toMatchObject([{ type: 'connected', sessionId: 1 }]);
    expect(world.create(5, '/a').error).toBe(ERROR.OK);
  });

  it('lets no session end while there is none', () => {
    const world = ensemble();
    world.server.isolate(2);
    world.server.isolate(3);
    world.pass(60_000);
    expect(world.sessions.filter(({ state }) => state === 'closed')).toEqual([]);
  });
});

describe('a crash of all servers', () => {
  it('loses connections and watches, and neither znodes nor sessions', () => {
    const world = new World();
    const session = world.open(1, 8000);
    world.create(1, '/e', CREATE_MODE.ephemeral);
    world.ask(1, { type: 'exists', path: '/e', watch: true });
    world.server.crash();
    world.request(1, { type: 'ping' });
    world.pass(60_000);
    expect(world.said).toEqual([]);
    world.server.restart();
    world.resume(2, session);
    expect(world.heard(2)).toMatchObject([{ type: 'connected', sessionId: session }]);
    world.ask(2, { type: 'setData', path: '/e', data: 'x', version: -1 });
    expect(world.heard(1)).toEqual([]);
    world.pass(20_000);
    expect(world.sessions.at(-1)).toMatchObject({ sessionId: session, cause: 'expired' });
  });

  it('loses all if the data directory is lost, and then refuses clients that saw more', () => {
    const world = new World({ dataDirectory: 'lost' });
    const session = world.open(1, 8000);
    const { zxid } = world.create(1, '/a');
    world.server.crash();
    world.server.restart();
    expect(world.znodes.at(-1)).toMatchObject({ path: '/a', after: undefined, cause: 'lost' });
    expect(world.sessions.at(-1)).toMatchObject({ sessionId: session, cause: 'lost' });
    const request = { sessionId: session, password: 'password 1', timeoutMs: 8000 };
    world.server.connect(2);
    world.server.execute(2, { type: 'connect', ...request, lastZxidSeen: zxid });
    expect(world.heard(2)).toEqual([{ type: 'closed' }]);
    expect(world.open(3)).toBeGreaterThan(session);
    expect(world.list(3, '/')).toEqual(['zookeeper']);
  });
});
