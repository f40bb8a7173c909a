/** All checkers over one history: assumptions first, and a checker that throws hides no other. */
import { expect, test } from 'vitest';
import type { Checker } from '../../src/checkers/checker.js';
import { CHECKERS } from '../../src/checkers/index.js';
import { checkAll, checkerThrew } from '../../src/checkers/merge.js';
import type { HistoryIndex } from '../../src/checkers/sections.js';
import type { Declarations } from '../../src/history.js';
import { PROPERTIES } from '../../src/verdict.js';
import { story } from './history-builder.js';

const sound = () => story('A').acquire('A', 0).enter('A', 2).exit('A', 3).release('A', 3).history();

test('every registered checker answers for a property of its own, in their order', () => {
  const judged = checkAll(sound(), CHECKERS).properties.map(({ property }) => property);
  expect(judged).toEqual(PROPERTIES.filter((property) => judged.includes(property)));
  const forAll = CHECKERS.filter(({ ofDeclared }) => ofDeclared === undefined);
  expect(judged).toEqual(forAll.map(({ property }) => property));
  expect(judged[0]).toBe('mutual-exclusion');
});

test('what is declared to be false is not declared', () => {
  const asked = (reentrant: boolean | undefined) => {
    const history = sound();
    const declares = { ...history.world.declares, reentrant } as Declarations;
    const { properties } = checkAll(
      { ...history, world: { ...history.world, declares } },
      CHECKERS,
    );
    return properties.some(({ property }) => property === 'reentrancy');
  };
  expect([true, false, undefined].map(asked)).toEqual([true, false, false]);
});

test('all checkers share one index', () => {
  const seen: HistoryIndex[] = [];
  const look: Checker = {
    property: 'leak',
    check(index) {
      seen.push(index);
      return { property: 'leak', verdict: 'valid', witness: [] };
    },
  };
  const history = sound();
  const verdicts = checkAll(history, [look, look]).properties;
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['valid', 'valid']);
  expect(seen[0]).toBe(seen[1]);
  expect(seen[0]!.history).toBe(history);
});

test('R0 a malformed history is unknown for every checker, and none is asked', () => {
  const never: Checker = {
    property: 'leak',
    check: () => {
      throw new Error('asked');
    },
  };
  const history = story('A').acquire('A', 0).step('A', 2).history();
  const { properties } = checkAll(history, [...CHECKERS, never]);
  const forAll = CHECKERS.filter(({ ofDeclared }) => ofDeclared === undefined);
  expect(properties).toHaveLength(forAll.length + 1);
  for (const verdict of properties) {
    expect(verdict).toMatchObject({
      verdict: 'unknown',
      reason: 'malformed history: record 4 (step, 2000 µs): grant 1 has not entered',
      witness: [4],
    });
    expect(checkerThrew(verdict)).toBe(false);
  }
});

test.each([
  ['an error', new Error('off by one'), 'off by one'],
  ['something else', 'a word', 'a word'],
])('a checker that throws %s is unknown and flagged, the others answer', (_, thrown, message) => {
  const broken: Checker = {
    property: 'leak',
    check: () => {
      throw thrown;
    },
  };
  const [first, second] = checkAll(sound(), [broken, CHECKERS[0]!]).properties;
  expect(first).toMatchObject({
    property: 'leak',
    verdict: 'unknown',
    reason: `checker threw: ${message}`,
  });
  expect(checkerThrew(first!)).toBe(true);
  expect(second).toMatchObject({ property: 'mutual-exclusion', verdict: 'valid' });
  expect(checkerThrew(second!)).toBe(false);
});
