/** Scenarios that somebody wrote: completed for the lock that runs them, or refused. */
import { describe, expect, test } from 'vitest';
import type { LockAlgorithm } from '../../src/algorithms/lock.js';
import { OptionError } from '../../src/algorithms/options.js';
import redlock from '../../src/algorithms/redlock.js';
import setNx from '../../src/algorithms/set-nx.js';
import type { Scenario } from '../../src/scenario.js';
import { planOfScenario, resolvePlan } from '../../src/search/plan.js';
import { resolveScenario } from '../../src/search/resolve-scenario.js';
import { drawn, planFor } from '../sim/runs.js';

const { scenario } = drawn(planFor(setNx, { faultClasses: ['pause'] }), 0);

describe('an option that neither the lock nor the campaign has', () => {
  const { options: _, ...rest } = setNx;
  const plain = { ...rest, name: 'plain', options: {} };
  const ask = (lock: LockAlgorithm, name: string) =>
    resolvePlan(lock, { workload: 'critical-section', set: { [name]: 1 } });
  const ofCampaign = 'sectionMs, operations, faultsMax, driftPpm, persistence';

  test.each([
    [setNx, 'foo', `it takes ${Object.keys(setNx.options).join(', ')}; every campaign takes `],
    [plain, 'foo', 'it takes none; every campaign takes '],
  ])('is answered with all there are', (lock, name, sentence) => {
    const all = `${lock.name}: there is no option ${name}; ${sentence}${ofCampaign}`;
    expect(() => ask(lock, name)).toThrow(new OptionError(all, name));
  });

  test.each([
    [plain, 'sectionsMs', 'sectionMs'],
    [setNx, 'sectionsMs', 'sectionMs'],
    [setNx, 'callTimeoutMS', 'callTimeoutMs'],
  ])('is answered with the nearest of all', (lock, name, near) => {
    expect(() => ask(lock, name)).toThrow(`there is no option ${name}; did you mean ${near}?`);
  });

  test('is not listed twice if both have it', () => {
    const own = { persistence: { kind: 'boolean', default: true, doc: 'its own' } } as const;
    const sentence =
      'it takes persistence; every campaign takes sectionMs, operations, faultsMax, ';
    expect(() => ask({ ...plain, options: own }, 'foo')).toThrow(`${sentence}driftPpm`);
  });
});

describe('a scenario for a lock', () => {
  test('gets the defaults of what it leaves out, and the name of the lock that runs it', () => {
    const bare = { ...scenario, algorithm: 'another', options: { callTimeoutMs: 400 } };
    const { options, ...rest } = resolveScenario(setNx, bare, 'careless');
    expect(options).toEqual({ ...scenario.options, callTimeoutMs: 400 });
    expect(rest).toMatchObject({ algorithm: 'set-nx', workload: 'careless' });
  });

  test('that is complete stays as it is', () => {
    expect(resolveScenario(setNx, scenario, scenario.workload)).toEqual(scenario);
  });

  const WRONG: readonly (readonly [what: string, more: Partial<Scenario>, sentence: string])[] = [
    ['an option that there is not', { options: { foo: 1 } }, 'set-nx: there is no option foo'],
    ['no server', { servers: [] }, 'set-nx takes 1 × redis; the scenario has none'],
    ['no client', { clients: [] }, 'the scenario has no clients'],
  ];
  test.each(WRONG)('is refused with %s', (_what, more, sentence) => {
    const resolve = () => resolveScenario(setNx, { ...scenario, ...more }, scenario.workload);
    expect(resolve).toThrow(sentence);
  });

  test('has as many servers as its own options say', () => {
    const five = drawn(planFor(redlock), 0).scenario;
    const three = { ...five, options: { ...five.options, servers: 3 } };
    expect(() => resolveScenario(redlock, three, five.workload)).toThrow(
      'redlock takes 3 × redis; the scenario has 5 × redis',
    );
    const servers = five.servers.slice(0, 3);
    expect(resolveScenario(redlock, { ...three, servers }, five.workload).servers).toBe(servers);
  });

  test('is what its configuration says', () => {
    const plan = planOfScenario({ ...scenario, ttlMs: 3_000, faults: [] });
    expect(plan).toMatchObject({ ttlMs: 3_000, faultClasses: [], faultsMax: 0 });
  });
});
