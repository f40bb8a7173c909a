/**
 * When sessions end: on a multiple of the tick, later than the timeout and by at most one tick
 * (upstream SessionTrackerImpl.java, ExpiryQueue.java). Recordings with the real server's own
 * instants are in test/golden/zookeeper/expiry.jsonl.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { CREATE_MODE } from '../../../../src/sim/servers/zookeeper/messages.js';
import { World } from './world.js';

const ended = (world: World) => world.sessions.filter(({ state }) => state === 'closed');

describe('a session nobody is heard of', () => {
  it('ends at the first multiple of the tick after its timeout', () => {
    const world = new World({ tickTimeMs: 2000 }, 500_000);
    world.open(1, 5000);
    world.pass(5499);
    expect(ended(world)).toEqual([]);
    // 500 + 5000 = 5500, and the next multiple of 2000 is 6000.
    world.pass(20_000);
    expect(ended(world)).toEqual([{ sessionId: 1, state: 'closed', cause: 'expired', atMs: 6000 }]);
  });

  it('gets a whole tick more if its timeout ends on one', () => {
    const world = new World({ tickTimeMs: 2000 }, 1_000_000);
    world.open(1, 5000);
    world.pass(20_000);
    expect(ended(world)[0]?.atMs).toBe(8000);
  });

  it('takes its ephemeral znodes with it, in the same instant', () => {
    const world = new World();
    world.open(1, 4000);
    world.open(2, 40_000);
    world.create(1, '/e', CREATE_MODE.ephemeral);
    world.create(1, '/p');
    world.pass(6000);
    expect(world.znodes.at(-1)).toMatchObject({ path: '/e', after: undefined, cause: 'session' });
    expect(world.list(2, '/')).toEqual(['p', 'zookeeper']);
  });

  it('loses its connection, on which it is told nothing any more', () => {
    const world = new World();
    world.open(1, 4000);
    world.create(1, '/e', CREATE_MODE.ephemeral);
    world.ask(1, { type: 'exists', path: '/e', watch: true });
    world.pass(6000);
    expect(world.heard(1)).toEqual([{ type: 'closed' }]);
    world.request(1, { type: 'ping' });
    expect(world.heard(1)).toEqual([]);
  });

  it('goes on over a disconnect until its time is up', () => {
    const world = new World();
    world.open(1, 4000);
    world.server.disconnect(1);
    world.pass(5999);
    expect(ended(world)).toEqual([]);
    world.pass(1);
    expect(ended(world)).toHaveLength(1);
  });

  it('cannot be taken up again', () => {
    const world = new World();
    const sessionId = world.open(1, 4000);
    world.pass(6000);
    world.resume(2, sessionId);
    expect(world.heard(2)).toEqual([
      { type: 'connected', sessionId: 0, password: '', timeoutMs: 0 },
      { type: 'closed' },
    ]);
  });

  it('ends before or after others of the same tick, as is chosen', () => {
    for (const [choice, order] of [
      [0, [1, 2, 3]],
      [1, [2, 3, 1]],
    ] as const) {
      const world = new World();
      world.choice = (n) => Math.min(choice, n - 1);
      for (const connection of [1, 2, 3]) world.open(connection, 4000);
      world.pass(6000);
      expect(ended(world).map(({ sessionId }) => sessionId)).toEqual(order);
    }
  });

  test.prop([
    fc.constantFrom(100, 700, 2000, 3000),
    fc.integer({ min: 0, max: 20_000 }),
    fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 6 }),
    fc.integer({ min: 200, max: 70_000 }),
  ])(
    'ends more than its timeout after its last word, and at most a tick later',
    (tickTimeMs, phaseMs, gapsMs, askedMs) => {
      const world = new World({ tickTimeMs }, phaseMs * 1000);
      world.open(1, askedMs);
      const timeoutMs = Math.min(Math.max(askedMs, 2 * tickTimeMs), 20 * tickTimeMs);
      let heardAtMs = phaseMs;
      for (const gapMs of gapsMs) {
        world.pass(gapMs);
        if (ended(world).length > 0) break;
        world.request(1, { type: 'ping' });
        heardAtMs = world.monoUs() / 1000;
      }
      world.pass(timeoutMs + tickTimeMs);
      const { atMs } = ended(world)[0]!;
      expect(atMs % tickTimeMs).toBe(0);
      expect(atMs - heardAtMs).toBeGreaterThan(timeoutMs);
      expect(atMs - heardAtMs).toBeLessThanOrEqual(timeoutMs + tickTimeMs);
    },
  );
});

describe('the alarm', () => {
  it('rings rarely: not for every request', () => {
    const world = new World();
    world.open(1, 40_000);
    for (let request = 0; request < 1000; request++) {
      world.request(1, { type: 'ping' });
      world.pass(100);
    }
    expect(world.alarms).toBeLessThan(5);
    expect(ended(world)).toEqual([]);
  });
});
