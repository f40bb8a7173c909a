/** What the world is told besides the answers: rows at commit, locks from grant to end. */
import { describe, expect, it } from 'vitest';
import { World } from './world.js';

function prepared(): World {
  const world = new World();
  world.on(1, 'CREATE TABLE t (k text PRIMARY KEY, n int)');
  world.on(1, "INSERT INTO t VALUES ('a', 1)");
  world.rows.length = 0;
  world.locks.length = 0;
  return world;
}

describe('rows', () => {
  it('are told at commit, once, with what was before the transaction', () => {
    const world = prepared();
    world.on(1, 'BEGIN');
    world.on(1, 'UPDATE t SET n = 2');
    world.on(1, 'UPDATE t SET n = 3');
    world.on(1, "INSERT INTO t VALUES ('b', 1)");
    world.on(1, "INSERT INTO t VALUES ('c', 1)");
    world.on(1, "DELETE FROM t WHERE k = 'c'");
    expect(world.rows).toEqual([]);
    world.on(1, 'COMMIT');
    expect(world.rows).toEqual([
      { table: 't', key: 'a', before: { k: 'a', n: 1 }, after: { k: 'a', n: 3 }, change: 'update' },
      { table: 't', key: 'b', before: undefined, after: { k: 'b', n: 1 }, change: 'insert' },
    ]);
  });

  it('are not told of what was rolled back, wholly or in part', () => {
    const world = prepared();
    world.on(1, 'BEGIN');
    world.on(1, 'UPDATE t SET n = 2');
    world.on(1, 'ROLLBACK');
    world.on(1, 'BEGIN');
    world.on(1, 'SAVEPOINT s');
    world.on(1, 'DELETE FROM t');
    world.on(1, 'ROLLBACK TO s');
    world.on(1, 'COMMIT');
    expect(world.rows).toEqual([]);
    expect(world.query(2, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });
});

describe('the key of a row', () => {
  const KEYS: readonly (readonly [string, string])[] = [
    ['name text PRIMARY KEY, token text NOT NULL UNIQUE', 'job'],
    ['id bigserial PRIMARY KEY, name text NOT NULL UNIQUE', 'job'],
    ['id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE', 'job'],
    ['name text NOT NULL UNIQUE', 'job'],
    ['id bigserial PRIMARY KEY, name text UNIQUE', '1'],
    ['id bigserial PRIMARY KEY, name text NOT NULL', '1'],
  ];

  it.each(KEYS)('of a table (%s) is %s', (columns, key) => {
    const world = new World();
    world.on(1, `CREATE TABLE locks (${columns})`);
    const more = columns.includes('token') ? ', token' : '';
    world.on(1, `INSERT INTO locks (name${more}) VALUES ('job'${more && ", 'x'"})`);
    expect(world.rows).toMatchObject([{ key, change: 'insert' }]);
    world.rows.length = 0;
    world.on(1, 'DELETE FROM locks');
    expect(world.rows).toMatchObject([{ key, change: 'delete' }]);
  });
});

describe('locks', () => {
  it('of a row last to the end of the transaction', () => {
    const world = prepared();
    world.on(1, 'BEGIN');
    world.on(1, 'SELECT 1 FROM t FOR UPDATE');
    world.on(2, 'SELECT 1 FROM t FOR SHARE');
    expect(world.locks.map(({ key, mode, session, end }) => [key, mode, session, end])).toEqual([
      ['t:a', 'update', 1, undefined],
    ]);
    world.on(1, 'COMMIT');
    expect(world.locks.slice(1).map(({ mode, session, end }) => [mode, session, end])).toEqual([
      ['update', 1, 'transaction end'],
      ['share', 2, undefined],
      ['share', 2, 'transaction end'],
    ]);
  });

  it('end before the next one has them', () => {
    const world = new World();
    world.on(1, 'SELECT pg_advisory_lock(5)');
    world.on(2, 'SELECT pg_advisory_lock(5)');
    world.on(1, 'SELECT pg_advisory_unlock(5)');
    world.close(2);
    expect(world.locks.map(({ session, end }) => [session, end])).toEqual([
      [1, undefined],
      [1, 'released'],
      [2, undefined],
      [2, 'session end'],
    ]);
  });

  it('of a client that is gone go on to wait for their turn', () => {
    const world = new World();
    world.on(1, 'SELECT pg_advisory_lock(5)');
    world.on(2, 'SELECT pg_advisory_lock(5)');
    world.close(2);
    world.on(3, 'SELECT pg_advisory_lock(5)');
    world.on(1, 'SELECT pg_advisory_unlock(5)');
    expect(world.locks.slice(1).map(({ session, end }) => [session, end])).toEqual([
      [1, 'released'],
      [2, undefined],
      [2, 'session end'],
      [3, undefined],
    ]);
    expect(world.take(2)).toEqual([]);
  });

  it('of a failed transaction end with the error', () => {
    const world = new World();
    world.on(1, 'BEGIN');
    world.on(1, 'SELECT pg_advisory_xact_lock(1, 2)');
    world.on(1, 'SELECT 1 / 0');
    expect(world.locks).toMatchObject([
      { key: '1,2', mode: 'exclusive', level: 'transaction', end: undefined },
      { key: '1,2', end: 'transaction end' },
    ]);
  });
});
