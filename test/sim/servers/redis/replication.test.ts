/**
 * Asynchronous replicas: what a promoted one has, and what WAIT waits for.
 */
import { describe, expect, it } from 'vitest';
import type { Reply } from '../../../../src/sim/servers/redis/reply.js';
import { World } from './world.js';

const MS = 1000;

function promote(world: World, replica: number) {
  world.takeChanges();
  world.server.promote(replica);
  world.forgetConnections();
  return world.takeChanges();
}

describe('promotion of a replica', () => {
  it('keeps what had reached it: everything at least as old as its lag', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('SET', 'reached', '1');
    world.pass(1);
    world.call('SET', 'lock', 'a', 'PX', '10000');
    const { after: before } = world.changes.at(-1)!;
    world.pass(100 * MS - 1);
    expect(promote(world, 1)).toEqual([{ key: 'lock', before, after: undefined, change: 'lost' }]);
    expect(world.call('KEYS', '*')).toEqual(['reached']);
  });

  it('takes the replica that is named', () => {
    for (const [replica, kept] of [
      [1, ['old']],
      [2, ['old', 'new']],
    ] as const) {
      const world = new World({ replicaLagUs: [500 * MS, 50 * MS] });
      world.call('SET', 'old', '1');
      world.pass(500 * MS);
      world.call('SET', 'new', '1');
      world.pass(50 * MS);
      promote(world, replica);
      expect(world.call('KEYS', '*')).toEqual(kept);
    }
  });

  it('keeps the expiry a key had as an instant, and drops what has expired since', () => {
    const world = new World({ replicaLagUs: [1000 * MS] });
    world.call('SET', 'lock', 'a', 'PX', '5000');
    world.call('SET', 'short', 'a', 'PX', '1200');
    world.pass(1000 * MS);
    world.call('PEXPIRE', 'lock', '60000');
    world.call('PEXPIRE', 'short', '60000');
    world.pass(500 * MS);
    expect(promote(world, 1).map(({ key, after }) => [key, after?.value])).toEqual([
      ['short', undefined],
      ['lock', 'a'],
    ]);
    expect(world.call('PTTL', 'lock')).toBe(3500);
    world.pass(3501 * MS);
    expect(world.changes.at(-1)).toMatchObject({ key: 'lock', change: 'expired' });
  });

  it('of a server that is down counts the lag from the crash', () => {
    const world = new World({ persistence: 'always', replicaLagUs: [100 * MS] });
    world.call('SET', 'old', '1');
    world.pass(100 * MS);
    world.call('SET', 'new', '1');
    world.pass(50 * MS);
    world.server.crash();
    world.pass(1000 * MS);
    expect(promote(world, 1)).toMatchObject([{ key: 'new', change: 'lost' }]);
    expect(world.call('KEYS', '*')).toEqual(['old']);
  });

  it('starts anew: a second promotion loses only what came after the first', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('SET', 'a', '1');
    world.pass(100 * MS);
    promote(world, 1);
    expect(promote(world, 1)).toEqual([]);
    world.call('SET', 'b', '1');
    expect(promote(world, 1)).toMatchObject([{ key: 'b', change: 'lost' }]);
    expect(world.call('KEYS', '*')).toEqual(['a']);
  });

  it('does not bring back at a second promotion what the first one lost', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.pass(920 * MS);
    world.call('SET', 'lock', 'a');
    world.pass(40 * MS);
    world.call('SET', 'lock', 'b');
    world.pass(40 * MS);
    promote(world, 1);
    world.pass(50 * MS);
    expect(promote(world, 1)).toEqual([]);
    expect(world.call('EXISTS', 'lock')).toBe(0);
  });

  it('forgets scripts, configuration and connections', () => {
    const world = new World({ replicaLagUs: [0] });
    const sha1 = world.call('SCRIPT', 'LOAD', 'return 1') as string;
    world.call('CONFIG', 'SET', 'notify-keyspace-events', 'KEA');
    world.on(1, 'SUBSCRIBE', 'c');
    promote(world, 1);
    world.takeSent();
    expect(world.call('SCRIPT', 'EXISTS', sha1)).toEqual([0]);
    expect(world.call('CONFIG', 'GET', 'notify*')).toEqual(['notify-keyspace-events', '']);
    expect(world.call('PUBLISH', 'c', 'm')).toBe(0);
  });

  it('refuses replicas that are not there, and lags that make no sense', () => {
    const world = new World({ replicaLagUs: [0] });
    expect(() => world.server.promote(2)).toThrow('replica must be 1 … 1: 2');
    expect(() => world.server.promote(0)).toThrow(RangeError);
    expect(() => new World({ replicaLagUs: [0, 0, 0] })).toThrow('at most 2');
    expect(() => new World({ replicaLagUs: [-1] })).toThrow(RangeError);
    expect(() => new World({ replicaLagUs: [0.5] })).toThrow(RangeError);
  });
});

