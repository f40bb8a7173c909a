/**
 * `loadstring` and `load`: compiling text while a script runs.
 */

import { cString } from '../runtime/number.js';
import { call, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { LuaSyntaxError } from '../syntax/syntax-error.js';
import { checkFunction, checkString, optional } from './arguments.js';

export const loadstring: LuaFunction = (args, run) => {
  const source = checkString(args, 1, run);
  return compile(run, source, cString(optional(args, 2, run, checkString, source)));
};

export const load: LuaFunction = (args, run) => {
  const name = optional(args, 2, run, checkString, '=(load)');
  const reader = checkFunction(args, 1, run);
  let source = '';
  for (;;) {
    run.charge(1);
    const [piece] = call(run, undefined, reader, []);
    if (piece === undefined) break;
    const text = toText(piece);
    if (text === undefined) return [undefined, 'reader function must return a string'];
    if (text === '') break;
    source += text;
    run.chargeString(source.length);
  }
  return compile(run, source, cString(name));
};

function compile(run: Run, source: string, name: string): readonly LuaValue[] {
  run.charge(source.length);
  if (source.startsWith('\x1b')) run.unsupported('precompiled chunks');
  try {
    return [run.compile(source, { source: name, id: chunkId(name) })];
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    return [undefined, error.message];
  }
}

/** Room for the name of a chunk in a message (luaconf.h: LUA_IDSIZE). */
const ID_SIZE = 60;

/** How messages name a chunk (lobject.c: luaO_chunkid). */
export function chunkId(name: string): string {
  if (name.startsWith('=')) return name.slice(1, ID_SIZE);
  if (name.startsWith('@')) {
    const path = name.slice(1);
    const room = ID_SIZE - " '...' ".length - 1;
    return path.length > room ? `...${path.slice(path.length - room)}` : path;
  }
  const room = ID_SIZE - ' [string "..."] '.length - 1;
  const newline = name.search(/[\n\r]/);
  const line = newline < 0 ? name : name.slice(0, newline);
  const isCut = newline >= 0 || line.length > room;
  return `[string "${line.slice(0, room)}${isCut ? '...' : ''}"]`;
}
