/**
 * The metatable all strings share: `('x'):rep(3)` finds `rep` through it. A module of its own,
 * because the operators need it and the string library needs the operators.
 */
import { LuaTable } from './table.js';

export const STRING_METATABLE = new LuaTable();
STRING_METATABLE.isReadonly = true;
