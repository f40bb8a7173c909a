/** Claims against verdicts: what excuses what, and what must still be found (R13). */
import { describe, expect, test } from 'vitest';
import { type Claims, defineLock, type LockAlgorithm } from '../../src/algorithms/lock.js';
import type { Fault, FaultClass } from '../../src/fault.js';
import type { Scenario } from '../../src/scenario.js';
import {
  atLeastAsBad,
  claimFor,
  excusing,
  knownBreaks,
  ofSameClass,
  reachesRank,
} from '../../src/search/claims.js';
import { isExpected } from '../../src/search/judge.js';
import type { Property, PropertyVerdict, ViolationClass } from '../../src/verdict.js';
import { at, scenarioOf } from '../sim/run.js';

const because = { reason: 'a test', source: 'test/search/claims.test.ts' };
const accepts = (worst: 'inherent' | 'stale' | 'until-ttl' | 'breaks') => ({ worst, ...because });

function claiming(claims: Claims): LockAlgorithm {
  return defineLock({
    name: 'claiming',
    summary: 'Claims what a test says.',
    source: 'test/search/claims.test.ts',
    services: { redis: 1 },
    options: {},
    claims,
    create: () => ({ acquire: async () => ({ granted: false, reason: 'never' }) }),
  });
}

function invalid(property: Property, violationClass?: ViolationClass): PropertyVerdict {
  const verdict = { property, verdict: 'invalid', witness: [] } as const;
  return violationClass === undefined ? verdict : { ...verdict, class: violationClass };
}

const OVERLAPS: readonly ViolationClass[] = ['inherent-overlap', 'stale-belief', 'double-grant'];
const LEAKS: readonly ViolationClass[] = ['until-ttl', 'for-ever'];

describe('R13 how bad', () => {
  test('R13 an overlap without a class is as bad as the mildest, and no known break', () => {
    const unclassed = invalid('mutual-exclusion');
    expect(atLeastAsBad(invalid('mutual-exclusion', 'inherent-overlap'), unclassed)).toBe(true);
    expect(atLeastAsBad(unclassed, invalid('mutual-exclusion', 'stale-belief'))).toBe(false);
    const lock = claiming({ 'mutual-exclusion': { pause: accepts('inherent') } });
    expect([...excusing(lock, unclassed, 'everysec')]).toEqual(['pause']);
    expect(reachesRank(unclassed, 1)).toBe(true);
    expect(reachesRank(unclassed, 2)).toBe(false);
    // What never has a class is as bad as it gets.
    expect(reachesRank(invalid('resource-safety'), 3)).toBe(true);
  });

  test.each([OVERLAPS, LEAKS])('R13 classes of a property stand in an order', (...classes) => {
    const property = classes.length === 3 ? 'mutual-exclusion' : 'leak';
    classes.forEach((found, rank) => {
      classes.forEach((wanted, other) => {
        const worse = atLeastAsBad(invalid(property, found), invalid(property, wanted));
        expect([found, wanted, worse]).toEqual([found, wanted, rank >= other]);
      });
    });
  });

  test('R13 a worse class is another class', () => {
    const wanted = invalid('leak', 'until-ttl');
    expect(ofSameClass(invalid('leak', 'until-ttl'), wanted)).toBe(true);
    expect(ofSameClass(invalid('leak', 'for-ever'), wanted)).toBe(false);
    expect(ofSameClass(invalid('leak'), wanted)).toBe(false);
    expect(ofSameClass({ ...invalid('leak', 'until-ttl'), verdict: 'valid' }, wanted)).toBe(false);
    expect(ofSameClass(invalid('progress'), invalid('ownership'))).toBe(false);
  });

  test('R13 another property, and a verdict that is not invalid, never count', () => {
    const wanted = invalid('mutual-exclusion', 'inherent-overlap');
    expect(atLeastAsBad(invalid('leak', 'for-ever'), wanted)).toBe(false);
    const unknown = { ...invalid('mutual-exclusion', 'double-grant'), verdict: 'unknown' as const };
    expect(atLeastAsBad(unknown, wanted)).toBe(false);
  });
});

