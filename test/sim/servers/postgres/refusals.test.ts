/** What is not modelled is refused by name, in the words of no real server. */
import { expect, it } from 'vitest';
import { createPostgresServer } from '../../../../src/sim/servers/postgres/server.js';
import { World } from './world.js';

const REFUSED: readonly (readonly [text: string, what: string])[] = [
  ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'SERIALIZABLE'],
  ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'REPEATABLE READ'],
  ['SELECT md5($1)', 'function md5'],
  ["SELECT '{}'::jsonb", 'type jsonb'],
  ['SELECT * FROM pg_locks', 'table pg_locks'],
  ['EXPLAIN SELECT 1', 'EXPLAIN'],
  ['MERGE INTO t USING u ON true WHEN MATCHED THEN DELETE', 'MERGE'],
  ['WITH RECURSIVE r AS (SELECT 1) SELECT 1', 'WITH RECURSIVE'],
  ['SELECT row_number() OVER (ORDER BY 1)', 'window functions and FILTER'],
  ['SELECT 1 UNION SELECT 2', 'UNION'],
  ["SELECT now() AT TIME ZONE 'Europe/Berlin'", "time zone 'Europe/Berlin'"],
  ["SET TIME ZONE 'Europe/Berlin'", 'timezone = Europe/Berlin'],
  ["SELECT interval '1' second", 'INTERVAL with fields'],
  ['CREATE TEMPORARY TABLE t (a int)', 'temporary tables'],
  ['CREATE TABLE t (a int REFERENCES u (b))', 'constraint reference'],
  ['CREATE TABLE t (a smallint)', 'type smallint'],
  ['VACUUM', 'VACUUM'],
  ['SELECT 1.5 % 2', 'operator % of numeric'],
];

it.each(REFUSED)('%s', (text, what) => {
  const world = new World();
  const [message] = world.on(1, text, text.includes('$1') ? ['x'] : undefined);
  expect(message).toMatchObject({ kind: 'error', code: '0A000', message: `not modelled: ${what}` });
});

it('a lag that is no whole number is refused', () => {
  const port = {} as Parameters<typeof createPostgresServer>[1];
  expect(() => createPostgresServer({ synchronousCommit: true, replicaLagUs: 0.5 }, port)).toThrow(
    'replicaLagUs must be whole microseconds from 0 on: 0.5',
  );
});
