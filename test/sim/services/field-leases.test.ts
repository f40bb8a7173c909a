/** Leases in hash fields: whose they are, how long they last, what ends them (R1). */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { Fault } from '../../../src/fault.js';
import type { Run } from '../../../src/sim/simulate.js';
import { at, LATENCY_US, ROUND_TRIP_US, recordsOf, runScript, type Setting } from '../run.js';

const TTL_MS = 10_000;
/** A key lives through the millisecond of its expiry. */
const MS = 1_000;

const ENTER = `
  redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
  redis.call('PEXPIRE', KEYS[1], ARGV[2])`;
const LEAVE = `
  if redis.call('HINCRBY', KEYS[1], ARGV[1], -1) == 0 then redis.call('HDEL', KEYS[1], ARGV[1]) end
  if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end`;
/** Enters with a time-out of its own, as a reader of Redisson's does. */
const ENTER_UNTIL = `${ENTER}
  redis.call('SET', KEYS[2], 1, 'PX', ARGV[3])`;

const enter = (env: Environment, field: string, ttlMs = TTL_MS) =>
  env.redis[0]!.eval(ENTER, ['job'], [field, ttlMs]);
const enterUntil = (env: Environment, id: string, ownMs: number) =>
  env.redis[0]!.eval(ENTER_UNTIL, ['job', `job:${id}:1`], [id, TTL_MS, ownMs]);
const leave = (env: Environment, field: string) =>
  env.redis[0]!.eval(LEAVE, ['job'], [field, TTL_MS]);

type Code = (env: Environment, id: string) => unknown;

/** A and B, each with an owner id; B begins at 100 ms. */
function run(a: Code, b: Code | undefined, setting: Setting = {}): Promise<Run> {
  const withId = (code: Code) => async (env: Environment) => {
    await code(env, env.ownerId());
  };
  const script = b === undefined ? { A1: withId(a) } : { A1: withId(a), B1: withId(b) };
  return runScript(script, { gapsUs: { B1: 100_000 }, ...setting });
}

/** Each lease as it was made: whose, how long, and whether it was there. */
function leasesOf(made: Run) {
  return recordsOf(made, 'lease').map(({ owner, host, termUs, extends: extended }) => [
    owner?.host ?? `? by ${host}`,
    termUs === 'none' ? termUs : Number(termUs) / MS,
    extended,
  ]);
}

/** How leases ended, in order: whose, how, and by whom. */
function endsOf(made: Run) {
  const whose = new Map(recordsOf(made, 'lease').map(({ lease, host }) => [lease, host]));
  return recordsOf(made, 'lease-end').map(({ lease, cause, by }) => [
    whose.get(lease),
    cause,
    by?.host,
  ]);
}

test('R1 a field that is an owner id is a lease, with the term of the hash, from its send', async () => {
  const made = await run((env, id) => enter(env, id), undefined);
  const [lease] = recordsOf(made, 'lease');
  expect(lease).toMatchObject({ server: 'r1', host: 'A', operation: 'A1', extends: false });
  expect(lease).toMatchObject({ sentAtUs: 0, atUs: LATENCY_US, termUs: TTL_MS * MS });
  expect(recordsOf(made, 'acked')).toMatchObject([{ lease: lease!.lease, atUs: ROUND_TRIP_US }]);
});

test('R1 several fields are several leases: who enters or enters again touches its own', async () => {
  const made = await run(
    async (env, id) => {
      await enter(env, id);
      await env.sleep(1_000);
      await enter(env, id);
    },
    (env, id) => enter(env, id),
  );
  expect(leasesOf(made)).toEqual([
    ['A', TTL_MS, false],
    ['B', TTL_MS, false],
    ['A', TTL_MS, true],
  ]);
  const [first, other, again] = recordsOf(made, 'lease');
  expect(again!.key).toBe(first!.key);
  expect(other!.key).not.toBe(first!.key);
});

test('R1 an id with a mark behind it is the same owner, and its field a lease of its own', async () => {
  const made = await run(async (env, id) => {
    await enter(env, `${id}:write`);
    await enter(env, id);
  }, undefined);
  expect(leasesOf(made)).toEqual([
    ['A', TTL_MS, false],
    ['A', TTL_MS, false],
  ]);
});

test('R1 fields beside the holders are no leases; without holders the hash is one', async () => {
  const mode = async (env: Environment) => env.redis[0]!.call('HSET', 'job', 'mode', 'read');
  const beside = await run(async (env, id) => {
    await enter(env, id);
    await mode(env);
  }, undefined);
  expect(leasesOf(beside)).toEqual([['A', TTL_MS, false]]);
  const alone = await run(mode, undefined);
  expect(leasesOf(alone)).toEqual([['? by A', 'none', false]]);
});

