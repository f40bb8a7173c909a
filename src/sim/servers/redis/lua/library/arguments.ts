/**
 * How library functions read their arguments, and how they complain about them
 * (deps/lua/src/lauxlib.c of Redis 7.0.15). Indexes count from 1, as in the messages.
 */
import { toInt32, toInt64 } from '../runtime/arithmetic.js';
import { toNumber, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import { type LuaFunction, type LuaValue, typeName } from '../runtime/value.js';

type Arguments = readonly LuaValue[];

function typeNameOf(args: Arguments, index: number): string {
  return index > args.length ? 'no value' : typeName(args[index - 1]);
}

function failType(args: Arguments, index: number, run: Run, expected: string): never {
  return run.failArgument(index, `${expected} expected, got ${typeNameOf(args, index)}`);
}

export function checkAny(args: Arguments, index: number, run: Run): LuaValue {
  if (index > args.length) run.failArgument(index, 'value expected');
  return args[index - 1];
}

export function checkTable(args: Arguments, index: number, run: Run): LuaTable {
  const value = args[index - 1];
  return value instanceof LuaTable ? value : failType(args, index, run, 'table');
}

export function checkFunction(args: Arguments, index: number, run: Run): LuaFunction {
  const value = args[index - 1];
  return typeof value === 'function' ? value : failType(args, index, run, 'function');
}

/** A string, or a number as text. */
export function checkString(args: Arguments, index: number, run: Run): string {
  const value = args[index - 1];
  if (typeof value === 'string') return value;
  return toText(value) ?? failType(args, index, run, 'string');
}

/** A number, or a string that reads as one. */
export function checkNumber(args: Arguments, index: number, run: Run): number {
  const value = args[index - 1];
  if (typeof value === 'number') return value;
  return toNumber(value) ?? failType(args, index, run, 'number');
}

/** A number cut to 32 bits. */
export function checkInt(args: Arguments, index: number, run: Run): number {
  return toInt32(checkNumber(args, index, run));
}

/** A number cut to 64 bits. */
export function checkInteger(args: Arguments, index: number, run: Run): number {
  return toInt64(checkNumber(args, index, run));
}

/** As `check`, or a default if the argument is missing or nil. */
export function optional<T>(
  args: Arguments,
  index: number,
  run: Run,
  check: (args: Arguments, index: number, run: Run) => T,
  otherwise: T,
): T {
  return args[index - 1] === undefined ? otherwise : check(args, index, run);
}
