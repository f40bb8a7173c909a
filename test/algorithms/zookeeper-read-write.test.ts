/** Readers and writers on ZooKeeper: who waits for whom. */
import { expect, test } from 'vitest';
import type { Grant } from '../../src/algorithms/lock.js';
import zookeeperReadWrite from '../../src/algorithms/zookeeper-read-write.js';
import type { Mode } from '../../src/history.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

/** Clients that ask in this order, each in its mode; which of them are granted, so far. */
async function queue(modes: readonly Mode[]) {
  const world = new FakeWorld();
  const order: number[] = [];
  const grants = modes.map(async (mode, at) => {
    const lock = create(zookeeperReadWrite, world.client(`C${at}`));
    await new Promise<void>((resolve) => world.schedule(at * 20, resolve));
    const answer = await lock.acquire(KEY, { ttlMs: TTL_MS, mode });
    order.push(at);
    return answer as Grant;
  });
  await world.advance(200);
  const release = async (at: number): Promise<void> => {
    await world.run((await grants[at]!).release());
    await world.advance(50);
  };
  return { world, order, release };
}

test('readers hold together', async () => {
  const { order } = await queue(['shared', 'shared', 'shared']);
  expect(order).toEqual([0, 1, 2]);
});

test('a writer waits for all that came before it', async () => {
  const { order, release } = await queue(['shared', 'shared', 'exclusive']);
  expect(order).toEqual([0, 1]);
  await release(0);
  expect(order).toEqual([0, 1]);
  await release(1);
  expect(order).toEqual([0, 1, 2]);
});

test('a reader waits for a writer that came before it, though readers hold', async () => {
  const { order, release } = await queue(['shared', 'exclusive', 'shared']);
  expect(order).toEqual([0]);
  await release(0);
  expect(order).toEqual([0, 1]);
  await release(1);
  expect(order).toEqual([0, 1, 2]);
});

test('a reader does not wait for a writer that came after it', async () => {
  const { order, release } = await queue(['exclusive', 'shared', 'exclusive', 'shared']);
  await release(0);
  expect(order).toEqual([0, 1]);
  await release(1);
  expect(order).toEqual([0, 1, 2]);
});

test('there is no fencing token: readers reach the resource in any order', async () => {
  const world = new FakeWorld();
  const lock = create(zookeeperReadWrite, world.client('A'));
  expect((await granted(world, lock, { mode: 'shared' })).fencingToken).toBeUndefined();
  const theirs = create(zookeeperReadWrite, world.client('B'));
  expect(await refused(world, theirs)).toBe('held');
});
