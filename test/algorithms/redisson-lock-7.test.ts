/** Redisson's lock on a Redis with replicas: what it waits for, and what it does without them. */
import { describe, expect, test } from 'vitest';
import redissonLock7 from '../../src/algorithms/flawed/redisson-lock-7.js';
import type { Options } from '../../src/scenario.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, TTL_MS } from './granted.js';
import { found, searched } from './searching.js';

/** A lock on a server with two replicas, of which so many answer in time. */
function setUp(acknowledging: number, options: Options = {}) {
  const world = new FakeWorld();
  const environment = world.client('A');
  environment.wallAheadMs = 0;
  const server = world.servers[0]!;
  server.connectedReplicas = 2;
  server.replicas = acknowledging;
  const lock = create(redissonLock7, environment, options);
  const requests = () => world.log.map((line) => line.replace(/^[\d.]+ A r1 /, ''));
  return { world, lock, server, requests };
}

const ENTER = `enter ${KEY} ${TTL_MS} A1`;
const latch = (unlock: number) => `redisson_unlock_latch:{${KEY}}:A1:${unlock}`;
const leave = (unlock: number) =>
  `leave ${KEY} redisson_lock__channel:{${KEY}} ${latch(unlock)} 0 ${TTL_MS} A1 publish 18000`;

describe('what is written is waited for', () => {
  test('with a WAIT for all replicas, which are counted once', async () => {
    const { world, lock, requests } = setUp(2);
    const grant = await granted(world, lock);
    await world.run(grant.release());
    await world.advance(10);
    expect(requests()).toEqual([
      'INFO replication',
      ENTER,
      'WAIT 2 500',
      leave(1),
      'WAIT 2 500',
      `DEL ${latch(1)}`,
    ]);
  });

  test('one that has it is enough, and they are counted again', async () => {
    const { world, lock, requests } = setUp(1);
    const grant = await granted(world, lock);
    await world.run(grant.release());
    expect(requests().filter((request) => request === 'INFO replication')).toHaveLength(2);
  });

  test('a server without replicas is not asked to wait', async () => {
    const { world, lock, server, requests } = setUp(0);
    server.connectedReplicas = 0;
    await granted(world, lock);
    expect(requests()).toEqual(['INFO replication', ENTER]);
  });

  test('a renewal too, and one that no replica has is tried again', async () => {
    const { world, lock, server, requests } = setUp(2);
    await granted(world, lock);
    server.replicas = 0;
    await world.advance(TTL_MS);
    const renewals = requests().filter((request) => request.startsWith('renew-all'));
    expect(renewals.length).toBeGreaterThanOrEqual(2);
    expect(requests().at(-1)).toBe('WAIT 2 500');
    expect(server.ttlMs(KEY)).toBeGreaterThan(0);
  });
});

describe('what no replica has in time', () => {
  test('is given back and tried again, four times, and then an error', async () => {
    const { world, lock, server, requests } = setUp(0);
    const answer = world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }));
    await expect(answer).rejects.toThrow('0 replicas have the write, 1 must');
    expect(requests().filter((request) => request === ENTER)).toHaveLength(5);
    expect(requests().filter((request) => request.startsWith('leave'))).toHaveLength(5);
    expect(world.nowMs).toBeGreaterThan(4_000);
    expect(server.execute('EXISTS', KEY)).toBe(0);
    expect(world.timersOf('A')).toBe(0);
  });

  test('is granted when one has it at last', async () => {
    const { world, lock, server } = setUp(0);
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 });
    await world.advance(500);
    server.replicas = 2;
    expect((await world.run(ours)).granted).toBe(true);
    expect(server.execute('HGETALL', KEY)).toEqual(['A1', '1']);
  });

  test('is left once: a repeated unlock is the same request', async () => {
    const { world, lock, server, requests } = setUp(2);
    const grant = await granted(world, lock);
    server.replicas = 0;
    const released = grant.release();
    await world.advance(500);
    server.replicas = 1;
    expect(await world.run(released)).toBe(true);
    expect(requests().filter((request) => request === leave(1))).toHaveLength(2);
  });
});

describe('R1 R16 a failover to the replica that did not have it', () => {
  const search = { runs: 300, faultClasses: ['failover'] } as const;

  test('grants it twice', async () => {
    expect(found(await searched(redissonLock7, search))).toContain('mutual-exclusion double-grant');
  });

  test('does not, where it waits for as long as a replica may lag', async () => {
    const set = { slavesSyncTimeoutMs: 1_000 };
    const result = await searched(redissonLock7, { ...search, set });
    expect(found(result)).not.toContain('mutual-exclusion double-grant');
  });
});
