/** The lock in a table with a fencing token. */
import { expect, test } from 'vitest';
import postgresTableFenced from '../../src/algorithms/postgres-table-fenced.js';
import { granted, TTL_MS } from './granted.js';
import { setUpTable, tableLockTests } from './table-lock-tests.js';

tableLockTests(postgresTableFenced);

test('R12 each grant is counted in its row, across releases and steals', async () => {
  const { world, lock, theirs } = setUpTable(postgresTableFenced);
  const first = await granted(world, lock);
  await world.run(first.release());
  const second = await granted(world, lock);
  await world.advance(TTL_MS);
  const third = await granted(world, theirs);
  expect([first, second, third].map(({ fencingToken }) => fencingToken)).toEqual([1, 2, 3]);
});
