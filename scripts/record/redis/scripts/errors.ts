/**
 * Errors that end a script: their text, the script they name and the line.
 */
import { plainCases, type ScriptCase } from '../case.js';

const raised = plainCases('errors', {
  'a message': "error('broken')",
  'a message on a later line': "local a = 1\nlocal b = 2\nerror('broken')",
  'a message of level 0': "error('broken', 0)",
  'a message of level 2': "local function f()\n error('broken', 2)\nend\nf()",
  'a message of level 2 from the script': "error('broken', 2)",
  'a message with line breaks': "error('a\\nb\\r\\nc')",
  'a message with a byte 0': "error('a\\0b')",
  'two wrong arguments: the second is seen first': "return math.fmod('a', 'b')",
  'two wrong arguments of ldexp': "return math.ldexp('a', 'b')",
  'a number': 'error(42)',
  nothing: 'error()',
  'a boolean': 'error(false)',
  'a table with err': "error({err = 'MY text'})",
  'a table with err of one word': "error({err = 'MY'})",
  'an error reply': "error(redis.error_reply('MY text'))",
  'inside a function': 'local function f()\n  local x = nil\n  return x.y\nend\nreturn f()',
  'inside a method': 'local t = {}\nfunction t:run()\n  self.a.b = 1\nend\nt:run()',
  'inside a callback':
    "local t = {3, 1, 2}\ntable.sort(t, function(a, b)\n  error('in callback')\nend)",
  'inside a replacement': "return ('abc'):gsub('b', function() error('in gsub') end)",
  'caught and raised again': "local ok, e = pcall(error, 'first', 0)\nerror(e, 0)",
  'in a library called by a library': 'table.foreach({1}, error)',
  'in text compiled at run time': "return loadstring('local x = nil return x.y')()",
});

const operations = plainCases('errors', {
  'arithmetic on nil': 'return 1 + nil',
  'arithmetic on a local': 'local total return total + 1',
  'arithmetic on an upvalue': 'local total local function f() return total * 2 end return f()',
  'arithmetic on a field': 'local t = {} return t.count + 1',
  'arithmetic on an element': 'local t = {} return t[1] - 1',
  'arithmetic on an argument that is missing': 'return ARGV[1] + 1',
  'arithmetic on a call': 'local function f() end return f() + 1',
  'arithmetic on a table': 'return {} / 2',
  'arithmetic on the right operand': 'local a, b = 1, {} return a % b',
  'minus of a table': 'local t = {} return -t',
  'minus of a string': "return -'x'",
  'power of a boolean': 'return true ^ 2',
  'comparison of numbers and strings': "return 1 < '2'",
  'comparison with nil': 'return 1 < nil',
  'comparison swapped': "return 1 > 'x'",
  'comparison of tables': 'return {} < {}',
  'comparison of booleans': 'return true <= false',
  'comparison of nils': 'return nil >= nil',
  'comparison of functions': 'return pcall < error',
  'length of nil': 'local list return #list',
  'length of a boolean': 'return #true',
  'call of nil': 'local f f()',
  'call of a field': 'local t = {} t.run()',
  'call of a method': 'local t = {} t:run()',
  'call of an upvalue': 'local f local function g() f() end g()',
  'call of a string': "local s = 'x' s()",
  'call of an element': 'local t = {} t[1]()',
  'call of a call': 'local function f() end f()()',
  'call of a redis function that is missing': "redis.calls('get', 'k')",
  'index of an upvalue': 'local t local function f() return t.x end return f()',
  'index of a missing reply': "return redis.call('get', 'none').x",
  'index on a long line': 'local a = {}\nreturn a\n  .b\n  .c',
  'a call on several lines': 'local f\nf(\n  1,\n  2\n)',
  'concatenation on several lines': "local a\nreturn 'x' ..\n  'y' ..\n  a",
  'an argument that is missing': "return ('x'):rep(nil)",
  'an argument of a wrong type': "return math.floor('x')",
  'an argument of a wrong type deep inside': "return string.format('%d', string.rep('x', 2))",
});

const commands: readonly ScriptCase[] = [
  ...plainCases('errors', {
    'a command on a wrong type': "redis.call('rpush', 'l', 'x') return redis.call('get', 'l')",
    'a command on a wrong type, later line':
      "redis.call('rpush', 'l', 'x')\n\nreturn redis.call('incr', 'l')",
    'an unknown command': "return redis.call('nosuch', 'x')",
    'too few arguments': "return redis.call('get')",
    'too many arguments': "return redis.call('get', 'a', 'b')",
    'no arguments': 'return redis.call()',
    'a table as an argument': "return redis.call('get', {})",
    'nil as an argument': "return redis.call('get', nil)",
    'a boolean as an argument': "return redis.call('set', 'k', true)",
    'a function as an argument': "return redis.call('set', 'k', function() end)",
    'a command not allowed': "return redis.call('eval', 'return 1', 0)",
    'a command not allowed: multi': "return redis.call('multi')",
    'a command not allowed: subscribe': "return redis.call('subscribe', 'c')",
    'a value that is no integer': "redis.call('set', 'k', 'x') return redis.call('incr', 'k')",
    'an error inside a function':
      "local function inc(k)\n  return redis.call('incr', k)\nend\nredis.call('set', 'k', 'x')\nreturn inc('k')",
    'earlier writes stay': "redis.call('set', 'k', 'v') return redis.call('nosuch')",
  }),
  {
    name: 'errors: a missing key as an argument',
    script: "return redis.call('get', KEYS[2])",
    keys: ['k'],
    args: [],
  },
];

export const scripts: readonly ScriptCase[] = [...raised, ...operations, ...commands];
