/**
 * What a crash leaves (docs/semantics.md, R8), by the option `persistence`.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { dataOf } from './dump.js';
import { World } from './world.js';

const SECOND_US = 1_000_000;

/** Crashes and restarts, a while later; answers the changes this made. */
function crashAndRestart(world: World, downUs = 0) {
  world.takeChanges();
  world.server.crash();
  world.forgetConnections();
  world.pass(downUs);
  world.server.restart();
  return world.takeChanges();
}

describe('R8 a crash of the server', () => {
  it('loses everything without persistence', () => {
    const world = new World({ persistence: 'none' });
    world.call('SET', 'lock', 'a');
    world.call('HSET', 'h', 'f', 'v');
    world.pass(100 * SECOND_US);
    expect(crashAndRestart(world)).toEqual([
      { key: 'lock', before: { type: 'string', value: 'a' }, after: undefined, change: 'lost' },
      expect.objectContaining({ key: 'h', after: undefined, change: 'lost' }),
    ]);
    expect(world.call('DBSIZE')).toBe(0);
  });

  it('loses nothing with persistence "always"', () => {
    const world = new World({ persistence: 'always' });
    world.call('SET', 'lock', 'a', 'PX', '10000');
    expect(crashAndRestart(world, 3 * SECOND_US)).toEqual([]);
    expect(world.call('GET', 'lock')).toBe('a');
    expect(world.call('PTTL', 'lock')).toBe(7000);
  });

  it('loses what was written since the last whole second with "everysec"', () => {
    const world = new World({ persistence: 'everysec' });
    // The monotonic clock of the world starts on a whole second.
    world.pass(SECOND_US - 1);
    world.call('SET', 'kept', '1');
    world.pass(1);
    world.call('SET', 'lost', '1');
    world.pass(SECOND_US - 1);
    world.call('SET', 'late', '1');
    expect(crashAndRestart(world).map(({ key, change }) => [key, change])).toEqual([
      ['late', 'lost'],
      ['lost', 'lost'],
    ]);
    expect(world.call('KEYS', '*')).toEqual(['kept']);
  });

  it('brings back with "everysec" what was overwritten, renewed or deleted too late', () => {
    const world = new World({ persistence: 'everysec' });
    world.call('SET', 'lock', 'a', 'PX', '60000');
    world.call('SET', 'gone', '1');
    const { after: first } = world.changes[0]!;
    world.pass(1.5 * SECOND_US);
    world.call('PEXPIRE', 'lock', '90000');
    world.call('SET', 'lock', 'b', 'XX');
    world.call('DEL', 'gone');
    expect(crashAndRestart(world)).toEqual([
      { key: 'gone', before: undefined, after: { type: 'string', value: '1' }, change: 'lost' },
      { key: 'lock', before: { type: 'string', value: 'b' }, after: first, change: 'lost' },
    ]);
    expect(world.call('GET', 'lock')).toBe('a');
    expect(world.call('PTTL', 'lock')).toBe(58_500);
  });

  it('does not bring back a lease whose time came while the server was down', () => {
    const world = new World({ persistence: 'always' });
    world.call('SET', 'lock', 'a', 'PX', '1000');
    const changes = crashAndRestart(world, 2 * SECOND_US);
    expect(changes).toMatchObject([{ key: 'lock', after: undefined, change: 'expired' }]);
    expect(world.call('EXISTS', 'lock')).toBe(0);
  });

  it('tells of a lease whose time comes while it is down, and again if the clock goes back', () => {
    const world = new World({ persistence: 'always' });
    world.call('SET', 'lock', 'a', 'PX', '1000');
    world.takeChanges();
    world.server.crash();
    world.pass(2 * SECOND_US);
    expect(world.takeChanges()).toMatchObject([{ key: 'lock', change: 'expired' }]);
    world.stepWall(-1.5 * SECOND_US);
    world.server.restart();
    world.forgetConnections();
    expect(world.takeChanges()).toMatchObject([
      { key: 'lock', before: undefined, after: { value: 'a' }, change: 'lost' },
    ]);
    expect(world.call('GET', 'lock')).toBe('a');
  });

  it('does not report a lease that had expired after it was last written to disk', () => {
    const world = new World({ persistence: 'everysec' });
    world.call('SET', 'lock', 'a', 'PX', '1100');
    world.pass(1.2 * SECOND_US);
    expect(world.call('EXISTS', 'lock')).toBe(0);
    expect(crashAndRestart(world)).toEqual([]);
    expect(world.call('EXISTS', 'lock')).toBe(0);
  });

  it('still expires what it kept, also if the monotonic clock began anew', () => {
    const world = new World({ persistence: 'everysec' });
    world.call('SET', 'lock', 'a', 'PX', '5000');
    world.pass(SECOND_US);
    world.server.crash();
    world.resetMono();
    world.server.restart();
    world.forgetConnections();
    world.takeChanges();
    world.pass(5 * SECOND_US);
    expect(world.takeChanges()).toMatchObject([{ key: 'lock', change: 'expired' }]);
    world.call('SET', 'new', '1');
    expect(crashAndRestart(world)).toMatchObject([{ key: 'new', change: 'lost' }]);
  });

  it('ends connections, subscriptions, transactions, blocked calls; forgets scripts', () => {
    const world = new World({ persistence: 'always' });
    const sha1 = world.call('SCRIPT', 'LOAD', 'return 1') as string;
    world.on(1, 'SUBSCRIBE', 'c');
    world.on(2, 'MULTI');
    world.on(3, 'BLPOP', 'queue', '1');
    world.on(4, 'WATCH', 'k');
    world.server.crash();
    world.takeSent();
    world.pass(10 * SECOND_US);
    world.server.execute(2, ['PING']);
    world.server.restart();
    world.forgetConnections();
    expect(world.takeSent()).toEqual([]);
    expect(world.call('PUBLISH', 'c', 'm')).toBe(0);
    expect(world.call('RPUSH', 'queue', 'x')).toBe(1);
    expect(world.on(2, 'EXEC')).toMatchObject({ text: 'ERR EXEC without MULTI' });
    expect(world.call('EVALSHA', sha1, '0')).toMatchObject({
      text: 'NOSCRIPT No matching script. Please use EVAL.',
    });
    expect(world.takeSent()).toEqual([]);
  });
});

