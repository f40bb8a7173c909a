/** How late the steps of a real run were, in three numbers. */
import { expect, test } from 'vitest';
import { timingOf } from '../../../src/real/replay/timing.js';

test('a run without steps has no timing', () => {
  expect(timingOf([])).toBeUndefined();
});

test('one step is all of it', () => {
  expect(timingOf([7])).toEqual({ steps: 1, medianUs: 7, p95Us: 7, maxUs: 7 });
});

test('of a hundred steps in any order the 50th, the 95th and the last are told', () => {
  const late = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);
  expect(timingOf(late)).toEqual({ steps: 100, medianUs: 50, p95Us: 95, maxUs: 100 });
});

test('of an even number the lower of both in the middle is the median', () => {
  expect(timingOf([4, 1, 3, 2])).toMatchObject({ medianUs: 2, p95Us: 4, maxUs: 4 });
});

test('numbers are ordered as numbers, in whole microseconds, and those too early count as such', () => {
  expect(timingOf([1_000.4, -999.6, 90])).toEqual({
    steps: 3,
    medianUs: 90,
    p95Us: 1_000,
    maxUs: 1_000,
  });
  expect(timingOf([-3, -1, -2])).toMatchObject({ medianUs: -2, maxUs: -1 });
});
