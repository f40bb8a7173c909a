/**
 * What holds after any sequence of requests: stats and children agree, refused requests change
 * nothing, watches are fair, and a follower ends up with what the leader has.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import {
  CREATE_MODE,
  OPEN_ACL_UNSAFE,
  type Operation,
  type RequestBody,
} from '../../../../src/sim/servers/zookeeper/messages.js';
import type { ZnodeState } from '../../../../src/sim/servers/zookeeper/port.js';
import { World } from './world.js';

const PATHS = ['/a', '/b', '/a/x', '/a/y', '/a/x/1', '/b/x'];
const path = fc.constantFrom(...PATHS);
const version = fc.constantFrom(-1, -1, 0, 1, 2);
const acl = OPEN_ACL_UNSAFE;

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    type: fc.constantFrom('create', 'create2'),
    path,
    data: fc.constantFrom('', 'x'),
    acl: fc.constant(acl),
    flags: fc.constantFrom(...Object.values(CREATE_MODE).slice(0, 4)),
  }),
  fc.record({ type: fc.constant('delete' as const), path, version }),
  fc.record({ type: fc.constant('setData' as const), path, data: fc.constant('y'), version }),
);
const write: fc.Arbitrary<RequestBody> = fc.oneof(
  { weight: 4, arbitrary: operation as fc.Arbitrary<RequestBody> },
  fc.record({
    type: fc.constant('multi' as const),
    operations: fc.array(
      fc.oneof(operation, fc.record({ type: fc.constant('check' as const), path, version })),
      {
        maxLength: 4,
      },
    ),
  }),
);
const steps = fc.array(fc.tuple(fc.constantFrom(1, 2), write), { maxLength: 40 });

/** What an observer of all changes believes there to be. */
function observed(world: World): Map<string, ZnodeState> {
  const znodes = new Map<string, ZnodeState>();
  for (const { path: at, before, after } of world.znodes) {
    expect(znodes.get(at)).toEqual(before);
    if (after === undefined) znodes.delete(at);
    else znodes.set(at, after);
  }
  return znodes;
}

function stat(world: World, connection: number, at: string) {
  return world.ask(connection, { type: 'exists', path: at, watch: false }).result?.stat;
}

describe('after any requests of two clients', () => {
  test.prop([steps])('the observer, the stats and the children agree', (requests) => {
    const world = new World();
    world.open(1);
    world.open(2);
    for (const [connection, body] of requests) world.ask(connection, body);
    const znodes = observed(world);
    for (const [at, { czxid, version: seen, ephemeralOwner, data }] of znodes) {
      const dataLength = data?.length ?? 0;
      expect(stat(world, 1, at)).toMatchObject({
        czxid,
        version: seen,
        ephemeralOwner,
        dataLength,
      });
    }
    for (const at of ['/', ...znodes.keys()]) {
      const prefix = at === '/' ? '/' : `${at}/`;
      const below = [...znodes.keys()]
        .filter((other) => other.startsWith(prefix) && !other.slice(prefix.length).includes('/'))
        .map((other) => other.slice(prefix.length));
      const all = at === '/' ? [...below, 'zookeeper'] : below;
      expect(world.list(1, at)).toEqual(all.sort());
      expect(stat(world, 1, at)?.numChildren).toBe(all.length);
    }
  });

  test.prop([steps])('every zxid is one more than the last, refused or not', (requests) => {
    const world = new World();
    world.open(1);
    world.open(2);
    let last = stat(world, 1, '/') === undefined ? 0 : world.ask(1, { type: 'ping' }).zxid;
    for (const [connection, body] of requests) {
      const { zxid } = world.ask(connection, body);
      expect(zxid).toBe(last + 1);
      last = zxid;
    }
  });

  test.prop([steps, fc.constantFrom(1, 2)])(
    'the end of a session leaves nothing of its own, and all else',
    (requests, gone) => {
      const world = new World();
      world.open(1);
      world.open(2);
      for (const [connection, body] of requests) world.ask(connection, body);
      const before = [...observed(world)];
      world.request(gone, { type: 'closeSession' });
      const after = before.filter(([, { ephemeralOwner }]) => ephemeralOwner !== gone);
      expect([...observed(world)]).toEqual(after);
    },
  );

  test.prop([steps, path])('a one-shot watch fires once, at the first change', (requests, at) => {
    const world = new World();
    world.open(1);
    world.open(2);
    world.open(3);
    world.ask(3, { type: 'exists', path: at, watch: true });
    for (const [connection, body] of requests) world.ask(connection, body);
    const first = world.znodes.find((change) => change.path === at);
    const event = first?.before === undefined ? 'NodeCreated' : 'NodeDataChanged';
    expect(world.heard(3)).toEqual(first === undefined ? [] : [{ type: 'event', event, path: at }]);
  });

  test.prop([steps, fc.integer({ min: 0, max: 20 })])(
    'a follower has after its lag, and after a sync, what the leader has',
    (requests, lagMs) => {
      const world = new World({ followerLagUs: [lagMs * 1000] });
      world.open(1);
      world.open(2);
      world.server.connect(3, 2);
      const connect = { sessionId: 0, password: '', timeoutMs: 8000, lastZxidSeen: 0 };
      world.pass(lagMs);
      world.server.execute(3, { type: 'connect', ...connect });
      world.pass(lagMs);
      for (const [connection, body] of requests) world.ask(connection, body);
      const reads: RequestBody[] = ['/', ...PATHS].flatMap((at) => [
        { type: 'getData', path: at, watch: false },
        { type: 'getChildren2', path: at, watch: false },
      ]);
      const expected = reads.map((body) => world.ask(1, body));
      world.heard(3);
      for (const body of [{ type: 'sync', path: '/' } as const, ...reads]) world.request(3, body);
      world.pass(lagMs);
      const answers = world.heard(3).slice(1);
      expect(answers.map((message) => 'result' in message && message.result)).toEqual(
        expected.map(({ result }) => result),
      );
    },
  );
});