describe('R13 what a claim excuses', () => {
  const TABLE: [string, Property, ViolationClass | undefined, boolean][] = [
    ['inherent', 'mutual-exclusion', 'inherent-overlap', true],
    ['inherent', 'mutual-exclusion', 'stale-belief', false],
    ['inherent', 'mutual-exclusion', 'double-grant', false],
    ['stale', 'mutual-exclusion', 'stale-belief', true],
    ['stale', 'mutual-exclusion', 'double-grant', false],
    ['breaks', 'mutual-exclusion', 'double-grant', true],
    ['until-ttl', 'leak', 'until-ttl', true],
    ['until-ttl', 'leak', 'for-ever', false],
    ['breaks', 'leak', 'for-ever', true],
    ['breaks', 'progress', undefined, true],
    ['breaks', 'belief', undefined, true],
  ];

  test.each(TABLE)('R13 %s accepts, of %s, %s: %s', (worst, property, violationClass, accepted) => {
    const claims = { [property]: { pause: accepts(worst as 'breaks') } };
    const classes = excusing(claiming(claims), invalid(property, violationClass), 'everysec');
    expect([...classes]).toEqual(accepted ? ['pause'] : []);
  });

  test('R13 the default covers classes that are not listed, and holds excuses none', () => {
    const lock = claiming({ leak: { default: accepts('until-ttl'), pause: 'holds' } });
    const classes = excusing(lock, invalid('leak', 'until-ttl'), 'everysec');
    expect(classes.has('pause')).toBe(false);
    expect(classes.has('delay')).toBe(true);
    expect(claimFor(lock, 'leak', 'pause')).toBe('holds');
    expect(claimFor(lock, 'progress', 'pause')).toBeUndefined();
  });

  test('R13 a claim about one persistence says nothing about another', () => {
    const lock = claiming({
      leak: { 'server-crash': { ...accepts('breaks'), persistence: 'everysec' } },
    });
    const wanted = invalid('leak', 'for-ever');
    expect(excusing(lock, wanted, 'everysec').size).toBe(1);
    expect(excusing(lock, wanted, 'always').size).toBe(0);
  });
});

describe('R13 an expected violation', () => {
  const fault = (id: string, name: FaultClass): Fault =>
    ({ id, class: name, at: at(1_000), host: 'A', durationUs: 1_000 }) as Fault;

  /**
   * Whether it is expected, if exactly the runs with one of `needed` among their faults show it.
   */
  async function expected(
    claims: Claims,
    faults: readonly FaultClass[],
    needed: readonly FaultClass[],
    verdict = invalid('mutual-exclusion', 'stale-belief'),
  ): Promise<{ is: boolean; reruns: Scenario[] }> {
    const scenario = scenarioOf(
      { A1: () => {} },
      { faults: faults.map((name, index) => fault(`f${index + 1}`, name)) },
    );
    const reruns: Scenario[] = [];
    const is = await isExpected(claiming(claims), scenario, verdict, async (changed) => {
      reruns.push(changed);
      const shown = changed.faults.some((one) => needed.includes(one.class));
      return shown || needed.length === 0 ? [verdict] : [];
    });
    return { is, reruns };
  }

  const pauseOnly = { 'mutual-exclusion': { default: 'holds', pause: accepts('stale') } } as const;

  test('R13 is one that needs a fault under which it is accepted', async () => {
    const { is, reruns } = await expected(pauseOnly, ['delay', 'pause'], ['pause']);
    expect(is).toBe(true);
    expect(reruns.map(({ faults }) => faults.map((one) => one.class))).toEqual([['delay']]);
  });

  test('R13 is not one that can do without it', async () => {
    expect((await expected(pauseOnly, ['delay', 'pause'], ['delay'])).is).toBe(false);
    expect((await expected(pauseOnly, ['delay', 'pause'], [])).is).toBe(false);
  });

  test('R13 is not one that is worse than accepted', async () => {
    const worse = invalid('mutual-exclusion', 'double-grant');
    expect((await expected(pauseOnly, ['pause'], ['pause'], worse)).is).toBe(false);
  });

  test('R13 without a fault to excuse it, it is not run again', async () => {
    const { is, reruns } = await expected(pauseOnly, ['delay'], ['delay']);
    expect(is).toBe(false);
    expect(reruns).toEqual([]);
  });

  test('R13 is any one, if it is accepted without faults', async () => {
    const claims = { 'mutual-exclusion': { interleaving: accepts('breaks') } };
    expect((await expected(claims, ['delay'], ['delay'])).is).toBe(true);
  });
});

describe('R13 known breaks', () => {
  const lock = claiming({
    'mutual-exclusion': {
      default: { ...accepts('breaks'), withinRuns: 9 },
      pause: { ...accepts('inherent'), withinRuns: 100 },
      delay: accepts('stale'),
      'server-crash': { ...accepts('breaks'), withinRuns: 50, persistence: 'none' },
    },
    leak: { 'client-crash': { ...accepts('until-ttl'), withinRuns: 7 } },
  });

  test('R13 are those with a number of runs, for this persistence; a default is none', () => {
    const names = (persistence: 'none' | 'always') =>
      knownBreaks(lock, persistence).map(({ property, faultClass, withinRuns }) => [
        property,
        faultClass,
        withinRuns,
      ]);
    expect(names('always')).toEqual([
      ['mutual-exclusion', 'pause', 100],
      ['leak', 'client-crash', 7],
    ]);
    expect(names('none')).toContainEqual(['mutual-exclusion', 'server-crash', 50]);
  });

  test('R13 count as found from the accepted class on', () => {
    const [pause] = knownBreaks(lock, 'always');
    expect(reachesRank(invalid('mutual-exclusion', 'inherent-overlap'), pause!.rank)).toBe(true);
    expect(reachesRank(invalid('mutual-exclusion', 'double-grant'), pause!.rank)).toBe(true);
    const [, crash] = knownBreaks(lock, 'none');
    expect(reachesRank(invalid('mutual-exclusion', 'stale-belief'), crash!.rank)).toBe(false);
  });
});
