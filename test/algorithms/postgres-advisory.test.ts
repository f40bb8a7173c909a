/** The advisory lock of a session. */
import { expect, test } from 'vitest';
import postgresAdvisory from '../../src/algorithms/postgres-advisory.js';
import { granted } from './granted.js';
import { sessionLockTests, setUpSessions } from './session-lock-tests.js';

sessionLockTests(postgresAdvisory);

test('is keyed by the hash of its name, and taken by one query', async () => {
  const { world, lock } = setUpSessions(postgresAdvisory);
  await granted(world, lock);
  expect(world.log).toEqual([
    "1 A p1 SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held ['job']",
  ]);
});
