/** Every pitfall shows what it warns of, whatever the seed, and its remedy does not. */
import { describe, expect, test } from 'vitest';
import { findLock } from '../src/algorithms/index.js';
import { CHECKERS } from '../src/checkers/index.js';
import { findSubject } from '../src/host/session.js';
import { pitfalls, scenarioNamed, scenarioNames } from '../src/pitfalls/index.js';
import type { Symptom } from '../src/pitfalls/pitfall.js';
import { runKey } from '../src/random.js';
import type { Scenario } from '../src/scenario.js';
import type { ObservedRun } from '../src/search/port.js';
import { resolveScenario } from '../src/search/resolve-scenario.js';
import { seedKey } from '../src/seed-key.js';
import { SeededDecisions } from '../src/sim/decisions.js';
import { portFor } from './search/port.js';

const SEEDS = ['1', '2', '3', '4', '5'];

/** The run that `holdfast run --scenario … --seed …` makes. */
async function ran(scenario: Scenario, seed: string): Promise<ObservedRun> {
  const lock = { name: scenario.algorithm };
  const { algorithm, workload } = await findSubject(lock, scenario.workload);
  const resolved = resolveScenario(algorithm, scenario, workload.name);
  const port = portFor(algorithm, { workload, checkers: CHECKERS });
  return port.check(resolved, new SeededDecisions(runKey(seedKey(seed), 0)));
}

function shows({ properties, run }: ObservedRun, symptom: Symptom): boolean {
  if ('refuses' in symptom) {
    const ends = run.history.records.filter(
      (record) => 'action' in record && 'call' in record && record.type !== 'invoke',
    );
    return ends.some(
      (end) => 'reason' in end && end.operation === symptom.refuses && end.type === 'fail',
    );
  }
  return properties.some(
    ({ property, verdict, class: found }) =>
      property === symptom.breaks &&
      verdict === 'invalid' &&
      (symptom.class === undefined || found === symptom.class),
  );
}

describe.each(pitfalls)('$name', ({ name, shows: symptom, scenario }) => {
  test.each(SEEDS)('shows what it warns of (seed %s)', async (seed) => {
    const observed = await ran(scenario, seed);
    expect(observed.run.history.limit).toBeUndefined();
    expect(shows(observed, symptom)).toBe(true);
  });

  test.each(SEEDS)('does not with its remedy (seed %s)', async (seed) => {
    const observed = await ran(scenarioNamed(`${name}-mended`)!, seed);
    expect(shows(observed, symptom)).toBe(false);
    expect(observed.findings).toEqual([]);
    const granted = observed.run.history.records.filter(
      (record) => record.type === 'ok' && record.action === 'acquire',
    );
    // A, B, and the probe.
    expect(granted).toHaveLength(3);
  });
});

test('pitfalls have names of their own, and name locks that there are', () => {
  expect(new Set(scenarioNames()).size).toBe(2 * pitfalls.length);
  for (const { scenario } of pitfalls) expect(findLock(scenario.algorithm)).toBeDefined();
});

test('no other name is a scenario', () => {
  expect(scenarioNamed('mended')).toBeUndefined();
  expect(scenarioNamed('clock-skew-mended-mended')).toBeUndefined();
});
