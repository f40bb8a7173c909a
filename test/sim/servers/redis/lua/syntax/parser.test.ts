/**
 * Parsing: what becomes of names, and which message a wrong text gets. The recordings of a real
 * server hold many more wrong texts (scripts/record/redis/scripts/syntax.ts).
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type {
  FunctionBody,
  Statement,
} from '../../../../../../src/sim/servers/redis/lua/syntax/ast.js';
import { parseChunk } from '../../../../../../src/sim/servers/redis/lua/syntax/parser.js';
import { LuaSyntaxError } from '../../../../../../src/sim/servers/redis/lua/syntax/syntax-error.js';

const CHUNK = { source: '@test', id: 'test', parserId: 'test' };
const parse = (text: string): FunctionBody => parseChunk(text, CHUNK);

function messageOf(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof LuaSyntaxError) return error.message;
    throw error;
  }
  throw new Error('the text is right');
}

describe('names', () => {
  const find = <K extends Statement['kind']>(text: string, kind: K) =>
    parse(text).block.find((statement) => statement.kind === kind) as Extract<
      Statement,
      { kind: K }
    >;

  it('are locals, upvalues or globals', () => {
    const { block } = parse('local a return function() return a, b end');
    const returned = block[1] as Extract<Statement, { kind: 'return' }>;
    const [closure] = returned.values;
    if (closure?.kind !== 'function') throw new Error('no function');
    expect(closure.body.captures.map(({ kind }) => kind)).toEqual(['local']);
    const inner = closure.body.block[0] as Extract<Statement, { kind: 'return' }>;
    expect(inner.values.map(({ kind }) => kind)).toEqual(['upvalue', 'global']);
  });

  it('end with their block, and their slots serve again', () => {
    const statement = find('do local a end local b = a', 'local-statement');
    expect(statement.variables.map(({ slot }) => slot)).toEqual([0]);
    expect(statement.values.map(({ kind }) => kind)).toEqual(['global']);
  });

  it('are captured only if a function inside uses them', () => {
    const statement = find('local a, b = 1, 2 return function() return b end', 'local-statement');
    expect(statement.variables.map(({ captured }) => captured)).toEqual([false, true]);
  });
});

describe('numerals', () => {
  const constants = (text: string) =>
    (parse(text).block[0] as Extract<Statement, { kind: 'return' }>).values.map((value) =>
      value.kind === 'constant' ? value.value : value.kind,
    );

  it('are folded, except where the reference compiler does not', () => {
    expect(constants('return 1 + 2 * 3, 2 ^ 10, -(4), 7 % 4, 1 / 0, 0 / 0, "a" + 1')).toEqual([
      ...[7, 1024, -4, 3],
      ...['binary', 'binary', 'binary'],
    ]);
  });

  it('have one zero in each function', () => {
    expect(constants('return 0, -0')).toEqual([0, 0]);
    expect(constants('return -0, 0')).toEqual([-0, -0]);
  });
});

describe('messages', () => {
  it.each([
    ['x = }', "test:1: unexpected symbol near '}'"],
    ['x =', "test:1: unexpected symbol near '<eof>'"],
    ['for i = 1 do end', "test:1: ',' expected near 'do'"],
    ['if x then\n\n', "test:3: 'end' expected (to close 'if' at line 1) near '<eof>'"],
    ["return 'abc\n'", "test:1: unfinished string near ''abc'"],
    ['return [==[abc]]', "test:1: unfinished long string near '<eof>'"],
    ['return 3x', "test:1: malformed number near '3x'"],
    ['return "\\999"', "test:1: escape sequence too large near '\"'"],
    ['\n\nreturn \x01', "test:3: unexpected symbol near 'char(1)'"],
    ['f\n(1)', "test:2: ambiguous syntax (function call x new statement) near '('"],
    ['break', "test:1: no loop to break near '<eof>'"],
    ['return 1 return 2', "test:1: '<eof>' expected near 'return'"],
    [
      'local function f() return ... end',
      "test:1: cannot use '...' outside a vararg function near '...'",
    ],
  ])('of %j', (text, message) => {
    expect(messageOf(text)).toBe(message);
  });

  it('say when a text is too deep, without reading on', () => {
    const deep = `return ${'('.repeat(199)}1${')'.repeat(199)}`;
    expect(messageOf(deep)).toBe('test:1: chunk has too many syntax levels');
    expect(parse(`return ${'('.repeat(198)}1${')'.repeat(198)}`).block.length).toBe(1);
  });
});

const fragments = fc.constantFrom(
  ...[
    'a',
    'b',
    '=',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    ';',
    '.',
    ':',
    '..',
    '...',
    '"s"',
    '1',
    '\n',
  ],
  ...['if', 'then', 'end', 'for', 'in', 'do', 'while', 'repeat', 'until', 'function', 'local'],
  ...['return', 'break', 'not', 'and', 'or', '+', '-', '#', '==', '--', '[[', ']]', '@', '\\'],
);

describe('any text', () => {
  test.prop([fc.array(fragments, { maxLength: 25 })])('is parsed or refused', (words) => {
    const text = words.join(' ');
    try {
      parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(LuaSyntaxError);
      expect((error as LuaSyntaxError).message).toMatch(/^test:\d+: /);
    }
  });

  test.prop([fc.string({ maxLength: 40 })])('of any characters is parsed or refused', (text) => {
    try {
      parse(text);
    } catch (error) {
      expect(error).toBeInstanceOf(LuaSyntaxError);
    }
  });
});
