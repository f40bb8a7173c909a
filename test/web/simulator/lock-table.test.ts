/** The page's table of locks, and the index that Node has, name the same locks. */
import { expect, it } from 'vitest';
import { locks } from '../../../src/algorithms/index.js';
import { LOCK_TABLE } from '../../../web/src/simulator/lock-table.js';

it('names the locks of the index, in its order', () => {
  expect(Object.keys(LOCK_TABLE)).toEqual(locks.map(({ name }) => name));
});

it('loads under each name the lock of that name', async () => {
  for (const lock of locks) {
    expect((await LOCK_TABLE[lock.name]!()).default, lock.name).toBe(lock);
  }
});
