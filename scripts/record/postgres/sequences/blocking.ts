/** Several sessions: who waits for whom, who is woken with which result, timeouts, deadlocks. */
import { close, on, type Sequence, several, wait } from '../sequence.js';

const T = '0: CREATE TABLE t (k text PRIMARY KEY, n int NOT NULL DEFAULT 0, o text)';
const ROWS = "0: INSERT INTO t VALUES ('a', 1, 'x'), ('b', 2, 'y'), ('c', 3, 'z')";

const MODES = ['KEY SHARE', 'SHARE', 'NO KEY UPDATE', 'UPDATE'];

/** Each row lock against each other, and against what UPDATE and DELETE take. */
const ROW_LOCKS: readonly Sequence[] = MODES.flatMap((held) => [
  ...MODES.map((wanted) =>
    several(`row lock: ${held} against ${wanted}`, T, ROWS, '0: BEGIN', `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`, '1: BEGIN', `1: SELECT n FROM t WHERE k = 'a' FOR ${wanted}`, '0: COMMIT', '1: COMMIT'),
  ),
  several(`row lock: ${held} against an UPDATE statement`, T, ROWS, '0: BEGIN', `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`, "1: UPDATE t SET n = 5 WHERE k = 'a'", '0: COMMIT'),
  several(`row lock: ${held} against an UPDATE of the key`, T, ROWS, '0: BEGIN', `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`, "1: UPDATE t SET k = 'd' WHERE k = 'a'", '0: COMMIT'),
  several(`row lock: ${held} against a DELETE statement`, T, ROWS, '0: BEGIN', `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`, "1: DELETE FROM t WHERE k = 'a'", '0: ROLLBACK'),
  several(`row lock: an UPDATE statement against ${held}`, T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 5 WHERE k = 'a'", `1: SELECT n FROM t WHERE k = 'a' FOR ${held}`, '0: COMMIT'),
  several(`row lock: a DELETE statement against ${held}`, T, ROWS, '0: BEGIN', "0: DELETE FROM t WHERE k = 'a'", `1: SELECT n FROM t WHERE k = 'a' FOR ${held}`, '0: COMMIT'),
  several(`row lock: ${held}, NOWAIT and SKIP LOCKED`, T, ROWS, '0: BEGIN', `0: SELECT n FROM t WHERE k = 'a' FOR ${held}`, ...MODES.flatMap((wanted) => [`1: SELECT k FROM t ORDER BY k FOR ${wanted} NOWAIT`, `1: SELECT k FROM t ORDER BY k FOR ${wanted} SKIP LOCKED`])),
]);

const RECHECKS: readonly Sequence[] = [
  several('recheck: the row no longer matches', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: UPDATE t SET o = 'late' WHERE n = 1 RETURNING *", '0: COMMIT', '1: SELECT * FROM t ORDER BY k'),
  several('recheck: the row still matches and is newer', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = n + 10 WHERE k = 'a'", "1: UPDATE t SET n = n + 100 WHERE k = 'a' RETURNING *", '0: COMMIT'),
  several('recheck: the row is gone', T, ROWS, '0: BEGIN', "0: DELETE FROM t WHERE k = 'a'", "1: UPDATE t SET n = n + 100 WHERE k = 'a' RETURNING *", '0: COMMIT'),
  several('recheck: a rollback', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: UPDATE t SET n = n + 100 WHERE n = 1 RETURNING *", '0: ROLLBACK'),
  several('recheck: a row that came meanwhile is not seen', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "0: INSERT INTO t VALUES ('d', 1, 'new')", '1: UPDATE t SET o = o || \'!\' WHERE n < 20 RETURNING k, n', '0: COMMIT', '1: SELECT k, o FROM t ORDER BY k'),
  several('recheck: the key changed', T, ROWS, '0: BEGIN', "0: UPDATE t SET k = 'zz' WHERE k = 'a'", "1: UPDATE t SET n = 7 WHERE k = 'a' RETURNING *", '0: COMMIT'),
  several('recheck: select for update reads the newest', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 50, o = 'new' WHERE k = 'b'", '1: SELECT k, n, o FROM t WHERE n < 100 ORDER BY n FOR UPDATE', '0: COMMIT'),
  several('recheck: select for update drops what no longer matches', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 500 WHERE k = 'b'", '1: SELECT k, n, o FROM t WHERE n < 100 ORDER BY n FOR UPDATE', '0: COMMIT'),
  several('recheck: twice', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = n + 1 WHERE k = 'a'", '2: BEGIN', "2: UPDATE t SET n = n + 10 WHERE k = 'a'", "1: UPDATE t SET n = n + 100 WHERE k = 'a' RETURNING n", '0: COMMIT', '2: COMMIT', '1: SELECT n FROM t WHERE k = \'a\''),
  several('recheck: delete after an update', T, ROWS, '0: BEGIN', "0: UPDATE t SET o = 'mine' WHERE k = 'a'", "1: DELETE FROM t WHERE k = 'a' AND o = 'x'", '0: COMMIT', '1: SELECT o FROM t WHERE k = \'a\''),
  several('recheck: an update with another table', T, ROWS, '0: CREATE TABLE u (k text, m int)', "0: INSERT INTO u VALUES ('a', 7)", '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", '1: UPDATE t SET n = t.n + u.m FROM u WHERE u.k = t.k RETURNING t.n', '0: COMMIT'),
  several('recheck: a statement waits for one row after another', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 11 WHERE k = 'a'", '2: BEGIN', "2: UPDATE t SET n = 33 WHERE k = 'c'", '1: UPDATE t SET n = n + 100', '0: COMMIT', '2: COMMIT', '1: SELECT k, n FROM t ORDER BY k'),
];

const QUEUES: readonly Sequence[] = [
  several('queue: first come, first served', T, ROWS, '0: BEGIN', "0: SELECT n FROM t WHERE k = 'a' FOR UPDATE", '1: BEGIN', "1: SELECT n FROM t WHERE k = 'a' FOR UPDATE", '2: BEGIN', "2: SELECT n FROM t WHERE k = 'a' FOR UPDATE", '3: BEGIN', "3: SELECT n FROM t WHERE k = 'a' FOR UPDATE", '0: COMMIT', '1: COMMIT', '2: COMMIT', '3: COMMIT'),
  several('queue: updates in turn', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = n + 1 WHERE k = 'a'", '1: BEGIN', "1: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", '2: BEGIN', "2: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", '0: COMMIT', '1: ROLLBACK', '2: COMMIT'),
  several('queue: shared holders', T, ROWS, '0: BEGIN', "0: SELECT n FROM t WHERE k = 'a' FOR SHARE", '1: BEGIN', "1: SELECT n FROM t WHERE k = 'a' FOR SHARE", "2: UPDATE t SET n = 9 WHERE k = 'a'", '0: COMMIT', '1: COMMIT'),
  several('queue: a shared lock overtakes a waiter', T, ROWS, '0: BEGIN', "0: SELECT n FROM t WHERE k = 'a' FOR SHARE", '1: BEGIN', "1: SELECT n FROM t WHERE k = 'a' FOR UPDATE", '2: BEGIN', "2: SELECT n FROM t WHERE k = 'a' FOR SHARE", '0: COMMIT', '2: COMMIT', '1: COMMIT'),
  several('queue: a stronger lock of a holder', T, ROWS, '0: BEGIN', "0: SELECT n FROM t WHERE k = 'a' FOR SHARE", '1: BEGIN', "1: SELECT n FROM t WHERE k = 'a' FOR SHARE", "0: UPDATE t SET n = 5 WHERE k = 'a'", '1: COMMIT', '0: COMMIT'),
  several('queue: a waiter leaves', T, ROWS, '0: BEGIN', "0: SELECT n FROM t WHERE k = 'a' FOR UPDATE", "1: SET lock_timeout = '80ms'", "1: SELECT n FROM t WHERE k = 'a' FOR UPDATE", "2: SELECT n FROM t WHERE k = 'a' FOR UPDATE", wait(200), '0: COMMIT'),
  several('queue: the holder goes away', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 9 WHERE k = 'a'", "1: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", close(0)),
  several('queue: a waiter that goes away still gets its turn', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 9 WHERE k = 'a'", "1: UPDATE t SET n = n + 1 WHERE k = 'a'", close(1), '0: COMMIT', '0: SELECT pg_sleep(0.05)', "0: SELECT n FROM t WHERE k = 'a'"),
  several('queue: work is taken by several', T, ROWS, '0: BEGIN', '0: SELECT k FROM t ORDER BY k LIMIT 1 FOR UPDATE SKIP LOCKED', '1: BEGIN', '1: SELECT k FROM t ORDER BY k LIMIT 1 FOR UPDATE SKIP LOCKED', '2: BEGIN', '2: SELECT k FROM t ORDER BY k LIMIT 2 FOR UPDATE SKIP LOCKED', '0: DELETE FROM t WHERE k = \'a\'', '0: COMMIT', '1: ROLLBACK', '2: SELECT k FROM t ORDER BY k LIMIT 2 FOR UPDATE SKIP LOCKED', '2: COMMIT'),
  several('queue: rollback to a savepoint frees', T, ROWS, '0: BEGIN', '0: SAVEPOINT s', "0: UPDATE t SET n = 9 WHERE k = 'a'", "1: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", '0: ROLLBACK TO s', '0: COMMIT'),
  several('queue: a released savepoint does not free', T, ROWS, '0: BEGIN', '0: SAVEPOINT s', "0: UPDATE t SET n = 9 WHERE k = 'a'", '0: RELEASE s', "1: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", '0: COMMIT'),
  several('queue: a failed transaction holds nothing', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 9 WHERE k = 'a'", "1: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", '0: SELECT 1 / 0', '0: ROLLBACK'),
];

const INSERTS: readonly Sequence[] = [
  several('insert: the same key, then commit', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n')", "1: INSERT INTO t VALUES ('n')", '0: COMMIT'),
  several('insert: the same key, then rollback', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n')", "1: INSERT INTO t VALUES ('n') RETURNING k", '0: ROLLBACK'),
  several('insert: do nothing waits too', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n')", "1: INSERT INTO t VALUES ('n') ON CONFLICT DO NOTHING RETURNING k", '0: COMMIT'),
  several('insert: do nothing after a rollback', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n')", "1: INSERT INTO t VALUES ('n') ON CONFLICT DO NOTHING RETURNING k", '0: ROLLBACK'),
  several('insert: do update of a row that was not visible', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n', 1, 'first')", "1: INSERT INTO t VALUES ('n', 5, 'second') ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n, o = excluded.o RETURNING *", '0: COMMIT'),
  several('insert: do update where, not met', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n', 1, 'first')", "1: INSERT INTO t VALUES ('n', 5, 'second') ON CONFLICT (k) DO UPDATE SET n = 0 WHERE t.n > 3 RETURNING *", '0: COMMIT'),
  several('insert: do update waits for an update', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 100 WHERE k = 'a'", "1: INSERT INTO t VALUES ('a', 5) ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n RETURNING n", '0: COMMIT'),
  several('insert: do update waits for a row lock', T, ROWS, '0: BEGIN', "0: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", "1: INSERT INTO t VALUES ('a', 5) ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n RETURNING n", '0: COMMIT'),
  several('insert: do nothing does not wait for a row lock', T, ROWS, '0: BEGIN', "0: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", "1: INSERT INTO t VALUES ('a', 5) ON CONFLICT (k) DO NOTHING", '0: COMMIT'),
  several('insert: do nothing waits for a delete', T, ROWS, '0: BEGIN', "0: DELETE FROM t WHERE k = 'a'", "1: INSERT INTO t VALUES ('a', 5) ON CONFLICT (k) DO NOTHING RETURNING n", '0: COMMIT'),
  several('insert: do update after a delete', T, ROWS, '0: BEGIN', "0: DELETE FROM t WHERE k = 'a'", "1: INSERT INTO t VALUES ('a', 5) ON CONFLICT (k) DO UPDATE SET n = 0 RETURNING n", '0: COMMIT'),
  several('insert: waits for a delete that is rolled back', T, ROWS, '0: BEGIN', "0: DELETE FROM t WHERE k = 'a'", "1: INSERT INTO t VALUES ('a', 5)", '0: ROLLBACK'),
  several('insert: do update where, not met, keeps the row locked', T, ROWS, '0: BEGIN', "0: INSERT INTO t VALUES ('a', 5) ON CONFLICT (k) DO UPDATE SET n = 0 WHERE t.n > 100", "1: UPDATE t SET n = 7 WHERE k = 'a'", '0: COMMIT'),
  several('insert: two unique keys', '0: CREATE TABLE u (a int UNIQUE, b int UNIQUE)', '0: BEGIN', '0: INSERT INTO u VALUES (1, 1)', '1: INSERT INTO u VALUES (2, 1)', '2: INSERT INTO u VALUES (2, 2) ON CONFLICT DO NOTHING', '0: COMMIT'),
  several('insert: the key is taken by an update', T, ROWS, '0: BEGIN', "0: UPDATE t SET k = 'z' WHERE k = 'a'", "1: INSERT INTO t VALUES ('z')", '0: COMMIT'),
  several('insert: the key is left by an update', T, ROWS, '0: BEGIN', "0: UPDATE t SET k = 'z' WHERE k = 'a'", "1: INSERT INTO t VALUES ('a', 9) RETURNING n", '0: COMMIT'),
];

const ADVISORY: readonly Sequence[] = [
  several('advisory: waits and is woken', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', '0: SELECT pg_advisory_unlock(1)', '0: SELECT pg_try_advisory_lock(1)', '1: SELECT pg_advisory_unlock(1)', '0: SELECT pg_try_advisory_lock(1)'),
  several('advisory: in order', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', '2: SELECT pg_advisory_lock(1)', '0: SELECT pg_advisory_unlock(1)', '1: SELECT pg_advisory_unlock(1)', '2: SELECT pg_advisory_unlock(1)'),
  several('advisory: shared and exclusive', '0: SELECT pg_advisory_lock_shared(1)', '1: SELECT pg_advisory_lock_shared(1)', '2: SELECT pg_advisory_lock(1)', '3: SELECT pg_try_advisory_lock_shared(1)', '3: SELECT pg_advisory_lock_shared(1)', '0: SELECT pg_advisory_unlock_shared(1)', '1: SELECT pg_advisory_unlock_shared(1)', '2: SELECT pg_advisory_unlock(1)'),
  several('advisory: a stacked lock is held until the last', '0: SELECT pg_advisory_lock(1)', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', '0: SELECT pg_advisory_unlock(1)', '0: SELECT pg_advisory_unlock(1)'),
  several('advisory: ends with the session', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', close(0)),
  several('advisory: a client that left while it waited', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', close(1), '0: SELECT pg_advisory_unlock(1)', '0: SELECT pg_sleep(0.05)', '0: SELECT pg_try_advisory_lock(1)'),
  several('advisory: of the transaction ends with it', '0: BEGIN', '0: SELECT pg_advisory_xact_lock(1)', '1: SELECT pg_try_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', '0: COMMIT', '1: SELECT pg_advisory_unlock(1)'),
  several('advisory: of the transaction ends with an error', '0: BEGIN', '0: SELECT pg_advisory_xact_lock(1)', '1: SELECT pg_advisory_lock(1)', '0: SELECT 1 / 0', '0: ROLLBACK'),
  several('advisory: of the session survives a rollback', '0: BEGIN', '0: SELECT pg_advisory_lock(1)', '0: ROLLBACK', '1: SELECT pg_try_advisory_lock(1)', '0: SELECT pg_advisory_unlock(1)', '1: SELECT pg_try_advisory_lock(1)'),
  several('advisory: of the transaction and a savepoint', '0: BEGIN', '0: SAVEPOINT s', '0: SELECT pg_advisory_xact_lock(1)', '1: SELECT pg_advisory_lock(1)', '0: ROLLBACK TO s', '0: COMMIT'),
  several('advisory: of the session and a savepoint', '0: BEGIN', '0: SAVEPOINT s', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_try_advisory_lock(1)', '0: ROLLBACK TO s', '1: SELECT pg_try_advisory_lock(1)', '0: COMMIT'),
  several('advisory: a lock timeout', '0: SELECT pg_advisory_lock(1)', "1: SET lock_timeout = '60ms'", '1: SELECT pg_advisory_lock(1)', wait(150), '1: SELECT 1 AS alive', '0: SELECT pg_advisory_unlock(1)', '1: SELECT pg_advisory_lock(1)'),
  several('advisory: unlock all wakes', '0: SELECT pg_advisory_lock(1), pg_advisory_lock(2)', '1: SELECT pg_advisory_lock(2)', '0: SELECT pg_advisory_unlock_all()'),
  several('advisory: several in one statement', '0: SELECT pg_advisory_lock(2)', '1: SELECT pg_advisory_lock(1), pg_advisory_lock(2), pg_advisory_lock(3)', '0: SELECT pg_try_advisory_lock(1), pg_try_advisory_lock(3)', '0: SELECT pg_advisory_unlock_all()', '0: SELECT pg_try_advisory_lock(1), pg_try_advisory_lock(2)'),
  several('advisory: a lock for each row', '0: CREATE TABLE j (id int PRIMARY KEY)', '0: INSERT INTO j VALUES (1), (2), (3)', '0: SELECT pg_advisory_lock(2)', '1: SELECT id FROM j WHERE pg_try_advisory_lock(id) ORDER BY id', '0: SELECT id, pg_try_advisory_lock(id) AS got FROM j ORDER BY id'),
  several('advisory: each wants what both share', '0: SELECT pg_advisory_lock_shared(1)', '1: SELECT pg_advisory_lock_shared(1)', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_unlock_shared(1)'),
  several('advisory: a holder goes before a waiter', '0: SELECT pg_advisory_lock_shared(1)', '1: SELECT pg_advisory_lock_shared(1)', '2: SELECT pg_advisory_lock(1)', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_unlock_shared(1)', '0: SELECT pg_advisory_unlock(1)', '0: SELECT pg_advisory_unlock_shared(1)'),
];

const FAST = (session: number) => on(session, "SET deadlock_timeout = '100ms'");

const DEADLOCKS: readonly Sequence[] = [
  several('deadlock: two rows', T, ROWS, FAST(0), FAST(1), '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", '1: BEGIN', "1: UPDATE t SET n = 20 WHERE k = 'b'", "0: UPDATE t SET n = 11 WHERE k = 'b'", "1: UPDATE t SET n = 21 WHERE k = 'a'", wait(300), '0: ROLLBACK', '1: COMMIT'),
  several('deadlock: two advisory locks', FAST(0), FAST(1), '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(2, 3)', '0: SELECT pg_advisory_lock(2, 3)', '1: SELECT pg_advisory_lock(1)', wait(300), '0: SELECT pg_advisory_unlock(1)'),
  several('deadlock: three sessions', T, ROWS, FAST(0), FAST(1), FAST(2), '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", '1: BEGIN', "1: UPDATE t SET n = 20 WHERE k = 'b'", '2: BEGIN', "2: UPDATE t SET n = 30 WHERE k = 'c'", "0: UPDATE t SET n = 11 WHERE k = 'b'", "1: UPDATE t SET n = 21 WHERE k = 'c'", "2: UPDATE t SET n = 31 WHERE k = 'a'", wait(300)),
  several('deadlock: unique keys', T, FAST(0), FAST(1), '0: BEGIN', "0: INSERT INTO t VALUES ('x')", '1: BEGIN', "1: INSERT INTO t VALUES ('y')", "0: INSERT INTO t VALUES ('y')", "1: INSERT INTO t VALUES ('x')", wait(300), '0: ROLLBACK', '1: COMMIT'),
  several('deadlock: a row and an advisory lock', T, ROWS, FAST(0), FAST(1), '0: BEGIN', "0: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", '1: SELECT pg_advisory_lock(5)', '0: SELECT pg_advisory_xact_lock(5)', "1: UPDATE t SET n = 0 WHERE k = 'a'", wait(300)),
  several('deadlock: two that share want more', T, ROWS, FAST(0), FAST(1), '0: BEGIN', "0: SELECT 1 AS one FROM t WHERE k = 'a' FOR SHARE", '1: BEGIN', "1: SELECT 1 AS one FROM t WHERE k = 'a' FOR SHARE", "0: UPDATE t SET n = 5 WHERE k = 'a'", "1: UPDATE t SET n = 6 WHERE k = 'a'", wait(300), '0: COMMIT', '1: COMMIT'),
  several('deadlock: the default of a second', '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(2)', '0: SELECT pg_advisory_lock(2)', '1: SELECT pg_advisory_lock(1)', wait(500), wait(900)),
  several('deadlock: the one that waits shorter for it', FAST(1), '0: SELECT pg_advisory_lock(1)', '1: SELECT pg_advisory_lock(2)', '0: SELECT pg_advisory_lock(2)', '1: SELECT pg_advisory_lock(1)', wait(300)),
  several('deadlock: inside a savepoint', T, ROWS, FAST(0), FAST(1), '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", '0: SAVEPOINT s', '1: BEGIN', "1: UPDATE t SET n = 20 WHERE k = 'b'", "0: UPDATE t SET n = 11 WHERE k = 'b'", "1: UPDATE t SET n = 21 WHERE k = 'a'", wait(300), '0: ROLLBACK TO s', '0: COMMIT'),
  several('deadlock: tables', T, FAST(0), FAST(1), '0: BEGIN', '0: LOCK TABLE t IN SHARE MODE', '1: BEGIN', '1: LOCK TABLE t IN SHARE MODE', "0: INSERT INTO t VALUES ('x')", "1: INSERT INTO t VALUES ('y')", wait(300)),
  several('deadlock: a queue of a row', T, ROWS, FAST(0), FAST(1), FAST(2), '0: BEGIN', "0: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", '1: BEGIN', "1: SELECT 1 AS one FROM t WHERE k = 'b' FOR UPDATE", "1: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", '2: BEGIN', "2: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", "0: SELECT 1 AS one FROM t WHERE k = 'b' FOR UPDATE", wait(300)),
];

const TIMEOUTS: readonly Sequence[] = [
  several('timeout: of a lock', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: SET lock_timeout = '80ms'", "1: UPDATE t SET n = 20 WHERE k = 'a'", wait(200), "1: SELECT n FROM t WHERE k = 'a'", '0: COMMIT'),
  several('timeout: of a lock in a transaction', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", '1: BEGIN', "1: SET LOCAL lock_timeout = '80ms'", "1: UPDATE t SET n = 20 WHERE k = 'a'", wait(200), '1: SELECT 1', '1: ROLLBACK', '1: SHOW lock_timeout'),
  several('timeout: of a statement that waits', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: SET statement_timeout = '80ms'", "1: UPDATE t SET n = 20 WHERE k = 'a'", wait(200)),
  several('timeout: both, the lock first', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: SET statement_timeout = '300ms'", "1: SET lock_timeout = '80ms'", "1: UPDATE t SET n = 20 WHERE k = 'a'", wait(500)),
  several('timeout: both, the statement first', T, ROWS, '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: SET statement_timeout = '80ms'", "1: SET lock_timeout = '300ms'", "1: UPDATE t SET n = 20 WHERE k = 'a'", wait(500)),
  several('timeout: of a lock, of each wait anew', T, ROWS, '0: BEGIN', "0: SELECT 1 AS one FROM t WHERE k = 'a' FOR UPDATE", '2: BEGIN', "2: SELECT 1 AS one FROM t WHERE k = 'b' FOR UPDATE", "1: SET lock_timeout = '300ms'", '1: UPDATE t SET n = n + 1', wait(200), '0: COMMIT', wait(200), '2: COMMIT'),
  several('timeout: of an insert that waits', T, '0: BEGIN', "0: INSERT INTO t VALUES ('n')", "1: SET lock_timeout = '80ms'", "1: INSERT INTO t VALUES ('n') ON CONFLICT DO NOTHING", wait(200), '0: COMMIT'),
  several('timeout: idle in a transaction', T, ROWS, "0: SET idle_in_transaction_session_timeout = '80ms'", '0: BEGIN', "0: UPDATE t SET n = 10 WHERE k = 'a'", "1: UPDATE t SET n = n + 1 WHERE k = 'a' RETURNING n", wait(250)),
  several('timeout: of a table', T, '0: BEGIN', '0: LOCK TABLE t', "1: SET lock_timeout = '80ms'", '1: SELECT * FROM t', wait(200)),
];

const TABLES: readonly Sequence[] = [
  several('tables: access exclusive', T, ROWS, '0: BEGIN', '0: LOCK TABLE t IN ACCESS EXCLUSIVE MODE', '1: SELECT count(*) FROM t', '0: COMMIT'),
  several('tables: exclusive lets readers in', T, ROWS, '0: BEGIN', '0: LOCK TABLE t IN EXCLUSIVE MODE', '1: SELECT count(*) FROM t', '1: SELECT 1 AS one FROM t LIMIT 1 FOR UPDATE', '0: COMMIT'),
  several('tables: share keeps writers out', T, ROWS, '0: BEGIN', '0: LOCK TABLE t IN SHARE MODE', '1: SELECT count(*) FROM t', "1: INSERT INTO t VALUES ('z')", '0: COMMIT'),
  several('tables: share row exclusive', T, ROWS, '0: BEGIN', '0: LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE', '1: BEGIN', '1: LOCK TABLE t IN ROW SHARE MODE', '1: LOCK TABLE t IN SHARE ROW EXCLUSIVE MODE', '0: COMMIT', '1: COMMIT'),
  several('tables: nowait', T, '0: BEGIN', '0: LOCK TABLE t', '1: BEGIN', '1: LOCK TABLE t IN SHARE MODE NOWAIT', '1: ROLLBACK', '1: LOCK TABLE t'),
  several('tables: truncate waits for a reader in a transaction', T, ROWS, '0: BEGIN', '0: SELECT count(*) FROM t', '1: TRUNCATE t', '2: SELECT count(*) FROM t', '0: COMMIT'),
  several('tables: drop waits for a writer', T, ROWS, '0: BEGIN', "0: DELETE FROM t WHERE k = 'a'", '1: DROP TABLE t', '0: COMMIT', '0: SELECT 1 FROM t'),
  several('tables: who waits for a table that is dropped', T, ROWS, '0: BEGIN', '0: DROP TABLE t', '1: SELECT count(*) FROM t', '0: COMMIT'),
];

const MESSAGES: readonly Sequence[] = [
  several('notify: at commit', '1: LISTEN jobs', '0: BEGIN', "0: NOTIFY jobs, 'one'", "0: SELECT pg_notify('jobs', 'two')", "0: NOTIFY jobs, 'one'", '0: COMMIT', '1: SELECT 1 AS one', '1: UNLISTEN *', '0: NOTIFY jobs', '1: SELECT 2 AS two'),
  several('notify: not after a rollback', '1: LISTEN jobs', '0: BEGIN', '0: NOTIFY jobs', '0: ROLLBACK', '1: SELECT 1 AS one'),
  several('notify: not inside a transaction', '1: LISTEN jobs', '1: BEGIN', '0: NOTIFY jobs', '1: SELECT 1 AS one', '1: COMMIT'),
];

export const BLOCKING: readonly Sequence[] = [...ROW_LOCKS, ...RECHECKS, ...QUEUES, ...INSERTS];
export const WAITS: readonly Sequence[] = [...ADVISORY, ...DEADLOCKS, ...TIMEOUTS, ...TABLES, ...MESSAGES];
