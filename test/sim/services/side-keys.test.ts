/** Keys beside the lock's own that name no owner: the lock itself, or notes and no leases (R1). */
import { expect, test } from 'vitest';
import type { Environment } from '../../../src/algorithms/environment.js';
import type { Run } from '../../../src/sim/simulate.js';
import { bareGrant, recordsOf, runScript, type Script, type Setting } from '../run.js';

const TTL_MS = 1_000;
const gapsUs = { B1: 100_000, B2: 2_000_000 };

const set = (env: Environment, key: string, value: string, ...more: (string | number)[]) =>
  env.redis[0]!.call('SET', key, value, ...more);
const own = (env: Environment, key = 'job') => set(env, key, env.ownerId(), 'NX', 'PX', TTL_MS);

function run(script: Script, setting: Setting = {}): Promise<Run> {
  return runScript(script, { gapsUs, ...setting });
}

/** The keys of all leases in the history, each once. */
async function keysOf(made: Promise<Run>): Promise<string[]> {
  const { history } = await made;
  return [...new Set(history.records.flatMap((one) => (one.type === 'lease' ? [one.key] : [])))];
}

test.each([
  ['lock:job', 'locked', ['lock:job']],
  ['{job}:lock', '1', ['{job}:lock']],
  ['job:a', 'A', ['job:a']],
])('R1 %s set to %j is a lease where nothing says more', async (key, value, leases) => {
  expect(await keysOf(run({ A1: (env) => set(env, key, value) }))).toEqual(leases);
});

test.each(['job', 'lock:job'])('R1 beside %s, which names an owner, it is a note', async (key) => {
  const made = run({
    A1: async (env) => {
      await own(env, key);
      await set(env, `last:job`, env.client);
      return bareGrant();
    },
    B1: (env) => set(env, 'last:job', env.client),
  });
  expect(await keysOf(made)).toEqual([key]);
  const { history } = await made;
  expect(recordsOf(await made, 'lease-end').map(({ cause }) => cause)).toEqual(['expired']);
  expect(history.unseen).toBeUndefined();
});

test('R1 a note that was written before the lease is left out of the history', async () => {
  const made = run({
    A1: async (env) => {
      await set(env, 'job:tried', env.client);
      await own(env);
    },
  });
  expect(await keysOf(made)).toEqual(['job']);
  const [lease] = recordsOf(await made, 'lease');
  const acked = (await made).history.records.filter(({ type }) => type === 'acked');
  expect(acked).toMatchObject([{ lease: lease!.lease }]);
});

test('R1 a name that only adds to that of a lease is a note, also with a term', async () => {
  const made = run({
    A1: async (env) => {
      await set(env, 'lock:job', String(env.random()), 'PX', TTL_MS);
      await set(env, 'lock:job:host', env.client, 'PX', TTL_MS);
    },
  });
  expect(await keysOf(made)).toEqual(['lock:job']);
});

test('R1 a value with an owner id in it is a lease beside another one', async () => {
  const made = run({
    A1: async (env) => {
      await own(env);
      await set(env, 'job:2', JSON.stringify({ by: env.ownerId() }), 'PX', TTL_MS);
    },
  });
  expect(await keysOf(made)).toEqual(['job', 'job:2']);
});

test('R1 a key of another operation with a term is a lease: a reader may have no owner id', async () => {
  const made = run({
    A1: (env) => own(env),
    B1: (env) => set(env, 'job:reader:B', '1', 'PX', TTL_MS),
  });
  expect(await keysOf(made)).toEqual(['job', 'job:reader:B']);
});

test('R1 a hash of notes is none either', async () => {
  const made = run({
    A1: async (env) => {
      await own(env);
      await env.redis[0]!.call('HSET', 'job:stats', 'last', env.client);
    },
  });
  expect(await keysOf(made)).toEqual(['job']);
});

test('R0 another acquire that sets the TTL alone extends a lease, and overwrites none', async () => {
  const made = await run({
    A1: (env) => env.redis[0]!.call('SETNX', 'job', String(env.random())),
    B1: (env) => env.redis[0]!.call('PEXPIRE', 'job', TTL_MS),
  });
  expect(recordsOf(made, 'lease')).toMatchObject([
    { host: 'A', extends: false },
    { host: 'B', owner: { host: 'A' }, extends: true },
  ]);
  expect(recordsOf(made, 'lease-end').map(({ cause }) => cause)).toEqual(['expired']);
});

test('R0 another acquire that writes the same value again takes the lease over', async () => {
  const made = await run({
    A1: (env) => set(env, 'job', 'locked', 'PX', TTL_MS),
    B1: (env) => set(env, 'job', 'locked', 'PX', TTL_MS),
  });
  expect(recordsOf(made, 'lease-end').map(({ cause }) => cause)).toEqual([
    'overwritten',
    'expired',
  ]);
});