test('R0 a field that goes is a lease that ends: given back, or taken from another', async () => {
  const byOwner = await run(
    async (env, id) => {
      await enter(env, id);
      await env.sleep(1_000);
      await leave(env, id);
    },
    (env, id) => enter(env, id),
  );
  expect(endsOf(byOwner).slice(0, 1)).toEqual([['A', 'released', 'A']]);
  const byOther = await run(
    (env, id) => enter(env, id),
    async (env, id) => {
      await enter(env, id);
      await env.redis[0]!.call('DEL', 'job');
    },
  );
  expect(endsOf(byOther)).toEqual([
    ['A', 'deleted', 'B'],
    ['B', 'released', 'B'],
  ]);
});

test('R1 R19 who leaves once of twice has its lease still', async () => {
  const made = await run(async (env, id) => {
    await enter(env, id);
    await enter(env, id);
    await leave(env, id);
    await env.sleep(1_000);
  }, undefined);
  expect(leasesOf(made).map(([, , extended]) => extended)).toEqual([false, true, true]);
  expect(endsOf(made).map(([, cause]) => cause)).toEqual(['expired']);
});

test('R1 with the hash all its leases expire', async () => {
  const made = await run(
    (env, id) => enter(env, id),
    (env, id) => enter(env, id, 5_000),
  );
  expect(endsOf(made)).toEqual([
    ['A', 'expired', undefined],
    ['B', 'expired', undefined],
  ]);
  // The later request says how long the hash lives: that of B, which arrives at 100.6 ms.
  const [first, second] = recordsOf(made, 'lease-end');
  expect([first!.atUs, second!.atUs]).toEqual([5_101 * MS, 5_101 * MS]);
});

test('R1 a key of its own beside the hash says what a holder asked for, and is no lease', async () => {
  const made = await run((env, id) => enterUntil(env, id, 2_000), undefined);
  expect(leasesOf(made)).toEqual([['A', 2_000, false]]);
});

test('R1 it ends the hold when it expires, though others keep the hash alive', async () => {
  const made = await run(
    (env, id) => enterUntil(env, id, 2_000),
    async (env, id) => {
      await enterUntil(env, id, 8_000);
      await env.sleep(4_000);
      await enterUntil(env, id, 8_000);
    },
  );
  expect(leasesOf(made)).toEqual([
    ['A', 2_000, false],
    ['B', 8_000, false],
    ['B', 8_000, true],
  ]);
  expect(endsOf(made).map(([whose, cause]) => [whose, cause])).toEqual([
    ['A', 'expired'],
    ['B', 'expired'],
  ]);
  const [first] = recordsOf(made, 'lease-end');
  expect(first!.atUs).toBe(2_001 * MS);
});

test('R1 a key of its own that is written apart from a hold has no say in it', async () => {
  const made = await run(async (env, id) => {
    await enter(env, id);
    const answer = "redis.call('SET', KEYS[1], ARGV[1], 'PX', 50)";
    await env.redis[0]!.eval(answer, [`job:${id}:answer`], [id]);
    await enter(env, id);
    await env.sleep(1_000);
  }, undefined);
  expect(leasesOf(made)).toEqual([
    ['A', TTL_MS, false],
    ['A', TTL_MS, true],
  ]);
  expect(recordsOf(made, 'lease-end').map(({ atUs }) => atUs > 1e6)).toEqual([true]);
});

test('R1 it ends the hold also when it was given more time meanwhile', async () => {
  const made = await run(
    async (env, id) => {
      await enterUntil(env, id, 2_000);
      await env.redis[0]!.call('PEXPIRE', `job:${id}:1`, 4_000);
    },
    (env, id) => enter(env, id),
  );
  const [first, second] = recordsOf(made, 'lease-end');
  expect(endsOf(made).map(([whose, cause]) => [whose, cause])).toEqual([
    ['A', 'expired'],
    ['B', 'expired'],
  ]);
  // Given at 1.2 ms, it arrived at 1.8 ms.
  expect(first!.atUs).toBe(4_002 * MS);
  expect(second!.atUs).toBeGreaterThan(10_000 * MS);
});

test('R1 R19 who leaves once of twice holds for as long as the hash, not as its time-out', async () => {
  const made = await run(async (env, id) => {
    await enter(env, id);
    await enter(env, id);
    const script = `${LEAVE} redis.call('SET', KEYS[2], 0, 'PX', 50)`;
    await env.redis[0]!.eval(script, ['job', `job:${id}:answer`], [id, TTL_MS]);
    await env.sleep(1_000);
  }, undefined);
  expect(leasesOf(made).at(-1)).toEqual(['A', TTL_MS, true]);
  expect(recordsOf(made, 'lease-end').map(({ atUs }) => atUs > 1e6)).toEqual([true]);
});

