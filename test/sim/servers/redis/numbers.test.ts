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
  multiplyIntegers,
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
