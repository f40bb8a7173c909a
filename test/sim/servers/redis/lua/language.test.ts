/**
 * The language itself, by laws that hold for any values; single cases are recorded from a real
 * server (scripts/record/redis/scripts/language.ts and its neighbours).
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluate, failure } from './evaluate.js';

const safe = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
const small = fc.integer({ min: -50, max: 50 });
const word = fc.stringMatching(/^[ -&(-[\]-~]{0,12}$/);

const literal = (text: string) => `'${text}'`;

describe('arithmetic', () => {
  test.prop([safe, safe])('on integers is exact', (a, b) => {
    const script = `local a, b = ${a}, ${b}
return {a + b, a - b, tostring(a < b), tostring(a == b)}`;
    expect(evaluate(script)).toEqual([a + b, a - b, String(a < b), String(a === b)]);
  });

  test.prop([safe, safe.filter((b) => b !== 0)])('modulo takes the sign of the divisor', (a, b) => {
    const remainder = evaluate(`local a, b = ${a}, ${b} return a % b`) as number;
    expect(Math.abs(remainder)).toBeLessThan(Math.abs(b));
    expect(remainder * b).toBeGreaterThanOrEqual(0);
    expect((a - remainder) % b).toBeCloseTo(0, 12);
  });

  test.prop([safe])('on strings is that on the numbers they spell', (a) => {
    expect(evaluate(`return ${literal(String(a))} + 1`)).toBe(a + 1);
  });

  test.prop([fc.integer({ min: 0, max: 4_102_444_800 }), fc.integer({ min: 0, max: 999_999 })])(
    'on the time of a server keeps every microsecond',
    (seconds, micros) => {
      const script = `local us = ARGV[1] * 1000000 + ARGV[2]
return {us, us % 1000000, math.floor(us / 1000000), ('%d'):format(us)}`;
      const us = seconds * 1_000_000 + micros;
      const expected = [us, micros, seconds, String(us)];
      expect(evaluate(script, [], [String(seconds), String(micros)])).toEqual(expected);
    },
  );
});

describe('concatenation and comparison', () => {
  test.prop([word, word])('of strings', (a, b) => {
    const script =
      'return {ARGV[1] .. ARGV[2], tostring(ARGV[1] < ARGV[2]), #(ARGV[1] .. ARGV[2])}';
    expect(evaluate(script, [], [a, b])).toEqual([a + b, String(a < b), a.length + b.length]);
  });

  test.prop([fc.array(small, { minLength: 2, maxLength: 30 })])('of many values', (values) => {
    expect(evaluate(`return ${values.map((value) => `(${value})`).join(' .. ')}`)).toBe(
      values.join(''),
    );
  });
});

describe('loops', () => {
  test.prop([small, small, small.filter((step) => step !== 0)])(
    'count from start to limit',
    (start, limit, step) => {
      const counted: number[] = [];
      for (let i = start; step > 0 ? i <= limit : i >= limit; i += step) counted.push(i);
      const loop = `for i = ${start}, ${limit}, ${step} do r[#r + 1] = i end`;
      const script = `local r = {} ${loop} return r`;
      expect(evaluate(script)).toEqual(counted);
    },
  );

  test.prop([fc.array(small, { maxLength: 20 })])('give closures of their own', (values) => {
    const script = `local f = {}
for i, v in ipairs(ARGV) do f[i] = function() v = v + 1 return v end end
local r = {}
for i = 1, #f do f[i]() r[i] = f[i]() end
return r`;
    expect(evaluate(script, [], values.map(String))).toEqual(values.map((value) => value + 2));
  });
});

describe('functions', () => {
  test.prop([fc.array(small, { maxLength: 30 })])('hand on any number of values', (values) => {
    const script = `local function f(...) return ... end
local function g(...) return select('#', ...), ... end
return {g(f(${values.join(', ')}))}`;
    expect(evaluate(script)).toEqual([values.length, ...values]);
  });

  test.prop([fc.integer({ min: 0, max: 150 })])('call themselves', (n) => {
    const script = `local function sum(n) if n == 0 then return 0 end return n + sum(n - 1) end
return sum(${n})`;
    expect(evaluate(script)).toBe((n * (n + 1)) / 2);
  });

  it('read a local where it is used, not where it is written', () => {
    const script = `local a, t = 1, {}
local function f() a = a + 1 return a end
t[a] = f()
return {a + f(), t[2], tostring(t[1])}`;
    expect(evaluate(script)).toEqual([6, 2, 'nil']);
  });
});

describe('errors name what failed', () => {
  it.each([
    ['local x return x.y', "attempt to index local 'x' (a nil value)"],
    [
      'local x local f = function() return x.y end f()',
      "attempt to index upvalue 'x' (a nil value)",
    ],
    ['local t = {} t.x.y = 1', "attempt to index field 'x' (a nil value)"],
    ['local t = {} t:x()', "attempt to call method 'x' (a nil value)"],
    ['local t = {} t[1]()', "attempt to call field '?' (a nil value)"],
    ['return 1 + {}', 'attempt to perform arithmetic on a table value'],
    ["local s = 'x' return s + 1", "attempt to perform arithmetic on local 's' (a string value)"],
    ["local n return 'x' .. n", "attempt to concatenate local 'n' (a nil value)"],
    ['return {} < {}', 'attempt to compare two table values'],
    ["return 1 < 'x'", 'attempt to compare number with string'],
    ["return 1 > 'x'", 'attempt to compare string with number'],
    ['return #true', 'attempt to get length of a boolean value'],
    [
      'local ok, n = true return (ok and n or n) + 1',
      "attempt to perform arithmetic on local 'n' (a nil value)",
    ],
    ['return missing', "Script attempted to access nonexistent global variable 'missing'"],
    ['made = 1', 'Attempt to modify a readonly table'],
  ])('%s', (script, message) => {
    expect(failure(script)).toBe(`ERR user_script:1: ${message}`);
  });

  it('and where', () => {
    const lines = (count: number) => '\n'.repeat(count);
    expect(failure(`${lines(3)}local t = {}${lines(2)}return t.a.b`)).toContain('user_script:6: ');
    expect(failure(`local function f()${lines(4)}error('x', 2) end${lines(1)}f() return 1`)).toBe(
      'ERR user_script:6: x',
    );
  });
});
