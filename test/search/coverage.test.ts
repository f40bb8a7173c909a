/** Goals of a campaign: counted over all of it (R13). */
import { describe, expect, test } from 'vitest';
import { nothingReached, type Reached } from '../../src/checkers/reached.js';
import type { FaultClass } from '../../src/fault.js';
import { Coverage } from '../../src/search/coverage.js';

function reached(goals: Partial<Reached>, touched: readonly FaultClass[] = []): Reached {
  const none = nothingReached();
  const marks = Object.fromEntries(touched.map((name) => [name, 1]));
  return { ...none, ...goals, touched: { ...none.touched, ...marks } };
}

function coverageOf(runs: readonly Reached[], classes: readonly FaultClass[]) {
  const coverage = new Coverage(classes);
  for (const run of runs) coverage.add(run, []);
  return new Map(coverage.report().map(({ goal, runs: count, needed }) => [goal, [count, needed]]));
}

const times = (count: number, run: Reached) => Array.from({ length: count }, () => run);

describe('R13 goals', () => {
  test('R13 are counted over the campaign', () => {
    const runs = [...times(30, reached({ contention: 1 })), ...times(70, reached({}, ['pause']))];
    const report = coverageOf(runs, ['pause', 'interleaving']);
    expect(report.get('contention')).toEqual([30, 1]);
    expect(report.get('pause')).toEqual([70, 1]);
    expect(report.has('interleaving')).toBe(false);
  });

  test('R13 each class that is on must be met in one of a hundred runs, and in one', () => {
    const needed = (runs: number) =>
      coverageOf(times(runs, reached({})), ['delay']).get('delay')![1];
    expect([100, 101, 1_000, 2_001].map(needed)).toEqual([1, 2, 10, 21]);
  });

  test('R13 expiry while holding is needed of leases that end, under pause or delay', () => {
    const needed = (classes: readonly FaultClass[], expiring: number) =>
      coverageOf(times(100, reached({ expiring })), classes).get('expiry while holding')![1];
    expect(needed(['pause', 'failover'], 1)).toBe(1);
    expect(needed(['delay'], 1)).toBe(1);
    expect(needed(['failover'], 1)).toBe(0);
    expect(needed(['pause'], 0)).toBe(0);
  });

  test('R13 a campaign of a few runs must reach as much: none that reached nothing is green', () => {
    const report = coverageOf(times(5, reached({})), ['pause', 'delay']);
    expect(report.get('contention')).toEqual([0, 1]);
    expect(report.get('pause')).toEqual([0, 1]);
    expect(report.get('delay')).toEqual([0, 1]);
  });
});
