/**
 * The observer hears of every change of a key and of nothing else, and the order of unordered
 * replies is that of insertion.
 */
import { describe, expect, it } from 'vitest';
import { World } from './world.js';

const START_MS = 1_700_000_000_000;

/** Changes a command makes, in short. */
function changesOf(world: World, ...args: string[]): string[] {
  world.takeChanges();
  world.call(...args);
  return world
    .takeChanges()
    .map(
      ({ key, before, after, change }) => `${change} ${key}: ${short(before)} → ${short(after)}`,
    );
}

function short(state: World['changes'][number]['before']): string {
  if (state === undefined) return 'nothing';
  const value = state.value === undefined ? state.type : JSON.stringify(state.value);
  return state.expireAtMs === undefined ? value : `${value} for ${state.expireAtMs - START_MS} ms`;
}

describe('key changes', () => {
  it('of strings are told with value and expiry, before and after', () => {
    const world = new World();
    expect(changesOf(world, 'SET', 'lock', 'a', 'NX', 'PX', '100')).toEqual([
      'command lock: nothing → "a" for 100 ms',
    ]);
    expect(changesOf(world, 'PEXPIRE', 'lock', '200')).toEqual([
      'command lock: "a" for 100 ms → "a" for 200 ms',
    ]);
    expect(changesOf(world, 'SET', 'lock', 'b', 'KEEPTTL')).toEqual([
      'command lock: "a" for 200 ms → "b" for 200 ms',
    ]);
    expect(changesOf(world, 'PERSIST', 'lock')).toEqual(['command lock: "b" for 200 ms → "b"']);
    expect(changesOf(world, 'DEL', 'lock')).toEqual(['command lock: "b" → nothing']);
  });

  it('are told once for a write that leaves the same value: it may be a renewal', () => {
    const world = new World();
    world.call('SET', 'lock', 'a', 'PX', '100');
    expect(changesOf(world, 'SET', 'lock', 'a', 'PX', '100')).toEqual([
      'command lock: "a" for 100 ms → "a" for 100 ms',
    ]);
  });

  it('are not told of what reads, fails or finds nothing to do', () => {
    const world = new World();
    world.call('MSET', 'k', 'v', 'n', '1');
    world.call('SADD', 's', 'a');
    world.call('HSET', 'h', 'f', 'v');
    world.call('ZADD', 'z', '1', 'm');
    world.call('RPUSH', 'l', 'a');
    world.takeChanges();
    const quiet = [
      ['GET', 'k'],
      ['SET', 'k', 'w', 'NX'],
      ['SET', 'x', 'w', 'XX'],
      ['SET', 'k', 'w', 'PX', '0'],
      ['SETNX', 'k', 'w'],
      ['MSETNX', 'x', '1', 'k', '2'],
      ['DEL', 'x'],
      ['PERSIST', 'k'],
      ['GETEX', 'k'],
      ['PEXPIRE', 'k', '100', 'XX'],
      ['INCR', 'k'],
      ['LPUSH', 'k', 'a'],
      ['SADD', 's', 'a'],
      ['SREM', 's', 'x'],
      ['HSETNX', 'h', 'f', 'w'],
      ['HDEL', 'h', 'x'],
      ['HGETALL', 'h'],
      ['ZADD', 'z', '1', 'm'],
      ['ZADD', 'z', 'NX', '2', 'm'],
      ['ZREM', 'z', 'x'],
      ['ZREMRANGEBYSCORE', 'z', '5', '6'],
      ['LREM', 'l', '0', 'x'],
      ['LPOP', 'l', '0'],
      ['RENAME', 'k', 'k'],
      ['EVAL', "return redis.call('GET', KEYS[1])", '1', 'k'],
    ];
    for (const args of quiet) expect([args, changesOf(world, ...args)]).toEqual([args, []]);
  });

  it('of counters are told as counting, so that no one takes a fencing counter for a lease', () => {
    const world = new World();
    expect(changesOf(world, 'INCR', 'fence')).toEqual(['counter fence: nothing → "1"']);
    expect(changesOf(world, 'INCRBY', 'fence', '5')).toEqual(['counter fence: "1" → "6"']);
    expect(changesOf(world, 'INCRBYFLOAT', 'fence', '0.5')).toEqual(['counter fence: "6" → "6.5"']);
    expect(changesOf(world, 'SET', 'fence', '7')).toEqual(['command fence: "6.5" → "7"']);
  });

  it('of collections are told with the type, and as deletion when the last element goes', () => {
    const world = new World();
    expect(changesOf(world, 'HINCRBY', 'lock', 'a', '1')).toEqual(['command lock: nothing → hash']);
    expect(changesOf(world, 'PEXPIRE', 'lock', '50')).toEqual([
      'command lock: hash → hash for 50 ms',
    ]);
    expect(changesOf(world, 'HDEL', 'lock', 'a')).toEqual([
      'command lock: hash for 50 ms → nothing',
    ]);
    world.call('RPUSH', 'from', 'x');
    expect(changesOf(world, 'LMOVE', 'from', 'to', 'LEFT', 'LEFT')).toEqual([
      'command to: nothing → list',
      'command from: list → nothing',
    ]);
  });

  it('of a rename are told for both keys', () => {
    const world = new World();
    world.call('MSET', 'a', '1', 'b', '2');
    expect(changesOf(world, 'RENAME', 'a', 'b')).toEqual([
      'command b: "2" → "1"',
      'command a: "1" → nothing',
    ]);
  });

  it('of transactions and scripts are told command by command', () => {
    const world = new World();
    const script = "redis.call('SET', KEYS[1], '1') return redis.call('DEL', KEYS[1])";
    expect(changesOf(world, 'EVAL', script, '1', 'k')).toEqual([
      'command k: nothing → "1"',
      'command k: "1" → nothing',
    ]);
    world.call('MULTI');
    expect(changesOf(world, 'SET', 'k', 'v')).toEqual([]);
    expect(changesOf(world, 'EXEC')).toEqual(['command k: nothing → "v"']);
  });

  it('do not change after they were told, whatever happens to the key', () => {
    const world = new World({ persistence: 'none' });
    world.call('SET', 'n', '1', 'PX', '100');
    const told = structuredClone(world.changes);
    world.call('INCR', 'n');
    world.call('PEXPIRE', 'n', '200');
    expect(world.changes.slice(0, 1)).toEqual(told);
  });
});

