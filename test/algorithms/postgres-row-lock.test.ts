/** The lock that is a locked row. */
import { expect, test } from 'vitest';
import postgresRowLock from '../../src/algorithms/postgres-row-lock.js';
import { create, granted, KEY, TTL_MS } from './granted.js';
import { sessionLockTests, setUpSessions } from './session-lock-tests.js';

sessionLockTests(postgresRowLock);

test('the row that is locked is added by who wants it first', async () => {
  const { world, lock } = setUpSessions(postgresRowLock);
  await world.run((await granted(world, lock)).release());
  expect(world.database.query('SELECT key FROM lock_rows')).toEqual([{ key: KEY }]);
});

test.each([2, 3, 4])(
  'a client that dies after %d queries, adding the row, keeps nobody out',
  async (answered) => {
    const { world, lock, theirs, pool } = setUpSessions(postgresRowLock);
    for (let queries = 0; queries < answered; queries++) pool.strike({ delayReplyMs: 0 });
    pool.strike('silence');
    void lock.acquire(KEY, { ttlMs: TTL_MS, waitMs: 0 });
    await world.advance(20);
    expect(world.log).toHaveLength(answered);
    await granted(world, theirs);
    // Long before the other gives up and its session ends.
    expect(world.nowMs).toBeLessThan(100);
  },
);

test('waits no longer than asked to, also behind another one that waits', async () => {
  const { world, lock, theirs } = setUpSessions(postgresRowLock);
  await granted(world, lock);
  void theirs.acquire(KEY, { ttlMs: TTL_MS, waitMs: 2_000 });
  await world.advance(1_000);
  const third = create(postgresRowLock, world.client('C'));
  void third.acquire(KEY, { ttlMs: TTL_MS, waitMs: 3_000 });
  await world.advance(3_100);
  // In the server too: a row may be waited for twice, for its turn and for its holder.
  expect(world.log.filter((line) => / [BC] p1 ROLLBACK$/.test(line))).toHaveLength(2);
});

test('its transaction is open for as long as the lock is held, and no longer', async () => {
  const { world, lock } = setUpSessions(postgresRowLock);
  const grant = await granted(world, lock);
  const count = (word: string) => world.log.filter((line) => line.endsWith(` ${word}`)).length;
  expect(count('BEGIN') - count('COMMIT') - count('ROLLBACK')).toBe(1);
  await world.run(grant.release());
  expect(count('BEGIN') - count('COMMIT') - count('ROLLBACK')).toBe(0);
});
