/**
 * Tables: constructors, length, traversal, and the library.
 */
import { plainCases, type ScriptCase } from '../case.js';

const basics = plainCases('tables', {
  'a list': 'return {1, 2, 3}',
  'a trailing separator': 'return {1, 2, 3,}',
  'separators are the same': 'return {1; 2, 3;}',
  'records and items mixed':
    "local t = {1, x = 'a', 2, [10] = 'b', 3} return {#t, t.x, t[10], t[3]}",
  'items win over records': "local t = {[1] = 'record', 'item'} return t[1]",
  'records after a full portion win':
    "local t = {1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51,[1]='x'} return t[1]",
  'keys are evaluated': "local k = 'a' return ({[k .. 'b'] = 1}).ab",
  'a call gives all its values at the end': 'local function f() return 1, 2, 3 end return {f()}',
  'a call gives one value elsewhere': 'local function f() return 1, 2, 3 end return {f(), f()}',
  'parentheses cut a call': 'local function f() return 1, 2, 3 end return {(f())}',
  'varargs fill a table': 'local function f(...) return {...} end return f(1, 2, 3)',
  'nested tables': 'return {1, {2, {3, {}}}}',
  'a reply ends at the first nil': 'return {1, 2, nil, 4}',
  'fields are no reply': "return {1, x = 'y'}",
  'whole keys are one key':
    "local t = {} t[1] = 'a' t[1.0] = 'b' t['1'] = 'c' return {t[1], t['1']}",
  'minus zero is zero as a key': "local t = {} t[0] = 'a' t[-0] = 'b' return t[0]",
  'fractions as keys': "local t = {[1.5] = 'x'} return t[3/2]",
  'booleans as keys': "local t = {[true] = 'yes', [false] = 'no'} return {t[true], t[false]}",
  'tables as keys': "local k = {} local t = {[k] = 'found'} return {t[k], tostring(t[{}])}",
  'nil as a key to read': 'local t = {} return tostring(t[nil])',
  'nil as a key to write': 'local t = {} t[nil] = 1',
  'not a number as a key': 'local t = {} t[0/0] = 1',
  'nil as a key in a constructor': 'return {[nil] = 1}',
  'index of nil': 'local t return t.x',
  'index of a field that is nil': 'local t = {} return t.a.b',
  'index of a global constant': 'return cjson.null.x',
  'index of a number': 'local n = 5 return n.x',
  'index of a call result': 'return (function() end)().x',
  'assignment into nil': 'local t t.x = 1',
  'equality is identity': 'local a, b = {}, {} return {tostring(a == b), tostring(a == a)}',
});

const lengths = plainCases('tables', {
  'length of a list': 'return #{1, 2, 3}',
  'length of an empty table': 'return #{}',
  'length with a hole inside': 'return #{1, nil, 3}',
  'length with a hole at the end': 'return #{1, 2, nil}',
  'length with two holes': 'return #{1, nil, 3, nil}',
  'length with many holes': 'return #{nil, nil, 3}',
  'length after appending': 'local t = {} for i = 1, 10 do t[#t+1] = i end return #t',
  'length after removing the end': 'local t = {1, 2, 3, 4} t[4] = nil return #t',
  'length after removing inside': 'local t = {1, 2, 3, 4} t[2] = nil return #t',
  'length after removing half': 'local t = {1,2,3,4,5,6,7,8} t[8] = nil t[4] = nil return #t',
  'length of fields alone': 'return #{x = 1, y = 2}',
  'length filled backwards': 'local t = {} for i = 10, 1, -1 do t[i] = i end return #t',
  'length with a far element': 'local t = {1, 2, 3} t[100] = 1 return #t',
  'length of arguments with a hole': 'local function f(...) return #{...} end return f(1, nil, 3)',
});

