/**
 * Statements that are generated for PostgreSQL, as templates whose words in braces are drawn: on a
 * table of few rows, a second one, advisory locks and a sequence, so that sessions meet.
 */
import fc from 'fast-check';

export const SET_UP: readonly string[] = [
  'CREATE TABLE t (k text PRIMARY KEY, n int NOT NULL DEFAULT 0, o text)',
  'CREATE TABLE u (id serial PRIMARY KEY, k text, m int UNIQUE, CHECK (m < 50))',
  "INSERT INTO t VALUES ('a', 1, 'x'), ('b', 2, NULL), ('c', 3, 'z')",
  "INSERT INTO u (k, m) VALUES ('a', 10), ('a', 11), ('b', 12)",
];

/** What every session reads at the end, of what was committed. */
export const STATE: readonly string[] = [
  'SELECT k, n, o FROM t ORDER BY k',
  'SELECT id, k, m FROM u ORDER BY id',
];

const LOCKING: readonly string[] = `
  BEGIN
  BEGIN
  BEGIN
  COMMIT
  COMMIT
  COMMIT
  ROLLBACK
  SAVEPOINT {save}
  ROLLBACK TO {save}
  RELEASE {save}
  UPDATE t SET n = n + {n} WHERE k = '{k}' RETURNING n
  UPDATE t SET n = {n} WHERE k = '{k}' AND n < 5 RETURNING k, n
  UPDATE t SET o = '{o}' WHERE k = '{k}'
  UPDATE t SET k = '{k}' WHERE k = '{k}' RETURNING *
  UPDATE u SET m = m + {n} WHERE id = {n} RETURNING m
  SELECT n FROM t WHERE k = '{k}' FOR {strength}
  SELECT n FROM t WHERE k = '{k}' FOR {strength}
  SELECT n FROM t WHERE k = '{k}' FOR {strength} {patience}
  SELECT k FROM t ORDER BY k LIMIT 1 FOR UPDATE SKIP LOCKED
  SELECT k FROM t WHERE n > {n} ORDER BY k FOR {strength} {patience}
  SELECT t.k, u.m FROM t JOIN u ON u.k = t.k WHERE t.k = '{k}' ORDER BY m FOR UPDATE OF t
  INSERT INTO t VALUES ('{k}', {n})
  INSERT INTO t VALUES ('{k}', {n}) ON CONFLICT DO NOTHING RETURNING n
  INSERT INTO t VALUES ('{k}', {n}) ON CONFLICT (k) DO UPDATE SET n = 7 WHERE t.n < 8 RETURNING *
  INSERT INTO u (k, m) VALUES ('{k}', {m}) RETURNING id
  INSERT INTO u (m, k) VALUES ({m}, '{k}') ON CONFLICT (m) DO UPDATE SET k = excluded.k RETURNING id
  DELETE FROM t WHERE k = '{k}'
  DELETE FROM t WHERE k = '{k}' AND n > {n} RETURNING *
  DELETE FROM u WHERE m = {m}
  SELECT pg_try_advisory_lock({lock})
  SELECT pg_advisory_lock({lock})
  SELECT pg_advisory_lock_shared({lock})
  SELECT pg_advisory_unlock({lock})
  SELECT pg_advisory_unlock_shared({lock})
  SELECT pg_advisory_unlock_all()
  SELECT pg_try_advisory_xact_lock({lock})
  SELECT pg_advisory_xact_lock({lock})
  SELECT pg_try_advisory_lock_shared({lock}, {n})
  LOCK TABLE t IN {mode} MODE {patience}
  SET lock_timeout = '{lockTimeout}'
`
  .trim()
  .split('\n')
  .map((line) => line.trim());

