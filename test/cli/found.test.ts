/** What is said of classes beside the worst, and of the flaw of a flawed lock (R13). */
import { describe, expect, test } from 'vitest';
import type { LockReport } from '../../src/report.js';
import { engineThat, holdfast } from './command-line.js';
import {
  broken,
  counterexample,
  FLAWED,
  lockReport,
  properties,
  severalClasses,
} from './reports.js';

/** The lines of `check` that have this in them. */
async function linesWith(text: string, report: LockReport): Promise<string[]> {
  const { out } = await holdfast(['check', 'blind-delete'], { engine: engineThat(report) });
  return out.split('\n').filter((line) => line.includes(text));
}

describe('R13 classes beside the worst', () => {
  test('R13 are not named where the worst is the only one', async () => {
    const only = broken('failover', {
      classes: [{ class: 'double-grant', runs: 12, firstRun: 70, expected: false }],
    });
    expect(await linesWith('also found', lockReport({ properties: properties(only) }))).toEqual([]);
  });

  test('R13 are those that no report on the property is about, told once', async () => {
    const unexpected = severalClasses();
    const expected = { ...unexpected, class: 'inherent-overlap', expected: true } as const;
    const report = lockReport({ properties: properties(unexpected, expected) });
    expect(await linesWith('also found', report)).toEqual([
      '  also found: stale-belief in 31 runs, first in run 1,204',
    ]);
  });

  test('R13 have no first run if several campaigns are added', async () => {
    const { classes, ...report } = severalClasses();
    const added = classes!.map(({ firstRun: _firstRun, ...one }) => one);
    const together = lockReport({ properties: properties({ ...report, classes: added }) });
    expect(await linesWith('also found', together)).toEqual([
      '  also found: stale-belief in 31 runs; inherent-overlap in 1 run, as claimed',
    ]);
  });
});

test('R13 a broken property says in how many runs nobody can know of it', async () => {
  const unknown = { runs: 7, reason: 'the run was cut' };
  const report = lockReport({ properties: properties(broken('failover', { unknown })) });
  const { out } = await holdfast(['check', 'blind-delete'], { engine: engineThat(report) });
  expect(out.replace(/\s+/g, ' ')).toContain('(in 12 runs); unknown in 7 runs: the run was cut ');
});

test('R13 a class that is plainer than the worst is told with its own run', async () => {
  const [worst, ...others] = severalClasses().classes!;
  const plainer = counterexample('pause inside the write', 'hf1_plainer');
  const stale = { ...others[0]!, counterexample: plainer };
  const report = lockReport({
    properties: properties(broken('failover', { classes: [worst!, stale] })),
  });
  const { out } = await holdfast(['check', 'blind-delete'], { engine: engineThat(report) });
  const [, told] = out.split('  mutual-exclusion is plainer to see as stale-belief, in 31 runs:\n');
  expect(told).toMatch(/^ {2}smallest run: 2 clients, 0 faults .*\n {2}necessary: nothing but/);
  expect(told).toContain('replay: npx holdfast replay hf1_plainer');
});

describe('R13 the known flaw', () => {
  test('R13 that was not found says where to look', async () => {
    const { firstRun: _firstRun, ...flaw } = { ...FLAWED.flaw, runs: 0 };
    const report = lockReport({ ...FLAWED, flaw, runs: 1 });
    const { out } = await holdfast(['check', 'blind-delete'], { engine: engineThat(report) });
    expect(out).toContain(
      'known flaw: mutual-exclusion (stale-belief), not found in 1 run; it shows within\n' +
        '  500 under pause and delay\n',
    );
  });

  test('R13 is not the answer of check --all if only something else was found', async () => {
    const { firstRun: _firstRun, ...flaw } = { ...FLAWED.flaw, runs: 0 };
    const report = lockReport({ ...FLAWED, flaw, properties: properties(severalClasses()) });
    const { out } = await holdfast(['check', '--all', '--quiet'], { engine: engineThat(report) });
    expect(out).toContain('is flawed, and the flaw did not show, and did not have to');
  });

  test('R13 that was lost is told once', async () => {
    const lost = ['the flaw is known to break mutual-exclusion, not found in 500 runs'];
    const { firstRun: _firstRun, ...flaw } = { ...FLAWED.flaw, runs: 0 };
    const report = lockReport({ ...FLAWED, flaw, lost, verdict: 'invalid' });
    const { out } = await holdfast(['check', '--all'], { engine: engineThat(report) });
    expect(out).toContain('✗ lost: the flaw is known to break mutual-exclusion');
    expect(out).not.toContain('known flaw:');
  });
});
