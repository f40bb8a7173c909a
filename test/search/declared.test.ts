/** What is drawn, run and accepted only of a lock that declares it: modes, nested acquires. */
import { describe, expect, test } from 'vitest';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import type { Declarations } from '../../src/history.js';
import { runKey } from '../../src/random.js';
import type { OperationPlan, Scenario } from '../../src/scenario.js';
import { generate } from '../../src/search/generate.js';
import { describePlan, resolvePlan } from '../../src/search/plan.js';
import { decodeReplay, encodeReplay } from '../../src/search/replay-code.js';
import { resolveScenario } from '../../src/search/resolve-scenario.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';

const RUNS = 200;
const request = { workload: 'critical-section', set: {} };

const declaring = (declares: Declarations): LockAlgorithm => ({ ...setNx, declares });

function drawn(algorithm: LockAlgorithm): { scenarios: Scenario[]; operations: OperationPlan[] } {
  const plan = resolvePlan(algorithm, request);
  const scenarios = Array.from({ length: RUNS }, (_, run) =>
    generate(plan, new SeededDecisions(runKey(seedKey('17'), run))),
  );
  const operations = scenarios.flatMap(({ clients }) => clients.flatMap((one) => one.operations));
  return { scenarios, operations };
}

/** The scenarios as they were drawn before there were modes. */
function plainly(scenarios: readonly Scenario[]): Scenario[] {
  const plain = { mode: 'exclusive', nested: false } as const;
  return scenarios.map((scenario) => ({
    ...scenario,
    clients: scenario.clients.map(({ id, operations }) => ({
      id,
      operations: operations.map((operation) => ({ ...operation, ...plain })),
    })),
  }));
}

const undeclared = drawn(setNx);

test('R17 R19 of a lock that declares nothing, all is exclusive and nothing nested', () => {
  expect(undeclared.scenarios).toEqual(plainly(undeclared.scenarios));
});

test.each([
  ['R17 readWrite', { readWrite: true }, ({ mode }: OperationPlan) => mode === 'shared'],
  ['R19 reentrant', { reentrant: true }, ({ nested }: OperationPlan) => nested],
] as const)(
  '%s: half of the operations are so, and nothing else changes',
  (_name, declares, is) => {
    const { scenarios, operations } = drawn(declaring(declares));
    const share = operations.filter(is).length / operations.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
    expect(plainly(scenarios)).toEqual(undeclared.scenarios);
  },
);

test('R18 of a lock with permits, one client at least has to wait', () => {
  const clientsOf = (permits: number) => {
    const { scenarios } = drawn(declaring({ permits }));
    return [...new Set(scenarios.map(({ clients }) => clients.length))].sort((a, b) => a - b);
  };
  expect([1, 2, 5, 40].map(clientsOf)).toEqual([
    [2, 3],
    [3, 4],
    [6, 7],
    [11, 12],
  ]);
  const lock = declaring({ permits: 5 });
  const more = { seed: 1, runs: 1, strict: false };
  expect(describePlan(lock, resolvePlan(lock, request), more).clients).toBe('6–7');
});

describe('a scenario', () => {
  const [scenario] = undeclared.scenarios;
  const withFirst = (change: Partial<OperationPlan>): Scenario => {
    const [first, ...others] = scenario!.clients;
    const [operation, ...rest] = first!.operations;
    const operations = [{ ...operation!, ...change }, ...rest];
    return { ...scenario!, clients: [{ ...first!, operations }, ...others] };
  };
  const shared = withFirst({ mode: 'shared' });
  const nested = withFirst({ nested: true });

  test('R17 R19 that asks for more than the lock declares is refused', () => {
    const resolve = (lock: LockAlgorithm, wanted: Scenario) =>
      resolveScenario(lock, wanted, 'critical-section');
    expect(() => resolve(setNx, shared)).toThrow('A1 is shared, and set-nx does not declare');
    expect(() => resolve(setNx, nested)).toThrow('A1 is nested, and set-nx does not declare');
    expect(resolve(declaring({ readWrite: true }), shared).clients).toEqual(shared.clients);
    expect(resolve(declaring({ reentrant: true }), nested).clients).toEqual(nested.clients);
  });

  test('keeps its modes in a replay code, and says nothing of plain ones', () => {
    const asIs = { deflate: (bytes: Uint8Array) => bytes, inflate: (bytes: Uint8Array) => bytes };
    const encode = (wanted: Scenario) =>
      encodeReplay({ scenario: wanted, key: [1, 2, 3, 4], digest: 'd' }, asIs);
    for (const wanted of [scenario!, shared, nested]) {
      expect(decodeReplay(encode(wanted), asIs).scenario).toEqual(wanted);
    }
    expect(encode(nested).length).toBeGreaterThan(encode(scenario!).length);
    const written = atob(encode(scenario!).slice(10).replaceAll('-', '+').replaceAll('_', '/'));
    expect(written).toContain('"renew"');
    expect(written).not.toMatch(/"mode":"exclusive"|"nested"/);
  });
});
