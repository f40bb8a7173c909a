/**
 * Locks as people write them on PostgreSQL: a table with an expiry, ShedLock's, Quartz's and
 * Laravel's statements, Rails' with_advisory_lock, graphile-worker's queue.
 */
import { on, type Sequence, several, wait } from '../sequence.js';

const TABLE =
  '0: CREATE TABLE locks (key text PRIMARY KEY, owner text NOT NULL, expires_at timestamptz NOT NULL, fencing bigint NOT NULL)';
const COUNTER = '0: CREATE SEQUENCE locks_fencing';
const ACQUIRE = `INSERT INTO locks AS l (key, owner, expires_at, fencing) VALUES ($1, $2, now() + $3 * interval '1 ms', nextval('locks_fencing')) ON CONFLICT (key) DO UPDATE SET owner = excluded.owner, expires_at = excluded.expires_at, fencing = excluded.fencing WHERE l.expires_at <= now() RETURNING owner, expires_at, fencing`;
const RENEW = `UPDATE locks SET expires_at = clock_timestamp() + $3 * interval '1 ms' WHERE key = $1 AND owner = $2 AND expires_at > clock_timestamp() RETURNING expires_at`;
const RELEASE = 'DELETE FROM locks WHERE key = $1 AND owner = $2';

const acquire = (session: number, owner: string, ttlMs: number) =>
  on(session, ACQUIRE, ['order:1', owner, ttlMs]);
const renew = (session: number, owner: string, ttlMs: number) =>
  on(session, RENEW, ['order:1', owner, ttlMs]);
const release = (session: number, owner: string) => on(session, RELEASE, ['order:1', owner]);

const LEASES: readonly Sequence[] = [
  several(
    'lease: acquire, refuse, release',
    TABLE,
    COUNTER,
    acquire(0, 'A', 10_000),
    acquire(1, 'B', 10_000),
    release(1, 'B'),
    renew(0, 'A', 20_000),
    release(0, 'A'),
    acquire(1, 'B', 10_000),
  ),
  several(
    'lease: stolen after its end',
    TABLE,
    COUNTER,
    acquire(0, 'A', 100),
    wait(200),
    renew(0, 'A', 100),
    acquire(1, 'B', 10_000),
    renew(0, 'A', 10_000),
    release(0, 'A'),
    release(1, 'B'),
  ),
  several(
    'lease: two at once inside transactions',
    TABLE,
    COUNTER,
    '0: BEGIN',
    acquire(0, 'A', 10_000),
    acquire(1, 'B', 10_000),
    '0: COMMIT',
  ),
  several(
    'lease: two steal at once',
    TABLE,
    COUNTER,
    acquire(2, 'C', 1),
    wait(20),
    '0: BEGIN',
    acquire(0, 'A', 10_000),
    acquire(1, 'B', 10_000),
    '0: COMMIT',
  ),
  several(
    'lease: a thief gives up',
    TABLE,
    COUNTER,
    acquire(2, 'C', 1),
    wait(20),
    '0: BEGIN',
    acquire(0, 'A', 10_000),
    acquire(1, 'B', 10_000),
    '0: ROLLBACK',
  ),
  several(
    'lease: now is the begin of the transaction',
    TABLE,
    COUNTER,
    acquire(2, 'C', 150),
    '0: BEGIN',
    '0: SELECT 1 AS one',
    wait(250),
    acquire(0, 'A', 10_000),
    '0: COMMIT',
    acquire(0, 'A', 10_000),
  ),
];

const SHEDLOCK =
  '0: CREATE TABLE shedlock (name VARCHAR(64) NOT NULL, lock_until TIMESTAMP NOT NULL, locked_at TIMESTAMP NOT NULL, locked_by VARCHAR(255) NOT NULL, PRIMARY KEY (name))';
const SHED_LOCK = (session: number, by: string, span: string) =>
  on(
    session,
    `INSERT INTO shedlock(name, lock_until, locked_at, locked_by) VALUES($1, timezone('utc', CURRENT_TIMESTAMP) + cast($2 as interval), timezone('utc', CURRENT_TIMESTAMP), $3) ON CONFLICT (name) DO UPDATE SET lock_until = timezone('utc', CURRENT_TIMESTAMP) + cast($2 as interval), locked_at = timezone('utc', CURRENT_TIMESTAMP), locked_by = $3 WHERE shedlock.name = $1 AND shedlock.lock_until <= timezone('utc', CURRENT_TIMESTAMP)`,
    ['job', span, by],
  );
const SHED_CLIENT = (session: number, by: string, until: string, now: string) =>
  on(
    session,
    'UPDATE shedlock SET lock_until = $1, locked_at = $2, locked_by = $3 WHERE name = $4 AND lock_until <= $2',
    [until, now, by, 'job'],
  );

