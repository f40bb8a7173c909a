/** Each flawed lock has its flaw, in the story its header tells; its sibling does not. */
import { describe, expect, test } from 'vitest';
import { locks } from '../../src/algorithms/index.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import type { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';
import { delay, outcome, publishedStories, type Story, setUp } from './published-stories.js';
import { zookeeperStories } from './zookeeper-stories.js';

/** A waits behind B with requests held for so long that its lease ends; then B releases. */
async function waitedTooLong(algorithm: LockAlgorithm): Promise<boolean> {
  const { world, environment, lock } = setUp(algorithm);
  const theirs = await granted(world, create(algorithm, world.client('B')));
  const ours = lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 60_000 });
  await world.advance(10);
  environment.etcd[0]!.hold(TTL_MS + 2_000);
  await world.advance(TTL_MS + 1_000);
  await world.run(theirs.release());
  return (await world.run(ours)).granted && world.cluster.keys().length === 0;
}

/** Whether B is granted the lock while A has it. */
async function alsoGranted(
  algorithm: LockAlgorithm,
  world: FakeWorld,
  wallAheadMs: number,
): Promise<boolean> {
  const other = world.client('B');
  other.wallAheadMs = wallAheadMs;
  const answer = await world.run(
    create(algorithm, other).acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 }),
  );
  return answer.granted;
}

const stories: Record<string, Story> = {
  ...publishedStories,
  ...zookeeperStories,
  'blind-delete': deleteOfAnothers,
  'notes-naive': deleteOfAnothers,

  async 'postgres-table-client-clock'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    await granted(world, lock);
    return outcome(await alsoGranted(algorithm, world, environment.wallAheadMs! + TTL_MS));
  },

  async 'postgres-table-121'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    // Once when the wait begins, and once before the lock is asked for.
    environment.pausesMs.monoMs.push(0, TTL_MS);
    await granted(world, lock);
    return outcome(await alsoGranted(algorithm, world, 0));
  },

  async 'postgres-advisory-129'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    const grant = await granted(world, lock);
    // Somebody has the session on which the lock was taken, for the time of a transaction.
    const other = await environment.postgres[0]!.through('transaction').connect();
    await world.run(other.query('BEGIN'));
    await world.run(grant.release());
    await world.run(other.query('COMMIT'));
    const [row] = world.database.query(
      `SELECT pg_try_advisory_lock(hashtextextended('${KEY}', 0))`,
    );
    return outcome(row!['pg_try_advisory_lock'] === false);
  },

  async 'postgres-advisory-130'(algorithm) {
    const { world, lock } = setUp(algorithm);
    await granted(world, lock);
    return outcome(await alsoGranted(algorithm, world, 0));
  },

  async 'etcd-mutex-before-3.5'(algorithm) {
    return outcome(await waitedTooLong(algorithm));
  },

  async 'etcd-election-96'(algorithm) {
    return outcome(await waitedTooLong(algorithm));
  },

  async 'etcd-mutex-97'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    await granted(world, create(algorithm, world.client('B')));
    let over = false;
    void lock.acquire(KEY, { ttlMs: TTL_MS }).then(() => {
      over = true;
    });
    await world.advance(10);
    environment.etcd[0]!.hold(10 * TTL_MS);
    await world.advance(TTL_MS + 1_000);
    return outcome(!over);
  },

  async 'etcd-mutex-101'(algorithm) {
    const { world, environment, lock } = setUp(algorithm);
    await world.run(environment.etcd[0]!.put(`${KEY}-holder`, 'B'));
    const answer = await world.run(lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 1_000 }));
    return outcome(!answer.granted);
  },

  async 'get-then-delete'(algorithm) {
    const { world, environment, lock, server } = setUp(algorithm);
    const grant = await granted(world, lock);
    await world.advance(TTL_MS - 50 - world.nowMs);
    environment.redis[0]!.strike({ delayReplyMs: 100 });
    const released = grant.release();
    await world.advance(80);
    if (server.get(KEY) === null) server.set(KEY, 'B1');
    await world.run(released);
    return outcome(server.get(KEY) !== 'B1');
  },

  async 'setnx-then-expire'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    void lock.acquire(KEY, { ttlMs: TTL_MS });
    await world.advance(1); // and the client dies before it has heard the reply
    return outcome(server.ttlMs(KEY) === Number.POSITIVE_INFINITY);
  },

  async 'no-ttl'(algorithm) {
    const { world, lock, server } = setUp(algorithm);
    await granted(world, lock); // and the client dies
    await world.advance(TTL_MS);
    return outcome(server.get(KEY) !== null);
  },

  'set-nx-no-validity': lateGrant,
  'redlock-no-validity': lateGrant,

  async 'redlock-unlock-only-winners'(algorithm) {
    const { world, environment, lock, server } = setUp(algorithm);
    environment.redis[0]!.strike('lost-reply');
    const grant = await granted(world, lock);
    await world.run(grant.release());
    await world.advance(TTL_MS / 2);
    return outcome(server.get(KEY) !== null);
  },
};

