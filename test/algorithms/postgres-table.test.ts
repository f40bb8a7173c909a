/** The lock in a table. */
import { expect, test } from 'vitest';
import postgresTable from '../../src/algorithms/postgres-table.js';
import { granted, KEY } from './granted.js';
import { setUpTable, tableLockTests } from './table-lock-tests.js';

tableLockTests(postgresTable);

test('the row is removed with the lock', async () => {
  const { world, lock } = setUpTable(postgresTable);
  const grant = await granted(world, lock);
  expect(world.database.query('SELECT key, owner FROM locks')).toEqual([{ key: KEY, owner: 'A1' }]);
  await world.run(grant.release());
  expect(world.database.query('SELECT key FROM locks')).toEqual([]);
});
