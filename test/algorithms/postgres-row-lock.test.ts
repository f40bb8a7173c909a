/** The lock that is a locked row. */
import { expect, test } from 'vitest';
import postgresRowLock from '../../src/algorithms/postgres-row-lock.js';
import { granted, KEY } from './granted.js';
import { sessionLockTests, setUpSessions } from './session-lock-tests.js';

sessionLockTests(postgresRowLock);

test('the row that is locked is added by who wants it first', async () => {
  const { world, lock } = setUpSessions(postgresRowLock);
  await world.run((await granted(world, lock)).release());
  expect(world.database.query('SELECT key FROM lock_rows')).toEqual([{ key: KEY }]);
});

test('its transaction is open for as long as the lock is held, and no longer', async () => {
  const { world, lock } = setUpSessions(postgresRowLock);
  const grant = await granted(world, lock);
  const count = (word: string) => world.log.filter((line) => line.endsWith(` ${word}`)).length;
  expect(count('BEGIN') - count('COMMIT') - count('ROLLBACK')).toBe(1);
  await world.run(grant.release());
  expect(count('BEGIN') - count('COMMIT') - count('ROLLBACK')).toBe(0);
});
