/** The monotonic clock of a host, from the segments in a history. */
import { expect, test } from 'vitest';
import { monoUs } from '../../src/checkers/clocks.js';
import { indexHistory } from '../../src/checkers/sections.js';
import { story } from './history-builder.js';

const index = indexHistory(
  story('A', 'B')
    .clock('A', 'wall', 1, 777)
    .clock('A', 'mono', 10, 100, 500_000)
    .clock('A', 'mono', 20, 0)
    .clock('B', 'mono', 0, 0, -333_333)
    .history(),
);
const read = (host: string, atUs: number) => monoUs(index, host, atUs);

test('a clock without a segment reads world time, and so does one before its first segment', () => {
  expect(read('C', 4_321)).toBe(4_321);
  expect(read('A', 9_999)).toBe(9_999);
});

test('a segment counts from its own instant, at its own rate', () => {
  expect(read('A', 10_000)).toBe(100_000);
  expect(read('A', 12_000)).toBe(103_000);
  expect(read('A', 19_999)).toBe(100_000 + 9_999 + 4_999);
});

test('R8 the next segment replaces it: the clock starts again after a power loss', () => {
  expect(read('A', 20_000)).toBe(0);
  expect(read('A', 25_000)).toBe(5_000);
});

test('a reading is the last whole µs that the clock has reached', () => {
  expect(read('B', 10)).toBe(6);
  expect(read('B', 3)).toBe(2);
});
