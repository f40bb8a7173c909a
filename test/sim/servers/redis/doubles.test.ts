/** Doubles as Redis reads and writes them. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { formatDouble, parseDouble } from '../../../../src/sim/servers/redis/doubles.js';

describe('doubles', () => {
  test.prop([fc.double({ noNaN: true })])('survive being written and read', (value) => {
    expect(parseDouble(formatDouble(value))).toBe(value);
  });

  // From a C program: printf("%.17g").
  it.each([
    [0.1, '0.10000000000000001'],
    [0.3, '0.29999999999999999'],
    [1e21, '1e+21'],
    [1e17, '1e+17'],
    [1e16, '10000000000000000'],
    [1e-5, '1.0000000000000001e-05'],
    [0.0001, '0.0001'],
    [5e-324, '4.9406564584124654e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Number('123456789012345.125'), '123456789012345.12'],
    [-2.5, '-2.5'],
    [-0, '-0'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('%d is written %s', (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });

  it.each([
    ['0x1p3', 8],
    ['0x.8', 0.5],
    ['-0x10', -16],
    ['+5.', 5],
    ['.5e1', 5],
    ['Infinity', Infinity],
    ['-INF', -Infinity],
  ])('%s is read as %d', (text, value) => {
    expect(parseDouble(text)).toBe(value);
  });

  it.each(['', ' 1', '1 ', 'nan', '1e400', '1e-400', '0x', '1,5', '.', 'e5', '--1'])(
    '%j is no double',
    (text) => {
      expect(parseDouble(text)).toBeUndefined();
    },
  );
});
