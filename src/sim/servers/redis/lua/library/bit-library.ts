/**
 * The library `bit` (LuaBitOp 1.0.2): operations on 32-bit integers.
 */
import type { Run } from '../runtime/run.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkNumber } from './arguments.js';

/** 2^52 + 2^51: added to a double, it rounds it to an integer in the low bits of the mantissa. */
const ROUNDING = 6755399441055744;

const view = new DataView(new ArrayBuffer(8));

function operand(args: readonly LuaValue[], index: number, run: Run): number {
  view.setFloat64(0, checkNumber(args, index, run) + ROUNDING);
  return view.getInt32(4);
}

function fold(combine: (a: number, b: number) => number): LuaFunction {
  return (args, run) => {
    let result = operand(args, 1, run);
    for (let i = args.length; i > 1; i--) result = combine(result, operand(args, i, run));
    return [result];
  };
}

function shift(apply: (value: number, count: number) => number): LuaFunction {
  return (args, run) => [apply(operand(args, 1, run), operand(args, 2, run) & 31) | 0];
}

const tohex: LuaFunction = (args, run) => {
  const value = operand(args, 1, run) >>> 0;
  const count = args.length < 2 ? 8 : operand(args, 2, run);
  const width = Math.min(Math.abs(count), 8);
  const digits = value
    .toString(16)
    .padStart(8, '0')
    .slice(8 - width);
  return [count < 0 ? digits.toUpperCase() : digits];
};

const bswap: LuaFunction = (args, run) => {
  const value = operand(args, 1, run);
  const middle = ((value >>> 8) & 0xff00) | ((value & 0xff00) << 8);
  return [(value >>> 24) | middle | (value << 24)];
};

export const BIT: Readonly<Record<string, LuaFunction>> = {
  arshift: shift((value, count) => value >> count),
  band: fold((a, b) => a & b),
  bnot: (args, run) => [~operand(args, 1, run)],
  bor: fold((a, b) => a | b),
  bswap,
  bxor: fold((a, b) => a ^ b),
  lshift: shift((value, count) => value << count),
  rol: shift((value, count) => (value << count) | (value >>> (32 - count))),
  ror: shift((value, count) => (value >>> count) | (value << (32 - count))),
  rshift: shift((value, count) => value >>> count),
  tobit: (args, run) => [operand(args, 1, run)],
  tohex,
};