describe('WAIT', () => {
  /** Replies on connection 0 that came while so much time passed. */
  function repliesAfter(world: World, durationUs: number): Reply[] {
    world.pass(durationUs);
    return world.takeSent().map(({ reply }) => reply);
  }

  it('answers when as many replicas as asked for say that they have what this client wrote', () => {
    const world = new World({ replicaLagUs: [300 * MS, 100 * MS] });
    world.call('SET', 'lock', 'a');
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS - 1)).toEqual([]);
    expect(repliesAfter(world, 1)).toEqual([1]);
    expect(world.call('WAIT', '2', '0')).toBeUndefined();
    expect(repliesAfter(world, 199 * MS)).toEqual([]);
    expect(repliesAfter(world, 1 * MS)).toEqual([2]);
    // The second one knows of the first one's question, and so do all after it.
    expect(world.call('WAIT', '2', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS)).toEqual([2]);
  });

  it('asks them when it begins: the question travels behind what was written', () => {
    const world = new World({ replicaLagUs: [300 * MS] });
    world.call('SET', 'lock', 'a');
    world.pass(200 * MS);
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
    expect(repliesAfter(world, 300 * MS - 1)).toEqual([]);
    expect(repliesAfter(world, 1)).toEqual([1]);
    expect(world.call('WAIT', '1', '0')).toBe(1);
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
  });

  it('waits for the question of somebody else too, once it has sent something after that', () => {
    const world = new World({ replicaLagUs: [300 * MS] });
    world.call('SET', 'lock', 'a');
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
    world.pass(50 * MS);
    world.on(1, 'PING');
    expect(world.on(1, 'WAIT', '1', '0')).toBeUndefined();
    world.pass(300 * MS - 1);
    const replies = () => world.takeSent().map(({ connection, reply }) => [connection, reply]);
    expect(replies()).toEqual([[0, 1]]);
    world.pass(1);
    expect(replies()).toEqual([[1, 1]]);
  });

  it('need not ask what replicas say every second of their own accord', () => {
    const world = new World({ replicaLagUs: [300 * MS] });
    expect(world.monoUs() % (1_000 * MS)).toBe(0);
    world.call('SET', 'lock', 'a');
    world.pass(900 * MS);
    // It has had it for long, and has not said so.
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS - 1)).toEqual([]);
    expect(repliesAfter(world, 1)).toEqual([1]);
  });

  it('asks for what is written now, whatever was asked before', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('SET', 'lock', 'a');
    world.call('WAIT', '1', '0');
    expect(repliesAfter(world, 100 * MS)).toEqual([1]);
    world.pass(50 * MS);
    world.call('SET', 'lock', 'b');
    world.pass(50 * MS);
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS - 1)).toEqual([]);
    expect(repliesAfter(world, 1)).toEqual([1]);
  });

  it('is answered at once by replicas that do not lag', () => {
    const world = new World({ replicaLagUs: [0, 100 * MS] });
    world.pass(1);
    world.call('SET', 'lock', 'a');
    expect(world.call('WAIT', '1', '0')).toBe(1);
    expect(world.call('PING')).toMatchObject({ text: 'PONG' });
    expect(world.call('WAIT', '1', '0')).toBe(1);
    expect(world.call('WAIT', '2', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS)).toEqual([2]);
  });

  it('asks for what was written behind a question of the same instant', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.pass(1);
    world.call('SET', 'lock', 'a');
    world.call('WAIT', '1', '0');
    world.on(1, 'SET', 'other', 'b');
    expect(world.on(1, 'WAIT', '1', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS)).toEqual([1, 1]);
  });

  it('ends where it is said that replicas spoke up, and what waited behind it goes on', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('SET', 'lock', 'a');
    world.call('WAIT', '1', '0');
    world.call('GET', 'lock');
    world.server.acknowledge(0, 1);
    expect(world.takeSent().map(({ reply }) => reply)).toEqual([1, 'a']);
    world.server.acknowledge(0, 1);
    world.server.acknowledge(7, 1);
    expect(repliesAfter(world, 1_000 * MS)).toEqual([]);
  });

  it('gives up after its time and tells how many have it', () => {
    const world = new World({ replicaLagUs: [300 * MS, 100 * MS] });
    world.call('SET', 'lock', 'a');
    expect(world.call('WAIT', '2', '200')).toBeUndefined();
    expect(repliesAfter(world, 200 * MS)).toEqual([]);
    expect(repliesAfter(world, 1 * MS)).toEqual([1]);
    world.call('SET', 'lock', 'b');
    expect(world.call('WAIT', '3', '50')).toBeUndefined();
    expect(repliesAfter(world, 51 * MS)).toEqual([0]);
  });

  it('does not wait for what was written after the client’s last command', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('SET', 'lock', 'a');
    world.call('WAIT', '1', '0');
    expect(repliesAfter(world, 100 * MS)).toEqual([1]);
    world.on(1, 'SET', 'other', '1');
    expect(world.call('WAIT', '1', '0')).toBe(1);
  });

  it('waits for what others wrote before the client’s last command', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.on(1, 'SET', 'other', '1');
    world.call('PING');
    expect(world.call('WAIT', '1', '0')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS)).toEqual([1]);
  });

  it('finds every replica up to date before anything was written', () => {
    const world = new World({ replicaLagUs: [60_000 * MS, 60_000 * MS] });
    expect(world.call('WAIT', '2', '0')).toBe(2);
  });

  it('does not block in a transaction', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('MULTI');
    world.call('SET', 'lock', 'a');
    world.call('WAIT', '1', '0');
    expect(world.call('EXEC')).toMatchObject([{ text: 'OK' }, 1]);
  });

  it('goes on with what the client sent meanwhile', () => {
    const world = new World({ replicaLagUs: [100 * MS] });
    world.call('SET', 'lock', 'a');
    world.call('WAIT', '1', '0');
    expect(world.call('GET', 'lock')).toBeUndefined();
    expect(repliesAfter(world, 100 * MS)).toEqual([1, 'a']);
  });
});

describe('ROLE and INFO', () => {
  it('show the replicas and how much was written', () => {
    const world = new World({ replicaLagUs: [0, 0] });
    world.call('SET', 'a', '1');
    world.call('SET', 'a', '1', 'NX');
    expect(world.call('ROLE')).toEqual([
      'master',
      1,
      [
        ['replica-1', '6379', '1'],
        ['replica-2', '6379', '1'],
      ],
    ]);
    const info = String(world.call('INFO', 'replication'));
    expect(info.split('\r\n')).toContain('connected_slaves:2');
  });
});
