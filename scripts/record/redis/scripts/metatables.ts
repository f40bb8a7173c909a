/**
 * Metatables.
 */
import { plainCases, type ScriptCase } from '../case.js';

const events = plainCases('metatables', {
  '__index table': 'return setmetatable({}, {__index = {x = 5}}).x',
  '__index function':
    "return setmetatable({}, {__index = function(t, k) return k .. '!' end}).hello",
  '__index chain':
    'local a = {x = 1} local b = setmetatable({}, {__index = a}) local c = setmetatable({}, {__index = b}) return c.x',
  '__index is skipped by present keys': 'return setmetatable({x = 1}, {__index = {x = 2}}).x',
  '__index of a number': 'return setmetatable({}, {__index = 5}).x',
  '__index loop': 'local t = {} setmetatable(t, {__index = t}) return t.x',
  '__newindex table':
    'local store = {} local t = setmetatable({}, {__newindex = store}) t.x = 1 return {tostring(rawget(t, "x")), store.x}',
  '__newindex function':
    'local log = {} local t = setmetatable({}, {__newindex = function(t, k, v) log[#log+1] = k rawset(t, k, v) end}) t.a = 1 t.a = 2 t.b = 3 return {#log, t.a, t.b}',
  '__newindex with nil as key':
    'local t = setmetatable({}, {__newindex = function() end}) t[nil] = 1',
  __call: 'return setmetatable({}, {__call = function(self, a, b) return a + b end})(2, 3)',
  '__call in a chain':
    'local f = setmetatable({}, {__call = function(self, x) return x end}) return setmetatable({}, {__call = f})(1)',
  arithmetic:
    "local mt = {} for _, e in ipairs({'add', 'sub', 'mul', 'div', 'mod', 'pow', 'unm'}) do mt['__' .. e] = function() return e end end local t = setmetatable({}, mt) return {t + 1, 1 - t, t * t, t / 2, t % 2, t ^ 2, -t}",
  '__unm gets its operand twice':
    'local t = setmetatable({}, {__unm = function(a, b) return tostring(rawequal(a, b)) end}) return -t',
  __concat:
    "local t = setmetatable({}, {__concat = function(a, b) return (type(a) == 'table' and 'T' or a) .. '+' .. (type(b) == 'table' and 'T' or b) end}) return {t .. 'x', 'x' .. t, 1 .. t, 'a' .. 'b' .. t}",
  '__len does not apply to tables':
    'return #setmetatable({1, 2}, {__len = function() return 42 end})',
  __eq: 'local mt = {__eq = function(a, b) return a.v == b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 1}, mt) return {tostring(a == b), tostring(a ~= b), tostring(rawequal(a, b))}',
  '__eq needs the same handler':
    'local a = setmetatable({}, {__eq = function() return true end}) local b = setmetatable({}, {__eq = function() return true end}) return tostring(a == b)',
  '__eq is not asked for other types':
    'local a = setmetatable({}, {__eq = function() return true end}) return tostring(a == 1)',
  __lt: 'local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 2}, mt) return {tostring(a < b), tostring(a > b), tostring(a <= b), tostring(a >= b)}',
  __le: 'local mt = {__le = function(a, b) return a.v <= b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({v = 1}, mt) return {tostring(a <= b), tostring(a >= b)}',
  '__lt with a number': 'return setmetatable({}, {__lt = function() return true end}) < 1',
  __tostring: "return tostring(setmetatable({}, {__tostring = function() return 'me' end}))",
  '__tostring does not concatenate':
    "return 'x' .. setmetatable({}, {__tostring = function() return 'me' end})",
  '__metatable hides':
    "local t = setmetatable({}, {__metatable = 'locked'}) return getmetatable(t)",
  '__metatable protects':
    "local t = setmetatable({}, {__metatable = 'locked'}) setmetatable(t, {})",
  '__index in a library function':
    "return ('$x'):gsub('%$(%w)', setmetatable({}, {__index = function(t, k) return k:upper() end}))",
  'order of a sort by __lt':
    'local mt = {__lt = function(a, b) return a.v < b.v end} local t = {} for i, v in ipairs({3, 1, 2}) do t[i] = setmetatable({v = v}, mt) end table.sort(t) return {t[1].v, t[2].v, t[3].v}',
});

const functions = plainCases('metatables', {
  'setmetatable returns the table': 'local t = {} return tostring(setmetatable(t, {}) == t)',
  'setmetatable with nil':
    'local t = setmetatable({}, {__index = {x = 1}}) setmetatable(t, nil) return tostring(t.x)',
  'setmetatable without a metatable': 'setmetatable({})',
  'setmetatable of a string': "setmetatable('x', {})",
  'getmetatable of values':
    "return {tostring(getmetatable({})), tostring(getmetatable(1)), type(getmetatable('x'))}",
  'getmetatable without arguments': 'getmetatable()',
  'rawget and rawset':
    "local t = setmetatable({}, {__index = function() return 1 end, __newindex = function() end}) rawset(t, 'x', 5) return {rawget(t, 'x'), tostring(rawget(t, 'y'))}",
  'rawset with nil as key': 'rawset({}, nil, 1)',
  'rawequal without arguments': 'return rawequal(1)',
  'a class':
    "local Lock = {} Lock.__index = Lock function Lock.new(k) return setmetatable({k = k}, Lock) end function Lock:key() return 'lock:' .. self.k end return Lock.new('a'):key()",
  inheritance:
    "local Base = {kind = function() return 'base' end, hi = function(self) return 'hi ' .. self:kind() end} Base.__index = Base local Sub = setmetatable({kind = function() return 'sub' end}, Base) Sub.__index = Sub return setmetatable({}, Sub):hi()",
  'a default value':
    'local count = setmetatable({}, {__index = function() return 0 end}) for _, w in ipairs({"a", "b", "a"}) do count[w] = count[w] + 1 end return {count.a, count.b, count.c}',
});

export const scripts: readonly ScriptCase[] = [...events, ...functions];
