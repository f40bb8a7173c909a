/**
 * Numbers as text. Expected texts are those of C's `printf("%.14g")` and `printf("%.17g")`.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  exactDigits,
  fixedDigits,
} from '../../../../../../src/sim/servers/redis/lua/runtime/decimal.js';
import {
  frexp,
  ldexp,
  powerOfTwo,
} from '../../../../../../src/sim/servers/redis/lua/runtime/float.js';
import {
  formatExact,
  formatNumber,
  numberPrefix,
  parseNumber,
} from '../../../../../../src/sim/servers/redis/lua/runtime/number.js';
import { formatGeneral } from '../../../../../../src/sim/servers/redis/lua/runtime/printf.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [-0, '-0'],
    [42, '42'],
    [5.0, '5'],
    [0.1, '0.1'],
    [1 / 3, '0.33333333333333'],
    [2 / 3, '0.66666666666667'],
    [0.1 + 0.2, '0.3'],
    [100, '100'],
    [99_999_999_999_999, '99999999999999'],
    [100_000_000_000_000, '1e+14'],
    [1_700_000_000_123, '1700000000123'],
    [1_700_000_000_123_456, '1.7000000001235e+15'],
    [2 ** 53, '9.007199254741e+15'],
    [1e100, '1e+100'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [1234567890123.25, '1234567890123.2'],
    [1234567890123.75, '1234567890123.8'],
    [5e-324, '4.9406564584125e-324'],
    [1.7976931348623157e308, '1.7976931348623e+308'],
    [Infinity, 'inf'],
    [-Infinity, '-inf'],
  ])('prints %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

describe('formatExact', () => {
  it.each([
    [0.1, '0.10000000000000001'],
    [3, '3'],
    [2 ** 53, '9007199254740992'],
    [77584809390828020, '77584809390828016'],
    [1e17, '1e+17'],
    [1e-280, '9.9999999999999996e-281'],
  ])('prints %d as %s', (value, text) => {
    expect(formatExact(value)).toBe(text);
  });

  test.prop([finite])('reads back as the same number', (value) => {
    expect(parseNumber(formatExact(value))).toBe(value);
  });
});

describe('formatGeneral', () => {
  test.prop([finite, fc.integer({ min: 1, max: 17 })])('is the nearest decimal', (value, count) => {
    const nearest = Number(formatGeneral(value, count));
    // The language rounds to nearest as well; where there are two, either is right.
    const other = Number(value.toPrecision(count));
    if (nearest !== other) expect(Math.abs(nearest - value)).toBe(Math.abs(other - value));
    const minus = formatGeneral(-value, count);
    const flipped = minus.startsWith('-') ? minus.slice(1) : `-${minus}`;
    expect(formatGeneral(value, count)).toBe(flipped);
  });
});

describe('exactDigits', () => {
  it.each([
    [0.5, 1, '5', -1],
    [2.5, 1, '2', 0],
    [3.5, 1, '4', 0],
    [0.125, 2, '12', -1],
    [0.375, 2, '38', -1],
    [9.5, 1, '1', 1],
    [8.5, 1, '8', 0],
    [1e23, 3, '100', 23],
    [1e23, 17, '99999999999999992', 22],
    [0, 3, '000', 0],
  ])('of %d, %d of them', (value, count, digits, exponent) => {
    expect(exactDigits(value, count)).toEqual({ digits, exponent });
  });

  it('go on for as long as asked', () => {
    const tenth = '1000000000000000055511151231257827021181583404541015625';
    expect(exactDigits(0.1, 120).digits).toBe(tenth.padEnd(120, '0'));
  });

  it('in fixed places round ties to even', () => {
    expect([0.5, 1.5, 2.5, 3.5].map((value) => fixedDigits(value, 0))).toEqual([
      '0',
      '2',
      '2',
      '4',
    ]);
  });
});

describe('parseNumber', () => {
  it.each([
    ['12', 12],
    [' 12\t\n', 12],
    ['-1.5e3', -1500],
    ['.5', 0.5],
    ['5.', 5],
    ['+7', 7],
    ['0x1F', 31],
    ['-0x10', -16],
    ['0x1.8p1', 3],
    ['0x.8', 0.5],
    ['0x1p-1074', 5e-324],
    ['inf', Infinity],
    ['-Infinity', -Infinity],
    ['12\0x', 12],
    ['0x20000000000001', 2 ** 53],
    ['0x20000000000003', 2 ** 53 + 4],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });

  it.each([
    ...['', ' ', '.', 'e5', '1e', '1e+', '0x', '0xg', '1x', '1 2', '--1', '1_000', '0b1', 'infi'],
    ...['١', 'nano', '0x1p', '1e5x'],
  ])('does not read %j', (text) => {
    expect(parseNumber(text)).toBeUndefined();
  });

  test.prop([finite])('reads what the language prints', (value) => {
    expect(parseNumber(String(value))).toBe(value === 0 ? 0 : value);
  });
});

describe('numberPrefix', () => {
  it.each([
    ['12]', 0, '12'],
    ['[-1.5e3,', 1, '-1.5e3'],
    ['0x1fg', 0, '0x1f'],
    ['1e', 0, '1'],
    ['x1', 0, ''],
  ])('of %j from %d', (text, at, prefix) => {
    expect(numberPrefix(text, at)).toBe(prefix);
  });
});

describe('frexp and ldexp', () => {
  test.prop([finite])('undo each other', (value) => {
    const { fraction, exponent } = frexp(value);
    expect(ldexp(fraction, exponent)).toBe(value);
    if (value !== 0) expect(Math.abs(fraction)).toBeGreaterThanOrEqual(0.5);
    expect(Math.abs(fraction)).toBeLessThan(1);
  });

  it('round once at the edge of what doubles can be', () => {
    expect(ldexp(1.5, -1074)).toBe(2 * 5e-324);
    expect(ldexp(1, -1075)).toBe(0);
    expect(ldexp(1, 1024)).toBe(Infinity);
    expect(ldexp(5e-324, 2097)).toBe(2 ** 1023);
    expect([powerOfTwo(-1074), powerOfTwo(1023), powerOfTwo(1024)]).toEqual([
      5e-324,
      2 ** 1023,
      Infinity,
    ]);
  });
});
