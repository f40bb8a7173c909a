/** Permits in a sorted set: each is a lease of its own, and when it is over the clients decide. */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { Fault } from '../../../src/fault.js';
import type { Run } from '../../../src/sim/simulate.js';
import { at, LATENCY_US, recordsOf, runScript, type Setting } from '../run.js';

const TTL_MS = 10_000;
const MS = 1_000;
const GIVEN_OUT = 'job:permits';

const take = (env: Environment, id: string, endsAtMs = TTL_MS) =>
  env.redis[0]!.call('ZADD', GIVEN_OUT, endsAtMs, id);
const takeOut = (env: Environment, id: string) => env.redis[0]!.call('ZREM', GIVEN_OUT, id);

type Code = (env: Environment, id: string, others: readonly string[]) => unknown;

/** A and B, each with an owner id; B begins at 100 ms. Each is told the ids given out before. */
function run(codes: readonly Code[], setting: Setting = {}): Promise<Run> {
  const ids: string[] = [];
  const script: Record<string, (env: Environment) => Promise<void>> = {};
  codes.forEach((code, client) => {
    script[`${'AB'[client]}1`] = async (env) => {
      const others = ids.slice();
      const id = env.ownerId();
      ids.push(id);
      await code(env, id, others);
    };
  });
  return runScript(script, { gapsUs: { B1: 100_000 }, declares: { permits: 2 }, ...setting });
}

function endsOf(made: Run) {
  const whose = new Map(recordsOf(made, 'lease').map(({ lease, host }) => [lease, host]));
  return recordsOf(made, 'lease-end').map(({ lease, cause, atUs, by }) => [
    whose.get(lease),
    cause,
    by?.host,
    atUs,
  ]);
}

const takes: Code = (env, id) => take(env, id);

test('R1 R18 a member that is an owner id is a lease, with the term asked for', async () => {
  const made = await run([takes, takes]);
  const [first, second] = recordsOf(made, 'lease');
  expect(first).toMatchObject({ server: 'r1', host: 'A', extends: false, termUs: TTL_MS * MS });
  expect(first).toMatchObject({ sentAtUs: 0, atUs: LATENCY_US });
  expect(second).toMatchObject({ host: 'B', extends: false, sentAtUs: 100_000 });
  expect(second!.key).not.toBe(first!.key);
  expect(recordsOf(made, 'acked')).toHaveLength(2);
});

test('R1 R18 the score is of the clients: it has no say in the term', async () => {
  const made = await run([(env, id) => take(env, id, 5)]);
  expect(recordsOf(made, 'lease')).toMatchObject([{ termUs: TTL_MS * MS }]);
});

test('R1 R18 the term is rounded down to the millisecond that the client reckons from', async () => {
  const made = await run([takes], { gapsUs: { A1: 700 } });
  expect(recordsOf(made, 'lease')).toMatchObject([{ sentAtUs: 700, termUs: TTL_MS * MS - 700 }]);
});

test('R18 a member that nobody was given as his id is no permit, nor is the counter', async () => {
  const made = await run([
    async (env) => {
      await take(env, 'somebody');
      await env.redis[0]!.call('SET', 'job', 2);
      await env.redis[0]!.call('DECRBY', 'job', 1);
    },
  ]);
  expect(recordsOf(made, 'lease')).toEqual([]);
});

test('R1 R18 nor is anything, where the lock declares no permits', async () => {
  expect(recordsOf(await run([takes], { declares: {} }), 'lease')).toEqual([]);
});

test('R1 R18 a permit is over when its term has passed since the send, whoever is late', async () => {
  const made = await run([takes, (env) => env.sleep(11_000)]);
  expect(endsOf(made)).toEqual([['A', 'expired', undefined, TTL_MS * MS]]);
});

