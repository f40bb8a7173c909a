/** Each row lock against each other, and against what UPDATE and DELETE take. */
import { type Sequence, several } from '../sequence.js';

const T = '0: CREATE TABLE t (k text PRIMARY KEY, n int NOT NULL DEFAULT 0, o text)';
const ROWS = "0: INSERT INTO t VALUES ('a', 1, 'x'), ('b', 2, 'y'), ('c', 3, 'z')";

const MODES = ['KEY SHARE', 'SHARE', 'NO KEY UPDATE', 'UPDATE'];

/** Each row lock against each other, and against what UPDATE and DELETE take. */
export const ROW_LOCKS: readonly Sequence[] = MODES.flatMap((held) => [
  ...MODES.map((wanted) =>
    several(
      `row lock: ${held} against ${wanted}`,
      T,
      ROWS,
      '0: BEGIN',
      `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
      '1: BEGIN',
      `1: SELECT n FROM t WHERE k = 'a' FOR ${wanted}`,
      '0: COMMIT',
      '1: COMMIT',
    ),
  ),
  several(
    `row lock: ${held} against an UPDATE statement`,
    T,
    ROWS,
    '0: BEGIN',
    `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
    "1: UPDATE t SET n = 5 WHERE k = 'a'",
    '0: COMMIT',
  ),
  several(
    `row lock: ${held} against an UPDATE of the key`,
    T,
    ROWS,
    '0: BEGIN',
    `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
    "1: UPDATE t SET k = 'd' WHERE k = 'a'",
    '0: COMMIT',
  ),
  several(
    `row lock: ${held} against a DELETE statement`,
    T,
    ROWS,
    '0: BEGIN',
    `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
    "1: DELETE FROM t WHERE k = 'a'",
    '0: ROLLBACK',
  ),
]);

export const STATEMENTS_AGAINST_LOCKS: readonly Sequence[] = MODES.flatMap((held) => [
  several(
    `row lock: an UPDATE statement against ${held}`,
    T,
    ROWS,
    '0: BEGIN',
    "0: UPDATE t SET n = 5 WHERE k = 'a'",
    `1: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
    '0: COMMIT',
  ),
  several(
    `row lock: a DELETE statement against ${held}`,
    T,
    ROWS,
    '0: BEGIN',
    "0: DELETE FROM t WHERE k = 'a'",
    `1: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
    '0: COMMIT',
  ),
  several(
    `row lock: ${held}, NOWAIT and SKIP LOCKED`,
    T,
    ROWS,
    '0: BEGIN',
    `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`,
    ...MODES.flatMap((wanted) => [
      `1: SELECT k FROM t ORDER BY k FOR ${wanted} NOWAIT`,
      `1: SELECT k FROM t ORDER BY k FOR ${wanted} SKIP LOCKED`,
    ]),
  ),
]);

const UPDATED = ['0: BEGIN', "0: UPDATE t SET n = 9 WHERE k = 'a'"];

/** A key share lock beside an update that changes no key, which has newer versions of the row. */
export const KEY_SHARES: readonly Sequence[] = [
  several(
    'key share: the newer version is locked by its maker',
    T,
    ROWS,
    ...UPDATED,
    "0: SELECT n FROM t WHERE k = 'a' FOR UPDATE",
    "1: SELECT n FROM t WHERE k = 'a' AND n < 5 FOR KEY SHARE",
    '0: COMMIT',
  ),
  several(
    'key share: its wait for a newer version does not know NOWAIT',
    T,
    ROWS,
    ...UPDATED,
    "0: SELECT n FROM t WHERE k = 'a' FOR UPDATE",
    "1: SELECT n FROM t WHERE k = 'a' FOR KEY SHARE NOWAIT",
    "2: SELECT n FROM t WHERE k = 'a' FOR KEY SHARE SKIP LOCKED",
    '0: ROLLBACK',
  ),
  several(
    'key share: the newer version is deleted by its maker',
    T,
    ROWS,
    ...UPDATED,
    "0: DELETE FROM t WHERE k = 'a'",
    "1: SELECT n FROM t WHERE k = 'a' FOR KEY SHARE",
    '0: COMMIT',
  ),
  several(
    'key share: the newer version is locked too',
    T,
    ROWS,
    ...UPDATED,
    '1: BEGIN',
    "1: SELECT n FROM t WHERE k = 'a' FOR KEY SHARE",
    '0: COMMIT',
    "2: DELETE FROM t WHERE k = 'a'",
    '1: COMMIT',
  ),
];
