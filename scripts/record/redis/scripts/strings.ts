/**
 * The string library without patterns and formats, and literals.
 */
import { plainCases, type ScriptCase } from '../case.js';

const literals = plainCases('strings', {
  escapes: "return '\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'",
  'decimal escapes': "return '\\65\\066\\0677'",
  'unknown escapes stand for themselves': "return '\\q\\z'",
  'a line continued': "return 'a\\\nb'",
  'long string': 'return [[a\nb]]',
  'long string drops its first line break': 'return [[\na]]',
  'long string with levels': 'return [==[a]]b]=]c]==]',
  'long string turns line breaks into one kind': 'return [[a\r\nb\rc\n\rd]]',
  'zero bytes are kept': "return #'a\\0b'",
  'adjacent quotes': 'return "it\'s" .. \'"q"\'',
  'call with a string alone': "return string.upper'abc'",
  'call with a long string alone': 'return string.upper[[abc]]',
  'method of a literal': "return ('x'):rep(3)",
  'length of a literal': "return #'hello'",
  'index of a string': "return tostring(('x').y)",
  'comparison by bytes':
    "return {tostring('a' < 'b'), tostring('a' < 'B'), tostring('' < 'a'), tostring('10' < '9')}",
  'comparison with a zero byte': "return tostring('a\\0b' < 'a\\0c')",
});

const functions = plainCases('strings', {
  len: "return string.len('abc')",
  'sub from both ends':
    "local s = 'hello' return {s:sub(2), s:sub(-3), s:sub(2, -2), s:sub(0), s:sub(4, 2), s:sub(-100, 2)}",
  'sub beyond the end': "return {('abc'):sub(2, 100), ('abc'):sub(4), ('abc'):sub(3, 3)}",
  'sub needs a start': "return ('abc'):sub()",
  'sub with fractions': "return ('hello'):sub(2.9, 3.9)",
  'sub of a number': 'return string.sub(12345, 2, 3)',
  'upper and lower': "return {('aBc1'):upper(), ('AbC1'):lower()}",
  rep: "return {('ab'):rep(3), ('ab'):rep(0), ('ab'):rep(-1)}",
  reverse: "return ('abc'):reverse()",
  byte: "return {('ABC'):byte(), ('ABC'):byte(2), ('ABC'):byte(-1)}",
  'byte of a range': "return {('ABC'):byte(1, 3)}",
  'byte beyond the end': "return {tostring(('ABC'):byte(10)), select('#', ('ABC'):byte(10))}",
  char: 'return string.char(72, 105)',
  'char of nothing': 'return string.char()',
  'char of a large code': 'return string.char(256)',
  'char of a negative code': 'return string.char(-1)',
  'find plain': "return {('a.b.c'):find('.', 1, true)}",
  'find plain from a place': "return {('abcabc'):find('b', 3, true)}",
  'find of nothing': "return {('abc'):find('')}",
  'find of nothing beyond the end': "return {('abc'):find('', 10)}",
  'find from a negative place': "return {('hello'):find('l', -2)}",
  'find without success': "return tostring(('abc'):find('x'))",
  'gfind is gmatch': "local t = {} for w in string.gfind('a b', '%a') do t[#t+1] = w end return t",
  'bad argument names the function': 'return string.rep()',
  'bad argument of a method': "return ('x'):rep({})",
  'bad argument of a renamed function': "local f = string.rep return f('x', 'y')",
  'bad argument of a field': "local t = {f = string.rep} return t.f('x', {})",
  'bad self': 'local s = string return s.rep({}, 2)',
  'call of a missing method': "return ('x'):nothing()",
  'arithmetic on a string that is no number': "return 'abc' + 1",
  'concatenation of a boolean': "return 'x' .. true",
  'concatenation of nil names the variable': "local name return 'x' .. name",
  'concatenation of a missing field': "local t = {} return 'x' .. t.y .. 'z'",
  'concatenation from the right': "local a, b = {}, {} return 'x' .. a .. b",
  'long concatenation': "local s = '' for i = 1, 20 do s = s .. i .. ',' end return s",
  'sha1 of a string': "return redis.sha1hex('hello')",
  'sha1 of nothing': "return redis.sha1hex('')",
  'sha1 of a number': 'return redis.sha1hex(42)',
  'sha1 without arguments': 'return redis.sha1hex()',
});

const bytes: readonly ScriptCase[] = [
  {
    name: 'strings: length counts bytes',
    script: "return {#ARGV[1], ARGV[1]:sub(1, 2), ARGV[1]:upper(), ARGV[1]:reverse() == 'é'}",
    keys: [],
    args: ['é…€'],
  },
  {
    name: 'strings: bytes of text',
    script: 'return {ARGV[1]:byte(1, -1)}',
    keys: [],
    args: ['naïve 🔒'],
  },
  {
    name: 'strings: text passes through a key',
    script: "redis.call('set', KEYS[1], ARGV[1]) return redis.call('get', KEYS[1])",
    keys: ['clé'],
    args: ['valeur: é 🔒'],
  },
  {
    name: 'strings: text from bytes',
    script: "return string.char(0xc3, 0xa9) .. '\\195\\169' .. ('%c%c'):format(195, 169)",
    keys: [],
    args: [],
  },
  {
    name: 'strings: bytes that are no text',
    script:
      "redis.call('set', KEYS[1], '\\255\\0\\254') return {#redis.call('get', KEYS[1]), redis.call('get', KEYS[1]) == '\\255\\0\\254', redis.call('strlen', KEYS[1])}",
    keys: ['k'],
    args: [],
  },
  {
    name: 'strings: text in the script',
    script: "return {'é', #'é', 'é' == ARGV[1]}",
    keys: [],
    args: ['é'],
  },
];

export const scripts: readonly ScriptCase[] = [...literals, ...functions, ...bytes];