test('R0 R18 a permit is given back, or taken out by another one before its end', async () => {
  const back = await run([
    async (env, id) => {
      await take(env, id);
      await takeOut(env, id);
    },
  ]);
  expect(endsOf(back).map(([, cause, by]) => [cause, by])).toEqual([['released', 'A']]);
  const taken = await run([takes, (env, _id, [a]) => takeOut(env, a!)]);
  expect(endsOf(taken).map(([whose, cause, by]) => [whose, cause, by])).toEqual([
    ['A', 'deleted', 'B'],
  ]);
});

test.each([
  // The request arrives 0.6 ms after it was sent; in all, 0.9 ms and 1 ms before the end.
  [TTL_MS - 1.5, 'expired'],
  [TTL_MS - 1.6, 'deleted'],
] as const)(
  'R1 R18 scores are whole milliseconds: taken out after %d ms it is %s',
  async (...told) => {
    const [afterMs, cause] = told;
    const made = await run([
      takes,
      async (env, _id, [a]) => {
        await env.sleep(afterMs - 100);
        await takeOut(env, a!);
      },
    ]);
    expect(endsOf(made).map(([whose, how]) => [whose, how])).toEqual([['A', cause]]);
  },
);

test('R1 R18 a permit with another end is extended, from the send of that', async () => {
  const made = await run([
    async (env, id) => {
      await take(env, id);
      await env.sleep(4_000);
      await take(env, id, 14_001);
    },
  ]);
  const [, again] = recordsOf(made, 'lease');
  // Sent 0.2 ms into a millisecond of the clock.
  const termUs = TTL_MS * MS - (again!.sentAtUs % MS);
  expect(again).toMatchObject({ extends: true, termUs });
  expect(again!.sentAtUs).toBeGreaterThan(4_000_000);
  expect(endsOf(made).map(([, cause, , atUs]) => [cause, atUs])).toEqual([
    ['expired', again!.sentAtUs + termUs],
  ]);
});

test('R18 what stands is not made anew when another member comes', async () => {
  const made = await run([takes, takes]);
  expect(recordsOf(made, 'lease').map(({ host }) => host)).toEqual(['A', 'B']);
});

const staying =
  (code: Code): Code =>
  async (env, id, others) => {
    await code(env, id, others);
    await env.sleep(1_000);
  };

test('R1 R18 a replica that takes over has the permits that it has heard of, to their ends', async () => {
  const failover: Fault = { id: 'f1', class: 'failover', at: at(500_000), host: 'r1', replica: 1 };
  const made = await run(
    [
      staying(async (env, id) => {
        await take(env, id);
        await env.sleep(200);
        await takeOut(env, id);
      }),
      staying(takes),
    ],
    { faults: [failover], replicaLagUs: [450_000] },
  );
  // It is 450 ms behind: A has its permit still, and B's is not there.
  expect(endsOf(made).map(([whose, cause, , atUs]) => [whose, cause, atUs])).toEqual([
    ['A', 'released', 201_800],
    ['B', 'lost', 500_000],
    ['A', 'expired', TTL_MS * MS],
  ]);
  const [, , back] = recordsOf(made, 'lease');
  expect(back).toMatchObject({ host: 'A', extends: true, termUs: TTL_MS * MS - 500_000 });
});

test('R1 R18 but none that is over', async () => {
  const late: Fault = { id: 'f1', class: 'failover', at: at(10_500_000), host: 'r1', replica: 1 };
  const made = await run(
    [
      takes,
      async (env, _id, [a]) => {
        await env.sleep(10_200);
        await takeOut(env, a!);
        await env.sleep(1_000);
      },
    ],
    { faults: [late], replicaLagUs: [450_000] },
  );
  expect(recordsOf(made, 'lease')).toHaveLength(1);
  expect(endsOf(made).map(([, cause]) => cause)).toEqual(['expired']);
});

test('R1 R18 a server that forgets loses them', async () => {
  const crash: Fault = {
    id: 'f1',
    class: 'server-crash',
    at: at(500_000),
    host: 'r1',
    restartAfterUs: 1_000,
  };
  const made = await run([staying(takes)], { faults: [crash], persistence: 'none' });
  expect(endsOf(made).map(([, cause]) => cause)).toEqual(['lost']);
});
