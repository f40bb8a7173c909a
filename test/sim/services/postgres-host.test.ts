/** What a PostgreSQL in the world writes down of leases (R0, R1), and its faults (R7, R8, R16). */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type {
  PostgresClient,
  PostgresConnection,
} from '../../../src/algorithms/postgres-connection.js';
import type { Fault } from '../../../src/fault.js';
import { PURPOSE } from '../../../src/random.js';
import type { Run } from '../../../src/sim/simulate.js';
import {
  at,
  bareGrant,
  crash,
  LATENCY_US,
  outcome,
  ROUND_TRIP_US,
  recordsOf,
  runScript,
  type Script,
  type Setting,
} from '../run.js';

const TTL_US = 10_000_000;
const SCHEMA = 'CREATE TABLE locks (key text PRIMARY KEY, owner text, until timestamptz)';
const TAKE = `
  INSERT INTO locks VALUES ($1, $2, now() + interval '10 s')
  ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, until = excluded.until`;

const poolOf = ({ postgres }: Environment): PostgresConnection => postgres[0]!;

function run(script: Script, setting: Setting = {}): Promise<Run> {
  return runScript(script, { service: 'postgres', schema: SCHEMA, ...setting });
}

/** Takes the row of the lock; answers the owner id in it. */
async function taken(env: Environment, key = 'job'): Promise<string> {
  const ownerId = env.ownerId();
  await poolOf(env).query(TAKE, [key, ownerId]);
  return ownerId;
}

/** A client that keeps the run from its end: faults strike only while somebody works. */
const busy = (env: Environment) => env.sleep(20_000);

const ends = (of: Run) => recordsOf(of, 'lease-end').map(({ cause, by }) => [cause, by?.operation]);

test('R1 a row with the key of the lock and an owner is a lease, for the TTL asked for', async () => {
  const alone = await run({ A1: (env) => taken(env) });
  const actor = { host: 'A', incarnation: 1, operation: 'A1' };
  expect(recordsOf(alone, 'lease')).toMatchObject([
    { key: 'job', server: 'p1', host: 'A', owner: actor, sentAtUs: 0, atUs: LATENCY_US },
  ]);
  expect(recordsOf(alone, 'lease')[0]).toMatchObject({ termUs: TTL_US, extends: false });
  expect(recordsOf(alone, 'acked')).toMatchObject([{ atUs: ROUND_TRIP_US }]);
});

test('R1 a row with another key, or without an owner, is none', async () => {
  const other = await run({ A1: (env) => taken(env, 'another') });
  expect(recordsOf(other, 'lease')).toEqual([]);
  const counter = await run(
    { A1: (env) => poolOf(env).query("INSERT INTO counts VALUES ('job', 1)") },
    { schema: 'CREATE TABLE counts (key text PRIMARY KEY, fence bigint)' },
  );
  expect(recordsOf(counter, 'lease')).toEqual([]);
});

test('R1 a column of the key that names the lock is no owner', async () => {
  const schema = 'CREATE TABLE slots (lock text, slot int, worker text, PRIMARY KEY (lock, slot))';
  const slot = (worker: string | null) => (env: Environment) =>
    poolOf(env).query('INSERT INTO slots VALUES ($1, 1, $2)', ['job', worker]);
  const empty = await runScript({ A1: slot(null) }, { service: 'postgres', schema });
  expect(recordsOf(empty, 'lease')).toEqual([]);
  const taken = await runScript({ A1: slot('a worker') }, { service: 'postgres', schema });
  expect(recordsOf(taken, 'lease')).toMatchObject([{ key: 'job,1', host: 'A' }]);
});

test('R1 of a row that the table numbers, the unique key has to contain that of the lock', async () => {
  const numbered = await run(
    {
      A1: (env) =>
        poolOf(env).query('INSERT INTO locks (name, owner) VALUES ($1, $2)', [
          'job',
          env.ownerId(),
        ]),
    },
    { schema: 'CREATE TABLE locks (id serial PRIMARY KEY, name text NOT NULL UNIQUE, owner text)' },
  );
  expect(recordsOf(numbered, 'lease')).toMatchObject([{ key: 'job', host: 'A', termUs: TTL_US }]);
});

test('R0 its end: expired by the clock of the server, overwritten, released, deleted', async () => {
  const left = await run({ A1: (env) => taken(env) });
  expect(recordsOf(left, 'lease-end')).toMatchObject([
    { cause: 'expired', atUs: LATENCY_US + TTL_US },
  ]);
  const causes = async (end: (env: Environment) => Promise<unknown>) =>
    ends(
      await run({
        A1: async (env) => {
          await taken(env);
          await env.sleep(100);
        },
        B1: async (env) => {
          await env.sleep(50);
          await end(env);
        },
      }),
    );
  expect((await causes((env) => taken(env)))[0]).toEqual(['overwritten', 'B1']);
  const remove = 'DELETE FROM locks';
  expect(await causes((env) => poolOf(env).query(remove))).toEqual([['deleted', 'B1']]);
  const own = await run({
    A1: async (env) => {
      const ownerId = await taken(env);
      await poolOf(env).query('UPDATE locks SET owner = NULL WHERE owner = $1', [ownerId]);
    },
  });
  expect(ends(own)).toEqual([['released', 'A1']]);
});

