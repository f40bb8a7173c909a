/**
 * The libraries `struct` and `cmsgpack`.
 */
import { plainCases, type ScriptCase } from '../case.js';

const HEX =
  "local function hex(s) return (s:gsub('.', function(c) return ('%02x'):format(c:byte()) end)) end ";

const struct = plainCases('struct', {
  integers: `${HEX}return hex(struct.pack('bBhHlLiI', -1, 255, -2, 65535, -3, 7, -4, 5))`,
  'big-endian': `${HEX}return hex(struct.pack('>hI4>L', 258, 0x01020304, 1))`,
  'little-endian': `${HEX}return hex(struct.pack('<hI4', 258, 0x01020304))`,
  'sizes given': `${HEX}return hex(struct.pack('i3I5i16', -2, 258, 1))`,
  floats: `${HEX}return hex(struct.pack('fd>d', 1.5, -0.1, 2))`,
  strings: `${HEX}return hex(struct.pack('sc3c0', 'ab', 'xyz', 'rest'))`,
  alignment: `${HEX}return hex(struct.pack('!4bi!8bd', 1, 2, 3, 4))`,
  padding: `${HEX}return hex(struct.pack('bxb', 1, 2))`,
  'there and back':
    "return {struct.unpack('bBhHiIlL', struct.pack('bBhHiIlL', -1, 255, -2, 65534, -3, 4294967293, -4, 5))}",
  'strings back': "return {struct.unpack('sc3', 'ab\\0xyz')}",
  'a length before a string': "return {struct.unpack('Bc0', '\\3abcdef')}",
  'from a place': "return {struct.unpack('b', '\\1\\2\\3', 2)}",
  'floats back':
    "local a, b = struct.unpack('fd', struct.pack('fd', 0.5, 0.1)) return a .. ' ' .. b",
  size: "return {struct.size('bhilxfd'), struct.size('!8bd'), struct.size('c10')}",
  'size of a string': "return struct.size('s')",
  'data too short': "return struct.unpack('i4', 'ab')",
  'string too short': "return struct.pack('c5', 'ab')",
  'wrong option': "return struct.pack('z', 1)",
  'wrong alignment': "return struct.pack('!3i', 1)",
  'wrong size': "return struct.pack('i40', 1)",
  'missing value': "return struct.pack('i')",
  'offset of zero': "return struct.unpack('b', 'a', 0)",
  'unfinished string': "return struct.unpack('s', 'abc')",
});

const cmsgpack = plainCases('cmsgpack', {
  integers: `${HEX}local t = {} for i, n in ipairs({0, 127, 128, 255, 256, 65535, 65536, 2^32, 2^53, -1, -32, -33, -128, -129, -32769, -2^31-1}) do t[i] = hex(cmsgpack.pack(n)) end return t`,
  floats: `${HEX}return {hex(cmsgpack.pack(0.5)), hex(cmsgpack.pack(0.1)), hex(cmsgpack.pack(1/0)), hex(cmsgpack.pack(2^63))}`,
  'strings of all lengths': `${HEX}local t = {} for i, n in ipairs({0, 31, 32, 255, 256, 65536}) do t[i] = hex(cmsgpack.pack(('x'):rep(n)):sub(1, 5)) end return t`,
  scalars: `${HEX}return hex(cmsgpack.pack(true) .. cmsgpack.pack(false) .. cmsgpack.pack(nil))`,
  lists: `${HEX}return {hex(cmsgpack.pack({1, 2, 3})), hex(cmsgpack.pack({})), #cmsgpack.pack({1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16})}`,
  maps: `${HEX}return {hex(cmsgpack.pack({a = 1})), hex(cmsgpack.pack({[2] = 1})), hex(cmsgpack.pack({1, x = 2}))}`,
  'several values': `${HEX}return hex(cmsgpack.pack(1, 'a', {2}))`,
  'nesting ends': `${HEX}local t = {} for i = 1, 20 do t = {t} end return hex(cmsgpack.pack(t))`,
  'there and back':
    "local t = cmsgpack.unpack(cmsgpack.pack({1, 'two', {three = 3}, true, 0.5, -7})) return {t[1], t[2], t[3].three, tostring(t[4]), tostring(t[5]), t[6]}",
  'several values back': "return {cmsgpack.unpack(cmsgpack.pack(1, 2, 'x'))}",
  'one at a time':
    'local s = cmsgpack.pack(1, 2) local at, v = cmsgpack.unpack_one(s) local at2, w = cmsgpack.unpack_one(s, at) return {at, v, at2, w}',
  'a limit': 'return {cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 2)}',
  'data too short': "return cmsgpack.unpack('\\204')",
  'wrong data': "return cmsgpack.unpack('\\193')",
  'nothing to pack': 'return cmsgpack.pack()',
  'nothing to unpack': 'return cmsgpack.unpack()',
  'an offset beyond the end': "return cmsgpack.unpack_one('a', 5)",
});

export const scripts: readonly ScriptCase[] = [...struct, ...cmsgpack];
