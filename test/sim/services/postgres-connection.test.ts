/** What a lock gets to see of a PostgreSQL in the world (R7), and what the digest sees (R14). */
import { expect, test } from 'vitest';
import { CallTimeout, type Environment } from '../../../src/algorithms/environment.js';
import { PostgresError } from '../../../src/algorithms/postgres.js';
import type { PostgresConnection } from '../../../src/algorithms/postgres-connection.js';
import type { Fault } from '../../../src/fault.js';
import {
  hashQuery,
  hashReply,
  PostgresReply,
  queryText,
  replyText,
} from '../../../src/sim/services/postgres-reply.js';
import { at, outcome, ROUND_TRIP_US, runScript, type Setting } from '../run.js';

/** Runs one client's code against a PostgreSQL; answers what it returned. */
async function result<T>(
  code: (pool: PostgresConnection, env: Environment) => Promise<T>,
  setting: Setting = {},
): Promise<T> {
  const answers: T[] = [];
  await runScript(
    {
      A1: async (env) => {
        answers.push(await code(env.postgres[0]!, env));
      },
    },
    { service: 'postgres', ...setting },
  );
  return answers[0]!;
}

const strike = (kind: 'lost-request' | 'lost-reply' | 'half-open', atUs = 1e6): Fault => ({
  id: 'f1',
  class: kind,
  at: at(atUs),
  client: 'A',
  server: 'p1',
});

test('a query answers its rows and their number, an error its code and text', async () => {
  const [rows, nothing, [, error]] = await result(
    async (pool) =>
      [
        await pool.query('SELECT $1::int4 AS n, $2 AS t', [7, 'x']),
        await pool.query('BEGIN; COMMIT'),
        await outcome(pool.query('SELECT 1 / 0')),
      ] as const,
  );
  expect(rows).toEqual({ command: 'SELECT', rowCount: 1, rows: [{ n: 7, t: 'x' }] });
  expect(nothing).toEqual({ command: 'COMMIT', rowCount: null, rows: [] });
  expect(error).toBeInstanceOf(PostgresError);
  expect(error).toMatchObject({ code: '22012', message: 'division by zero', severity: 'ERROR' });
});

test('R7 a pool opens another connection while all are in use, and uses them again', async () => {
  const PID = 'SELECT pg_backend_pid() AS pid';
  const pids = await result(async (pool) => {
    const both = await Promise.all([pool.query(PID), pool.query(PID)]);
    const session = await pool.connect();
    const third = await session.query(PID);
    session.release();
    const fourth = await pool.query(PID);
    return [...both, third, fourth].map(({ rows }) => rows[0]!['pid']);
  });
  const [first, second, third, fourth] = pids;
  expect(first).not.toBe(second);
  expect([first, second]).toContain(third);
  expect(fourth).toBe(third);
});

test('R7 settings and locks stay with a session; a query of the pool that fails ends its own', async () => {
  const SHOW = 'SHOW lock_timeout';
  const [kept, anew] = await result(async (pool) => {
    await pool.query("SET lock_timeout = '5s'");
    const before = await pool.query(SHOW);
    await outcome(pool.query('SELECT 1 / 0'));
    return [before.rows[0], (await pool.query(SHOW)).rows[0]];
  });
  expect(kept).toEqual({ lock_timeout: '5s' });
  expect(anew).toEqual({ lock_timeout: '0' });
});

test('R7 a call on a connection that fell silent ends by its own timeout', async () => {
  const [, late] = await result(
    async (pool, env) => {
      await pool.query('SELECT 1');
      await env.sleep(1_500);
      return outcome(pool.within(50).query('SELECT 1'));
    },
    { faults: [strike('half-open')] },
  );
  expect(late).toBeInstanceOf(CallTimeout);
});

