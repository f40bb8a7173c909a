/**
 * Statements, scopes, closures and the order of evaluation.
 */
import { plainCases, type ScriptCase } from '../case.js';

const statements = plainCases('language', {
  nothing: '',
  'only a comment': '-- nothing here',
  semicolons: 'local a = 1; local b = 2; return a + b;',
  'if and elseif':
    "local function f(n) if n < 0 then return 'negative' elseif n == 0 then return 'zero' else return 'positive' end end return {f(-1), f(0), f(1)}",
  'only nil and false are false':
    "local r = {} for _, v in ipairs({0, '', 'x', true}) do if v then r[#r+1] = 'true' end end if nil then r[#r+1] = 'nil' end return r",
  'while with break': 'local n = 0 while true do n = n + 1 if n == 5 then break end end return n',
  'repeat sees its locals': 'local n = 0 repeat local done = n >= 3 n = n + 1 until done return n',
  'repeat with a closure in its condition':
    'local t, n = {}, 0 repeat local x = n t[#t+1] = function() return x end n = n + 1 until x >= 2 return {t[1](), t[2](), t[3]()}',
  'numeric for': 'local n = 0 for i = 1, 10 do n = n + i end return n',
  'numeric for with a step': 'local r = {} for i = 10, 1, -3 do r[#r+1] = i end return r',
  'numeric for with a fraction as step':
    'local r = {} for i = 0, 1, 0.1 do r[#r+1] = tostring(i) end return r',
  'numeric for that never runs': 'for i = 1, 0 do return 1 end return 0',
  'numeric for with a step of zero':
    'local n = 0 for i = 1, 0, 0 do n = n + 1 if n > 3 then break end end return n',
  'numeric for from strings': "local n = 0 for i = '1', '3' do n = n + i end return n",
  'numeric for without a number': "for i = 'x', 3 do end",
  'numeric for without a limit': 'for i = 1, nil do end',
  'numeric for with a wrong step': 'for i = 1, 2, {} do end',
  'the control variable is a copy':
    'local r = {} for i = 1, 3 do r[#r+1] = i i = i * 10 end return r',
  'generic for by hand':
    'local function up(max, i) if i < max then return i + 1 end end local r = {} for i in up, 3, 0 do r[#r+1] = i end return r',
  'generic for over a closure':
    'local function count(n) local i = 0 return function() i = i + 1 if i <= n then return i end end end local s = 0 for i in count(4) do s = s + i end return s',
  'generic for over nothing': 'for x in nil do end',
  'generic for over a number': 'for x in 5 do end',
  'nested breaks':
    'local n = 0 for i = 1, 3 do for j = 1, 3 do if j == 2 then break end n = n + 1 end end return n',
  'return from inside loops':
    'for i = 1, 10 do for j = 1, 10 do if i * j == 12 then return {i, j} end end end',
  'do blocks': 'local a = 1 do local a = 2 end return a',
  'several returns': 'return 1, 2, 3',
  'return without values': 'return',
});

const scopes = plainCases('language', {
  shadowing: 'local a = 1 local a = a + 1 return a',
  'a local does not see itself': 'local x = x',
  'a local function sees itself':
    'local function f(n) if n == 0 then return 1 end return n * f(n - 1) end return f(10)',
  'a function in a local does not': 'local f = function(n) return f end return f(1)',
  'missing values are nil': 'local a, b, c = 1 return {a, tostring(b), tostring(c)}',
  'surplus values are dropped': 'local a = 1, 2, 3 return a',
  'surplus values are evaluated':
    'local n = 0 local function f() n = n + 1 return n end local a = f(), f(), f() return {a, n}',
  'a swap': 'local a, b = 1, 2 a, b = b, a return {a, b}',
  'assignment evaluates first':
    'local i, t = 1, {10, 20} i, t[i] = i + 1, 99 return {i, t[1], t[2]}',
  'assignment from right to left':
    'local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, #t + 1, k) end}) t.a, t.b, t.c = 1, 2, 3 return {t[1], t[2], t[3]}',
  'assignment of a call to several':
    'local function f() return 1, 2 end local a, b, c = 0, f() return {a, b, c}',
  'a local read after a call that changes it':
    'local a = 1 local function f() a = 2 return 5 end return a + f()',
  'a local copied before a call that changes it':
    "local a = 'x' local function f() a = 'y' return 'z' end return a .. f()",
  'an argument copied before a call that changes it':
    'local a = 1 local function f() a = 2 return 5 end return {a, f(), a}',
  'a table read after a call that changes it':
    'local t = {x = 1} local function f() t = {x = 2} return "x" end return t[f()]',
  'a key read after a call that changes it':
    'local t, i = {}, 1 local function f() i = 2 return "v" end t[i] = f() return {tostring(t[1]), tostring(t[2])}',
  'comparison with a call that changes':
    'local a = 1 local function f() a = 5 return 3 end return tostring(a < f())',
  'and and or give values':
    "return {1 and 2, nil or 3, tostring(false and 1), tostring(nil and false), false or 'x'}",
  'and and or skip':
    'local n = 0 local function f() n = n + 1 return true end local _ = false and f() local _ = true or f() return n',
  'a choice': "local x = 5 return x > 3 and 'big' or 'small'",
  not: 'return {tostring(not nil), tostring(not 0), tostring(not not 1)}',
});