const SHEDLOCKS: readonly Sequence[] = [
  several(
    'shedlock: database time',
    SHEDLOCK,
    SHED_LOCK(0, 'A', '10000 milliseconds'),
    SHED_LOCK(1, 'B', '10000 milliseconds'),
    on(
      0,
      "UPDATE shedlock SET lock_until = timezone('utc', CURRENT_TIMESTAMP) WHERE name = $1 AND locked_by = $2",
      ['job', 'A'],
    ),
    SHED_LOCK(1, 'B', '10000 milliseconds'),
    on(
      1,
      "UPDATE shedlock SET lock_until = timezone('utc', CURRENT_TIMESTAMP) + cast($1 as interval) WHERE name = $2 AND locked_by = $3 AND lock_until > timezone('utc', CURRENT_TIMESTAMP)",
      ['20 seconds', 'job', 'B'],
    ),
    '1: SELECT name, locked_by FROM shedlock',
  ),
  several(
    'shedlock: client time',
    SHEDLOCK,
    on(0, 'INSERT INTO shedlock(name, lock_until, locked_at, locked_by) VALUES($1, $2, $3, $4)', [
      'job',
      '2024-01-01 00:00:10',
      '2024-01-01 00:00:00',
      'A',
    ]),
    on(1, 'INSERT INTO shedlock(name, lock_until, locked_at, locked_by) VALUES($1, $2, $3, $4)', [
      'job',
      '2024-01-01 00:00:12',
      '2024-01-01 00:00:02',
      'B',
    ]),
    SHED_CLIENT(1, 'B', '2024-01-01 00:00:12', '2024-01-01 00:00:02'),
    SHED_CLIENT(1, 'B', '2024-01-01 00:00:30', '2024-01-01 00:00:20'),
    '0: SELECT * FROM shedlock',
  ),
];

const QRTZ =
  '0: CREATE TABLE QRTZ_LOCKS (SCHED_NAME VARCHAR(120) NOT NULL, LOCK_NAME VARCHAR(40) NOT NULL, PRIMARY KEY (SCHED_NAME, LOCK_NAME))';
const QUARTZ_SELECT = (session: number) =>
  on(session, "SELECT * FROM QRTZ_LOCKS WHERE SCHED_NAME = 'main' AND LOCK_NAME = $1 FOR UPDATE", [
    'TRIGGER_ACCESS',
  ]);
const QUARTZ_INSERT = (session: number) =>
  on(session, "INSERT INTO QRTZ_LOCKS(SCHED_NAME, LOCK_NAME) VALUES ('main', $1)", [
    'TRIGGER_ACCESS',
  ]);
const QUARTZ_UPDATE = (session: number) =>
  on(
    session,
    "UPDATE QRTZ_LOCKS SET LOCK_NAME = LOCK_NAME WHERE SCHED_NAME = 'main' AND LOCK_NAME = $1",
    ['TRIGGER_ACCESS'],
  );

const QUARTZ: readonly Sequence[] = [
  several(
    'quartz: a row for update',
    QRTZ,
    QUARTZ_INSERT(0),
    '0: BEGIN',
    QUARTZ_SELECT(0),
    '1: BEGIN',
    QUARTZ_SELECT(1),
    '0: COMMIT',
    '1: COMMIT',
  ),
  several(
    'quartz: the row is not there yet',
    QRTZ,
    '0: BEGIN',
    QUARTZ_SELECT(0),
    QUARTZ_INSERT(0),
    '1: BEGIN',
    QUARTZ_SELECT(1),
    QUARTZ_INSERT(1),
    '0: COMMIT',
    '1: ROLLBACK',
    '1: BEGIN',
    QUARTZ_SELECT(1),
    '1: COMMIT',
  ),
  several(
    'quartz: by update',
    QRTZ,
    QUARTZ_INSERT(0),
    '0: BEGIN',
    QUARTZ_UPDATE(0),
    '1: BEGIN',
    QUARTZ_UPDATE(1),
    '0: COMMIT',
    '1: COMMIT',
  ),
];

const CACHE =
  '0: create table "cache_locks" ("key" varchar(255) not null primary key, "owner" varchar(255) not null, "expiration" integer not null)';
const LARAVEL: readonly Sequence[] = [
  several(
    'laravel: cache locks',
    CACHE,
    on(0, 'insert into "cache_locks" ("key", "owner", "expiration") values ($1, $2, $3)', [
      'k',
      'A',
      100,
    ]),
    on(1, 'insert into "cache_locks" ("key", "owner", "expiration") values ($1, $2, $3)', [
      'k',
      'B',
      110,
    ]),
    on(
      1,
      'update "cache_locks" set "owner" = $1, "expiration" = $2 where "key" = $3 and ("owner" = $4 or "expiration" <= $5)',
      ['B', 110, 'k', 'B', 90],
    ),
    on(
      1,
      'update "cache_locks" set "owner" = $1, "expiration" = $2 where "key" = $3 and ("owner" = $4 or "expiration" <= $5)',
      ['B', 210, 'k', 'B', 105],
    ),
    on(0, 'delete from "cache_locks" where "key" = $1 and "owner" = $2', ['k', 'A']),
    on(1, 'select * from "cache_locks" where "key" = $1 limit 1', ['k']),
    on(1, 'delete from "cache_locks" where "expiration" <= $1', [300]),
  ),
];

