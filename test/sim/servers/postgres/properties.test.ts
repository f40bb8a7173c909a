/** What holds in every interleaving of sessions. */
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { World } from './world.js';

const SESSIONS = [1, 2, 3];

/** Plays scripts of sessions in an order of turns; a session that waits loses its turn. */
function play(
  world: World,
  scripts: ReadonlyMap<number, string[]>,
  turns: readonly number[],
): string[] {
  const waiting = new Set<number>();
  const said: string[] = [];
  const listen = () => {
    for (const session of SESSIONS) {
      for (const message of world.take(session)) {
        if (message.kind === 'ready') waiting.delete(session);
        said.push(`${session} ${JSON.stringify(message)}`);
      }
    }
  };
  const step = (session: number) => {
    const next = waiting.has(session) ? undefined : scripts.get(session)!.shift();
    if (next === undefined) return;
    waiting.add(session);
    world.server.execute(session, { text: next });
    listen();
  };
  for (const turn of turns) step(turn);
  for (let round = 0; round < 60; round++) {
    for (const session of SESSIONS) step(session);
    world.passMs(1000);
    listen();
  }
  return said;
}

const turns = fc.array(fc.constantFrom(...SESSIONS), { maxLength: 40 });

function counting(isolated: (add: number) => string[]): Map<number, string[]> {
  return new Map(SESSIONS.map((session) => [session, [1, 2, 3].flatMap(() => isolated(session))]));
}

function prepared(): World {
  const world = new World();
  world.connect(...SESSIONS);
  world.query(1, 'CREATE TABLE t (k text PRIMARY KEY, n int)');
  world.query(1, "INSERT INTO t VALUES ('a', 0)");
  return world;
}

const total = (world: World) => world.query(9, "SELECT n FROM t WHERE k = 'a'")[0]!['n'];

test.prop([turns])('updates in one statement are never lost', (order) => {
  const world = prepared();
  play(
    world,
    counting((add) => ['BEGIN', `UPDATE t SET n = n + ${add} WHERE k = 'a'`, 'COMMIT']),
    order,
  );
  expect(total(world)).toBe(18);
});

test.prop([turns])('an upsert makes one row, and counts every time', (order) => {
  const world = prepared();
  world.query(1, 'DELETE FROM t');
  const upsert = (add: number) =>
    `INSERT INTO t VALUES ('a', ${add}) ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n`;
  play(
    world,
    counting((add) => ['BEGIN', upsert(add), 'COMMIT']),
    order,
  );
  expect(total(world)).toBe(18);
});

test.prop([turns])('at most one session has an exclusive advisory lock', (order) => {
  const world = prepared();
  play(
    world,
    counting(() => ['SELECT pg_advisory_lock(1)', 'SELECT 1', 'SELECT pg_advisory_unlock(1)']),
    order,
  );
  let holder: number | undefined;
  for (const { session, end } of world.locks) {
    if (end === undefined) {
      expect(holder).toBeUndefined();
      holder = session;
    } else {
      expect(holder).toBe(session);
      holder = undefined;
    }
  }
  expect(world.locks).toHaveLength(18);
});

test.prop([turns])('rows in opposite orders: every session gets through or is told', (order) => {
  const world = prepared();
  world.query(1, "INSERT INTO t VALUES ('b', 0)");
  const scripts = counting((add) => {
    const [first, second] = add % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
    const update = (key: string) => `UPDATE t SET n = n + 1 WHERE k = '${key}'`;
    return ['BEGIN', update(first!), update(second!), 'COMMIT'];
  });
  const said = play(world, scripts, order);
  const commits = said.filter((line) => line.includes('"command":"COMMIT"')).length;
  const failed = said.filter((line) => line.includes('40P01')).length;
  expect(commits + failed).toBe(9);
  expect(world.query(9, 'SELECT n FROM t')).toEqual([{ n: commits }, { n: commits }]);
});

test.prop([turns])('what is said depends on nothing but what was asked', (order) => {
  const once = () => {
    const world = prepared();
    const script = (add: number) => [
      'BEGIN',
      `SELECT n FROM t FOR UPDATE`,
      `UPDATE t SET n = n + ${add} RETURNING now()`,
      'COMMIT',
    ];
    return play(world, counting(script), order);
  };
  expect(once()).toEqual(once());
});
