/**
 * What a script finds among its globals. Libraries are made once and shared by all scripts: Redis 7
 * makes them read-only, so that no script can change what a later one sees.
 */
import type { Run } from '../runtime/run.js';
import { STRING_METATABLE } from '../runtime/string-metatable.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkAny } from './arguments.js';
import { BASE } from './base.js';
import { BIT } from './bit-library.js';
import { CJSON } from './json-library.js';
import { MATH } from './math-library.js';
import { CMSGPACK } from './msgpack-library.js';
import { REDIS } from './redis-library.js';
import { STRING } from './string-library.js';
import { STRUCT } from './struct-library.js';
import { TABLE } from './table-library.js';

/** A compiled script cannot stop half-way and go on later. */
const COROUTINE: Readonly<Record<string, LuaFunction>> = Object.fromEntries(
  ['create', 'resume', 'running', 'status', 'wrap', 'yield'].map((name) => [
    name,
    (_, run) => run.unsupported(`coroutine.${name}`),
  ]),
);

const CONSTANTS = new Map<string, LuaValue>([
  ...Object.entries(BASE),
  ['bit', library(BIT)],
  ['cjson', library(CJSON)],
  ['cmsgpack', library(CMSGPACK)],
  ['coroutine', library(COROUTINE)],
  ['math', library(MATH)],
  ['redis', library(REDIS)],
  ['string', library(STRING)],
  ['struct', library(STRUCT)],
  ['table', library(TABLE)],
]);

STRING_METATABLE.set('__index', CONSTANTS.get('string'));

function library(members: Readonly<Record<string, LuaValue>>): LuaTable {
  const table = new LuaTable([], Object.keys(members).length);
  for (const [name, value] of Object.entries(members)) table.set(name, value);
  table.isReadonly = true;
  return table;
}

/** A global that is the same in every run: all but `KEYS`, `ARGV` and `_G`. */
export function globalConstant(name: string): LuaValue {
  return CONSTANTS.get(name);
}

const missingGlobal: LuaFunction = (args, run) => {
  const name = checkAny(args, 2, run);
  if (typeof name !== 'string' && typeof name !== 'number') {
    return run.fail('Second argument to luaProtectedTableError must be a string or number');
  }
  return run.fail(`Script attempted to access nonexistent global variable '${name}'`);
};

const GLOBAL_METATABLE = library({ __index: missingGlobal });

/** The table `_G` of a run. */
export function makeGlobals(run: Run): LuaTable {
  const table = new LuaTable([], CONSTANTS.size + 3);
  for (const [name, value] of CONSTANTS) table.set(name, value);
  table.set('KEYS', run.keys);
  table.set('ARGV', run.args);
  table.set('_G', table);
  table.metatable = GLOBAL_METATABLE;
  table.isReadonly = true;
  return table;
}