test('R7 when the connection is lost, calls reject and the client is told', async () => {
  for (const [kind, left] of [
    ['lost-request', 0],
    ['lost-reply', 1],
  ] as const) {
    const [error, told, later, rows] = await result(
      async (pool, env) => {
        await env.sleep(1_500);
        const session = await pool.connect();
        let ended = 0;
        session.onEnd(() => {
          ended += 1;
        });
        const [, failure] = await outcome(session.query("INSERT INTO t VALUES ('a')"));
        const [, next] = await outcome(session.query('SELECT 1'));
        session.release();
        const { rowCount } = await pool.query('SELECT * FROM t');
        return [failure, ended, next, rowCount];
      },
      { faults: [strike(kind)], schema: 'CREATE TABLE t (key text PRIMARY KEY)' },
    );
    expect(error).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(told).toBe(1);
    expect(later).toMatchObject({ name: 'ConnectionLost', sent: false });
    expect(rows).toBe(left);
  }
});

test('notifications and notices come as events of the client', async () => {
  const said: unknown[] = [];
  const afterUs = await result(async (pool, env) => {
    let atMs = 0;
    const session = await pool.connect();
    session.onNotification((notification) => {
      said.push(notification);
      atMs = env.monoMs();
    });
    session.onNotice(({ message }) => said.push(message));
    await session.query('LISTEN free');
    await session.query('SELECT pg_advisory_unlock(1)');
    const sentAtMs = env.monoMs();
    await pool.query("NOTIFY free, 'job'");
    await env.sleep(10);
    return Math.round((atMs - sentAtMs) * 1_000);
  });
  expect(said).toEqual([
    "you don't own a lock of type ExclusiveLock",
    { channel: 'free', payload: 'job' },
  ]);
  expect(afterUs).toBe(ROUND_TRIP_US);
});

test('R7 through a pooler in session mode the session is the own one, and cleaned up behind it', async () => {
  const [own, after] = await result(async (pool) => {
    const pooled = pool.through('session');
    const session = await pooled.connect();
    await session.query("SET lock_timeout = '5s'");
    const { rows } = await session.query('SHOW lock_timeout');
    session.release(true);
    const other = await pooled.connect();
    return [rows[0], (await other.query('SHOW lock_timeout')).rows[0]];
  });
  expect(own).toEqual({ lock_timeout: '5s' });
  expect(after).toEqual({ lock_timeout: '0' });
});

test('R14 every part of a query and of a reply counts in its hash', () => {
  const queries = [
    { text: 'SELECT 1' },
    { text: 'SELECT 2' },
    { text: 'SELECT 1', values: [] },
    { text: 'SELECT 1', values: [1] },
    { text: 'SELECT 1', values: ['1'] },
    { text: 'SELECT 1', values: [null] },
    { text: 'SELECT 1', values: [1, 1] },
  ];
  expect(new Set(queries.map(hashQuery)).size).toBe(queries.length);
  const row = { kind: 'result', command: 'SELECT', rowCount: 1 } as const;
  const error = { severity: 'ERROR', code: '1', message: 'a' } as const;
  const more = { detail: undefined, constraint: undefined, table: undefined };
  const replies = [
    {},
    { results: [{ ...row, rows: [{ a: 1 }] }] },
    { results: [{ ...row, rows: [{ a: 2 }] }] },
    { results: [{ ...row, rowCount: 2, rows: [] }] },
    { error: { ...error, ...more } },
    { error: { ...error, ...more, code: '2' } },
    { notices: [{ ...error, ...more }] },
    { notifications: [{ channel: 'a', payload: '' }] },
    { notifications: [{ channel: 'a', payload: 'b' }] },
  ].map((parts) => Object.assign(new PostgresReply(), parts));
  expect(new Set(replies.map(hashReply)).size).toBe(replies.length);
});

test('queries and replies read as in psql', () => {
  expect(queryText({ text: 'SELECT $1,\n  $2', values: ['a', 1] })).toBe("SELECT $1, $2 ['a', 1]");
  const reply = new PostgresReply();
  reply.results.push({ kind: 'result', command: 'DELETE', rowCount: 0, rows: [] });
  expect(replyText(reply)).toBe('DELETE 0');
  const none = { detail: undefined, constraint: undefined, table: undefined };
  reply.error = { severity: 'FATAL', code: '57P01', message: 'terminating', ...none };
  expect(replyText(reply)).toBe('DELETE 0; FATAL: 57P01: terminating');
});
