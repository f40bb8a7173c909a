/**
 * What recordings cannot show: refusals of what is not modelled, ground truth for the observer, and
 * options out of bounds.
 */
import { describe, expect, it } from 'vitest';
import { ERROR, errorName } from '../../../../src/sim/servers/zookeeper/errors.js';
import {
  type Acl,
  CREATE_MODE,
  OPEN_ACL_UNSAFE,
  type RequestBody,
} from '../../../../src/sim/servers/zookeeper/messages.js';
import { World } from './world.js';

describe('requests that are not modelled', () => {
  it.each([
    'auth',
    'checkWatches',
    'getACL',
    'getAllChildrenNumber',
    'multiRead',
    'reconfig',
    'sasl',
    'setACL',
    'whoAmI',
  ] as const)('are refused by name: %s', (type) => {
    const world = new World();
    world.open(1);
    const { error, reason } = world.ask(1, { type });
    expect([errorName(error), reason]).toEqual(['UNIMPLEMENTED', `${type} is not modelled`]);
  });

  it('are those with an ACL of a scheme that a real server would look into', () => {
    const world = new World();
    world.open(1);
    const acl: Acl[] = [{ perms: 31, scheme: 'digest', id: 'a:b' }];
    const create: RequestBody = { type: 'create', path: '/a', data: '', acl, flags: 0 };
    const reason = 'an ACL of scheme digest is not modelled';
    expect(world.ask(1, create)).toMatchObject({ error: ERROR.UNIMPLEMENTED, reason });
    const operations = [create];
    expect(world.ask(1, { type: 'multi', operations })).toMatchObject({ reason });
    expect(world.list(1, '/')).toEqual(['zookeeper']);
  });
});

describe('a connection', () => {
  it('that begins with anything but connect is closed', () => {
    const world = new World();
    world.server.connect(1);
    world.request(1, { type: 'ping' });
    expect(world.heard(1)).toEqual([{ type: 'closed' }]);
  });

  it('that the server has closed is not listened to', () => {
    const world = new World();
    world.open(1);
    world.request(1, { type: 'closeSession' });
    world.heard(1);
    world.request(1, { type: 'ping' });
    expect(world.heard(1)).toEqual([]);
  });
});

describe('the observer', () => {
  it('is told of each znode, with what it was and is', () => {
    const world = new World();
    const owner = world.open(1);
    world.create(1, '/a', CREATE_MODE.ephemeral, 'x');
    world.ask(1, { type: 'setData', path: '/a', data: 'y', version: 0 });
    world.ask(1, { type: 'delete', path: '/a', version: -1 });
    const first = { data: 'x', ephemeralOwner: owner, czxid: 2, version: 0 };
    const second = { ...first, data: 'y', version: 1 };
    expect(world.znodes).toEqual([
      { path: '/a', before: undefined, after: first, cause: 'command' },
      { path: '/a', before: first, after: second, cause: 'command' },
      { path: '/a', before: second, after: undefined, cause: 'command' },
    ]);
  });

  it('is told nothing of what was refused', () => {
    const world = new World();
    world.open(1);
    world.create(1, '/a/b');
    const data = { data: '', acl: OPEN_ACL_UNSAFE, flags: 0 };
    const operations = [
      { type: 'create', path: '/a', ...data },
      { type: 'delete', path: '/none', version: -1 },
    ] as const;
    world.ask(1, { type: 'multi', operations });
    expect(world.znodes).toEqual([]);
  });

  it('is told of sessions: opened, heard of, taken up, closed', () => {
    const world = new World();
    const session = world.open(1);
    world.request(1, { type: 'ping' });
    world.resume(2, session);
    world.request(2, { type: 'closeSession' });
    const causes = world.sessions.map(({ state, cause }) => `${state} ${cause}`);
    expect(causes).toEqual([
      'open created',
      'open renewed',
      'open resumed',
      'open renewed',
      'closed closed',
    ]);
  });
});

describe('options out of bounds', () => {
  it.each([
    { tickTimeMs: 0 },
    { tickTimeMs: 1.5 },
    { syncLimit: 0 },
    { containerCheckIntervalMs: -1 },
    { followerLagUs: [-1] },
    { followerLagUs: [0.5] },
  ])('are refused: %j', (options) => {
    expect(() => new World(options)).toThrow(RangeError);
  });

  it('a server that is not there cannot be connected to', () => {
    const world = new World({ followerLagUs: [0] });
    expect(() => world.server.connect(1, 3)).toThrow('member must be 1 … 2: 3');
    expect(() => world.server.changeLeader(0)).toThrow(RangeError);
  });
});
