/** What a script finds among its globals. */
import type { Run } from '../runtime/run.js';
import { STRING_METATABLE } from '../runtime/string-metatable.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkAny } from './arguments.js';
import { libraryTable } from './library-table.js';
import { REDIS } from './redis-library.js';
import { standardGlobals } from './standard.js';
import { STRING } from './string-library.js';

const REDIS_TABLE = libraryTable(REDIS);
const STRING_TABLE = libraryTable(STRING);

STRING_METATABLE.set('__index', STRING_TABLE);

/** A global that is the same in every run: all but `KEYS`, `ARGV` and `_G`. */
export function globalConstant(name: string): LuaValue {
  switch (name) {
    case 'redis':
      return REDIS_TABLE;
    case 'string':
      return STRING_TABLE;
    case 'KEYS':
    case 'ARGV':
    case '_G':
      return undefined;
    default:
      return standardGlobals().get(name);
  }
}

const missingGlobal: LuaFunction = (args, run) => {
  const name = checkAny(args, 2, run);
  if (typeof name !== 'string' && typeof name !== 'number') {
    return run.fail('Second argument to luaProtectedTableError must be a string or number');
  }
  return run.fail(`Script attempted to access nonexistent global variable '${name}'`);
};

const GLOBAL_METATABLE = libraryTable({ __index: missingGlobal });

/** The table `_G` of a run. */
export function makeGlobals(run: Run): LuaTable {
  const others = standardGlobals();
  const table = new LuaTable([], others.size + 5);
  for (const [name, value] of others) table.set(name, value);
  table.set('redis', REDIS_TABLE);
  table.set('string', STRING_TABLE);
  table.set('KEYS', run.keys);
  table.set('ARGV', run.args);
  table.set('_G', table);
  table.metatable = GLOBAL_METATABLE;
  table.isReadonly = true;
  return table;
}