const RAILS: readonly Sequence[] = [
  several(
    'rails: with_advisory_lock',
    '0: SELECT pg_try_advisory_lock(1234567, 0) AS t1 /* job */',
    '1: SELECT pg_try_advisory_lock(1234567, 0) AS t2 /* job */',
    '1: SELECT pg_advisory_unlock(1234567, 0) AS t3 /* job */',
    '0: SELECT pg_advisory_unlock(1234567, 0) AS t4 /* job */',
    '1: SELECT pg_try_advisory_lock(1234567, 0) AS t5 /* job */',
  ),
  several(
    'rails: with_advisory_lock of a transaction',
    '0: BEGIN',
    '0: SELECT pg_try_advisory_xact_lock_shared(1, 2) AS t1',
    '1: BEGIN',
    '1: SELECT pg_try_advisory_xact_lock_shared(1, 2) AS t2',
    '1: SELECT pg_try_advisory_xact_lock(1, 2) AS t3',
    '0: COMMIT',
    '1: SELECT pg_try_advisory_xact_lock(1, 2) AS t4',
    '1: COMMIT',
  ),
  several(
    'rails: migrations',
    '0: SELECT pg_try_advisory_lock(7141416871237392840)',
    '1: SELECT pg_try_advisory_lock(7141416871237392840)',
    '0: SELECT pg_advisory_unlock(7141416871237392840)',
  ),
];

const JOBS = [
  '0: CREATE TABLE jobs (id bigserial PRIMARY KEY, queue_name text, run_at timestamptz NOT NULL DEFAULT now(), priority int NOT NULL DEFAULT 0, attempts int NOT NULL DEFAULT 0, max_attempts int NOT NULL DEFAULT 25, locked_at timestamptz, locked_by text)',
  "0: INSERT INTO jobs (queue_name, priority) VALUES ('q', 0), (NULL, 1), (NULL, 2)",
];
const GET_JOB = (session: number, worker: string) =>
  on(
    session,
    `WITH j AS (SELECT jobs.id FROM jobs WHERE jobs.locked_at IS NULL AND jobs.attempts < jobs.max_attempts AND jobs.run_at <= now() ORDER BY priority ASC, run_at ASC, id ASC LIMIT 1 FOR UPDATE SKIP LOCKED) UPDATE jobs SET attempts = jobs.attempts + 1, locked_by = $1::text, locked_at = now() FROM j WHERE jobs.id = j.id RETURNING jobs.id, jobs.attempts, jobs.locked_by`,
    [worker],
  );

const WORKERS: readonly Sequence[] = [
  several(
    'graphile-worker: get_job',
    ...JOBS,
    '0: BEGIN',
    GET_JOB(0, 'w0'),
    GET_JOB(1, 'w1'),
    GET_JOB(1, 'w1'),
    GET_JOB(1, 'w1'),
    '0: ROLLBACK',
    GET_JOB(1, 'w1'),
    on(1, 'DELETE FROM jobs WHERE id = $1 AND locked_by = $2 RETURNING id', [2, 'w1']),
    on(
      1,
      'UPDATE jobs SET locked_by = NULL, locked_at = NULL, run_at = greatest(now(), run_at) WHERE id = $1 AND locked_by = $2',
      [3, 'w1'],
    ),
  ),
  several(
    'queue: update of a subquery',
    ...JOBS,
    '0: BEGIN',
    "0: UPDATE jobs SET locked_by = 'w0' WHERE id = (SELECT id FROM jobs WHERE locked_by IS NULL ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id",
    "1: UPDATE jobs SET locked_by = 'w1' WHERE id = (SELECT id FROM jobs WHERE locked_by IS NULL ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id",
    "1: UPDATE jobs SET locked_by = 'w1' WHERE id = (SELECT id FROM jobs WHERE locked_by IS NULL ORDER BY id FOR UPDATE LIMIT 1) RETURNING id",
    '0: COMMIT',
  ),
  several(
    'queue: delete in a subquery',
    ...JOBS,
    '0: BEGIN',
    '0: DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id',
    '1: DELETE FROM jobs WHERE id IN (SELECT id FROM jobs ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id',
    '0: COMMIT',
  ),
  several(
    'queue: optimistic',
    ...JOBS,
    '0: BEGIN',
    on(0, 'UPDATE jobs SET locked_by = $1 WHERE id = 1 AND locked_by IS NULL', ['w0']),
    on(1, 'UPDATE jobs SET locked_by = $1 WHERE id = 1 AND locked_by IS NULL', ['w1']),
    '0: COMMIT',
  ),
];

export const LOCKS: readonly Sequence[] = [
  ...LEASES,
  ...SHEDLOCKS,
  ...QUARTZ,
  ...LARAVEL,
  ...RAILS,
  ...WORKERS,
];
