/**
 * The values of Lua 5.1 as JavaScript values. nil is `undefined`; a string is a JavaScript string
 * of bytes (every character is at most 0xff, see `bytes.ts`); a function is a JavaScript function.
 */
import type { Run } from './run.js';
import { LuaTable } from './table.js';

export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction | Userdata;

/**
 * A Lua or library function. The array of arguments belongs to the callee, the array of results to
 * nobody: neither side keeps it and the caller never writes to it.
 */
export type LuaFunction = (args: LuaValue[], run: Run) => readonly LuaValue[];

/** A value of type `userdata`. The only one in Redis is `cjson.null`, a null pointer. */
export class Userdata {
  constructor(readonly address: number) {}
}

export const NULL_POINTER = new Userdata(0);

/** Results of a function that returns none. */
export const NOTHING: readonly LuaValue[] = [];

export function typeName(value: LuaValue): string {
  switch (typeof value) {
    case 'undefined':
      return 'nil';
    case 'object':
      return value instanceof LuaTable ? 'table' : 'userdata';
    default:
      return typeof value;
  }
}

/** Everything but nil and false. */
export function isTruthy(value: LuaValue): boolean {
  return value !== undefined && value !== false;
}
