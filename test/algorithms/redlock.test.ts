/** Redlock: votes, validity, extension and removal, with servers that refuse or keep silent. */
import { describe, expect, test } from 'vitest';
import { EXPIRED, GONE } from '../../src/algorithms/deadline.js';
import { NoQuorum } from '../../src/algorithms/quorum.js';
import redlock from '../../src/algorithms/redlock.js';
import { FakeWorld, type Strike } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

/** 1 % of the TTL and 2 ms. */
const ALLOWANCE_MS = 102;

function setUp(options = {}) {
  const world = new FakeWorld(5);
  const environment = world.client('A');
  const lock = create(redlock, environment, options);
  /** The next request to each of these servers meets this. */
  const strike = (servers: readonly number[], ...strikes: Strike[]) => {
    for (const server of servers) environment.redis[server - 1]!.strike(...strikes);
  };
  /** Somebody else holds the key on these servers. */
  const occupy = (servers: readonly number[], ttlMs?: number) => {
    for (const server of servers) world.servers[server - 1]!.set(KEY, 'B1', ttlMs);
  };
  const values = () => world.servers.map((server) => server.get(KEY));
  return { world, environment, lock, strike, occupy, values };
}

describe('acquire', () => {
  test('asks all servers at once, with one owner id', async () => {
    const { world, lock, values } = setUp();
    const grant = await granted(world, lock);
    expect(world.log).toEqual(
      ['r1', 'r2', 'r3', 'r4', 'r5'].map((r) => `1 A ${r} SET job A1 NX PX 10000`),
    );
    expect(values()).toEqual(Array(5).fill(grant.ownerId));
  });

  test('R1 the validity is the TTL less the time it took and the drift allowance', async () => {
    const { world, lock, strike } = setUp();
    strike([1, 2, 3], { delayReplyMs: 90 });
    const grant = await granted(world, lock);
    expect(world.nowMs).toBe(92);
    expect(grant.validForMs?.()).toBe(TTL_MS - 92 - ALLOWANCE_MS);
  });

  test('R1 declares the same allowance', () => {
    const { declares } = redlock;
    expect(typeof declares === 'function' && declares({ driftFactor: 0.01 } as never)).toEqual({
      driftAllowance: { ratio: 0.01, constantMs: 2 },
    });
  });

  test('is granted when three of five have said yes; silence of two delays nobody', async () => {
    const { world, lock, strike } = setUp();
    strike([2, 4], 'silence');
    await granted(world, lock);
    expect(world.nowMs).toBe(2);
  });

  test('is refused when three cannot be reached, and removes the key everywhere', async () => {
    const { world, lock, occupy, strike, values } = setUp();
    occupy([1, 2]);
    strike([3], { error: 'LOADING' });
    strike([5], { delayReplyMs: 100 });
    expect(await refused(world, lock)).toBe('no quorum');
    expect(world.nowMs).toBe(2);
    await world.advance(500);
    expect(values()).toEqual(['B1', 'B1', null, null, null]);
    expect(world.log.filter((line) => line.includes('delete-if-own job A1'))).toHaveLength(5);
    expect(world.timersOf('A')).toBe(0);
  });

  test('waits for a silent server no longer than the call timeout', async () => {
    const { world, lock, strike } = setUp({ callTimeoutMs: 150 });
    strike([1, 2, 3], 'silence');
    expect(await refused(world, lock)).toBe('no quorum');
    expect(world.nowMs).toBe(150);
  });

  test('R9 removes the key also where the yes was lost on its way', async () => {
    const { world, lock, occupy, strike, values } = setUp();
    occupy([1, 2]);
    strike([3], 'lost-reply');
    expect(await refused(world, lock)).toBe('no quorum');
    expect(values()[2]).toBe('A1');
    await world.advance(500);
    expect(values()[2]).toBeNull();
  });

  test('a quorum gathered too late is none, and is removed', async () => {
    const { world, lock, strike, values } = setUp();
    strike([1, 2, 3], { delayReplyMs: 96 });
    expect(await refused(world, lock, { ttlMs: 101 })).toBe('granted too late');
    await world.advance(2);
    expect(values()).toEqual(Array(5).fill(null));
  });

  test('tries again after a random delay, with a new owner id', async () => {
    const { world, environment, lock, occupy } = setUp({ retryDelayMs: 100, retryJitterMs: 100 });
    environment.nextRandom = 0.5;
    occupy([1, 2, 3], 50);
    const grant = await granted(world, lock, { waitMs: 1_000 });
    expect(grant.ownerId).toBe('A2');
    expect(world.log.at(-1)).toBe('153 A r5 SET job A2 NX PX 10000');
  });

  test('with one server it is a lock of one server', async () => {
    const world = new FakeWorld(1);
    const lock = create(redlock, world.client('A'), { servers: 1 });
    expect((await granted(world, lock)).ownerId).toBe('A1');
  });
});

