/** The matrix as data: each cell says the worst that its campaign found. */
import { describe, expect, test } from 'vitest';
import type { ClassReport, LockReport, PropertyReport } from '../../../src/report.js';
import { matrixOf, wordsOf } from '../../../web/src/matrix/matrix.js';
import { broken, lockReport, properties } from '../../cli/reports.js';

const classReport = (
  faultClass: ClassReport['faultClass'],
  ...found: PropertyReport[]
): ClassReport => ({
  faultClass,
  verdict: 'valid',
  asClaimed: true,
  runs: 300,
  digest: 'd',
  properties: properties(...found),
});

const overlap = broken('pause inside the write');
const claimed = { ...overlap, expected: true };
const doubt: PropertyReport = {
  property: 'coverage',
  verdict: 'unknown',
  reason: 'nothing reached',
};

const report = lockReport({
  perClass: [
    classReport('pause', claimed, doubt),
    classReport('delay', { ...overlap, expected: false }),
    classReport('failover', doubt),
    classReport('interleaving'),
  ],
});
const textOf = (...locks: LockReport[]) => JSON.stringify({ verdict: 'valid', digest: 'd', locks });

describe('a document of --per-class', () => {
  const { faultClasses, rows } = matrixOf(textOf(report), 'm.json');
  const states = rows[0]!.cells.map(({ state }) => state);

  test('has a column for each class and a row for each lock', () => {
    expect(faultClasses).toEqual(['pause', 'delay', 'failover', 'interleaving']);
    expect(rows.map(({ lock }) => lock)).toEqual([report.algorithm]);
  });

  test('tells what breaks as claimed from what breaks a promise, and from a doubt', () => {
    expect(states).toEqual(['claimed', 'broken', 'unknown', 'holds']);
  });

  test('leads from a break to its smallest run', () => {
    const { replay } = overlap.counterexample!;
    expect(rows[0]!.cells.map((cell) => cell.replay)).toEqual([
      replay,
      replay,
      undefined,
      undefined,
    ]);
  });

  test('says in words what its signs say', () => {
    const [first, second, third, fourth] = rows[0]!.cells.map(wordsOf);
    expect(first).toBe(
      `pause: as claimed, mutual-exclusion (${overlap.class}); in doubt, coverage`,
    );
    expect(second).toBe(`delay: broken, mutual-exclusion (${overlap.class})`);
    expect(third).toBe('failover: in doubt, coverage');
    expect(fourth).toBe('interleaving: everything holds in 300 runs');
  });
});

test('the report of one lock is a matrix of one row', () => {
  expect(matrixOf(JSON.stringify(report), 'm.json').rows).toHaveLength(1);
});

test('a class that one lock has no campaign of is not run', () => {
  const other = lockReport({ algorithm: 'other', perClass: [classReport('pause')] });
  const { rows } = matrixOf(textOf(report, other), 'm.json');
  expect(rows[1]!.cells.map(({ state }) => state)).toEqual([
    'holds',
    'not-run',
    'not-run',
    'not-run',
  ]);
});

describe('what is no such document is refused with the file and the remedy', () => {
  test.each([
    ['{"locks":', /^m\.json is no JSON, or was cut short/],
    ['{"a": 1}', /^m\.json is no report: it has neither "locks" nor "algorithm"/],
    ['null', /^m\.json is no report/],
    ['{"locks": [null]}', 'm.json is no whole report: locks[0] must be an object; it is null'],
    [
      textOf({ ...report, perClass: {} as never }),
      'm.json is no whole report: locks[0].perClass must be a list; it is an object',
    ],
    [
      JSON.stringify({ ...report, perClass: [{ ...classReport('pause'), properties: [{}] }] }),
      'm.json is no whole report: the report.perClass[0].properties[0].property is missing',
    ],
    [
      textOf(lockReport()),
      /^m\.json says nothing of single fault classes \(.*--per-class --json`$/,
    ],
  ])('%s', (text, sentence) => {
    expect(() => matrixOf(text, 'm.json')).toThrow(sentence);
  });
});