test('R0 a step of its wall clock ends what is over by it', async () => {
  const step: Fault = { id: 'f1', class: 'clock-step', at: at(1e6), host: 'p1', byUs: TTL_US };
  const stepped = await run({ A1: (env) => taken(env), B1: busy }, { faults: [step] });
  expect(recordsOf(stepped, 'lease-end')).toMatchObject([{ cause: 'expired', atUs: 1e6 }]);
});

test('R1 an update by the same owner extends it, and what a transaction writes counts from its commit', async () => {
  const kept = await run({
    A1: async (env) => {
      const ownerId = await taken(env);
      await env.sleep(1_000);
      const session = await poolOf(env).connect();
      await session.query('BEGIN');
      await session.query("UPDATE locks SET until = now() + interval '10 s' WHERE owner = $1", [
        ownerId,
      ]);
      await session.query('COMMIT');
      session.release();
    },
  });
  const [first, second] = recordsOf(kept, 'lease').filter(({ key }) => key === 'job');
  expect(second).toMatchObject({ extends: true, owner: first!.owner });
  expect(second!.sentAtUs).toBe(1_000_000 + 3 * ROUND_TRIP_US);
});

const failover: Fault = { id: 'f1', class: 'failover', at: at(500_000), host: 'p1', replica: 1 };

test('R16 a failover loses the commits that the replica has not seen, and brings rows back', async () => {
  const script: Script = {
    A1: async (env) => {
      const ownerId = await taken(env);
      await env.sleep(400);
      await poolOf(env).query('DELETE FROM locks WHERE owner = $1', [ownerId]);
    },
    B1: busy,
  };
  const lost = await run(script, { faults: [failover], replicaLagUs: [1_000_000] });
  expect(ends(lost)).toEqual([['released', 'A1']]);
  const back = await run(script, { faults: [failover], replicaLagUs: [200_000] });
  const [first, again] = recordsOf(back, 'lease');
  expect(again).toMatchObject({ atUs: 500_000, extends: true, owner: first!.owner });
  // It ends when it would have ended.
  expect(recordsOf(back, 'lease-end').at(-1)).toMatchObject({
    cause: 'expired',
    atUs: LATENCY_US + TTL_US,
  });
});

test('R8 with persistence always a crash loses nothing; else up to 600 ms of commits', async () => {
  const crashed: Fault = {
    id: 'f1',
    class: 'server-crash',
    at: at(100_000),
    host: 'p1',
    restartAfterUs: 1_000,
  };
  const script: Script = { A1: (env) => taken(env), B1: busy };
  const causes = async (persistence: 'always' | 'everysec', lossUs: number) => {
    const purpose = PURPOSE.server;
    const place = { subject: 64, purpose, operation: 0, ordinal: 0 };
    const overrides = [{ ...place, n: 600_000, value: lossUs }];
    return ends(await run(script, { faults: [crashed], persistence, overrides }));
  };
  expect(await causes('always', 599_999)).toEqual([['expired', undefined]]);
  expect(await causes('everysec', 599_999)).toEqual([['lost', undefined]]);
  expect(await causes('everysec', 50_000)).toEqual([['expired', undefined]]);
});

const TRY = 'SELECT pg_try_advisory_lock(1) AS held';

/** Takes an advisory lock on a session of its own and keeps it. */
async function locked(env: Environment): Promise<PostgresClient> {
  const session = await poolOf(env).connect();
  await session.query(TRY);
  return session;
}

test('R1 an advisory lock is a lease for its session, until it is unlocked or the session ends', async () => {
  const unlocked = await run({
    A1: async (env) => {
      const session = await locked(env);
      await session.query('SELECT pg_advisory_unlock(1)');
    },
  });
  expect(recordsOf(unlocked, 'lease')).toMatchObject([
    { key: 'advisory 1', termUs: 'session', sentAtUs: 0, extends: false },
  ]);
  expect(ends(unlocked)).toEqual([['released', 'A1']]);
  const closed = await run({ A1: async (env) => (await locked(env)).release(true) });
  expect(ends(closed)).toEqual([['session', undefined]]);
});

test('R1 a row lock is one if its transaction stays open; that of a single statement is none', async () => {
  const held = await run({
    A1: async (env) => {
      await taken(env);
      const session = await poolOf(env).connect();
      await session.query('BEGIN');
      await session.query("SELECT 1 FROM locks WHERE key = 'job' FOR UPDATE");
      await session.query('COMMIT');
    },
  });
  const rows = recordsOf(held, 'lease').filter(({ termUs }) => termUs === 'session');
  expect(rows).toMatchObject([{ key: 'row locks:job', sentAtUs: 2 * ROUND_TRIP_US }]);
  expect(ends(held)[0]).toEqual(['released', 'A1']);
});