/** Enters, and stays until after the faults below. */
const stay: Code = async (env, id) => {
  await enter(env, id);
  await env.sleep(1_000);
};
const failover: Fault = { id: 'f1', class: 'failover', at: at(500_000), host: 'r1', replica: 1 };
const serverCrash: Fault = {
  id: 'f1',
  class: 'server-crash',
  at: at(500_000),
  host: 'r1',
  restartAfterUs: 1_000,
};

test('R1 a replica that lags takes over without the holders that it has not heard of', async () => {
  const made = await run(stay, stay, { faults: [failover], replicaLagUs: [450_000] });
  expect(endsOf(made).slice(0, 2)).toEqual([
    ['A', 'lost', undefined],
    ['B', 'lost', undefined],
  ]);
  // A's field had come to the replica before, and stands there for what was left of its term.
  const [, , back] = recordsOf(made, 'lease');
  expect(back).toMatchObject({ atUs: 500_000, host: 'A', extends: true });
  expect(back!.termUs).toBe((TTL_MS - 500) * MS);
  expect(recordsOf(made, 'lease')).toHaveLength(3);
});

test('R1 it brings back who had left', async () => {
  const setting = { faults: [failover], replicaLagUs: [450_000] };
  const made = await run(
    async (env, id) => {
      await enter(env, id);
      await env.sleep(200);
      await leave(env, id);
      await env.sleep(800);
    },
    undefined,
    setting,
  );
  expect(endsOf(made).map(([, cause]) => cause)).toEqual(['released', 'expired']);
  expect(leasesOf(made).map(([whose, , extended]) => [whose, extended])).toEqual([
    ['A', false],
    ['A', true],
  ]);
});

test('R1 who takes out a hold in the millisecond in which it expires has not deleted it', async () => {
  const setting = { gapsUs: { B1: 1_000_000 - LATENCY_US } };
  const made = await run(
    async (env, id) => {
      await enterUntil(env, id, 1_000);
      await env.sleep(2_000);
    },
    (env) => env.redis[0]!.call('DEL', 'job'),
    setting,
  );
  expect(endsOf(made)).toEqual([['A', 'expired', undefined]]);
});

test('R1 a hold that it brings back ends with its own key, which came back too', async () => {
  const leaving = `${LEAVE} redis.call('DEL', KEYS[2])`;
  const made = await run(
    async (env, id) => {
      await enterUntil(env, id, 1_000);
      await env.sleep(200);
      await env.redis[0]!.eval(leaving, ['job', `job:${id}:1`], [id, TTL_MS]);
      await env.sleep(2_000);
    },
    undefined,
    { faults: [failover], replicaLagUs: [450_000] },
  );
  expect(endsOf(made).map(([, cause]) => cause)).toEqual(['released', 'expired']);
  expect(recordsOf(made, 'lease-end').at(-1)!.atUs).toBeLessThan(1_100_000);
});

test.each([
  ['none', ['lost']],
  ['always', ['expired']],
] as const)('R1 a server that restarts with persistence %s: %j', async (persistence, causes) => {
  const made = await run(stay, undefined, { faults: [serverCrash], persistence });
  expect(endsOf(made).map(([, cause]) => cause)).toEqual(causes);
});

/** A hash with the owner id as a value, and something beside it. */
const enterAsValue = (env: Environment, id: string) =>
  env.redis[0]!.eval(
    `redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'since', 5)
    redis.call('PEXPIRE', KEYS[1], 1000)`,
    ['job'],
    [id],
  );

test('R0 a hash with an owner id as a value is a lease of that owner, and expires', async () => {
  const made = await run(enterAsValue, enterAsValue, { gapsUs: { B1: 2_000_000 } });
  expect(leasesOf(made)).toEqual([
    ['A', 1_000, false],
    ['B', 1_000, false],
  ]);
  expect(endsOf(made)).toEqual([
    ['A', 'expired', undefined],
    ['B', 'expired', undefined],
  ]);
});

test('R0 a hash that a server lost is a lease that ended, and lives again if it is back', async () => {
  const stays = async (env: Environment, id: string) => {
    await enterAsValue(env, id);
    await env.sleep(900);
  };
  const lost = await run(stays, undefined, { faults: [serverCrash], persistence: 'none' });
  expect(endsOf(lost)).toEqual([['A', 'lost', undefined]]);
  const back = await run(
    async (env, id) => {
      await enterAsValue(env, id);
      await env.sleep(200);
      await env.redis[0]!.call('DEL', 'job');
      await env.sleep(900);
    },
    undefined,
    { faults: [failover], replicaLagUs: [450_000] },
  );
  expect(endsOf(back).map(([, cause]) => cause)).toEqual(['released', 'expired']);
  expect(leasesOf(back).map(([whose, , extended]) => [whose, extended])).toEqual([
    ['A', false],
    ['A', true],
  ]);
});
