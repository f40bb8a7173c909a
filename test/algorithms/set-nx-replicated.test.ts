/** The lock that waits for replicas: what they do not have is not granted and not counted. */
import { expect, test } from 'vitest';
import setNxReplicated from '../../src/algorithms/set-nx-replicated.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { found, searched, unclaimed } from './searching.js';

function setUp(replicas: number) {
  const world = new FakeWorld();
  const lock = create(setNxReplicated, world.client('A'));
  const server = world.servers[0]!;
  server.replicas = replicas;
  return { world, lock, server };
}

test('the wait for replicas leaves with the key, before anything else can', async () => {
  const { world, lock } = setUp(1);
  await granted(world, lock);
  expect(world.log).toEqual(['1 A r1 SET job A1 NX PX 10000', '1 A r1 WAIT 1 1500']);
});

test('a key that no replica has is removed, and not granted', async () => {
  const { world, lock, server } = setUp(0);
  expect(await refused(world, lock)).toBe('0 replicas have the write, 1 must');
  await world.advance(10);
  expect(server.get(KEY)).toBeNull();
});

test('who finds the key taken does not wait for replicas', async () => {
  const { world, lock, server } = setUp(0);
  server.set(KEY, 'B1', TTL_MS);
  expect(await refused(world, lock)).toBe('held');
});

test('a renewal that no replica has leaves the term as it was', async () => {
  const { world, lock, server } = setUp(1);
  const grant = await granted(world, lock);
  await world.advance(TTL_MS / 2);
  server.replicas = 0;
  await expect(world.run(grant.renew!(TTL_MS))).rejects.toThrow('0 replicas have the write');
  expect(grant.validForMs!()).toBeLessThan(TTL_MS / 2);
  server.replicas = 1;
  expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
  expect(grant.validForMs!()).toBeGreaterThan(TTL_MS - 10);
});

test('a renewal that finds the key gone says so at once', async () => {
  const { world, lock, server } = setUp(1);
  const grant = await granted(world, lock);
  server.flush();
  server.replicas = 0;
  expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
  expect(grant.signal!.aborted).toBe(true);
});

test('R1 survives failover, which grants the plain lock twice', async () => {
  const result = await searched(setNxReplicated, { runs: 1_000, faultClasses: ['failover'] });
  expect([...found(result)]).toEqual(['leak until-ttl']);
  expect(unclaimed(result)).toEqual([]);
});

test('R1 R16 asks for both replicas of a server that has two, and survives failover too', async () => {
  const search = { runs: 1_000, faultClasses: ['failover'], set: { replicas: 2 } } as const;
  const result = await searched(setNxReplicated, search);
  expect([...found(result)]).toEqual(['leak until-ttl']);
  expect(unclaimed(result)).toEqual([]);
});

test('R1 R16 one of two replicas is not enough: the other is promoted', async () => {
  const one = { ...setNxReplicated, replicas: 2 };
  const result = await searched(one, { runs: 300, faultClasses: ['failover'] });
  expect(unclaimed(result)).toContain('mutual-exclusion double-grant');
});
