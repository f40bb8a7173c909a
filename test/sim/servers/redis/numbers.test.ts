/**
 * Numbers as Redis reads and writes them.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  addLongDoubles,
  formatLongDouble,
  parseLongDouble,
} from '../../../../src/sim/servers/redis/long-double.js';
import {
  addIntegers,
  formatDouble,
  multiplyIntegers,
  parseDouble,
  parseInteger,
} from '../../../../src/sim/servers/redis/numbers.js';

const MAX = 2n ** 63n - 1n;
const int64 = fc.bigInt({ min: -MAX - 1n, max: MAX });

describe('64-bit integers', () => {
  test.prop([int64])('are read as they are written, exactly', (value) => {
    expect(BigInt(parseInteger(String(value))!)).toBe(value);
  });

  it.each([
    ...['', '-', '+1', ' 1', '1 ', '01', '-0', '-01', '1.0', '1e3', '0x10', '١'],
    ...['9223372036854775808', '-9223372036854775809', '99999999999999999999999'],
  ])('are not read from %j', (text) => {
    expect(parseInteger(text)).toBeUndefined();
  });

  test.prop([int64, int64])('add and multiply exactly or not at all', (a, b) => {
    const [left, right] = [parseInteger(String(a))!, parseInteger(String(b))!];
    const fitting = (value: bigint) => (value > MAX || value < -MAX - 1n ? undefined : value);
    const exact = (value: number | bigint | undefined) =>
      value === undefined ? undefined : BigInt(value);
    expect(exact(addIntegers(left, right))).toBe(fitting(a + b));
    expect(exact(multiplyIntegers(left, right))).toBe(fitting(a * b));
  });
});

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

describe('80-bit floats', () => {
  /** Up to ±10 in ten-thousandths: beyond, 64 bits do not reach to the 17th decimal. */
  const tenThousandths = fc.bigInt({ min: -100_000n, max: 100_000n });

  function decimal(value: bigint): string {
    const digits = String(value < 0n ? -value : value).padStart(5, '0');
    const text = `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '');
    return value < 0n && text !== '0' ? `-${text}` : text;
  }

  test.prop([tenThousandths, tenThousandths])('add short decimals without error', (a, b) => {
    const [left, right] = [parseLongDouble(decimal(a)), parseLongDouble(decimal(b))];
    if (typeof left !== 'object' || typeof right !== 'object') throw new Error('not read');
    expect(formatLongDouble(addLongDoubles(left, right))).toBe(decimal(a + b));
  });

  it('round to 64 bits of mantissa', () => {
    const third = parseLongDouble('0.33333333333333333333333333');
    if (typeof third !== 'object') throw new Error('not read');
    expect(third.mantissa.toString(2)).toHaveLength(64);
    expect(formatLongDouble(third)).toBe('0.33333333333333333');
  });

  it.each(['', 'abc', '1 ', '.', 'nan', '0x10', '1e99999'])('are not read from %j', (text) => {
    expect(parseLongDouble(text)).toBeUndefined();
  });
});
