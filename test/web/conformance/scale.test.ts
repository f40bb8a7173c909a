/** The scale on which the lateness of all stories stands. */
import { expect, test } from 'vitest';
import { marksFor, placeOf } from '../../../web/src/conformance/scale.js';
import { story } from '../../timeline/conformance/stories.js';

const late = (maxUs: number) => story({ timing: { steps: 1, medianUs: 0, p95Us: 0, maxUs } });

test.each([
  [[], [1_000, 10_000, 100_000]],
  [[late(400)], [1_000, 10_000, 100_000]],
  [[late(100_000)], [1_000, 10_000, 100_000]],
  [
    [late(100_001), late(7)],
    [1_000, 10_000, 100_000, 1_000_000],
  ],
])('%# reaches to the latest of all stories', (stories, marks) => {
  expect(marksFor(stories)).toEqual(marks);
});

test('places are equally far from mark to mark, and what is early stands at the beginning', () => {
  const marks = marksFor([late(900_000)]);
  const places = [-5_000, 0, 1_000, 10_000, 100_000, 1_000_000].map((us) => placeOf(us, marks));
  for (const [index, place] of [0, 0, 0, 1 / 3, 2 / 3, 1].entries()) {
    expect(places[index]).toBeCloseTo(place);
  }
});
