/**
 * Libraries, by laws that hold for any arguments; single cases are recorded from a real server
 * (scripts/record/redis/scripts).
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../evaluate.js';

const text = fc.string({ unit: 'binary', maxLength: 30 });
const ascii = fc.string({ maxLength: 30 });
const integers = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 60 });
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

/** JSON that Lua can hold without loss: no null, no empty or mixed tables. */
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.boolean(),
    fc.integer(),
    fc.string({ unit: 'binary' }).filter((value) => !/[\ud800-\udfff]/.test(value)),
    fc.array(tie('json'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('json'), { minKeys: 1, maxKeys: 4 }),
  ),
}));

describe('string', () => {
  test.prop([ascii, fc.integer({ min: -40, max: 40 }), fc.integer({ min: -40, max: 40 })])(
    'sub counts from either end',
    (value, from, to) => {
      const place = (at: number) => (at < 0 ? Math.max(value.length + at + 1, 0) : at);
      const expected = value.slice(Math.max(place(from), 1) - 1, Math.max(place(to), 0));
      expect(
        evaluate('return ARGV[1]:sub(ARGV[2], ARGV[3])', [], [value, `${from}`, `${to}`]),
      ).toBe(place(to) < place(from) ? '' : expected);
    },
  );

  test.prop([text])('char undoes byte', (value) => {
    expect(evaluate('return string.char(ARGV[1]:byte(1, -1))', [], [value])).toBe(value);
  });

  test.prop([ascii])('reverse twice is nothing', (value) => {
    expect(evaluate('return ARGV[1]:reverse():reverse()', [], [value])).toBe(value);
  });

  test.prop([ascii, ascii])('find plain finds what is there', (value, part) => {
    const at = value.indexOf(part);
    const expected = at < 0 ? 'nil' : String(at + 1);
    expect(evaluate('return tostring((ARGV[1]:find(ARGV[2], 1, true)))', [], [value, part])).toBe(
      expected,
    );
  });

  test.prop([ascii, ascii])('an escaped pattern is plain', (value, part) => {
    const script = `local escaped = ARGV[2]:gsub('%W', '%%%0')
local a, b = ARGV[1]:find(escaped)
local c, d = ARGV[1]:find(ARGV[2], 1, true)
return tostring(a == c and b == d)`;
    expect(evaluate(script, [], [value, part])).toBe('true');
  });

  test.prop([ascii])('gsub of every character by itself changes nothing', (value) => {
    expect(evaluate("return {ARGV[1]:gsub('.', '%0')}", [], [value])).toEqual([
      value,
      value.length,
    ]);
  });

  test.prop([fc.array(fc.stringMatching(/^[a-z0-9:]{1,8}$/), { maxLength: 8 })])(
    'gmatch splits what concat joined',
    (words) => {
      const script = `local r = {}
for w in table.concat(ARGV, ','):gmatch('[^,]+') do r[#r + 1] = w end
return r`;
      expect(evaluate(script, [], words)).toEqual(words);
    },
  );

  test.prop([fc.integer()])('format writes integers', (value) => {
    const script =
      "return {('%d'):format(ARGV[1]), ('%5d|%-5d|%05d'):format(ARGV[1], ARGV[1], ARGV[1])}";
    const digits = String(value);
    const padded =
      (value < 0 ? '-' : '') + String(Math.abs(value)).padStart(value < 0 ? 4 : 5, '0');
    expect(evaluate(script, [], [digits])).toEqual([
      digits,
      `${digits.padStart(5)}|${digits.padEnd(5)}|${padded}`,
    ]);
  });

  test.prop([text])('format %q reads back', (value) => {
    const script = "return loadstring('return ' .. ('%q'):format(ARGV[1]))()";
    expect(evaluate(script, [], [value])).toBe(value);
  });
});

