/** What a campaign found beside the worst: classes, and the flaw of a flawed lock (R13). */
import { describe, expect, test } from 'vitest';
import type { Violation } from '../../src/search/campaign.js';
import { classesFound, flawFound, mergeFound } from '../../src/search/found.js';
import type { Property, ViolationClass } from '../../src/verdict.js';
import { scenarioOf } from '../sim/run.js';

function violation(
  property: Property,
  violationClass: ViolationClass | undefined,
  count: number,
  firstRun: number,
  expected = false,
): Violation {
  const verdict = { property, verdict: 'invalid', witness: [] } as const;
  const found = violationClass === undefined ? verdict : { ...verdict, class: violationClass };
  return {
    verdict: found,
    expected,
    count,
    firstRun,
    run: firstRun + 1,
    size: 1,
    scenario: scenarioOf({}),
  };
}

const FOUND = [
  violation('mutual-exclusion', 'inherent-overlap', 40, 3, true),
  violation('mutual-exclusion', 'stale-belief', 5, 9, true),
  violation('mutual-exclusion', 'stale-belief', 2, 6),
  violation('mutual-exclusion', 'double-grant', 1, 70),
  violation('leak', 'until-ttl', 8, 2),
  violation('resource-safety', undefined, 7, 4),
];

describe('R13 the classes of a property', () => {
  test('R13 stand worst first, with all their runs; covered only if each run is', () => {
    expect(classesFound(FOUND, 'mutual-exclusion', false)).toEqual([
      { class: 'double-grant', runs: 1, firstRun: 70, expected: false },
      { class: 'stale-belief', runs: 7, firstRun: 6, expected: false },
      { class: 'inherent-overlap', runs: 40, firstRun: 3, expected: true },
    ]);
  });

  test('R13 are not judged where no claim counts', () => {
    expect(classesFound(FOUND, 'leak', true)).toEqual([
      { class: 'until-ttl', runs: 8, firstRun: 2 },
    ]);
  });

  test('R13 are none of a property without classes, or of one that nobody broke', () => {
    expect(classesFound(FOUND, 'resource-safety', false)).toEqual([]);
    expect(classesFound(FOUND, 'fencing', false)).toEqual([]);
  });

  test('R13 of several campaigns are added; a run has an index in its own alone', () => {
    const merged = mergeFound([
      [{ class: 'stale-belief', runs: 3, firstRun: 1, expected: true }],
      [],
      [
        { class: 'double-grant', runs: 2, firstRun: 4, expected: false },
        { class: 'stale-belief', runs: 5, firstRun: 0, expected: false },
      ],
    ]);
    expect(merged).toEqual([
      { class: 'double-grant', runs: 2, expected: false },
      { class: 'stale-belief', runs: 8, expected: false },
    ]);
    expect(mergeFound([[{ class: 'for-ever', runs: 1, firstRun: 1 }]])).toEqual([
      { class: 'for-ever', runs: 1 },
    ]);
  });
});

describe('R13 the flaw of a flawed lock', () => {
  const flaw = { property: 'mutual-exclusion', faults: ['pause'], runs: 500 } as const;

  test('R13 is found by its own class, worse ones do not stand for it', () => {
    const named = { property: 'mutual-exclusion', faults: ['pause'], withinRuns: 500 };
    expect(flawFound({ ...flaw, class: 'stale-belief' }, FOUND)).toEqual({
      ...named,
      class: 'stale-belief',
      runs: 7,
      firstRun: 6,
    });
    const worst = FOUND.filter(({ verdict }) => verdict.class !== 'stale-belief');
    expect(flawFound({ ...flaw, class: 'stale-belief' }, worst)).toEqual({
      ...named,
      class: 'stale-belief',
      runs: 0,
    });
  });

  test('R13 without a class is found by any', () => {
    expect(flawFound(flaw, FOUND)).toMatchObject({ runs: 48, firstRun: 3 });
  });
});
