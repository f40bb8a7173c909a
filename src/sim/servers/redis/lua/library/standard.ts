/**
 * The globals of a script other than `redis` and `string`: the functions and libraries of Lua, and
 * those that Redis adds to it.
 */
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { BASE } from './base.js';
import { BIT } from './bit-library.js';
import { CJSON } from './json-library.js';
import { libraryTable } from './library-table.js';
import { MATH } from './math-library.js';
import { CMSGPACK } from './msgpack-library.js';
import { STRUCT } from './struct-library.js';
import { TABLE } from './table-library.js';

/** A compiled script cannot stop half-way and go on later. */
const COROUTINE: Readonly<Record<string, LuaFunction>> = Object.fromEntries(
  ['create', 'resume', 'running', 'status', 'wrap', 'yield'].map((name) => [
    name,
    (_, run) => run.unsupported(`coroutine.${name}`),
  ]),
);

const MEMBERS = new Map<string, LuaValue>([
  ...Object.entries(BASE),
  ['bit', libraryTable(BIT)],
  ['cjson', libraryTable(CJSON)],
  ['cmsgpack', libraryTable(CMSGPACK)],
  ['coroutine', libraryTable(COROUTINE)],
  ['math', libraryTable(MATH)],
  ['struct', libraryTable(STRUCT)],
  ['table', libraryTable(TABLE)],
]);

export function standardGlobals(): ReadonlyMap<string, LuaValue> {
  return MEMBERS;
}