describe('table', () => {
  test.prop([integers])('sort sorts', (values) => {
    const script = `local t = {}
for i, v in ipairs(ARGV) do t[i] = tonumber(v) end
table.sort(t)
local r = {unpack(t)}
table.sort(t, function(a, b) return a > b end)
return {r, t}`;
    const up = [...values].sort((a, b) => a - b);
    expect(evaluate(script, [], values.map(String))).toEqual([up, [...up].reverse()]);
  });

  test.prop([fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 30 })), { maxLength: 40 })])(
    'insert and remove shift what follows',
    (changes) => {
      const model: number[] = [];
      const lines = changes.map(([isInsert, at], i) => {
        const place = (at % (model.length + 1)) + 1;
        if (isInsert) {
          model.splice(place - 1, 0, i);
          return `table.insert(t, ${place}, ${i})`;
        }
        model.splice(place - 1, 1);
        return `table.remove(t, ${place})`;
      });
      expect(evaluate(`local t = {} ${lines.join(' ')} return t`)).toEqual(model);
    },
  );

  test.prop([integers])('unpack undoes a constructor', (values) => {
    expect(evaluate(`return {unpack({${values.join(', ')}})}`)).toEqual(values);
  });
});

describe('cjson', () => {
  test.prop([json])('decodes what it encodes', (value) => {
    const written = evaluate(
      'return cjson.encode(cjson.decode(ARGV[1]))',
      [],
      [JSON.stringify(value)],
    );
    expect(JSON.parse(written as string)).toEqual(value);
  });

  test.prop([ascii])('decodes a text or says what is wrong', (value) => {
    const script = 'local ok, e = pcall(cjson.decode, ARGV[1]) return ok and 1 or e';
    const reply = evaluate(script, [], [value]);
    if (reply !== 1) expect(reply).toMatch(/^Expected .* but found .* at character \d+$/);
  });
});

describe('cmsgpack', () => {
  test.prop([json])('unpacks what it packs', (value) => {
    const script = 'return cjson.encode(cmsgpack.unpack(cmsgpack.pack(cjson.decode(ARGV[1]))))';
    const written = evaluate(script, [], [JSON.stringify(value)]);
    expect(JSON.parse(written as string)).toEqual(value);
  });

  test.prop([fc.double({ noNaN: true })])('keeps every number', (value) => {
    const script = "return ('%.17g'):format(cmsgpack.unpack(cmsgpack.pack(tonumber(ARGV[1]))))";
    const spelled = String(value).replace('Infinity', 'inf');
    const reply = evaluate(script, [], [spelled]) as string;
    expect(Number(reply.replace('inf', 'Infinity'))).toBe(value === 0 ? 0 : value);
  });
});

describe('struct', () => {
  test.prop([int32, fc.constantFrom('<', '>'), fc.integer({ min: 4, max: 8 })])(
    'unpacks what it packs',
    (value, order, size) => {
      const script = 'return {struct.unpack(ARGV[1], struct.pack(ARGV[1], ARGV[2]))}';
      expect(evaluate(script, [], [`${order}i${size}`, String(value)])).toEqual([value, size + 1]);
    },
  );

  test.prop([fc.array(fc.constantFrom('b', 'h', 'i', 'l', 'f', 'd', 'x', 'c5'), { minLength: 1 })])(
    'says its size',
    (options) => {
      const format = `!${options.join('')}`;
      const valued = options.filter((option) => option !== 'x');
      const values = valued.map((option) => (option === 'c5' ? "'12345'" : '1'));
      const call = ['ARGV[1]', ...values].join(', ');
      const script = `return {struct.size(ARGV[1]), #struct.pack(${call})}`;
      const [size, length] = evaluate(script, [], [format]) as number[];
      expect(length).toBe(size);
    },
  );
});

describe('bit', () => {
  test.prop([int32, int32])('does what the language does with 32 bits', (a, b) => {
    const script = `local a, b = ARGV[1], ARGV[2]
return {bit.band(a, b), bit.bor(a, b), bit.bxor(a, b), bit.bnot(a),
  bit.lshift(a, b), bit.rshift(a, b), bit.arshift(a, b)}`;
    expect(evaluate(script, [], [String(a), String(b)])).toEqual([
      ...[a & b, a | b, a ^ b, ~a],
      ...[a << (b & 31), (a >>> (b & 31)) | 0, a >> (b & 31)],
    ]);
  });

  test.prop([int32, fc.integer({ min: 0, max: 31 })])('rotations undo each other', (a, n) => {
    const script = 'return bit.ror(bit.rol(ARGV[1], ARGV[2]), ARGV[2])';
    expect(evaluate(script, [], [String(a), String(n)])).toBe(a);
  });
});

describe('pcall', () => {
  it('leaves the stack as it was', () => {
    const script = `local function fail() error('x') end
for i = 1, 500 do pcall(fail) end
local ok, e = pcall(function()
  fail()
end)
return e`;
    expect(evaluate(script)).toBe('user_script:1: x');
  });
});
