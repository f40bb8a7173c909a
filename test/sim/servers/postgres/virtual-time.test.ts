/** What happens by itself when time goes by: timeouts, deadlock checks, sleeps, and whose clock. */
import { describe, expect, it } from 'vitest';
import { World } from './world.js';

function held(): World {
  const world = new World();
  world.on(1, 'CREATE TABLE t (k text PRIMARY KEY, n int)');
  world.on(1, "INSERT INTO t VALUES ('a', 1), ('b', 2)");
  world.on(1, 'BEGIN');
  world.on(1, "UPDATE t SET n = 10 WHERE k = 'a'");
  return world;
}

const WANT_A = "UPDATE t SET n = n + 1 WHERE k = 'a'";
const WANT_B = "UPDATE t SET n = n + 1 WHERE k = 'b'";

describe('timeouts run on the monotonic clock', () => {
  it('lock_timeout ends a wait at its instant, not before', () => {
    const world = held();
    world.on(2, "SET lock_timeout = '2s'");
    expect(world.on(2, WANT_A)).toEqual([]);
    world.pass(1_999_999);
    expect(world.brief(2)).toEqual([]);
    world.pass(1);
    expect(world.brief(2)).toEqual(['55P03', 'ready']);
  });

  it('a step of the wall clock neither ends nor prolongs it', () => {
    const world = held();
    world.on(2, "SET lock_timeout = '2s'");
    world.on(2, WANT_A);
    world.stepWall(3_600_000_000);
    world.passMs(1000);
    expect(world.brief(2)).toEqual([]);
    world.stepWall(-7_200_000_000);
    world.passMs(1000);
    expect(world.brief(2)).toEqual(['55P03', 'ready']);
  });

  it('a wait that was over in time is not ended later', () => {
    const world = held();
    world.on(2, "SET lock_timeout = '2s'");
    world.on(2, WANT_A);
    world.passMs(500);
    world.on(1, 'COMMIT');
    expect(world.brief(2)).toEqual(['UPDATE', 'ready']);
    world.passMs(10_000);
    expect(world.brief(2)).toEqual([]);
  });

  it('who waited behind the one that gave up goes on', () => {
    const world = held();
    world.on(2, "SET lock_timeout = '1s'");
    world.on(2, WANT_A);
    world.on(3, "SET lock_timeout = '5s'");
    world.on(3, WANT_A);
    world.passMs(2000);
    expect(world.brief(2)).toEqual(['55P03', 'ready']);
    world.on(1, 'COMMIT');
    expect(world.brief(3)).toEqual(['UPDATE', 'ready']);
  });

  it('idle_in_transaction_session_timeout ends the session and frees what it held', () => {
    const world = held();
    world.on(1, "SET idle_in_transaction_session_timeout = '3s'");
    world.on(2, WANT_A);
    world.passMs(3000);
    expect(world.brief(1)).toEqual(['25P03', 'closed']);
    expect(world.brief(2)).toEqual(['UPDATE', 'ready']);
  });

  it('pg_terminate_backend ends another session', () => {
    const world = held();
    const [row] = world.query(1, 'SELECT pg_backend_pid() AS id');
    world.on(2, WANT_A);
    expect(world.query(3, `SELECT pg_terminate_backend(${row!['id']}) AS done`)).toEqual([
      { done: true },
    ]);
    expect(world.brief(1)).toEqual(['57P01', 'closed']);
    expect(world.brief(2)).toEqual(['UPDATE', 'ready']);
  });

  it('pg_cancel_backend ends a wait', () => {
    const world = held();
    const [row] = world.query(2, 'SELECT pg_backend_pid() AS id');
    world.on(2, WANT_A);
    world.on(3, `SELECT pg_cancel_backend(${row!['id']})`);
    expect(world.brief(2)).toEqual(['57014', 'ready']);
  });
});

