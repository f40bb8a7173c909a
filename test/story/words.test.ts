/** Times, counts and lists in words. */
import { expect, test } from 'vitest';
import { count, instant, list, ordinal, plural, rate, span, term } from '../../src/story/words.js';

test.each([
  [0, '0 ms'],
  [500, '0.5 ms'],
  [1, '0.001 ms'],
  [999_000, '999 ms'],
  [999_999, '999.999 ms'],
  [1_000_000, '1.000 s'],
  [10_001_000, '10.001 s'],
  [10_000_500, '10.0005 s'],
  [12_908_725, '12.908725 s'],
  [-4_000_000, '−4.000 s'],
  [Infinity, 'for ever'],
])('%s µs is the instant %s', (us, words) => expect(instant(us)).toBe(words));

test.each([
  [10_000_000, '10 s'],
  [1_500_000, '1.5 s'],
  [500_000, '500 ms'],
  [21_200_000, '21.2 s'],
])('%s µs is the span %s', (us, words) => expect(span(us)).toBe(words));

test('a lease lasts for its term, its session, or without an end', () => {
  expect(term(10_000_000)).toBe('10 s');
  expect(term('session')).toBe('as long as its session');
  expect(term('none')).toBe('without an end');
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_284, '1,284'],
  [1_000_000, '1,000,000'],
])('%s is counted as %s', (n, words) => expect(count(n)).toBe(words));

test('one is singular, nothing and many are plural', () => {
  expect([0, 1, 2_000].map((n) => plural(n, 'run'))).toEqual(['0 runs', '1 run', '2,000 runs']);
});

test('numbers of order follow English, the teens too', () => {
  const numbers = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111];
  const words = ['1st', '2nd', '3rd', '4th', '11th', '12th', '13th', '21st', '22nd', '101st'];
  expect(numbers.map(ordinal)).toEqual([...words, '111th']);
});

test('lists end in and, or in or', () => {
  expect([[], ['r1'], ['r1', 'r2'], ['r1', 'r2', 'r3']].map((words) => list(words))).toEqual([
    '',
    'r1',
    'r1 and r2',
    'r1, r2 and r3',
  ]);
  expect(list(['a', 'b'], 'or')).toBe('a or b');
});

test('a rate is in ppm, a large round one in percent', () => {
  expect([500, -500, 50_000, 12_345].map(rate)).toEqual(['500 ppm', '500 ppm', '5 %', '12345 ppm']);
});