test('R1 a lock that was waited for is a lease of who waited, from its own request', async () => {
  const waited = await run({
    A1: async (env) => {
      const session = await locked(env);
      await env.sleep(1_000);
      await session.query('SELECT pg_advisory_unlock(1)');
    },
    B1: async (env) => {
      await env.sleep(100);
      await poolOf(env).query('SELECT pg_advisory_lock(1)');
    },
  });
  const [, second] = recordsOf(waited, 'lease');
  expect(second).toMatchObject({ host: 'B', sentAtUs: 100_000 });
  expect(second!.atUs).toBe(1_000_000 + ROUND_TRIP_US + LATENCY_US);
});

test('R7 R8 a session outlives the power of its client by the user timeout, a kill by the way of a FIN', async () => {
  const endedAtUs = async (mode: 'kill' | 'power') => {
    const dead = await run(
      { A1: locked, B1: (env) => env.sleep(100_000) },
      { faults: [crash(at(1e6), { mode })], ttlMs: 20_000 },
    );
    const [end] = recordsOf(dead, 'lease-end');
    expect(end).toMatchObject({ cause: 'session' });
    return end!.atUs;
  };
  expect(await endedAtUs('kill')).toBe(1e6 + LATENCY_US);
  expect(await endedAtUs('power')).toBe(61e6 + LATENCY_US);
});

test('R8 a first query that had left when its client was killed is run, and its session ends', async () => {
  const dead = await run(
    { A1: (env) => poolOf(env).query(TRY) },
    { faults: [crash(at(LATENCY_US / 2))] },
  );
  expect(ends(dead)).toEqual([['session', undefined]]);
});

test('R3 the end of a connection says lost to whoever held a lock on it', async () => {
  const script: Script = {
    A1: {
      acquire: async (env) => bareGrant({ session: await locked(env) } as object),
      section: async (section) => {
        section.enter();
        await section.wait(2_000_000);
        return true;
      },
    },
  };
  const cut = await run(script, { faults: [{ ...failover, at: at(1e6) }] });
  expect(recordsOf(cut, 'lease-end')).toMatchObject([{ cause: 'session', atUs: 1e6 }]);
  expect(recordsOf(cut, 'loss-delivered')).toMatchObject([
    { client: 'A', operation: 'A1', atUs: 1e6 + LATENCY_US },
  ]);
});

const refusing = (error: string): Fault => ({
  id: 'f1',
  class: 'server-error',
  at: at(1e6),
  host: 'p1',
  durationUs: 1e6,
  error,
});

test('R7 an error of the server is its own: code and text, and what it does to the session', async () => {
  const [ended, refused, kept, other] = await Promise.all(
    [
      '57P01 terminating connection due to administrator command',
      '53300 sorry, too many clients already',
      '53200 out of memory',
      'disk is on fire',
    ].map(async (error) => {
      const said: unknown[] = [];
      const asked = await run(
        {
          A1: async (env) => {
            const session = await locked(env);
            await env.sleep(1_500);
            const [, inSession] = await outcome(session.query('SELECT 1'));
            const [, anew] = await outcome((await poolOf(env).connect()).query('SELECT 1'));
            said.push(inSession, anew);
          },
        },
        { faults: [refusing(error)] },
      );
      return { said, ends: ends(asked) };
    }),
  );
  const down = { name: 'PostgresError', code: '57P01', severity: 'FATAL' };
  expect(ended!.said).toMatchObject([down, down]);
  expect(ended!.ends).toEqual([['session', undefined]]);
  const full = { code: '53300', message: 'sorry, too many clients already', severity: 'FATAL' };
  expect(refused!.said).toMatchObject([{ rowCount: 1 }, full]);
  expect(refused!.ends).toEqual([]);
  const short = { code: '53200', severity: 'ERROR' };
  expect(kept!.said).toMatchObject([short, short]);
  expect(kept!.ends).toEqual([]);
  expect(other!.said).toMatchObject([{ code: 'XX000', message: 'disk is on fire' }, {}]);
});

test('R1 behind a pooler in transaction mode the lease is of who took it, and stays with the session', async () => {
  const pooled = await run({
    A1: async (env) => {
      const pool = poolOf(env).through('transaction');
      const session = await pool.connect();
      await session.query(TRY);
      const other = await pool.connect();
      await other.query('BEGIN');
      await session.query('SELECT pg_advisory_unlock(1)');
      session.release(true);
    },
    B1: async (env) => {
      await env.sleep(100);
      await poolOf(env).through('transaction').query(TRY);
    },
  });
  expect(recordsOf(pooled, 'lease').map(({ key, host }) => [key, host])).toEqual([
    ['advisory 1', 'A'],
  ]);
  expect(ends(pooled)).toEqual([]);
});

test('R9 a schema that the server refuses is a finding about the lock', async () => {
  const bad = await run({ A1: () => undefined }, { schema: 'CREATE TABL locks ()' });
  expect(bad.findings).toMatchObject([{ kind: 'threw' }]);
});