const traversal = plainCases('tables', {
  'order of string keys':
    'local r = {} for k, v in pairs({k1 = 1, k2 = 2, k3 = 3, k4 = 4, k5 = 5}) do r[#r+1] = k end return r',
  'order of words':
    'local r = {} for k in pairs({apple = 1, banana = 2, cherry = 3, date = 4, elder = 5, fig = 6, grape = 7}) do r[#r+1] = k end return r',
  'order of mixed keys':
    'local r = {} for k in pairs({10, 20, x = 1, [5] = 2, y = 3, [-1] = 4, [1.5] = 5, [true] = 6}) do r[#r+1] = tostring(k) end return r',
  'order after growth':
    "local t, r = {}, {} for i = 1, 20 do t['key' .. i] = i end for k in pairs(t) do r[#r+1] = k end return r",
  'order after removals':
    "local t, r = {}, {} for i = 1, 12 do t['k' .. i] = i end t.k3 = nil t.k7 = nil t.new = 1 for k in pairs(t) do r[#r+1] = k end return r",
  'order of large numbers':
    'local t, r = {}, {} for _, n in ipairs({1000000, 2^31, 2^40, -5, 0, 0.25}) do t[n] = 1 end for k in pairs(t) do r[#r+1] = tostring(k) end return r',
  'removal while traversing':
    'local t, n = {a = 1, b = 2, c = 3}, 0 for k in pairs(t) do t[k] = nil n = n + 1 end return {n, tostring(next(t))}',
  'pairs of an empty table': 'for k in pairs({}) do return k end return 0',
  'ipairs stops at a hole':
    'local n = 0 for i, v in ipairs({1, 2, nil, 4}) do n = n + v end return n',
  'ipairs with an index':
    "local r = {} for i, v in ipairs({'a', 'b'}) do r[#r+1] = i .. v end return r",
  'next by hand': 'local t = {x = 1} local k, v = next(t) return {k, v, tostring(next(t, k))}',
  'next of an empty table': 'return tostring(next({}))',
  'next with an unknown key': "return next({}, 'x')",
  'pairs of nil': 'for k in pairs(nil) do end',
  'ipairs of nothing': 'for k in ipairs() do end',
  'pairs returns next':
    'local f, t, k = pairs({}) return {tostring(f == next), type(t), tostring(k)}',
  foreach:
    "local r = {} table.foreach({1, 2, x = 3}, function(k, v) r[#r+1] = k .. '=' .. v end) return r",
  'foreach stops at a result':
    'return table.foreach({5, 6, 7}, function(k, v) if v == 6 then return k end end)',
  foreachi: 'local n = 0 table.foreachi({1, 2, 3}, function(i, v) n = n + i * v end) return n',
});

const tableFunctions = plainCases('tables', {
  concat: "return {table.concat({1, 2, 3}), table.concat({1, 2, 3}, ','), table.concat({}, ',')}",
  'concat of a range': "return {table.concat({1, 2, 3, 4}, '-', 2, 3), table.concat({1}, '-', 2)}",
  'concat of a table inside': "return table.concat({1, {}, 3}, ',')",
  'concat of a hole': "return table.concat({1, nil, 3}, ',')",
  'insert at the end': 'local t = {1} table.insert(t, 2) return t',
  'insert inside': "local t = {1, 3} table.insert(t, 2, 'x') return t",
  'insert beyond the end': "local t = {1} table.insert(t, 5, 'x') return {#t, t[5]}",
  'insert with too few arguments': 'table.insert({})',
  'insert with too many arguments': 'table.insert({}, 1, 2, 3)',
  'insert into nil': 'table.insert(nil, 1)',
  'remove from the end': 'local t = {1, 2, 3} return {table.remove(t), #t}',
  'remove from the front': 'local t = {1, 2, 3} return {table.remove(t, 1), t[1], #t}',
  'remove from an empty table':
    "return {select('#', table.remove({})), tostring(table.remove({}))}",
  'remove outside': 'local t = {1, 2} return {tostring(table.remove(t, 5)), #t}',
  sort: 'local t = {5, 2, 8, 1, 9, 3} table.sort(t) return t',
  'sort of strings': "local t = {'b', 'a', 'C', '10', '9'} table.sort(t) return t",
  'sort backwards':
    'local t = {5, 2, 8, 1} table.sort(t, function(a, b) return a > b end) return t',
  'sort of equal elements':
    'local t = {} for i = 1, 9 do t[i] = {i % 3, i} end table.sort(t, function(a, b) return a[1] < b[1] end) local r = {} for i, v in ipairs(t) do r[i] = v[2] end return r',
  'comparisons of a sort':
    "local r, t = {}, {3, 1, 2, 5, 4} table.sort(t, function(a, b) r[#r+1] = a .. '<' .. b return a < b end) return r",
  'sort of mixed types': "local t = {1, 'x'} table.sort(t) return t",
  'sort with a wrong order':
    'local t = {1,2,3,4,5} table.sort(t, function() return true end) return t',
  'sort with no function': 'table.sort({1, 2}, 5)',
  maxn: 'return {table.maxn({1, 2, 3}), table.maxn({[10] = 1, [3.5] = 2}), table.maxn({})}',
  getn: 'return table.getn({1, 2, 3})',
  'setn is obsolete': 'table.setn({}, 1)',
  unpack: 'local a, b, c = unpack({1, 2, 3}) return {c, b, a}',
  'unpack of a range': 'return {unpack({1, 2, 3, 4}, 2, 3)}',
  'unpack with holes': "return select('#', unpack({1, nil, 3}))",
  'unpack beyond the end': "return select('#', unpack({1}, 1, 5))",
  'unpack of too many': 'return unpack({}, 1, 1e7)',
  'unpack as arguments': "return redis.call('mset', unpack(ARGV))",
}).map((scriptCase) =>
  scriptCase.script.includes('ARGV') ? { ...scriptCase, args: ['a', '1', 'b', '2'] } : scriptCase,
);

export const scripts: readonly ScriptCase[] = [
  ...basics,
  ...lengths,
  ...traversal,
  ...tableFunctions,
];
