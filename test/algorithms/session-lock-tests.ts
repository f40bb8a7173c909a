/**
 * What all locks of a session do, advisory ones and that of a row: they are held until they are
 * given back, or the session ends. Each of them has a test file that runs these.
 */
import { expect, test } from 'vitest';
import { GONE } from '../../src/algorithms/deadline.js';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { FakeWorld } from './fake-environment.js';
import { create, granted, KEY, refused, TTL_MS } from './granted.js';

export function setUpSessions(algorithm: LockAlgorithm) {
  const world = new FakeWorld();
  if (algorithm.schema !== undefined) world.database.query(algorithm.schema);
  const environment = world.client('A');
  const theirs = create(algorithm, world.client('B'));
  return { world, lock: create(algorithm, environment), theirs, pool: environment.postgres[0]! };
}

export function sessionLockTests(algorithm: LockAlgorithm): void {
  test('has no TTL: it is held for as long as its session lives', async () => {
    const { world, lock, theirs } = setUpSessions(algorithm);
    const grant = await granted(world, lock);
    await world.advance(10 * TTL_MS);
    expect(grant.validForMs).toBeUndefined();
    expect(await refused(world, theirs)).toBe('held');
    expect(await world.run(grant.release())).toBe(true);
    await granted(world, theirs);
  });

  test('whoever waits is woken by the server, at once', async () => {
    const { world, lock, theirs } = setUpSessions(algorithm);
    const grant = await granted(world, lock);
    const waiting = theirs.acquire(KEY, { ttlMs: TTL_MS, waitMs: TTL_MS });
    await world.advance(5_000);
    const queries = world.log.length;
    const releasedAtMs = world.nowMs;
    let wokenAtMs = 0;
    void waiting.then(() => {
      wokenAtMs = world.nowMs;
    });
    await world.run(grant.release());
    expect((await world.run(waiting)).granted).toBe(true);
    // To the server 1 ms, and from there to whoever waits.
    expect(wokenAtMs).toBe(releasedAtMs + 2);
    expect(world.log.length).toBe(queries + 1);
  });

  test('waits in the server no longer than it is asked to', async () => {
    const { world, lock, theirs } = setUpSessions(algorithm);
    await granted(world, lock);
    const askedAtMs = world.nowMs;
    expect(await refused(world, theirs, { waitMs: 3_000 })).toBe('held');
    expect(world.nowMs - askedAtMs).toBeGreaterThanOrEqual(3_000);
    expect(world.nowMs - askedAtMs).toBeLessThan(3_020);
  });

  endingTests(algorithm);
}

/** What ends a session, ends the lock. */
function endingTests(algorithm: LockAlgorithm): void {
  test('R7 a session that ends takes its lock along, and the holder is told', async () => {
    const { world, lock, theirs } = setUpSessions(algorithm);
    const grant = await granted(world, lock);
    const { signal } = grant;
    expect(world.database.endSessions()).toBe(1);
    expect(signal!.reason).toBe(GONE);
    await granted(world, theirs);
    expect(await world.run(grant.release())).toBe(false);
  });

  test('a query that is not answered ends the session: nothing is left behind', async () => {
    const { world, lock, theirs, pool } = setUpSessions(algorithm);
    pool.strike('lost-reply');
    expect(await refused(world, lock)).toMatch(/connection lost/);
    await world.advance(10);
    await granted(world, theirs);
  });

  test('a release that is not answered ends the session, and the lock with it', async () => {
    const { world, lock, theirs, pool } = setUpSessions(algorithm);
    const grant = await granted(world, lock);
    pool.strike('silence');
    await expect(world.run(grant.release())).rejects.toThrow('no reply within 1000 ms');
    await world.advance(10);
    await granted(world, theirs);
  });

  test('its connection goes back to the pool', async () => {
    const { world, lock } = setUpSessions(algorithm);
    for (let times = 0; times < 3; times++) {
      await world.run((await granted(world, lock)).release());
    }
    expect(world.database.endSessions()).toBe(1);
  });
}
