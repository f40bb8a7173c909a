/**
 * What all locks in a table do: who has the row has the lock, by the clock of the database. Each of
 * them has a test file that runs these.
 */
import { expect, test } from 'vitest';
import { EXPIRED, GONE } from '../../src/algorithms/deadline.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, refused, TTL_MS } from './granted.js';

export function setUpTable(algorithm: LockAlgorithm) {
  const world = new FakeWorld();
  world.database.query(algorithm.schema!);
  const environment = world.client('A');
  const theirs = create(algorithm, world.client('B'));
  return { world, lock: create(algorithm, environment), theirs, pool: environment.postgres[0]! };
}

export function tableLockTests(algorithm: LockAlgorithm): void {
  test('is taken by one statement, with the TTL counted from its send', async () => {
    const { world, lock } = setUpTable(algorithm);
    const grant = await granted(world, lock);
    expect(world.log).toHaveLength(1);
    expect(world.log[0]).toMatch(/^1 A p1 INSERT INTO .* \['job', 'A1', 10000\]$/);
    expect(grant.validForMs?.()).toBe(TTL_MS - world.nowMs);
  });

  test('keeps others out until its time is over in the database, and the holder is told', async () => {
    const { world, lock, theirs } = setUpTable(algorithm);
    const { signal } = await granted(world, lock);
    await world.advance(TTL_MS - 2 - world.nowMs);
    expect(await refused(world, theirs)).toBe('held');
    expect(signal!.reason).toBe(EXPIRED);
    await world.advance(1);
    await granted(world, theirs);
  });

  test('a renewal gives it the whole TTL again', async () => {
    const { world, lock, theirs } = setUpTable(algorithm);
    const grant = await granted(world, lock);
    for (let times = 0; times < 4; times++) {
      await world.advance(TTL_MS / 2);
      expect(await world.run(grant.renew!(TTL_MS))).toBe(true);
    }
    expect(grant.validForMs!()).toBe(TTL_MS - 2);
    expect(await refused(world, theirs)).toBe('held');
  });

  test('neither renews nor gives back what another client has', async () => {
    const { world, lock, theirs } = setUpTable(algorithm);
    const late = await granted(world, lock);
    await world.advance(TTL_MS);
    const grant = await granted(world, theirs);
    const again = create(algorithm, world.client('C'));
    expect(await world.run(late.release())).toBe(false);
    expect(await refused(world, again)).toBe('held');
    expect(await world.run(grant.release())).toBe(true);
    await granted(world, again);
  });

  test('a renewal that finds the row gone tells the holder', async () => {
    const { world, lock } = setUpTable(algorithm);
    const grant = await granted(world, lock);
    const { signal } = grant;
    const [, table] = /CREATE TABLE (\w+)/.exec(algorithm.schema!)!;
    world.database.query(`DELETE FROM ${table}`);
    expect(await world.run(grant.renew!(TTL_MS))).toBe(false);
    expect(signal!.reason).toBe(GONE);
  });

  answerTests(algorithm);
}

/** What becomes of a try whose answer is lost, late or no. */
function answerTests(algorithm: LockAlgorithm): void {
  test('a request that was not answered is a refusal, and its row is removed', async () => {
    const { world, lock, theirs, pool } = setUpTable(algorithm);
    pool.strike('lost-reply');
    expect(await refused(world, lock)).toMatch(/connection lost/);
    await world.advance(10);
    await granted(world, theirs);
  });

  test('an answer that comes too late is no grant, and its row is removed', async () => {
    const { world, lock, theirs, pool } = setUpTable(algorithm);
    pool.strike({ delayReplyMs: 300 });
    expect(await refused(world, lock, { ttlMs: 200 })).toBe('granted too late');
    await world.advance(10);
    await granted(world, theirs);
  });

  test('whoever waits tries again until the lock is free', async () => {
    const { world, lock, theirs } = setUpTable(algorithm);
    const grant = await granted(world, lock);
    const waiting = granted(world, theirs, { waitMs: TTL_MS });
    await world.advance(1_000);
    await world.run(grant.release());
    await waiting;
    expect(world.nowMs).toBeLessThan(1_500);
  });
}
