/**
 * Random sequences of three sessions on a few rows and advisory locks. Each is a function of its
 * number alone. What a session that waits would be sent is left out, and a sequence ends where
 * who goes first is open.
 */
import { on, type Sequence, type SequenceStep, wait } from './sequence.js';

const SESSIONS = 3;
const STEPS = 24;
/** Longer than a deadlock is left alone. */
const WAIT_MS = 350;

/** Numbers below 2³², from a seed (mulberry32). */
function generator(seed: number): (n: number) => number {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

const KEYS = ['a', 'b', 'c', 'd'];
const STATEMENTS: readonly ((key: string, value: number) => string)[] = [
  () => 'BEGIN',
  () => 'BEGIN',
  () => 'COMMIT',
  () => 'COMMIT',
  () => 'ROLLBACK',
  () => 'SAVEPOINT s',
  () => 'ROLLBACK TO s',
  (key, value) => `UPDATE t SET n = n + ${value} WHERE k = '${key}' RETURNING n`,
  (key, value) => `UPDATE t SET n = ${value} WHERE k = '${key}' AND n < 5 RETURNING n`,
  (key) => `SELECT n FROM t WHERE k = '${key}' FOR UPDATE`,
  (key) => `SELECT n FROM t WHERE k = '${key}' FOR SHARE`,
  (key) => `SELECT n FROM t WHERE k = '${key}' FOR KEY SHARE`,
  (key) => `SELECT n FROM t WHERE k = '${key}' FOR NO KEY UPDATE NOWAIT`,
  () => 'SELECT k FROM t ORDER BY k LIMIT 1 FOR UPDATE SKIP LOCKED',
  (key, value) => `INSERT INTO t VALUES ('${key}', ${value}) ON CONFLICT DO NOTHING RETURNING n`,
  (key, value) =>
    `INSERT INTO t AS x VALUES ('${key}', ${value}) ON CONFLICT (k) DO UPDATE SET n = x.n + excluded.n WHERE x.n < 8 RETURNING n`,
  (key, value) => `INSERT INTO t VALUES ('${key}', ${value})`,
  (key) => `DELETE FROM t WHERE k = '${key}'`,
  () => 'SELECT k, n FROM t ORDER BY k',
  (_key, value) => `SELECT pg_try_advisory_lock(${value % 2})`,
  (_key, value) => `SELECT pg_advisory_lock(${value % 2})`,
  (_key, value) => `SELECT pg_advisory_lock_shared(${value % 2})`,
  (_key, value) => `SELECT pg_advisory_unlock(${value % 2})`,
  (_key, value) => `SELECT pg_try_advisory_xact_lock(${value % 2})`,
];

export function randomSequence(index: number): Sequence {
  const choose = generator(index * 7919 + 1);
  const steps: SequenceStep[] = [
    on(0, 'CREATE TABLE t (k text PRIMARY KEY, n int NOT NULL)'),
    on(0, "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3)"),
  ];
  for (let session = 0; session < SESSIONS; session++) {
    steps.push(on(session, "SET deadlock_timeout = '200ms'"), on(session, 'BEGIN'));
  }
  for (let at = 0; at < STEPS; at++) {
    const statement = STATEMENTS[choose(STATEMENTS.length)]!;
    const text = statement(KEYS[choose(KEYS.length)]!, 1 + choose(6));
    steps.push(on(choose(SESSIONS), text));
    if (at % 6 === 5) steps.push(wait(WAIT_MS));
  }
  steps.push(wait(WAIT_MS), on(0, 'SELECT k, n FROM t ORDER BY k'));
  return { name: `random ${index}`, steps, stopsAtRace: true };
}
