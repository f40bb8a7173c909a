/**
 * Keys expire on the server's wall clock, at the instant and not when somebody looks.
 */
import { describe, expect, it } from 'vitest';
import { World } from './world.js';

const MS = 1000;
const START_MS = 1_700_000_000_000;

describe('expiry', () => {
  it('keeps a key through its last millisecond and drops it in the next', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PX', '1000');
    world.pass(1000 * MS);
    expect(world.call('GET', 'lock')).toBe('a');
    expect(world.call('PTTL', 'lock')).toBe(0);
    world.pass(999);
    expect(world.call('GET', 'lock')).toBe('a');
    world.pass(1);
    expect(world.call('GET', 'lock')).toBeNull();
  });

  it('counts from the millisecond in which the command was applied', () => {
    const world = new World({}, START_MS * MS + 700);
    world.call('SET', 'lock', 'a', 'PX', '10');
    expect(world.call('PEXPIRETIME', 'lock')).toBe(START_MS + 10);
    world.pass(11 * MS - 701);
    expect(world.call('EXISTS', 'lock')).toBe(1);
    world.pass(1);
    expect(world.call('EXISTS', 'lock')).toBe(0);
  });

  it('is reported when it happens, once, though nobody asks for the key', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PX', '1000');
    const before = { type: 'string', value: 'a', expireAtMs: START_MS + 1000 };
    expect(world.takeChanges()).toEqual([
      { key: 'lock', before: undefined, after: before, change: 'command' },
    ]);
    world.pass(1001 * MS - 1);
    expect(world.takeChanges()).toEqual([]);
    world.pass(1);
    expect(world.takeChanges()).toEqual([
      { key: 'lock', before, after: undefined, change: 'expired' },
    ]);
    world.pass(10_000 * MS);
    world.call('GET', 'lock');
    expect(world.takeChanges()).toEqual([]);
  });

  it('follows a renewal, and ends several keys each at its time', () => {
    const world = new World();
    world.call('SET', 'a', '1', 'PX', '100');
    world.call('SET', 'b', '1', 'PX', '200');
    world.call('HSET', 'h', 'f', 'v');
    world.call('PEXPIRE', 'h', '150');
    world.pass(50 * MS);
    world.call('PEXPIRE', 'a', '1000');
    world.takeChanges();
    world.pass(10_000 * MS);
    const ended = world.takeChanges().map(({ key, before }) => [key, before?.expireAtMs]);
    expect(ended).toEqual([
      ['h', START_MS + 150],
      ['b', START_MS + 200],
      ['a', START_MS + 1050],
    ]);
  });

  it('asks to be woken at the first instant at which the key is gone', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PX', '1000');
    expect(world.untilAlarmUs).toBe(1001 * MS);
    world.call('SET', 'other', 'a', 'PX', '2000');
    expect(world.untilAlarmUs).toBe(1001 * MS);
    world.call('PEXPIRE', 'other', '500');
    expect(world.untilAlarmUs).toBe(501 * MS);
  });

  it('asks for few alarms however often a lock is taken and given back', () => {
    const world = new World();
    for (let round = 0; round < 1000; round++) {
      world.call('SET', 'lock', 'a', 'NX', 'PX', '10000');
      world.pass(1 * MS);
      world.call('DEL', 'lock');
    }
    expect(world.alarmRequests).toBe(1);
    expect(world.call('EXISTS', 'lock')).toBe(0);
  });

  it('deletes a key with an expiry in the past at the next opportunity', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PXAT', String(START_MS - 1));
    expect(world.untilAlarmUs).toBe(0);
    world.pass(0);
    expect(world.changes.at(-1)).toMatchObject({ key: 'lock', change: 'expired' });
  });
});

describe('steps of the wall clock', () => {
  it('end leases at once when they go forwards', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PX', '30000');
    world.takeChanges();
    world.stepWall(30_000 * MS);
    expect(world.takeChanges()).toEqual([]);
    world.stepWall(1 * MS);
    expect(world.takeChanges()).toMatchObject([{ key: 'lock', change: 'expired' }]);
  });

  it('prolong leases when they go backwards', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PX', '1000');
    world.pass(900 * MS);
    world.stepWall(-500 * MS);
    expect(world.call('PTTL', 'lock')).toBe(600);
    world.pass(600 * MS);
    expect(world.call('EXISTS', 'lock')).toBe(1);
    world.pass(1 * MS);
    expect(world.call('EXISTS', 'lock')).toBe(0);
  });

  it('end blocked calls, whose time is on the wall clock too', () => {
    const world = new World();
    expect(world.call('BLPOP', 'queue', '5')).toBeUndefined();
    world.stepWall(5000 * MS);
    expect(world.takeSent()).toEqual([]);
    world.stepWall(1 * MS);
    expect(world.takeSent()).toEqual([{ connection: 0, reply: null }]);
  });
});

describe('blocked calls', () => {
  it('that are all late after a step give up in the order of their times', () => {
    const world = new World();
    world.on(1, 'BLPOP', 'queue', '0.2');
    world.on(2, 'BLPOP', 'queue', '0.1');
    world.stepWall(5000 * MS);
    expect(world.takeSent().map(({ connection }) => connection)).toEqual([2, 1]);
  });

  it('give up at their time, the earlier first, and leave no alarm behind', () => {
    const world = new World();
    world.on(1, 'BLPOP', 'queue', '0.2');
    world.on(2, 'BLPOP', 'queue', '0.1');
    world.on(3, 'BLPOP', 'queue', '0');
    world.pass(101 * MS - 1);
    expect(world.takeSent()).toEqual([]);
    world.pass(1);
    expect(world.takeSent()).toEqual([{ connection: 2, reply: null }]);
    world.pass(100 * MS);
    expect(world.takeSent()).toEqual([{ connection: 1, reply: null }]);
    expect(world.untilAlarmUs).toBe(Number.POSITIVE_INFINITY);
    world.call('RPUSH', 'queue', 'x');
    expect(world.takeSent()).toEqual([{ connection: 3, reply: ['queue', 'x'] }]);
  });
});
