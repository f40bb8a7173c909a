/** The published failures of locks on ZooKeeper: what to do with the lock, and how it shows. */
import type { Grant } from '../../src/algorithms/lock.js';
import { create, granted, KEY, TTL_MS } from './granted.js';
import { outcome, type Story, setUp } from './published-stories.js';

export const zookeeperStories: Record<string, Story> = {
  async 'zookeeper-lock-104'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    await world.run((await granted(world, lock)).release());
    environment.zookeeper[0]!.sessions[0]!.loseReplyTo('create2');
    const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 5_000 }));
    return outcome(!answer.granted && world.ensemble.places().length > 0);
  },

  async 'zookeeper-lock-105'(algorithm) {
    const { world, environment } = setUp(algorithm);
    const lock = create(algorithm, environment, { sessionExpirationPercent: 20 });
    const theirs = await granted(world, create(algorithm, world.client('B')));
    const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 60_000 });
    await world.advance(50);
    environment.zookeeper[0]!.sessions[0]!.cut(4_000);
    await world.advance(5_000);
    await world.run(theirs.release());
    const { granted: isGranted } = await world.run(ours);
    await world.advance(2 * TTL_MS);
    return outcome(isGranted && world.ensemble.places().length === 0);
  },

  async 'zookeeper-lock-107'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    const { signal } = await granted(world, lock);
    environment.zookeeper[0]!.sessions[0]!.cut(3 * TTL_MS);
    await world.advance(2 * TTL_MS);
    return outcome(world.ensemble.places().length === 0 && signal?.aborted !== true);
  },

  async 'zookeeper-lock-112'(algorithm) {
    const { world, lock } = setUp(algorithm);
    const outer = await granted(world, lock);
    const inner = await granted(world, lock, { holder: outer });
    await world.run(inner.release());
    return outcome(world.ensemble.places().length === 0);
  },

  async 'zookeeper-read-write-110'(algorithm) {
    const { world, lock } = setUp(algorithm);
    const first = await granted(world, lock);
    const reader = create(algorithm, world.client('B'));
    const writer = create(algorithm, world.client('C'));
    let read: Grant | undefined;
    reader.acquire(KEY, { ttlMs: TTL_MS, mode: 'shared' }).then((answer) => {
      if (answer.granted) read = answer;
    });
    await world.advance(50);
    void writer.acquire(KEY, { ttlMs: TTL_MS, mode: 'exclusive' });
    await world.advance(50);
    await world.run(first.release());
    await world.advance(1_000);
    return outcome(read === undefined);
  },
};