const closures = plainCases('language', {
  'a counter':
    'local function counter() local n = 0 return function() n = n + 1 return n end end local a, b = counter(), counter() a() a() return {a(), b()}',
  'shared upvalues':
    'local n = 0 local function inc() n = n + 1 end local function get() return n end inc() inc() return get()',
  'each turn of a loop has its own':
    'local t = {} for i = 1, 3 do t[i] = function() i = i + 10 return i end end return {t[1](), t[1](), t[2](), t[3]()}',
  'each turn of a generic loop has its own':
    "local t = {} for k, v in ipairs({'a', 'b'}) do t[k] = function() return v end end return {t[1](), t[2]()}",
  'each turn of a while loop has its own':
    'local t, i = {}, 1 while i <= 3 do local j = i t[i] = function() return j end i = i + 1 end return {t[1](), t[3]()}',
  'upvalues of upvalues':
    'local a = 1 local function f() local function g() a = a + 1 return a end return g end return {f()(), f()(), a}',
  'parameters as upvalues':
    'local function add(a) return function(b) return a + b end end return add(3)(4)',
  varargs:
    "local function f(...) local a, b = ... return select('#', ...), a, b end return {f(1, 2, 3)}",
  'varargs in the middle': 'local function f(...) return ... end return {f(1, 2), f(3, 4)}',
  'varargs with nil':
    "local function f(...) return select('#', ...) end return {f(), f(nil), f(nil, nil)}",
  'varargs of the script': "return select('#', ...)",
  'arg of a vararg function': 'local function f(...) return arg.n, arg[1] end return {f(7, 8, 9)}',
  'no arg beside dots': 'local function f(...) local x = ... return tostring(arg) end return f(1)',
  'missing arguments': 'local function f(a, b) return tostring(a) .. tostring(b) end return f(1)',
  methods: 'local t = {n = 5} function t:get(x) return self.n + x end return t:get(1)',
  'functions in fields':
    'local t = {a = {}} function t.a.f(x) return x * 2 end function t.a:g(x) return self.f(x) end return t.a:g(4)',
  'recursion in two functions':
    'local even, odd function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then return false end return even(n - 1) end return tostring(even(50))',
  'a tail call':
    'local function f(n) if n == 0 then return 1 end return f(n - 1) end return f(100)',
  fibonacci:
    'local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end return fib(15)',
  'a string as an argument': "local function f(s) return s end return f'x' .. f[[y]]",
  'a table as an argument': 'local function f(t) return t.x end return f{x = 3}',
  'calls of calls':
    'local function f() return function() return function(x) return x end end end return f()()(9)',
  'long argument lists':
    'local function f(...) return select("#", ...) end return f(1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20)',
  'functions compare by identity':
    'local f = function() end return {tostring(f == f), tostring(f == function() end)}',
  'type of values':
    "return {type(nil), type(1), type('x'), type({}), type(type), type(cjson.null), type(true)}",
});

export const scripts: readonly ScriptCase[] = [...statements, ...scopes, ...closures];
