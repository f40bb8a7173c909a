/** What a server may keep while it serves others. */
import { expect, test } from 'vitest';
import { mayBlock } from '../../../src/real/check/blocking.js';

test.each([
  ['r1', 'BLPOP k 0'],
  ['r1', 'brpoplpush k l 1'],
  ['r1', 'BZPOPMIN k 0'],
  ['r1', 'WAIT 1 100'],
  ['r1', 'SUBSCRIBE k'],
  ['p1', "INSERT INTO locks VALUES ($1) ['k']"],
  ['p1', 'UPDATE locks SET owner = NULL'],
  ['p1', 'SELECT 1 FROM locks WHERE key = $1 FOR UPDATE'],
  ['p1', 'SELECT 1 FROM locks FOR NO KEY UPDATE SKIP LOCKED'],
  ['p1', 'SELECT pg_advisory_lock(1)'],
  ['p1', 'SELECT pg_advisory_xact_lock(1)'],
  ['p1', 'WITH one AS (DELETE FROM locks RETURNING key) SELECT key FROM one'],
])('%s may keep %s', (server, text) => {
  expect(mayBlock(server, text)).toBe(true);
});

test.each([
  ['r1', 'SET k v NX PX 1000'],
  ['r1', 'EVAL "return 1" 0'],
  ['r1', 'BITCOUNT k'],
  ['p1', "SELECT set_config('lock_timeout', $1, false) ['1034ms']"],
  ['p1', 'SELECT pg_advisory_unlock(1) AS held'],
  ['p1', ' select owner from locks'],
  ['e1', 'lease keep-alive aec8bc222a51'],
  ['z1', 'sync /k'],
  ['store', '{"access":"read"}'],
])('%s answers %s at once', (server, text) => {
  expect(mayBlock(server, text)).toBe(false);
});
