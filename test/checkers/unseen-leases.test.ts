/**
 * A run in which the lock works and no lease was seen (docs/semantics.md, R1, R13): what rests on
 * leases is unknown and says why, what holders did stays as it is.
 */
import { describe, expect, test } from 'vitest';
import type { Checker } from '../../src/checkers/checker.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { checkAll } from '../../src/checkers/merge.js';
import { whyUnseen, withoutLeases } from '../../src/checkers/unseen-leases.js';
import type { UnseenWrite } from '../../src/history.js';
import type { Property, PropertyVerdict } from '../../src/verdict.js';
import { type Story, story } from './history-builder.js';
import { inShort } from './judging.js';

const UNSEEN: UnseenWrite = { server: 'r1', key: 'jobs:9f3a' };

/** Grants without a lease, as they are where none is seen. */
const unleased = { on: [], push: true } as const;
const inTurns = () =>
  story('A', 'B')
    .acquire('A', 0, unleased)
    .enter('A', 2)
    .exit('A', 4)
    .release('A', 5, { on: [] })
    .acquire('B', 6, unleased)
    .enter('B', 8)
    .exit('B', 9)
    .release('B', 10, { on: [] });
const atOnce = () =>
  story('A', 'B')
    .acquire('A', 0, unleased)
    .enter('A', 2)
    .acquire('B', 3, unleased)
    .enter('B', 5)
    .step('A', 9);

function judged(told: Story, unseen: UnseenWrite | undefined = UNSEEN): PropertyVerdict[] {
  const history = told.history();
  return checkAll({ ...history, ...(unseen && { unseen }) }, CHECKERS).properties;
}

const of = (property: Property, verdicts: readonly PropertyVerdict[]) =>
  verdicts.find((verdict) => verdict.property === property)!;

describe('R1 where no lease was seen', () => {
  test.each(['ownership', 'leak', 'belief'] as const)('R1 %s is unknown and says why', (name) => {
    expect(of(name, judged(inTurns()))).toEqual({
      property: name,
      verdict: 'unknown',
      reason:
        'the lock was granted and no lease of that grant was seen: it wrote jobs:9f3a on r1, ' +
        "a name that does not contain the lock's key, lock. If that is the lock: " +
        "let its name contain the lock's key",
      witness: [],
    });
  });

  test('R1 what no grant offers is not applicable all the same', () => {
    const silent = story('A').acquire('A', 0, { on: [] }).enter('A', 2).exit('A', 3);
    expect(of('belief', judged(silent)).verdict).toBe('not-applicable');
    expect(of('fencing', judged(silent)).verdict).toBe('not-applicable');
  });

  test('R2 holders that take turns are valid', () => {
    expect(inShort(of('mutual-exclusion', judged(inTurns())))).toBe('valid');
    expect(inShort(of('progress', judged(inTurns())))).toBe('valid');
  });

  test('R2 an overlap is one, R3 without a class; it names who went on and who entered', () => {
    const found = of('mutual-exclusion', judged(atOnce()));
    expect(inShort(found)).toBe('invalid: leases-unseen');
    expect(found).toMatchObject({ offender: { host: 'A' }, victim: { host: 'B' } });
    expect(Object.keys(found.details!)).toEqual([
      'key',
      'firstEnteredAtUs',
      'secondEnteredAtUs',
      'goesOnAtUs',
      'goesOnBy',
    ]);
  });

  test('R1 a lock that wrote nothing is judged as ever: it has no lease', () => {
    const { properties } = checkAll(atOnce().history(), CHECKERS);
    expect(inShort(of('mutual-exclusion', properties))).toBe('invalid: stale-belief');
    expect(inShort(of('belief', properties))).toBe('invalid: late-push');
    expect(inShort(of('leak', properties))).toBe('not-applicable');
    expect(inShort(of('ownership', properties))).toBe('not-applicable');
  });

  test('a checker that threw has thrown', () => {
    const broken: Checker = {
      property: 'leak',
      check: () => {
        throw new Error('oops');
      },
    };
    const { properties } = checkAll({ ...inTurns().history(), unseen: UNSEEN }, [broken]);
    expect(properties[0]).toMatchObject({ reason: 'checker threw: oops' });
  });
});

describe('R10 progress where no lease was seen', () => {
  const late = (action: string, cause: string): PropertyVerdict => ({
    property: 'progress',
    verdict: 'invalid',
    cause,
    witness: [0],
    details: { action },
  });
  test.each([
    ['acquire', 'not-completed', 'unknown'],
    ['acquire', 'lost-wake-up', 'unknown'],
    ['acquire', 'overlong-wait', 'invalid'],
    ['acquire', 'deadlock', 'invalid'],
    ['release', 'not-completed', 'invalid'],
  ])('R10 %s: %s is %s', (action, cause, verdict) => {
    const found = withoutLeases(late(action, cause), UNSEEN, inTurns().history());
    expect(found.verdict).toBe(verdict);
  });
});

describe('other properties where no lease was seen', () => {
  const about = (property: Property, verdict: PropertyVerdict['verdict'], cause?: string) =>
    withoutLeases(
      { property, verdict, witness: [], ...(cause !== undefined && { cause }) },
      UNSEEN,
      inTurns().history(),
    ).verdict;

  test('R12 fencing tokens have no order, but two that are one are two', () => {
    expect(about('fencing', 'invalid', 'not-increasing')).toBe('unknown');
    expect(about('fencing', 'invalid', 'reused')).toBe('invalid');
    expect(about('fencing', 'valid')).toBe('valid');
  });

  test('R12 the resource saw what it saw', () => {
    expect(about('resource-safety', 'invalid', 'late-write')).toBe('invalid');
  });

  test('R19, R20 what needs a lease or a place that nobody saw is unknown', () => {
    expect(about('reentrancy', 'valid')).toBe('unknown');
    expect(about('reentrancy', 'not-applicable')).toBe('not-applicable');
    expect(about('fairness', 'not-applicable')).toBe('unknown');
    expect(about('fairness', 'invalid')).toBe('invalid');
  });
});

test('R2 where both holders have leases, an overlap has its class though another has none', () => {
  const leased = story('A', 'B')
    .acquire('A', 0, {})
    .enter('A', 2)
    .acquire('B', 3, {})
    .enter('B', 5)
    .step('A', 9);
  expect(of('mutual-exclusion', judged(leased))).toMatchObject({ class: 'double-grant' });
  expect(of('leak', judged(leased)).verdict).toBe('unknown');
});

test('R1 a key that names the lock, of a type that holds no lease', () => {
  const unseen = { server: 'r1', key: 'holders:k', holds: 'set' };
  expect(whyUnseen(unseen, 'k')).toBe(
    'the lock was granted and no lease of that grant was seen: it wrote holders:k on r1, ' +
      'which is a set, and a lease is a string, or an owner id in a hash. ' +
      'What helps: keep in such a key who holds the lock',
  );
});
