/**
 * Watches and time: what is told at once, what waits for a round of the loop, and what a watch
 * that was away gets to know. What they tell is in the recordings.
 */
import { describe, expect, it } from 'vitest';
import {
  cancel,
  compact,
  FROM_KEY,
  put,
  remove,
  watch,
} from '../../../../scripts/record/etcd/requests.js';
import type { WatchResponse } from '../../../../src/sim/servers/etcd/messages.js';
import { World } from './world.js';

const ROUND_MS = 100;

/** What watches were told, as revision and keys of each message. */
function told(world: World): [connection: number, revision: number, keys: string][] {
  return world.takeSent().map(({ connection, message }) => {
    expect(message.call).toBeUndefined();
    const { revision, events } = message.body as WatchResponse;
    return [connection, revision, events.map(({ kv }) => kv.key).join(' ')];
  });
}

describe('a watch', () => {
  it('that is up to date is told at once, before the writer has its answer', () => {
    const world = new World();
    world.on(1, watch('k'));
    world.request(0, put('k', 'v'));
    expect(world.takeSent().map(({ connection }) => connection)).toEqual([1, 0]);
    expect(world.untilAlarmUs).toBe(Number.POSITIVE_INFINITY);
  });

  it('from the past waits for the next round, at most 100 ms', () => {
    for (const phaseMs of [0, 37, 99, 250]) {
      const world = new World();
      world.choice = (n) => (n === 500 ? phaseMs : 0);
      world.call(put('k', 'v'));
      for (const afterMs of [0, 50, 99, 11]) {
        world.pass(afterMs);
        world.call(watch('k', { startRevision: 2 }));
        const untilMs = world.untilAlarmUs / 1000;
        expect(untilMs).toBeGreaterThan(0);
        expect(untilMs).toBeLessThanOrEqual(ROUND_MS);
        world.pass(untilMs);
        expect(told(world)).toEqual([[0, 2, 'k']]);
      }
    }
  });

  it('from the past is not kept waiting by those that come after it', () => {
    const world = new World();
    world.call(put('k', 'v'));
    world.pass(30);
    world.call(watch('k', { startRevision: 2 }));
    world.pass(60);
    world.on(1, watch('k', { startRevision: 2 }));
    world.pass(10);
    expect(told(world)).toEqual([
      [0, 2, 'k'],
      [1, 2, 'k'],
    ]);
  });

  it('from the past gets all it missed in one message, with what came while it waited', () => {
    const world = new World();
    world.call(put('a', '1'));
    world.call(put('b', '2'));
    world.call(remove('a'));
    world.call(watch('a', { rangeEnd: FROM_KEY, startRevision: 3 }));
    world.on(1, put('c', '3'));
    expect(told(world)).toEqual([]);
    world.pass(ROUND_MS);
    expect(told(world)).toEqual([[0, 5, 'b a c']]);
    world.on(1, put('d', '4'));
    expect(told(world)).toEqual([[0, 6, 'd']]);
  });

  it('that is cancelled while it waits is told nothing', () => {
    const world = new World();
    world.call(put('a', '1'));
    world.call(watch('a', { startRevision: 2 }));
    world.call(cancel(0));
    world.pass(ROUND_MS);
    expect(told(world)).toEqual([]);
  });

  it('goes with its connection', () => {
    const world = new World();
    world.call(put('a', '1'));
    world.call(watch('a', { startRevision: 2 }));
    world.call(watch('a'));
    world.close(0);
    world.on(1, put('a', '2'));
    world.pass(1000);
    expect(told(world)).toEqual([]);
  });

  it('resumes where it was, on another connection, unless that was compacted', () => {
    const world = new World();
    world.call(watch('k'));
    world.on(1, put('k', '1'));
    expect(told(world)).toEqual([[0, 2, 'k']]);
    world.close(0);
    world.on(1, put('k', '2'));
    world.on(1, put('k', '3'));
    world.on(2, watch('k', { startRevision: 3 }));
    world.pass(ROUND_MS);
    expect(told(world)).toEqual([[2, 4, 'k k']]);
    world.on(1, compact(4));
    world.on(3, watch('k', { startRevision: 3 }));
    world.pass(ROUND_MS);
    expect(world.takeSent()).toMatchObject([
      { connection: 3, message: { body: { canceled: true, compactRevision: 4, events: [] } } },
    ]);
    world.on(1, put('k', '5'));
    expect(told(world)).toEqual([[2, 5, 'k']]);
  });

  it('on a leader that was cut off sees what was there until then, and no more', () => {
    const world = new World();
    world.call(put('k', '1'));
    world.on(1, put('k', '2'));
    const sides = [0, 1];
    world.choice = (n) => (n === 3 ? sides.shift()! : 0);
    expect(world.server.isolateLeader('partition')).toEqual([0]);
    world.pass(2000);
    world.on(1, put('k', '3'));
    world.call(watch('k', { startRevision: 2 }));
    world.pass(ROUND_MS);
    expect(told(world)).toEqual([[0, 3, 'k k']]);
    world.server.healLeader();
    expect(told(world)).toEqual([[0, 4, 'k']]);
  });
});