async function lateGrant(algorithm: LockAlgorithm) {
  const { world, environment, lock } = setUp(algorithm);
  for (const redis of environment.redis) delay(redis, 150);
  const answer = await world.run(lock.acquire(KEY, { ttlMs: 100, waitMs: 0 }));
  return outcome(answer.granted);
}

async function deleteOfAnothers(algorithm: LockAlgorithm) {
  const { world, lock, server } = setUp(algorithm);
  const grant = await granted(world, lock);
  await world.advance(TTL_MS);
  server.set(KEY, 'B1');
  await world.run(grant.release());
  return outcome(server.get(KEY) === null);
}

const flawed = locks.filter((lock) => lock.flaw !== undefined);
const byName = new Map(locks.map((lock) => [lock.name, lock]));

test('there is a story for each flawed lock', () => {
  expect(Object.keys(stories).sort()).toEqual(flawed.map(({ name }) => name).sort());
});

describe.each(flawed)('$name', (lock) => {
  test('has its flaw', async () => {
    expect(await stories[lock.name]!(lock)).toBe('flawed');
  });

  test(`is repaired by ${lock.fixedBy}`, async () => {
    expect(await stories[lock.name]!(byName.get(lock.fixedBy!)!)).toBe('sound');
  });
});

const REFUSALS = /^(held|no quorum|lock already taken|not obtained|not acquired)$/;
/**
 * All but those whose flaw it is that everybody is granted, or nobody but the first, and those
 * whose callers wait without a limit.
 */
const others = [
  'beeorm-locker-56',
  'etcd-mutex-97',
  'etcd-mutex-101',
  'redisson-lock-81',
  'zookeeper-read-write-110',
];
const exclusive = flawed.filter(
  ({ name }) => !others.includes(name) && !name.startsWith('postgres-advisory-'),
);

describe.each(exclusive)('$name', (lock) => {
  test('works while nothing goes wrong: one holder at a time, free after the release', async () => {
    const { world, environment, lock: ours } = setUp(lock);
    const other = world.client('B');
    other.nextRandom = 0.75;
    other.wallAheadMs = environment.wallAheadMs;
    const theirs = create(lock, other);
    const grant = await granted(world, ours);
    expect(await refused(world, theirs)).toMatch(REFUSALS);
    expect(await world.run(grant.release())).toBe(true);
    await world.run((await granted(world, theirs)).release());
    await world.advance(1_000);
    expect([world.timersOf('A'), world.timersOf('B')]).toEqual([0, 0]);
  });
});

test('the locks without validity offer neither signal nor validForMs', async () => {
  for (const name of ['set-nx-no-validity', 'redlock-no-validity', 'no-ttl']) {
    const { world, lock } = setUp(byName.get(name)!);
    const grant = await granted(world, lock);
    expect('signal' in grant || 'validForMs' in grant, name).toBe(false);
  }
});
