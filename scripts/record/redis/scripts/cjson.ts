/**
 * `cjson`: JSON to and from tables.
 */
import { plainCases, type ScriptCase } from '../case.js';

const encoding = plainCases('cjson', {
  'encode scalars':
    "return {cjson.encode(1), cjson.encode('x'), cjson.encode(true), cjson.encode(nil), cjson.encode(cjson.null)}",
  'encode a list': 'return cjson.encode({1, 2, 3})',
  'encode an empty table': 'return cjson.encode({})',
  'encode an object': "return cjson.encode({name = 'lock'})",
  'encode an object of several fields':
    "return cjson.encode({owner = 'a', ttl = 30000, shared = false, list = {1, 2}})",
  'encode nested tables': 'return cjson.encode({{1, {2}}, {a = {b = {c = 1}}}})',
  'encode numbers': 'return cjson.encode({0, -1, 1.5, 0.1, 1e10, 1e14, 1e15, 1e100, 1/3, -0.0001})',
  'encode server time': 'return cjson.encode({1700000000123, 1700000000123456})',
  'encode a list with a hole': 'return cjson.encode({1, nil, 3})',
  'encode a sparse list': 'return cjson.encode({[1] = 1, [5] = 5})',
  'encode an excessively sparse list': 'return cjson.encode({[1] = 1, [100] = 2})',
  'encode number keys of an object': "return cjson.encode({[1] = 'a', x = 'b'})",
  'encode zero as a key': "return cjson.encode({[0] = 'a'})",
  'encode a fraction as a key': "return cjson.encode({[1.5] = 'a'})",
  'encode a boolean key': 'return cjson.encode({[true] = 1})',
  'encode a function': 'return cjson.encode({f = function() end})',
  'encode infinity': 'return cjson.encode({1/0})',
  'encode not a number': 'return cjson.encode(0/0)',
  'encode escapes': "return cjson.encode('\"\\\\/\\b\\f\\n\\r\\t\\0\\1\\127')",
  'encode text': "return cjson.encode('é€🔒')",
  'encode too deep': 'local t = {} for i = 1, 1001 do t = {t} end return cjson.encode(t)',
  'encode a circle': 'local t = {} t.t = t return cjson.encode(t)',
  'encode nothing': 'return cjson.encode()',
  'encode too much': 'return cjson.encode(1, 2)',
});

const decoding = plainCases('cjson', {
  'decode scalars':
    "return {cjson.decode('1'), cjson.decode('\"x\"'), tostring(cjson.decode('true')), tostring(cjson.decode('null') == cjson.null)}",
  'decode a list': "return cjson.decode('[1,2,3]')",
  'decode an empty list': "return #cjson.decode('[]')",
  'decode an object':
    'local t = cjson.decode(\'{"a":1,"b":{"c":[true,false]}}\') return {t.a, tostring(t.b.c[2])}',
  'decode keeps null':
    "local t = cjson.decode('[1,null,3]') return {#t, tostring(t[2]), type(t[2])}",
  'decode numbers':
    "local t = cjson.decode('[0,-1,1.5,1e3,1E-2,-0,0.1]') local r = {} for i, v in ipairs(t) do r[i] = tostring(v) end return r",
  'decode large numbers': "return tostring(cjson.decode('1700000000123'))",
  'decode what JSON forbids':
    "return {cjson.decode('0x10'), cjson.decode('007'), tostring(cjson.decode('inf')), tostring(cjson.decode('-Infinity'))}",
  'decode escapes':
    'return cjson.decode(\'"\\\\"\\\\\\\\\\\\/\\\\b\\\\f\\\\n\\\\r\\\\t\\\\u0041"\')',
  'decode code points': 'return cjson.decode(\'"\\\\u00e9\\\\u20ac\\\\ud83d\\\\udd12"\')',
  'decode a lone surrogate': 'return cjson.decode(\'"\\\\ud83d"\')',
  'decode text': 'return cjson.decode(\'"é"\')',
  'decode white space': "return cjson.decode(' [ 1 ,\\n\\t2 ] ')",
  'decode twice the same key': 'return cjson.decode(\'{"a":1,"a":2}\').a',
  'decode a trailing comma': "return cjson.decode('[1,]')",
  'decode a missing comma': "return cjson.decode('[1 2]')",
  'decode a missing colon': 'return cjson.decode(\'{"a" 1}\')',
  'decode a key without quotes': "return cjson.decode('{a:1}')",
  'decode an open list': "return cjson.decode('[1,2')",
  'decode an open string': "return cjson.decode('\"abc')",
  'decode a wrong escape': 'return cjson.decode(\'"\\\\x"\')',
  'decode a wrong word': "return cjson.decode('truth')",
  'decode two values': "return cjson.decode('1 2')",
  'decode an empty text': "return cjson.decode('')",
  'decode a lone minus': "return cjson.decode('-')",
  'decode too deep': "return cjson.decode(('['):rep(1001))",
  'decode a number': 'return cjson.decode(42)',
  'decode a table': 'return cjson.decode({})',
  'decode nothing': 'return cjson.decode()',
  'there and back':
    "local t = cjson.decode(cjson.encode({a = {1, 2, {b = 'c'}}})) return {t.a[2], t.a[3].b}",
  'order of decoded keys':
    'local r = {} for k in pairs(cjson.decode(\'{"one":1,"two":2,"three":3,"four":4}\')) do r[#r+1] = k end return r',
  'null is a light userdata': 'return {type(cjson.null), tostring(cjson.null)}',
  'null as a reply': 'return {1, cjson.null, 3}',
});

/** Settings outlive a script on a real server, so every case puts them back. */
const settings = plainCases('cjson', {
  'precision of numbers':
    'cjson.encode_number_precision(3) local s = cjson.encode(1/3) cjson.encode_number_precision(14) return s',
  'precision out of range': 'return cjson.encode_number_precision(17)',
  'sparse lists as objects':
    'cjson.encode_sparse_array(true) local s = cjson.encode({[1] = 1, [100] = 2}) cjson.encode_sparse_array(false) return s',
  'settings of sparse lists':
    'local a, b, c = cjson.encode_sparse_array() return {tostring(a), b, c}',
  depths: 'return {cjson.encode_max_depth(), cjson.decode_max_depth()}',
  'depth of encoding':
    'cjson.encode_max_depth(2) local ok, e = pcall(cjson.encode, {{{}}}) cjson.encode_max_depth(1000) return e',
  'invalid numbers as null':
    "cjson.encode_invalid_numbers('null') local s = cjson.encode({1/0, 0/0}) cjson.encode_invalid_numbers(false) return s",
  'invalid numbers refused':
    "cjson.decode_invalid_numbers(false) local ok, e = pcall(cjson.decode, '[0x10]') cjson.decode_invalid_numbers(true) return e",
  'a module of its own':
    'local other = cjson.new() other.encode_number_precision(2) return {other.encode(1/3), cjson.encode(1/3)}',
  'wrong option': "return cjson.encode_invalid_numbers('maybe')",
  'too many options': 'return cjson.encode_max_depth(1, 2)',
});

export const scripts: readonly ScriptCase[] = [...encoding, ...decoding, ...settings];
