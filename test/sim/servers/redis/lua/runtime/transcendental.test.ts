/**
 * Functions that engines compute as they please: values known from tables, laws, and the engine's
 * own functions as a rough check.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  acos,
  asin,
  atan,
  atan2,
  cos,
  cosh,
  exp,
  log,
  log10,
  pow,
  sin,
  sinh,
  tan,
  tanh,
} from '../../../../../../src/sim/servers/redis/lua/runtime/transcendental.js';

/** Within a few units in the last of 53 bits. */
function expectNear(actual: number, expected: number): void {
  if (!Number.isFinite(expected) || expected === 0) expect(actual).toBe(expected);
  else expect(Math.abs(actual / expected - 1)).toBeLessThan(4e-15);
}

describe('known values', () => {
  it.each([
    ['e', exp(1), Math.E],
    ['ln 2', log(2), Math.LN2],
    ['ln 10', log(10), Math.LN10],
    ['π/4', atan(1), 0.7853981633974483],
    ['π', acos(-1), Math.PI],
    ['sin 1', sin(1), 0.8414709848078965],
    ['cos 1', cos(1), 0.5403023058681398],
    ['tan π/4', tan(0.7853981633974483), 0.9999999999999999],
    ['sin π', sin(Math.PI), 1.2246467991473532e-16],
    ['sin 10^22', sin(1e22), -0.8522008497671888],
    ['√2', pow(2, 0.5), Math.SQRT2],
    ['10^15', pow(10, 15), 1e15],
    ['10^−1', pow(10, -1), 0.1],
    ['10^22', pow(10, 22), 1e22],
    ['2^1023', pow(2, 1023), 2 ** 1023],
    ['2^−1074', pow(2, -1074), 5e-324],
    ['log10 of 10^15', log10(1e15), 15],
    ['log10 of 10^−5', log10(1e-5), -5],
    ['sinh 1', sinh(1), 1.1752011936438014],
    ['cosh 1', cosh(1), 1.5430806348152437],
    ['tanh 1', tanh(1), 0.7615941559557649],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });
});

describe('edges', () => {
  it.each([
    ['exp of a large number', exp(710.5), Infinity],
    ['exp of a small number', exp(-746), 0],
    ['exp of the smallest result', exp(-745), 5e-324],
    ['log of 0', log(0), -Infinity],
    ['log of a negative number', log(-1), Number.NaN],
    ['0^0', pow(0, 0), 1],
    ['1^nan', pow(1, Number.NaN), 1],
    ['nan^0', pow(Number.NaN, 0), 1],
    ['(−1)^∞', pow(-1, Infinity), 1],
    ['(−8)^⅓', pow(-8, 1 / 3), Number.NaN],
    ['(−2)^3', pow(-2, 3), -8],
    ['(−2)^−2', pow(-2, -2), 0.25],
    ['0^−1', pow(0, -1), Infinity],
    ['(−0)^−1', pow(-0, -1), -Infinity],
    ['(−∞)^3', pow(-Infinity, 3), -Infinity],
    ['½^∞', pow(0.5, Infinity), 0],
    ['asin of too much', asin(1.5), Number.NaN],
    ['sin of infinity', sin(Infinity), Number.NaN],
    ['sin of −0', sin(-0), -0],
    ['atan2 of 0 and −1', atan2(0, -1), Math.PI],
    ['atan2 of −0 and −1', atan2(-0, -1), -Math.PI],
    ['atan2 of infinities', atan2(Infinity, -Infinity), 2.356194490192345],
    ['atan of infinity', atan(Infinity), Math.PI / 2],
    ['sinh of a large number', sinh(800), Infinity],
    ['sinh of a very negative number', sinh(-800), -Infinity],
    ['tanh of a large number', tanh(50), 1],
    ['cosh of 0', cosh(0), 1],
  ])('%s', (_, actual, expected) => {
    expect(actual).toBe(expected);
  });
});

const moderate = fc.double({ min: -700, max: 700, noNaN: true });
const angle = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const unit = fc.double({ min: -1, max: 1, noNaN: true });
const positive = fc.double({ min: 1e-300, max: 1e300, noNaN: true });

describe('the functions of the engine agree nearly', () => {
  test.prop([moderate])('exp, sinh, cosh, tanh', (x) => {
    expectNear(exp(x), Math.exp(x));
    expectNear(sinh(x), Math.sinh(x));
    expectNear(cosh(x), Math.cosh(x));
    expectNear(tanh(x), Math.tanh(x));
  });

  test.prop([angle])('sin, cos, tan, atan', (x) => {
    expectNear(sin(x), Math.sin(x));
    expectNear(cos(x), Math.cos(x));
    expectNear(tan(x), Math.tan(x));
    expectNear(atan(x), Math.atan(x));
  });

  test.prop([unit])('asin, acos', (x) => {
    expectNear(asin(x), Math.asin(x));
    expectNear(acos(x), Math.acos(x));
  });

  test.prop([positive, fc.double({ min: -1, max: 1, noNaN: true })])('log, log10, pow', (x, y) => {
    expectNear(log(x), Math.log(x));
    expectNear(log10(x), Math.log10(x));
    expectNear(pow(x, y), x ** y);
  });
});