/** Commands that change a few keys of every type again and again. */
const COMMANDS = [
  'SET k a',
  'SET k b PX 100000',
  'INCR k',
  'DEL k',
  'HSET h f 1 g 2',
  'HINCRBY h f 1',
  'HDEL h f',
  'RPUSH l a b',
  'LPUSH l c',
  'LPOP l',
  'LSET l 0 x',
  'LREM l 1 a',
  'LINSERT l BEFORE a y',
  'LMOVE l l LEFT RIGHT',
  'SADD s a b',
  'SADD s c',
  'SREM s a',
  'SPOP s',
  'ZADD z 1 a 2 b',
  'ZADD z 3 a',
  'ZREM z b',
  'ZPOPMIN z',
  'ZREMRANGEBYSCORE z 0 2',
  'RENAME h k',
  'COPY s h REPLACE',
  'PEXPIRE l 50000',
  'PERSIST l',
  'FLUSHALL',
].map((text) => text.split(' '));

/** Commands at instants: gaps of up to 700 ms, on a grid that hits whole seconds. */
const programs = fc.array(
  fc.record({ command: fc.constantFrom(...COMMANDS), gap: fc.integer({ min: 0, max: 7 }) }),
  { minLength: 5, maxLength: 40 },
);
type Program = readonly { readonly command: readonly string[]; readonly gap: number }[];

interface State {
  readonly atUs: number;
  readonly data: Record<string, unknown>;
}

/** Runs a program; answers the data before it and after each of its commands. */
function run(world: World, program: Program): State[] {
  const states: State[] = [{ atUs: Number.NEGATIVE_INFINITY, data: {} }];
  for (const { command, gap } of program) {
    world.pass(gap * 100_000);
    world.call(...command);
    states.push({ atUs: world.monoUs(), data: dataOf(world) });
  }
  return states;
}

describe('R8 a crash at any time', () => {
  test.prop([programs])('leaves the data as it was at the last whole second', (program) => {
    const world = new World({ persistence: 'everysec' });
    const states = run(world, program);
    const secondUs = Math.floor(world.monoUs() / SECOND_US) * SECOND_US;
    crashAndRestart(world);
    expect(dataOf(world)).toEqual(states.findLast(({ atUs }) => atUs < secondUs)!.data);
  });

  test.prop([programs, fc.integer({ min: 0, max: 20 })])(
    'promoting a replica leaves the data as it was its lag ago',
    (program, steps) => {
      const lagUs = steps * 100_000;
      const world = new World({ persistence: 'everysec', replicaLagUs: [1_000_000, lagUs] });
      const states = run(world, program);
      const reachedUs = world.monoUs() - lagUs;
      world.server.promote(2);
      world.forgetConnections();
      expect(dataOf(world)).toEqual(states.findLast(({ atUs }) => atUs <= reachedUs)!.data);
    },
  );
});
