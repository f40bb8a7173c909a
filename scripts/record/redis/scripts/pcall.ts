/**
 * Raising errors and catching them.
 */
import { plainCases, type ScriptCase } from '../case.js';

export const scripts: readonly ScriptCase[] = plainCases('pcall', {
  success: 'return {pcall(function() return 1, 2 end)}',
  'success as text': "local ok, v = pcall(function() return 'x' end) return {tostring(ok), v}",
  'a message': "local ok, e = pcall(function() error('broken') end) return {tostring(ok), e}",
  'a message without a place': "local ok, e = pcall(function() error('broken', 0) end) return e",
  'a message with the place of the caller':
    "local function f() error('broken', 2) end\nlocal ok, e = pcall(function()\n f() end) return e",
  'a message two levels up':
    "local function f() error('x', 3) end local function g()\n f()\n return 1 end\nlocal ok, e = pcall(function()\n\n g() return 1 end) return e",
  'a level beyond the stack': "local ok, e = pcall(function() error('x', 50) end) return e",
  'the place of a tail call is lost':
    "local function f() error('x', 2) end local function g() return f() end local ok, e = pcall(g) return e",
  'error itself': "local ok, e = pcall(error, 'x') return e",
  'error itself with nil': 'local ok, e = pcall(error) return tostring(e)',
  'a table': 'local ok, e = pcall(function() error({code = 7}) end) return {type(e), e.code}',
  'a table with err':
    "local ok, e = pcall(function() error({err = 'text'}) end) return {type(e), e}",
  'a number': 'local ok, e = pcall(function() error(42) end) return {type(e), e}',
  'a boolean': 'local ok, e = pcall(function() error(true) end) return type(e)',
  nil: 'local ok, e = pcall(function() error() end) return type(e)',
  'a failed operation': 'local ok, e = pcall(function() return 1 + nil end) return e',
  'a failed call': 'local ok, e = pcall(function() local f f() end) return e',
  'a failed library function': 'local ok, e = pcall(string.rep) return e',
  'a failed library function inside':
    'local ok, e = pcall(function() return string.rep() end) return e',
  'a missing global': 'local ok, e = pcall(function() return missing end) return e',
  'not a function': 'return {tostring(pcall(5)), select(2, pcall(nil))}',
  nested:
    "local ok, e = pcall(function() local ok, e = pcall(error, 'inner', 0) error('outer ' .. e, 0) end) return e",
  'raised again':
    'local ok, e = pcall(function() local ok, e = pcall(error, {code = 1}) error(e) end) return e.code',
  'a command error is text':
    "redis.call('set', 'k', 'v') local ok, e = pcall(redis.call, 'incr', 'k') return {tostring(ok), type(e), e}",
  'a command error inside a function':
    "redis.call('set', 'k', 'v') local ok, e = pcall(function() return redis.call('lpush', 'k', 1) end) return e",
  'redis.pcall gives a table':
    "redis.call('set', 'k', 'v') local r = redis.pcall('incr', 'k') return {type(r), r.err, tostring(r.ignore_error_stats_update)}",
  'redis.pcall of an unknown command': "return redis.pcall('nosuch').err",
  'redis.pcall without arguments': 'return redis.pcall().err',
  'redis.pcall with a table': 'return redis.pcall({}).err',
  'redis.pcall returned': "return redis.pcall('nosuch')",
  'work before an error stays':
    "redis.call('set', 'done', 'yes') pcall(function() redis.call('set', 'more', 'yes') error('x') end) return redis.call('mget', 'done', 'more')",
  'xpcall success': "return {xpcall(function() return 'x' end, function() end)}",
  'xpcall with a handler':
    "local ok, e = xpcall(function() error('x', 0) end, function(m) return 'handled ' .. m end) return {tostring(ok), e}",
  'xpcall with a failing handler':
    "local ok, e = xpcall(function() error('x') end, function(m) error('y') end) return {tostring(ok), type(e)}",
  'xpcall without a handler': 'xpcall(function() end)',
  'assert passes': "return {assert(1, 'unused'), assert('x')}",
  'assert fails': 'assert(false)',
  'assert fails with a message': "assert(nil, 'my message')",
  'assert without arguments': 'assert()',
  'assert with a table as message': 'assert(false, {})',
  'assert inside pcall': "local ok, e = pcall(assert, false, 'why') return e",
  'select from the end': "return {select(-1, 1, 2, 3), select('#'), select('#', nil, nil)}",
  'select out of range': 'return select(0, 1)',
  'select far': "return select('#', select(5, 1, 2))",
  'unwinding restores the depth':
    "local n = 0 local function f() n = n + 1 error('x') end for i = 1, 300 do pcall(f) end return n",
});
