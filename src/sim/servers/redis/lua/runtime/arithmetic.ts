/**
 * Arithmetic of Lua 5.1 on doubles (luaconf.h: luai_num…).
 */
import type { ArithmeticOperator } from '../syntax/ast.js';
import { pow } from './transcendental.js';

/** `a % b`: the remainder of a division rounded towards minus infinity. */
export function modulo(a: number, b: number): number {
  return a - Math.floor(a / b) * b;
}

/** Steps a power is worth: about as long as so many turns of a loop. */
export const POWER_STEPS = 100;

/** `a ^ b`. */
export function power(a: number, b: number): number {
  if (b === 2) return a * a;
  return pow(a, b);
}

/** What an operator makes of two numbers. */
export function calculate(operator: ArithmeticOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return modulo(a, b);
    case '^':
      return power(a, b);
  }
}

/** The low 32 bits of a number, cut to an integer as C does on the machines Redis runs on. */
export function toInt32(value: number): number {
  // Outside of 64 bits the processor gives −2^63, the low half of which is zero.
  if (!(Math.abs(value) < 0x8000000000000000)) return 0;
  return value | 0;
}

/** A number cut to a 64-bit integer as C does on the machines Redis runs on, as a double. */
export function toInt64(value: number): number {
  if (!(value >= -0x8000000000000000 && value < 0x8000000000000000)) return -0x8000000000000000;
  return Math.trunc(value) + 0;
}

/** A number cut to an unsigned 64-bit integer as C does on the machines Redis runs on. */
export function toUint64(value: number): bigint {
  if (value >= 0x10000000000000000) return 0n;
  if (value >= 0x8000000000000000) return BigInt(value);
  return BigInt.asUintN(64, BigInt(toInt64(value)));
}
