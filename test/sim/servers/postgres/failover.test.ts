/** What a crash and a failover leave of commits, sequences, sessions and locks. */
import { describe, expect, it } from 'vitest';
import { readGolden } from './replay.js';
import { World } from './world.js';

const TABLE = 'CREATE TABLE t (k text PRIMARY KEY, f bigserial)';
const INSERT = 'INSERT INTO t (k) VALUES ($1) RETURNING f';
const KEYS = 'SELECT k FROM t ORDER BY k';

describe('a crash', () => {
  it('leaves what the real server had after it', () => {
    const [before, after] = readGolden('crash').sequences;
    const world = new World();
    const play = (steps: NonNullable<typeof before>['steps'], session: number) => {
      for (const { text, arrived } of steps) {
        const expected = arrived[0]![1].filter((message) => 'result' in message);
        const { command, rowCount, rows } = world.result(session, text!);
        const own = {
          result: command,
          ...(rowCount === undefined ? {} : { count: rowCount }),
          ...(rows.length === 0 ? {} : { rows }),
        };
        expect([own]).toEqual(expected);
      }
    };
    play(before!.steps, 0);
    world.server.crash();
    world.server.restart();
    world.connect(1);
    play(after!.steps, 1);
  });

  it('loses nothing that was committed with synchronous_commit', () => {
    const world = new World();
    world.chosen = 1_000_000;
    world.on(1, TABLE);
    world.on(1, INSERT, ['a']);
    world.server.crash();
    world.server.restart();
    world.connect(2);
    expect(world.query(2, KEYS)).toEqual([{ k: 'a' }]);
  });

  it('loses the last commits without it, at most those of 600 ms', () => {
    const world = new World({ synchronousCommit: false });
    world.on(1, TABLE);
    for (const key of ['a', 'b', 'c']) {
      world.on(1, INSERT, [key]);
      world.passMs(250);
    }
    world.rows.length = 0;
    // 599.999 ms: the most that can be lost; `a` is 750 ms old.
    world.chosen = 599_999;
    world.server.crash();
    world.server.restart();
    world.connect(2);
    expect(world.query(2, KEYS)).toEqual([{ k: 'a' }]);
    expect(world.rows.map(({ key, change, after }) => [key, change, after])).toEqual([
      ['c', 'lost', undefined],
      ['b', 'lost', undefined],
    ]);
  });

  it('loses nothing before a commit that waited for the disk', () => {
    const world = new World({ synchronousCommit: false });
    world.on(1, TABLE);
    world.on(1, INSERT, ['a']);
    world.on(1, 'SET synchronous_commit = on');
    world.on(1, INSERT, ['b']);
    world.on(1, 'SET synchronous_commit = off');
    world.on(1, INSERT, ['c']);
    world.chosen = 599_999;
    world.server.crash();
    world.server.restart();
    world.connect(2);
    expect(world.query(2, KEYS)).toEqual([{ k: 'a' }, { k: 'b' }]);
  });

  it('answers nothing while the server is down', () => {
    const world = new World();
    world.server.crash();
    world.connect(1);
    expect(world.on(1, 'SELECT 1')).toEqual([]);
  });
});

describe('a failover', () => {
  it('loses the commits younger than the lag, in their order, and says so', () => {
    const world = new World({ replicaLagUs: 100_000 });
    world.on(1, TABLE);
    world.on(1, INSERT, ['a']);
    world.passMs(200);
    world.on(1, "UPDATE t SET f = 100 WHERE k = 'a'");
    world.passMs(50);
    world.on(1, INSERT, ['b']);
    world.rows.length = 0;
    world.server.promote();
    world.connect(2);
    expect(world.query(2, 'SELECT k, f FROM t')).toEqual([{ k: 'a', f: '1' }]);
    expect(world.rows).toMatchObject([
      { key: 'b', before: { k: 'b' }, after: undefined, change: 'lost' },
      { key: 'a', before: { f: '100' }, after: { f: '1' }, change: 'lost' },
    ]);
  });

  it('skips values of a sequence, and gives lost ones again only if their record is lost', () => {
    const world = new World({ replicaLagUs: 100_000 });
    world.on(1, TABLE);
    world.on(1, INSERT, ['a']);
    world.passMs(200);
    world.on(1, INSERT, ['b']);
    world.server.promote();
    world.connect(2);
    // The record of value 1 says 33: value 2, which `b` had, does not come again.
    expect(world.query(2, INSERT, ['c'])).toEqual([{ f: '34' }]);
    world.on(2, 'SELECT setval($1, 500)', ['t_f_seq']);
    world.server.promote();
    world.connect(3);
    expect(Number(world.query(3, INSERT, ['d'])[0]!['f'])).toBeLessThan(500);
  });

  it('ends sessions and locks, and undoes what had not committed', () => {
    const world = new World();
    world.on(1, TABLE);
    world.on(1, 'SELECT pg_advisory_lock(7)');
    world.on(1, 'BEGIN');
    world.on(1, INSERT, ['a']);
    world.locks.length = 0;
    world.server.promote();
    expect(world.locks).toMatchObject([{ kind: 'advisory', key: '7', end: 'lost' }]);
    world.connect(2);
    expect(world.query(2, KEYS)).toEqual([]);
    expect(world.query(2, 'SELECT pg_try_advisory_lock(7) AS got')).toEqual([{ got: true }]);
  });

  it('takes back tables that the replica has not got', () => {
    const world = new World({ replicaLagUs: 1000 });
    world.on(1, TABLE);
    world.server.promote();
    expect(() => world.query(2, KEYS)).toThrow('42P01 relation "t" does not exist');
  });
});
