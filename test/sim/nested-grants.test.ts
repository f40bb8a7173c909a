/** A client that acquires again what it holds: what is asked of the lock, and recorded (R19). */
import { describe, expect, test } from 'vitest';
import { type AcquireOptions, defineLock, type Grant } from '../../src/algorithms/lock.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { findMalformation } from '../../src/checkers/well-formed.js';
import type { Declarations } from '../../src/history.js';
import type { OperationPlan } from '../../src/scenario.js';
import { defineWorkload, type WorkloadClient } from '../../src/workloads/workload.js';
import { recordsOf, runLock, scenarioOf } from './run.js';

/** Runs one operation of one client with a lock that grants whatever it is asked. */
async function run(
  declares: Declarations,
  plan: Partial<OperationPlan>,
  operation: (client: WorkloadClient) => Promise<void>,
) {
  const asked: AcquireOptions[] = [];
  const granted: Grant[] = [];
  const algorithm = defineLock({
    name: 'generous',
    summary: 'Grants whatever it is asked.',
    source: 'test/sim/nested-grants.test.ts',
    services: { redis: 1 },
    options: {},
    claims: {},
    declares,
    create: ({ client }) => ({
      acquire: async (_key, options) => {
        if (client === 'P') return { granted: false, reason: 'probe' };
        asked.push(options);
        const grant = { granted: true, release: async () => true } as const;
        granted.push(grant);
        return grant;
      },
    }),
  });
  const workload = defineWorkload({ name: 'one', summary: 'One operation.', operation });
  const plain = scenarioOf({ A1: () => {} });
  const [client] = plain.clients;
  const operations = [{ ...client!.operations[0]!, ...plan }];
  const result = await runLock(algorithm, workload, {
    ...plain,
    clients: [{ ...client!, operations }],
  });
  return { asked, granted, result };
}

/** Holds, and inside it holds again. */
const twice = async (client: WorkloadClient) => {
  const outer = await client.acquire();
  if (!outer.granted) return;
  await client.hold(outer, async (section) => {
    section.enter();
    const inner = await client.acquire('shared');
    if (!inner.granted) return false;
    await client.hold(inner, async (inside) => {
      inside.enter();
      inside.step();
      return true;
    });
    section.step();
    return true;
  });
};

describe('R19 a nested acquire', () => {
  test('R19 brings the grant that it is nested in, and its own mode', async () => {
    const { asked, granted } = await run({ reentrant: true, readWrite: true }, {}, twice);
    expect(asked).toHaveLength(2);
    expect(asked[0]).toEqual({ ttlMs: 10_000, waitMs: 20_000, mode: 'exclusive' });
    expect(asked[1]).toMatchObject({ ttlMs: 10_000, waitMs: 20_000, mode: 'shared' });
    expect(asked[1]!.holder).toBe(granted[0]);
  });

  test('R19 is recorded as nested, and is part of the grant around it', async () => {
    const { result } = await run({ reentrant: true, readWrite: true }, {}, twice);
    const { history } = result;
    expect(findMalformation(history)).toBeUndefined();
    const invoked = recordsOf(result, 'invoke').filter(({ client }) => client === 'A');
    expect(invoked.map(({ call, action, grant, mode }) => [call, action, grant, mode])).toEqual([
      [1, 'acquire', undefined, 'exclusive'],
      [2, 'acquire', 1, 'shared'],
      [3, 'release', 2, 'shared'],
      [4, 'release', 1, 'exclusive'],
    ]);
    expect(recordsOf(result, 'enter').map(({ grant, mode }) => [grant, mode])).toEqual([
      [1, 'exclusive'],
      [2, 'shared'],
    ]);
    const [grant] = indexHistory(history).grants;
    expect(grant!.acts).toHaveLength(6);
  });

  test('R19 is refused by name to a lock that does not declare it', async () => {
    const { asked, result } = await run({}, {}, twice);
    expect(asked).toHaveLength(1);
    expect(result.findings[0]?.message).toContain('which is not declared reentrant');
  });

  test('R19 is held inside the section around it', async () => {
    const { result } = await run({ reentrant: true }, {}, async (client) => {
      const outer = await client.acquire();
      if (!outer.granted) return;
      await client.hold(outer, async () => {
        const inner = await client.acquire();
        if (!inner.granted) return false;
        await client.hold(inner, async (inside) => {
          inside.enter();
          return true;
        });
        return true;
      });
    });
    expect(result.findings[0]?.message).toContain('inside the one that it is nested in');
  });

  test('R19 is given back before the one around it', async () => {
    const { result } = await run({ reentrant: true }, {}, async (client) => {
      const outer = await client.acquire();
      if (!outer.granted) return;
      await client.acquire();
      await client.hold(outer, async () => true);
    });
    expect(result.findings[0]?.message).toContain('this is not the grant of the last acquire');
  });
});

test('R17 an operation is invoked, entered and asked for in its mode', async () => {
  const { asked, result } = await run({ readWrite: true }, { mode: 'shared' }, async (client) => {
    expect(client.sharesToo).toBe(true);
    const grant = await client.acquire();
    if (!grant.granted) return;
    await client.hold(grant, async (section) => {
      section.enter();
      return true;
    });
  });
  expect(asked[0]?.mode).toBe('shared');
  const ofA = (type: 'invoke' | 'enter') =>
    recordsOf(result, type).filter(({ client }) => client === 'A');
  expect([...ofA('invoke'), ...ofA('enter')].map(({ mode }) => mode)).toEqual([
    'shared',
    'shared',
    'shared',
  ]);
});