describe('D4 the order of unordered replies', () => {
  it('is the order of insertion', () => {
    const world = new World();
    world.call('SADD', 's', 'z', '10', 'a', '9');
    world.call('HSET', 'h', '2', 'b', '10', 'a', '1', 'c');
    world.call('MSET', '10', 'x', '9', 'x');
    expect(world.call('SMEMBERS', 's')).toEqual(['z', '10', 'a', '9']);
    expect(world.call('HKEYS', 'h')).toEqual(['2', '10', '1']);
    expect(world.call('HGETALL', 'h')).toEqual(['2', 'b', '10', 'a', '1', 'c']);
    expect(world.call('KEYS', '*')).toEqual(['s', 'h', '10', '9']);
    expect(world.call('SCAN', '0', 'COUNT', '1')).toEqual(['0', ['s', 'h', '10', '9']]);
    world.call('SREM', 's', '10');
    world.call('SADD', 's', '10', 'z');
    expect(world.call('SMEMBERS', 's')).toEqual(['z', 'a', '9', '10']);
  });

  it('is left to the world where Redis rolls dice', () => {
    const world = new World();
    const asked: number[] = [];
    world.choice = (n) => {
      asked.push(n);
      return n - 1;
    };
    world.call('SADD', 's', 'a', 'b', 'c', 'd');
    expect(world.call('SRANDMEMBER', 's')).toBe('d');
    expect(world.call('SRANDMEMBER', 's', '2')).toEqual(['d', 'c']);
    expect(world.call('SRANDMEMBER', 's', '-2')).toEqual(['d', 'd']);
    expect(world.call('SPOP', 's')).toBe('d');
    expect(world.call('SPOP', 's', '2')).toEqual(['c', 'b']);
    expect(world.call('RANDOMKEY')).toBe('s');
    expect(asked).toEqual([4, 4, 3, 4, 4, 4, 3, 2, 1]);
  });
});
