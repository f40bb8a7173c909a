/**
 * A library as scripts see it. It is made once and shared by all scripts: Redis 7 makes libraries
 * read-only, so that no script can change what a later one sees.
 */
import { LuaTable } from '../runtime/table.js';
import type { LuaValue } from '../runtime/value.js';

export function libraryTable(members: Readonly<Record<string, LuaValue>>): LuaTable {
  const table = new LuaTable([], Object.keys(members).length);
  for (const [name, value] of Object.entries(members)) table.set(name, value);
  table.isReadonly = true;
  return table;
}