describe('a deadlock', () => {
  function locked(): World {
    const world = held();
    world.on(2, 'BEGIN');
    world.on(2, WANT_B);
    world.on(1, WANT_B);
    return world;
  }

  it('is found by the one that has waited for a second first', () => {
    const world = locked();
    world.passMs(300);
    world.on(2, WANT_A);
    world.pass(699_999);
    expect(world.brief(1)).toEqual([]);
    world.pass(1);
    expect(world.brief(1)).toEqual(['40P01', 'ready']);
    expect(world.brief(2)).toEqual(['UPDATE', 'ready']);
  });

  it('that closes after one has looked is found by the other', () => {
    const world = locked();
    world.passMs(1500);
    world.on(2, WANT_A);
    world.passMs(999);
    expect(world.brief(2)).toEqual([]);
    world.passMs(1);
    expect(world.brief(2)).toEqual(['40P01', 'ready']);
    expect(world.brief(1)).toEqual(['UPDATE', 'ready']);
  });

  it('is none if a lock_timeout comes first', () => {
    const world = locked();
    world.on(2, "SET LOCAL lock_timeout = '500ms'");
    world.on(2, WANT_A);
    world.passMs(500);
    expect(world.brief(2)).toEqual(['55P03', 'ready']);
    expect(world.brief(1)).toEqual(['UPDATE', 'ready']);
  });

  it('of a place in a queue is undone by changing places', () => {
    const world = new World();
    // 3 waits behind 2, which waits for 1; 1 then waits for 3, which it does not exclude.
    world.query(1, 'SELECT pg_advisory_lock_shared(1)');
    world.query(3, 'SELECT pg_advisory_lock(2)');
    expect(world.on(2, 'SELECT pg_advisory_lock(1)')).toEqual([]);
    expect(world.on(3, 'SELECT pg_advisory_lock_shared(1)')).toEqual([]);
    expect(world.on(1, 'SELECT pg_advisory_lock(2)')).toEqual([]);
    world.passMs(1000);
    expect(world.brief(3)).toEqual(['SELECT', 'ready']);
    expect(world.brief(2)).toEqual([]);
    world.on(3, 'SELECT pg_advisory_unlock(2)');
    expect(world.brief(1)).toEqual(['SELECT', 'ready']);
  });
});

describe('a statement that waits more than once', () => {
  it('asks for each lock on its own', () => {
    const world = held();
    world.query(3, 'SELECT pg_advisory_lock(7)');
    world.on(2, "UPDATE t SET n = 5 WHERE k = 'a' RETURNING k, pg_advisory_xact_lock(7) AS got");
    world.on(1, 'COMMIT');
    expect(world.brief(2)).toEqual([]);
    expect(world.query(1, 'SELECT n FROM t ORDER BY k')).toEqual([{ n: 10 }, { n: 2 }]);
    world.on(3, 'SELECT pg_advisory_unlock(7)');
    expect(world.take(2)).toMatchObject([{ rows: [{ k: 'a', got: '' }] }, { kind: 'ready' }]);
    expect(world.query(1, 'SELECT n FROM t ORDER BY k')).toEqual([{ n: 5 }, { n: 2 }]);
  });

  it('does nothing twice', () => {
    const world = held();
    world.on(3, 'CREATE SEQUENCE s');
    world.query(3, 'SELECT pg_advisory_lock(7)');
    const insert = "INSERT INTO t VALUES ('z', nextval('s')) RETURNING pg_advisory_xact_lock(7), n";
    expect(world.on(2, insert)).toEqual([]);
    world.on(3, 'SELECT pg_advisory_unlock(7)');
    expect(world.take(2)).toMatchObject([{ rows: [{ n: 1 }] }, { kind: 'ready' }]);
    expect(world.query(3, "SELECT nextval('s') AS n")).toEqual([{ n: '2' }]);
  });
});

describe('clocks that statements read', () => {
  it('now() stays for a transaction, statement_timestamp() for a statement', () => {
    const world = new World();
    const times = 'SELECT now() AS a, statement_timestamp() AS b, clock_timestamp() AS c';
    world.on(1, 'BEGIN');
    const [first] = world.query(1, times);
    world.passMs(1500);
    const [second] = world.query(1, times);
    expect(second!['a']).toBe(first!['a']);
    expect(second!['b']).not.toBe(first!['b']);
    expect(second!['b']).toBe(second!['c']);
  });

  it('a wait does not move now(), and clock_timestamp() is read when the row is reached', () => {
    const world = held();
    world.on(2, "UPDATE t SET n = 7 WHERE k = 'a' RETURNING clock_timestamp() - now() AS waited");
    world.passMs(800);
    world.on(1, 'COMMIT');
    expect(world.take(2)).toMatchObject([{ rows: [{ waited: '00:00:00.8' }] }, { kind: 'ready' }]);
  });

  it('follows steps of the wall clock in both directions', () => {
    const world = new World();
    const epoch = 'SELECT extract(epoch from now())::bigint AS s';
    const at = () => Number(world.query(1, epoch)[0]!['s']);
    const start = at();
    world.stepWall(60_000_000);
    expect(at()).toBe(start + 60);
    world.stepWall(-90_000_000);
    expect(at()).toBe(start - 30);
  });
});
