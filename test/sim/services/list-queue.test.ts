/** Queues that are lists of owner ids: how a place is taken, and each way in which it ends. */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { Fault } from '../../../src/fault.js';
import type { Run } from '../../../src/sim/simulate.js';
import { at, LATENCY_US, recordsOf, runScript, type Setting } from '../run.js';

const QUEUE = 'queue:job';
const JOIN = "redis.call('RPUSH', KEYS[1], ARGV[1])";
const GIVE_UP = "redis.call('LREM', KEYS[1], 0, ARGV[1])";
const DROP_FIRST = "redis.call('LPOP', KEYS[1])";
const ENTER = `
  redis.call('HSET', KEYS[2], ARGV[1], 1)
  redis.call('PEXPIRE', KEYS[2], 10000)`;
const EMPTY = "redis.call('DEL', KEYS[1])";

/** Runs these scripts as one request, with the owner id as its argument. */
const ask = (env: Environment, id: string, ...scripts: readonly string[]) =>
  env.redis[0]!.eval(scripts.join('\n'), [QUEUE, 'job'], [id]);

type Code = (env: Environment, id: string) => unknown;

/** A, B and C, one after the other, each with an owner id; B begins at 100 ms, C at 200 ms. */
function run(codes: readonly Code[], setting: Setting = {}): Promise<Run> {
  const script: Record<string, (env: Environment) => Promise<void>> = {};
  codes.forEach((code, client) => {
    script[`${'ABC'[client]}1`] = async (env) => {
      await code(env, env.ownerId());
    };
  });
  const gapsUs = { B1: 100_000, C1: 200_000 };
  return runScript(script, { gapsUs, declares: { fairness: 'enqueue-order' }, ...setting });
}

/** What happened to places, in order: whose, and `enqueued` or how it ended. */
function placesOf(made: Run): string[] {
  return made.history.records.flatMap((record) => {
    if (record.type === 'enqueued') return [`${record.host} enqueued`];
    return record.type === 'dequeued' ? [`${record.host} ${record.cause}`] : [];
  });
}

const joins: Code = (env, id) => ask(env, id, JOIN);

test('R20 an owner id that is pushed to a list is a place in the queue of that name', async () => {
  const made = await run([joins, joins]);
  expect(recordsOf(made, 'enqueued')).toMatchObject([
    { key: QUEUE, server: 'r1', host: 'A', incarnation: 1, operation: 'A1', atUs: LATENCY_US },
    { key: QUEUE, server: 'r1', host: 'B', operation: 'B1', atUs: 100_000 + LATENCY_US },
  ]);
  expect(recordsOf(made, 'lease')).toEqual([]);
});

test('R20 a text that nobody was given as his id is no place', async () => {
  const made = await run([(env) => env.redis[0]!.call('RPUSH', QUEUE, 'somebody')]);
  expect(placesOf(made)).toEqual([]);
});

test('R20 nor is anything, where the lock promises no order', async () => {
  expect(placesOf(await run([joins], { declares: {} }))).toEqual([]);
});

test('R20 a place is granted by the request that takes it out and enters the lock', async () => {
  const made = await run([
    async (env, id) => {
      await joins(env, id);
      await ask(env, id, DROP_FIRST, ENTER);
    },
  ]);
  expect(placesOf(made)).toEqual(['A enqueued', 'A granted']);
});

test('R20 who takes his own out without entering has left', async () => {
  const made = await run([
    async (env, id) => {
      await joins(env, id);
      await ask(env, id, GIVE_UP);
    },
  ]);
  expect(placesOf(made)).toEqual(['A enqueued', 'A left']);
});

test('R20 whom another one takes out has timed out', async () => {
  const made = await run([joins, (env, id) => ask(env, id, DROP_FIRST)]);
  expect(placesOf(made)).toEqual(['A enqueued', 'A expired']);
});

test('R20 who had to go so that another one enters has gone before', async () => {
  const made = await run([
    joins,
    async (env, id) => {
      await joins(env, id);
      await ask(env, id, DROP_FIRST, DROP_FIRST, ENTER);
    },
  ]);
  expect(placesOf(made)).toEqual(['A enqueued', 'B enqueued', 'A expired', 'B granted']);
});

test('R20 who is taken out and comes in again at the end was late', async () => {
  const made = await run([
    async (env, id) => {
      await joins(env, id);
      await env.sleep(300);
      await ask(env, id, DROP_FIRST, JOIN);
    },
    joins,
  ]);
  expect(placesOf(made)).toEqual(['A enqueued', 'B enqueued', 'A expired', 'A enqueued']);
});

test('R20 who is asked for again keeps the place, and has it once', async () => {
  const made = await run([
    async (env, id) => {
      await joins(env, id);
      await joins(env, id);
    },
  ]);
  expect(placesOf(made)).toEqual(['A enqueued']);
});

test('R20 a list that is deleted ends all places', async () => {
  const made = await run([joins, joins, (env, id) => ask(env, id, EMPTY)]);
  expect(placesOf(made)).toEqual(['A enqueued', 'B enqueued', 'A expired', 'B expired']);
});

test('R20 queues of two names are two', async () => {
  const made = await run([
    async (env, id) => {
      await joins(env, id);
      await env.redis[0]!.eval(JOIN, ['other:job'], [id]);
      await ask(env, id, GIVE_UP);
    },
  ]);
  expect(recordsOf(made, 'enqueued').map(({ key }) => key)).toEqual([QUEUE, 'other:job']);
  expect(recordsOf(made, 'dequeued').map(({ key }) => key)).toEqual([QUEUE]);
});

const staying =
  (code: Code): Code =>
  async (env, id) => {
    await code(env, id);
    await env.sleep(1_000);
  };

test('R20 a replica that takes over has the places that it has heard of, in their order', async () => {
  const failover: Fault = { id: 'f1', class: 'failover', at: at(500_000), host: 'r1', replica: 1 };
  // The replica is 350 ms behind: A and B stand there, and A has not been granted.
  const made = await run(
    [
      staying(async (env, id) => {
        await joins(env, id);
        await env.sleep(300);
        await ask(env, id, DROP_FIRST, ENTER);
      }),
      staying(joins),
      staying(joins),
    ],
    { faults: [failover], replicaLagUs: [350_000] },
  );
  expect(placesOf(made)).toEqual([
    'A enqueued',
    'B enqueued',
    'C enqueued',
    'A granted',
    'B removed',
    'C removed',
    'A enqueued',
    'B enqueued',
  ]);
});

test('R20 a server that forgets has no places any more', async () => {
  const crash: Fault = {
    id: 'f1',
    class: 'server-crash',
    at: at(500_000),
    host: 'r1',
    restartAfterUs: 1_000,
  };
  const made = await run([staying(joins)], { faults: [crash], persistence: 'none' });
  expect(placesOf(made)).toEqual(['A enqueued', 'A removed']);
});
