/** What a lock may declare of itself, and the sentence for each thing that it may not. */
import { describe, expect, test } from 'vitest';
import { problemOfDeclarations } from '../../src/algorithms/declarations.js';
import { locks } from '../../src/algorithms/index.js';
import { resolvePlan } from '../../src/search/plan.js';

const allowance = 'expected { ratio: 0 to below 1, constantMs: from 0 }';

describe('a declaration', () => {
  test.each([
    [undefined, 'declares is undefined; expected an object, or a function of the options'],
    [[], 'declares is a list; expected an object, or a function of the options'],
    [{ permit: 2 }, 'there is no declaration called permit; did you mean permits?'],
    [{ toString: 1 }, 'there is no declaration called toString; known are driftAllowance, quorum'],
    [{ fairness: 'some' }, 'declares.fairness is "some"; expected \'enqueue-order\''],
    [{ readWrite: false }, 'declares.readWrite is false; expected true'],
    [{ reentrant: 1 }, 'declares.reentrant is 1; expected true'],
    [{ wokenByMessage: 'yes' }, 'declares.wokenByMessage is "yes"; expected true'],
    [{ permits: 0 }, 'declares.permits is 0; expected a whole number from 1'],
    [{ permits: 2, readWrite: true }, 'declares.permits is 2; expected none beside readWrite'],
    [{ quorum: 1.5 }, 'declares.quorum is 1.5; expected a whole number from 1'],
    [{ noticeMs: -4 }, 'declares.noticeMs is -4; expected a number of milliseconds from 0'],
    [{ guardMs: NaN }, 'declares.guardMs is NaN; expected a number of milliseconds from 0'],
    [{ progressBoundMs: '9' }, 'declares.progressBoundMs is "9"; expected a number of milli'],
    [{ driftAllowance: 0.01 }, `declares.driftAllowance is 0.01; ${allowance}`],
    [{ driftAllowance: { ratio: 1, constantMs: 0 } }, allowance],
    [{ driftAllowance: { ratio: 0 } }, allowance],
  ])('is refused in one sentence: %o', (declared, sentence) => {
    expect(problemOfDeclarations(declared)).toContain(sentence);
  });

  test.each([
    {},
    { fairness: 'enqueue-order', reentrant: true },
    { permits: 1, noticeMs: 0, guardMs: 0.5, quorum: undefined },
    { driftAllowance: { ratio: 0, constantMs: 2 }, readWrite: true, wokenByMessage: true },
  ])('is accepted: %o', (declared) => {
    expect(problemOfDeclarations(declared)).toBeUndefined();
  });
});

describe('what a lock declares with its options', () => {
  const [first] = locks;
  const resolve = (declares: unknown) =>
    resolvePlan({ ...first!, declares } as never, { workload: 'critical-section', set: {} });

  test.each([
    [() => undefined, 'set-nx: declares is undefined; expected an object'],
    [() => ({ quorum: 0 }), 'set-nx: declares.quorum is 0; expected a whole number from 1'],
    [{ quorum: 2 }, 'set-nx: declares.quorum is 2; there is only 1 × redis'],
  ])('is refused before any run: %o', (declares, sentence) => {
    expect(() => resolve(declares)).toThrow(sentence);
  });

  test('is refused in one sentence, too, if it cannot be told', () => {
    const throws = () => {
      throw new Error('no such thing');
    };
    expect(() => resolve(throws)).toThrow('set-nx: declares threw Error: no such thing');
  });

  test.each(locks)('is sound: $name', (lock) => {
    expect(() => resolvePlan(lock, { workload: 'critical-section', set: {} })).not.toThrow();
  });
});
