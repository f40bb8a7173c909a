/** What a pool of connections to PostgreSQL promises, of a simulated and of a real one (R7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CallTimeout, ConnectionLost } from '../../../src/algorithms/environment.js';
import { PostgresError } from '../../../src/algorithms/postgres.js';
import type { PostgresConnection } from '../../../src/algorithms/postgres-connection.js';
import { MissingPart } from '../../../src/real/client/missing-part.js';
import { postgresConnection } from '../../../src/real/client/postgres.js';
import { outcome } from '../../sim/run.js';
import { isInstalled } from '../servers/needing.js';
import { type Arm, type Code, simulatedArm } from './arm.js';
import { expectToExclude, soundLocks } from './lock-story.js';
import { startPostgresService } from './postgres-service.js';
import { CallLog, openClient, realArm, type StartedService } from './real-arm.js';

const isReal = isInstalled('postgres', 'pgbouncer');
let postgres: StartedService;
beforeAll(async () => {
  if (isReal) postgres = await startPostgresService();
});
afterAll(async () => {
  if (isReal) await postgres.stop();
});

const arms: readonly Arm[] = [
  simulatedArm('postgres'),
  ...(isReal ? [{ name: 'real', run: (...args) => realArm(postgres).run(...args) } as Arm] : []),
];

const KEYS = 'CREATE TABLE t (key text PRIMARY KEY)';
const PID = 'SELECT pg_backend_pid() AS pid';

const poolOf = ({ env }: Parameters<Code>[0]): PostgresConnection => env.postgres[0]!;
const pidOf = ({ rows }: { readonly rows: readonly Record<string, unknown>[] }) => rows[0]!['pid'];

describe.each(arms)('a $name pool', (arm) => {
  /** What client A's code returned. */
  const alone = async (code: Code, setting?: Parameters<Arm['run']>[1]) =>
    (await arm.run({ A: code }, setting))['A']!;

  test('answers rows of numbers, booleans and text, with command and count', async () => {
    const { value, sent } = await alone(
      async (stage) => {
        const pool = poolOf(stage);
        return [
          await pool.query(
            `SELECT $1::int4 AS a, $2::float8 AS b, $3::bool AS c, $4::text AS d, $5::int8 AS e,
            $6::text AS f, timestamptz '2000-01-01 00:00:00+00' AS g, interval '1 min' AS h`,
            [7, 1.5, true, 'x', 9007199254740993n, null],
          ),
          await pool.query('INSERT INTO t VALUES ($1), ($2) RETURNING key', ['a', 'b']),
          await pool.query('SELECT key FROM t WHERE false'),
          await pool.query('UPDATE t SET key = key'),
          await pool.query("BEGIN; DELETE FROM t WHERE key = 'a'; COMMIT"),
          await pool.query('CREATE TABLE u (n int4)'),
          await pool.query(''),
        ];
      },
      { schema: KEYS },
    );
    const time = '2000-01-01 00:00:00+00';
    const row = { a: 7, b: 1.5, c: true, d: 'x', e: '9007199254740993', f: null, g: time };
    expect(value).toEqual([
      { command: 'SELECT', rowCount: 1, rows: [{ ...row, h: '00:01:00' }] },
      { command: 'INSERT', rowCount: 2, rows: [{ key: 'a' }, { key: 'b' }] },
      { command: 'SELECT', rowCount: 0, rows: [] },
      { command: 'UPDATE', rowCount: 2, rows: [] },
      { command: 'COMMIT', rowCount: null, rows: [] },
      { command: 'CREATE TABLE', rowCount: null, rows: [] },
      { command: '', rowCount: null, rows: [] },
    ]);
    expect(sent.slice(1, 4)).toEqual([
      "INSERT INTO t VALUES ($1), ($2) RETURNING key ['a', 'b']",
      'SELECT key FROM t WHERE false',
      'UPDATE t SET key = key',
    ]);
  });

  test('rejects with what the server says of an error', async () => {
    const { value } = await alone(
      async (stage) => {
        const pool = poolOf(stage);
        await pool.query("INSERT INTO t VALUES ('a')");
        return [
          await outcome(pool.query("INSERT INTO t VALUES ('a')")),
          await outcome(pool.query('SELECT 1; SELECT 2', [])),
          await outcome(pool.query('SELECT $1::int4', ['x'])),
        ].map(([, error]) => error);
      },
      { schema: KEYS },
    );
    const [unique, several, input] = value as PostgresError[];
    expect(unique).toBeInstanceOf(PostgresError);
    expect({ ...unique }).toMatchObject({
      code: '23505',
      severity: 'ERROR',
      detail: 'Key (key)=(a) already exists.',
      table: 't',
      constraint: 't_pkey',
    });
    expect(unique!.message).toBe('duplicate key value violates unique constraint "t_pkey"');
    expect(several).toMatchObject({
      code: '42601',
      message: 'cannot insert multiple commands into a prepared statement',
    });
    expect(input).toMatchObject({
      code: '22P02',
      message: 'invalid input syntax for type integer: "x"',
    });
  });

  test('R4 enters once for each call, and for no other reason', async () => {
    const { entered } = await alone(async (stage) => {
      const pool = poolOf(stage);
      await pool.query('SELECT 1');
      const session = await pool.within(1_000).connect();
      session.onNotice(() => {});
      await session.within(500).query('SELECT 1');
      session.release();
      (await pool.connect()).release(true);
      pool.close();
    });
    expect(entered).toBe(6);
  });

  test('R7 opens another connection while all are in use, and lends the one used last', async () => {
    const { value } = await alone(async (stage) => {
      const pool = poolOf(stage);
      const [a, b] = [await pool.connect(), await pool.connect()];
      const first = pidOf(await a.query(PID));
      const second = pidOf(await b.query(PID));
      b.release();
      a.release();
      const third = pidOf(await pool.query(PID));
      const held = await pool.connect();
      const fourth = pidOf(await held.query(PID));
      const fifth = pidOf(await pool.query(PID));
      return [first !== second, third === first, fourth === first, fifth === second];
    });
    expect(value).toEqual([true, true, true, true]);
  });

  test('R7 an error ends a connection of the pool, but not one that was taken out', async () => {
    const { value } = await alone(async (stage) => {
      const pool = poolOf(stage);
      const before = pidOf(await pool.query(PID));
      await outcome(pool.query('SELECT 1 / 0'));
      const session = await pool.connect();
      const anew = pidOf(await session.query(PID));
      await outcome(session.query('SELECT 1 / 0'));
      return [anew !== before, pidOf(await session.query(PID)) === anew];
    });
    expect(value).toEqual([true, true]);
  });

  test('R7 queries of one session leave at once and are answered in order', async () => {
    const { value, sent } = await alone(async (stage) => {
      const session = await poolOf(stage).connect();
      const both = [
        session.query('SELECT 1 AS n'),
        session.query('SELECT $1::int4 AS n', [2]),
        session.query('SELECT 3 AS n'),
      ];
      return (await Promise.all(both)).map(({ rows }) => rows[0]!['n']);
    });
    expect(value).toEqual([1, 2, 3]);
    expect(sent).toEqual(['SELECT 1 AS n', 'SELECT $1::int4 AS n [2]', 'SELECT 3 AS n']);
  });

  test.each([
    ['lost-request', 0],
    ['lost-reply', 1],
  ] as const)('R7 %s: the call rejects, and the client is told', async (strike, left) => {
    const { value } = await alone(
      async (stage) => {
        const pool = poolOf(stage);
        const session = await pool.connect();
        await session.query('SELECT 1');
        await stage.armed();
        let ended = 0;
        session.onEnd(() => {
          ended += 1;
        });
        const [, error] = await outcome(session.query("INSERT INTO t VALUES ('a')"));
        const [, later] = await outcome(session.query('SELECT 1'));
        session.onEnd(() => {
          ended += 10;
        });
        session.release();
        return [error, later, ended, (await pool.query('SELECT * FROM t')).rowCount];
      },
      { strike, schema: KEYS },
    );
    const [error, later, ended, rowCount] = value as readonly unknown[];
    expect(error).toBeInstanceOf(ConnectionLost);
    expect(error).toMatchObject({ sent: true });
    expect(later).toMatchObject({ name: 'ConnectionLost', sent: false });
    expect(ended).toBe(11);
    expect(rowCount).toBe(left);
  });

  test('R7 without an answer in time the call gives up, and closes its connection', async () => {
    const { value } = await alone(
      async (stage) => {
        const session = await poolOf(stage).connect();
        await session.query('SELECT 1');
        await stage.armed();
        let ended = 0;
        session.onEnd(() => {
          ended += 1;
        });
        const first = outcome(session.query('SELECT 1'));
        const second = outcome(session.query('SELECT 2'));
        const [, late] = await outcome(session.within(50).query('SELECT 3'));
        return [late, (await first)[1], (await second)[1], ended];
      },
      { strike: 'half-open' },
    );
    const [late, first, second, ended] = value as readonly unknown[];
    expect(late).toBeInstanceOf(CallTimeout);
    expect((late as Error).message).toBe('no reply within 50 ms');
    expect(first).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(second).toMatchObject({ name: 'ConnectionLost', sent: true });
    expect(ended).toBe(1);
  });

  test('R7 who closes the pool loses what was on its way, and may go on', async () => {
    const { value } = await alone(async (stage) => {
      const pool = poolOf(stage);
      await pool.query('SELECT 1');
      const waiting = outcome(pool.query('SELECT pg_sleep(0)'));
      pool.close();
      return [(await waiting)[1], (await pool.query('SELECT 1 AS n')).rows];
    });
    expect(value).toEqual([expect.objectContaining({ sent: true }), [{ n: 1 }]]);
  });

  test('notifications and notices come as events of the client', async () => {
    const { value } = await alone(async (stage) => {
      const said: unknown[] = [];
      const pool = poolOf(stage);
      const session = await pool.connect();
      session.onNotification((notification) => said.push(notification));
      session.onNotice((notice) => said.push(notice));
      await session.query('LISTEN free');
      await session.query('SELECT pg_advisory_unlock(1)');
      await pool.query("NOTIFY free, 'job'");
      await stage.env.sleep(50);
      return said;
    });
    const message = "you don't own a lock of type ExclusiveLock";
    expect(value).toEqual([
      { severity: 'WARNING', code: '01000', message },
      { channel: 'free', payload: 'job' },
    ]);
  });

  test('a lock of a session is held until its connection is closed', async () => {
    const TRY = 'SELECT pg_try_advisory_lock(1) AS held';
    const seen = await arm.run({
      A: async (stage) => {
        const session = await poolOf(stage).connect();
        const { rows } = await session.query(TRY);
        await stage.env.sleep(400);
        session.release(true);
        return rows[0]!['held'];
      },
      B: async (stage) => {
        const session = await poolOf(stage).connect();
        await stage.env.sleep(200);
        const { rows } = await session.query(TRY);
        const waited = await session.query('SELECT pg_advisory_lock(1)');
        return [rows[0]!['held'], waited.command];
      },
    });
    expect(seen['A']!.value).toBe(true);
    expect(seen['B']!.value).toEqual([false, 'SELECT']);
  });

  test('through a pooler a session is its own, or lent for a transaction', async () => {
    const SHOW = 'SHOW lock_timeout';
    const { value } = await alone(async (stage) => {
      const pool = poolOf(stage);
      const own = await pool.through('session').connect();
      await own.query("SET lock_timeout = '5s'");
      const lent = pool.through('transaction');
      const [a, b] = [await lent.connect(), await lent.connect()];
      const first = pidOf(await a.query(PID));
      await b.query('BEGIN');
      const second = pidOf(await b.query(PID));
      const third = pidOf(await a.query(PID));
      await b.query('COMMIT');
      const { rows } = await lent.query('SELECT $1::int4 AS n', [1]);
      return [(await own.query(SHOW)).rows, first === second, third === second, rows];
    });
    expect(value).toEqual([[{ lock_timeout: '5s' }], true, false, [{ n: 1 }]]);
  });

  test('a limit that is none is refused', async () => {
    const { value } = await alone(async (stage) => {
      const refusals: unknown[] = [];
      for (const limit of [0, Number.NaN]) {
        try {
          poolOf(stage).within(limit);
        } catch (error) {
          refusals.push((error as Error).name);
        }
      }
      return refusals;
    });
    expect(value).toEqual(['RangeError', 'TypeError']);
  });
});