const READING: readonly string[] = `
  SELECT k, n, o FROM t ORDER BY k
  SELECT id, k, m FROM u ORDER BY id
  SELECT count(*), sum(n), max(o) FROM t WHERE n {compare} {n}
  SELECT t.k, u.m FROM t LEFT JOIN u ON u.k = t.k ORDER BY t.k, u.m
  SELECT k FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.k = t.k AND u.m {compare} {m}) ORDER BY k
  SELECT o, count(*) FROM t GROUP BY o HAVING count(*) {compare} 1 ORDER BY o
  SELECT k, CASE WHEN n {compare} {n} THEN {expression} END AS c FROM t ORDER BY k
  SELECT {expression} AS a, {expression} AS b
  SELECT {expression} {operator} {expression} AS a
  SELECT k, n {operator} {expression} AS v FROM t ORDER BY k
  INSERT INTO t SELECT k || '{k}', m FROM u WHERE m {compare} {m} ORDER BY m ON CONFLICT DO NOTHING
  UPDATE t SET n = u.m FROM u WHERE u.k = t.k AND u.m = {m} RETURNING t.k, t.n
  UPDATE t SET n = {expression} WHERE k = '{k}' RETURNING n
  WITH d AS (DELETE FROM t WHERE k = '{k}' RETURNING *) INSERT INTO t SELECT k || '!', n FROM d
  WITH x AS (SELECT max(k) AS k FROM t) UPDATE t SET o = '{o}' FROM x WHERE t.k = x.k RETURNING t.*
  SELECT {expression} FROM missing
  SELECT missing FROM t
  SELEC {n}
  SHOW lock_timeout
  SHOW transaction_isolation
  SELECT 1 / {zero}
  INSERT INTO t VALUES (NULL)
  INSERT INTO u (k, m) VALUES ('{k}', 99)
  INSERT INTO t VALUES ('{k}', {n}); SELECT n FROM t WHERE k = '{k}'
  SELECT nextval('u_id_seq')
`
  .trim()
  .split('\n')
  .map((line) => line.trim());

const POOLS: Readonly<Record<string, readonly string[]>> = {
  k: ['a', 'b', 'c', 'd'],
  n: ['1', '2', '3', '5', '8'],
  m: ['10', '11', '12', '13'],
  o: ['x', 'y', ''],
  save: ['s', 's', 'r'],
  lock: ['0', '1'],
  zero: ['0', '1', '0.0'],
  strength: ['UPDATE', 'NO KEY UPDATE', 'SHARE', 'KEY SHARE'],
  patience: ['', '', 'NOWAIT', 'SKIP LOCKED'],
  mode: ['ACCESS SHARE', 'ROW EXCLUSIVE', 'SHARE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE'],
  lockTimeout: ['20ms', '0'],
  compare: ['=', '<>', '<', '>', '<=', '>='],
  operator: ['+', '-', '*', '/', '%', '||', '=', '<', 'IS DISTINCT FROM', '&'],
  expression: [
    ...['1', '0', '-7', '2.5', '1e3', '2147483647', '9223372036854775807', 'NULL', 'true'],
    ...["'a'", "'12'", "''", "'1.50'::numeric", "'3'::int", '7::bigint', '0.1::float8'],
    ...["'x'::text", "length('häh')", "upper('ab')", 'abs(-5)', 'greatest(1, 5, 3)'],
    ...[
      'coalesce(NULL, 7)',
      'nullif(1, 1)',
      "interval '90 s'",
      "lower('AB')",
      '(SELECT max(n) FROM t)',
    ],
    ...['round(2.5)', 'floor(-1.5)', '1.5::int', "'t'::boolean", '5 / 2', '-7 % 3', '1 / 3.0'],
    ...["hashtext('a')", "'2024-02-29'::timestamptz", '(1 IN (1, NULL))', '(NULL IS NULL)'],
  ],
};

function filled(template: string): fc.Arbitrary<string> {
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  return fc.tuple(...names.map((name) => fc.constantFrom(...POOLS[name]!))).map((words) => {
    let at = 0;
    return template.replace(/\{\w+\}/g, () => words[at++]!).trim();
  });
}

export const STATEMENTS: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.oneof(...LOCKING.map(filled)) },
  { weight: 1, arbitrary: fc.oneof(...READING.map(filled)) },
);