describe('renew', () => {
  test('extends with a quorum; the new validity counts from the send', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    await world.advance(5_000);
    strike([1, 2], 'silence');
    const sentAtMs = world.nowMs;
    expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
    expect(grant.validForMs?.()).toBe(sentAtMs + TTL_MS - ALLOWANCE_MS - world.nowMs);
  });

  test('R11 three servers that no longer have the key mean that the lock is lost', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    const signal = grant.signal!;
    for (const server of world.servers.slice(0, 3)) server.flush();
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(signal.reason).toBe(GONE);
  });

  test('losses add up over renewals', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    const signal = grant.signal!;
    for (const server of world.servers.slice(0, 2)) server.flush();
    strike([3, 4], { error: 'LOADING' });
    await expect(world.run(grant.renew!(TTL_MS))).rejects.toThrow(NoQuorum);
    expect(signal.aborted).toBe(false);
    world.servers[2]!.flush();
    strike([1, 2], { error: 'LOADING' });
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(signal.reason).toBe(GONE);
  });

  test('a server that has the key after all does not count as lost any more', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    const error = { error: 'LOADING' };
    for (const server of world.servers.slice(0, 2)) server.flush();
    strike([3, 4], error);
    await expect(world.run(grant.renew!(TTL_MS))).rejects.toThrow(NoQuorum);
    world.servers[0]!.set(KEY, 'A1', TTL_MS); // its SET was late
    world.servers[2]!.flush();
    expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
    await world.advance(10);
    expect(grant.signal?.aborted).toBe(false);
  });

  test('sends nothing when the validity is over', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    await world.advance(TTL_MS - ALLOWANCE_MS);
    const sent = world.log.length;
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(world.log).toHaveLength(sent);
  });

  test('a shorter validity counts from the send on, confirmed or not', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    strike([1, 2, 3], 'lost-reply');
    const sentAtMs = world.nowMs;
    await expect(world.run(grant.renew!(500))).rejects.toThrow(NoQuorum);
    expect(grant.validForMs?.()).toBe(sentAtMs + 500 - 7 - world.nowMs);
  });

  test('throws if it cannot tell; the old validity stands and nothing is removed', async () => {
    const { world, lock, strike, values } = setUp();
    const grant = await granted(world, lock);
    strike([1, 2, 3], { error: 'LOADING' });
    await expect(world.run(grant.renew!(2 * TTL_MS))).rejects.toThrow(
      new NoQuorum('extended the lease', { yes: 0, no: 0, failed: 3 }, 5),
    );
    await world.advance(1_000);
    expect(grant.validForMs?.()).toBe(TTL_MS - ALLOWANCE_MS - world.nowMs);
    expect(values()).toEqual(Array(5).fill('A1'));
  });

  test('an extension confirmed after the old validity does not bring the grant back', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    const signal = grant.signal!;
    await world.advance(TTL_MS - ALLOWANCE_MS - 10 - world.nowMs);
    strike([1, 2, 3], { delayReplyMs: 50 });
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(signal.reason).toBe(EXPIRED);
  });
});

describe('release', () => {
  test('removes the key from all servers, also where another holds it', async () => {
    const { world, lock, occupy, values } = setUp();
    occupy([5]);
    const grant = await granted(world, lock);
    expect(await world.run(grant.release())).toBe(true);
    expect(values()).toEqual([null, null, null, null, 'B1']);
    expect(world.log.filter((line) => line.includes('delete-if-own job A1'))).toHaveLength(5);
    await world.advance(500);
    expect(world.timersOf('A')).toBe(0);
  });

  test('answers when a quorum has; a silent server is tried again in the background', async () => {
    const { world, lock, strike, values } = setUp();
    const grant = await granted(world, lock);
    strike([1], 'silence');
    const sentAtMs = world.nowMs;
    expect(await world.run(grant.release())).toBe(true);
    expect(world.nowMs).toBe(sentAtMs + 2);
    expect(values()[0]).toBe('A1');
    await world.advance(500);
    expect(values()[0]).toBeNull();
    expect(world.timersOf('A')).toBe(0);
  });

  test('says that the lock was lost if most servers no longer had it', async () => {
    const { world, lock } = setUp();
    const grant = await granted(world, lock);
    for (const server of world.servers.slice(0, 3)) server.flush();
    expect(await world.run(grant.release())).toBe(false);
  });

  test('throws if it cannot tell', async () => {
    const { world, lock, strike } = setUp();
    const grant = await granted(world, lock);
    const error = { error: 'LOADING' };
    strike([1, 2, 3], error, error, error);
    await expect(world.run(grant.release())).rejects.toThrow(NoQuorum);
    expect(grant.validForMs?.()).toBe(0);
  });
});