describe.each(isReal ? ['a real pool'] : [])('%s', () => {
  test.each(soundLocks('postgres'))('$name excludes and hands over', (algorithm) =>
    expectToExclude(postgres, algorithm),
  );

  test('R7 a server that cannot be reached was sent nothing', async () => {
    const { env, proxy, calls, close } = await openClient(postgres, 'A');
    proxy.refuse(true);
    const [, refused] = await outcome(env.postgres[0]!.query('SELECT 1'));
    expect(refused).toMatchObject({ name: 'ConnectionLost', sent: false });
    expect(calls.sent).toEqual([]);
    proxy.refuse(false);
    await env.postgres[0]!.query('SELECT 1');
    await proxy.close();
    const [, gone] = await outcome(env.postgres[0]!.query('SELECT 1'));
    expect(gone).toBeInstanceOf(ConnectionLost);
    await close();
  });

  test('what the server says when it ends a session, or lets nobody in, reaches the call', async () => {
    const { env, close } = await openClient(postgres, 'A');
    const [pool] = env.postgres;
    const session = await pool!.connect();
    const pid = pidOf(await session.query(PID)) as number;
    const waiting = outcome(session.query('SELECT pg_sleep(60)'));
    await pool!.query('SELECT pg_terminate_backend($1)', [pid]);
    expect((await waiting)[1]).toMatchObject({
      code: '57P01',
      severity: 'FATAL',
      message: 'terminating connection due to administrator command',
    });
    const calls = new CallLog();
    const address = { server: 'p1', host: '127.0.0.1', port: 0, database: 'nowhere' };
    const { proxy } = await openClient(postgres, 'B');
    const nowhere = postgresConnection(calls, { ...address, port: proxy.port });
    const [, refusal] = await outcome(nowhere.query('SELECT 1'));
    expect(refusal).toMatchObject({ code: '3D000', severity: 'FATAL' });
    expect(calls.sent).toEqual([]);
    await proxy.close();
    await close();
  });

  test('a pooler that is not there is named', async () => {
    const alone = postgresConnection(new CallLog(), { server: 'p1', host: '127.0.0.1', port: 1 });
    expect(() => alone.through('transaction')).toThrow(MissingPart);
    expect(() => alone.through('transaction')).toThrow(/PgBouncer in transaction mode .* p1/);
  });
});
