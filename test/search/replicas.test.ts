/** Replicas of a Redis that a lock declares: drawn, shown, asked of a scenario, kept in a code. */
import { describe, expect, test } from 'vitest';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import setNx from '../../src/algorithms/set-nx.js';
import setNxReplicated from '../../src/algorithms/set-nx-replicated.js';
import { listAll } from '../../src/host/list.js';
import { runKey } from '../../src/random.js';
import type { Options, Scenario } from '../../src/scenario.js';
import { generate } from '../../src/search/generate.js';
import { describePlan, planOfScenario, resolvePlan } from '../../src/search/plan.js';
import { decodeReplay, encodeReplay } from '../../src/search/replay-code.js';
import { resolveScenario } from '../../src/search/resolve-scenario.js';
import { seedKey } from '../../src/seed-key.js';
import { SeededDecisions } from '../../src/sim/decisions.js';

const RUNS = 400;
const WORKLOAD = 'critical-section';
const twice: LockAlgorithm = { ...setNx, replicas: 2 };

const planned = (lock: LockAlgorithm, set: Options = {}) =>
  resolvePlan(lock, { workload: WORKLOAD, set });

function drawn(lock: LockAlgorithm): Scenario[] {
  const plan = planned(lock);
  return Array.from({ length: RUNS }, (_, run) =>
    generate(plan, new SeededDecisions(runKey(seedKey('16'), run))),
  );
}

const one = drawn(setNx);
const two = drawn(twice);

const promotedIn = (scenarios: readonly Scenario[]) =>
  scenarios.flatMap(({ faults }) =>
    faults.flatMap((fault) => (fault.class === 'failover' ? [fault.replica] : [])),
  );

describe('R16 of a lock that declares two', () => {
  test('R16 each replica has a lag of its own, and either is promoted', () => {
    const seconds = two.map(({ servers }) => servers[0]!.replicaLagUs[1]!);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(1_000_000);
    expect(Math.max(...seconds)).toBeGreaterThan(950_000);
    expect(Math.min(...seconds)).toBeLessThan(50_000);
    expect(two.every(({ servers: [r1] }) => r1!.replicaLagUs[0] !== r1!.replicaLagUs[1])).toBe(
      true,
    );
    const promoted = promotedIn(two);
    const share = promoted.filter((replica) => replica === 2).length / promoted.length;
    expect(promoted.length).toBeGreaterThan(50);
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.7);
  });

  test('R6 R16 nothing else is drawn otherwise', () => {
    const withOne = two.map((scenario) => ({
      ...scenario,
      servers: scenario.servers.map((server) => ({
        ...server,
        replicaLagUs: server.replicaLagUs.slice(0, 1),
      })),
      faults: scenario.faults.map((fault) =>
        fault.class === 'failover' ? { ...fault, replica: 1 } : fault,
      ),
    }));
    expect(withOne).toEqual(one);
  });
});

test('R16 of a lock that declares nothing each Redis has one', () => {
  expect(one.every(({ servers: [r1] }) => r1!.replicaLagUs.length === 1)).toBe(true);
  expect(new Set(promotedIn(one))).toEqual(new Set([1]));
});

test('R16 other services have what they had', () => {
  const plan = { ...planned(twice), servers: ['z1', 'p1'] };
  const { servers } = generate(plan, new SeededDecisions(seedKey('16')));
  expect(servers.map(({ replicaLagUs }) => replicaLagUs.length)).toEqual([1, 1]);
});

test('an option may say how many; the configuration does where it is not one', () => {
  const shown = (lock: LockAlgorithm, set: Options = {}) =>
    describePlan(lock, planned(lock, set), { seed: 1, runs: 1, strict: false }).replicas;
  expect(shown(setNx)).toBeUndefined();
  expect(shown(setNxReplicated)).toBeUndefined();
  expect(shown(setNxReplicated, { replicas: 2 })).toBe(2);
  expect(shown(twice)).toBe(2);
  expect(() => planned(setNxReplicated, { replicas: 3 })).toThrow(
    'set-nx-replicated: option replicas is 3; it takes a whole number from 1 to 2',
  );
});

test('the list of locks says it of those that declare it', () => {
  const { locks } = listAll();
  const declared = locks.filter(({ replicas }) => replicas !== undefined);
  expect(declared.map(({ name, replicas }) => [name, replicas])).toEqual([
    ['set-nx-replicated', 'replicas'],
    ['redisson-lock-7', 2],
  ]);
});

describe('a scenario', () => {
  const resolve = (lock: LockAlgorithm, scenario: Scenario) =>
    resolveScenario(lock, scenario, WORKLOAD);

  test('has as many replicas as the lock declares, or more', () => {
    expect(() => resolve(twice, one[0]!)).toThrow(
      'set-nx takes 2 replicas of each Redis server; in the scenario r1 has 1',
    );
    expect(resolve(twice, two[0]!)).toEqual(two[0]);
    const { options } = planned(setNxReplicated);
    expect(resolve(setNxReplicated, { ...two[0]!, options }).servers).toEqual(two[0]!.servers);
    const both = { ...options, replicas: 2 };
    expect(() => resolve(setNxReplicated, { ...one[0]!, options: both })).toThrow('r1 has 1');
  });

  test('is what its configuration says', () => {
    expect(planOfScenario(two[0]!).replicas).toBe(2);
    expect(planOfScenario(one[0]!).replicas).toBeUndefined();
  });

  test('keeps its replicas in a replay code', () => {
    const asIs = { deflate: (bytes: Uint8Array) => bytes, inflate: (bytes: Uint8Array) => bytes };
    const scenario = two.find((drawn) => promotedIn([drawn]).includes(2))!;
    const code = encodeReplay({ scenario, key: [1, 2, 3, 4], digest: 'd' }, asIs);
    expect(decodeReplay(code, asIs).scenario).toEqual(scenario);
  });
});
