/**
 * The library `bit`.
 */
import { plainCases, type ScriptCase } from '../case.js';

export const scripts: readonly ScriptCase[] = plainCases('bit', {
  tobit:
    'return {bit.tobit(0xffffffff), bit.tobit(0x7fffffff), bit.tobit(2^40 + 5), bit.tobit(-1)}',
  'tobit rounds': 'return {bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-1.5), bit.tobit(0.4)}',
  'tobit of large numbers': 'return {bit.tobit(2^52 + 1), bit.tobit(2^53), bit.tobit(1e300)}',
  bnot: 'return {bit.bnot(0), bit.bnot(-1), bit.bnot(0x12345678)}',
  'and, or, exclusive or': 'return {bit.band(12, 10), bit.bor(12, 10), bit.bxor(12, 10)}',
  'many operands': 'return {bit.band(15, 7, 3), bit.bor(1, 2, 4, 8), bit.bxor(1, 2, 3)}',
  'one operand': 'return bit.band(5)',
  'no operand': 'return bit.band()',
  lshift:
    'return {bit.lshift(1, 4), bit.lshift(1, 31), bit.lshift(1, 32), bit.lshift(0x87654321, 12)}',
  rshift: 'return {bit.rshift(256, 8), bit.rshift(-256, 8), bit.rshift(-1, 31)}',
  arshift: 'return {bit.arshift(256, 8), bit.arshift(-256, 8)}',
  'shift by a negative count': 'return {bit.lshift(1, -1), bit.rshift(-1, -31)}',
  rotate: 'return {bit.rol(0x12345678, 12), bit.ror(0x12345678, 12), bit.rol(1, 0)}',
  bswap: 'return {bit.bswap(0x12345678), bit.bswap(0x78563412)}',
  tohex:
    'return {bit.tohex(1), bit.tohex(-1), bit.tohex(255, 4), bit.tohex(255, -4), bit.tohex(0x87654321, 0), bit.tohex(1, 100)}',
  'operands from strings': "return bit.band('0xff', '15')",
  'a wrong operand': "return bit.band(1, 'x')",
  'nil as operand': 'return bit.bor(nil)',
  'a slot of a hash':
    "local h = 5381 for c in ('lock:1'):gmatch('.') do h = bit.bxor(bit.lshift(h, 5) + h, c:byte()) end return bit.band(h, 16383)",
});
