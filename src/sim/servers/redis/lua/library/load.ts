/**
 * `loadstring` and `load`: compiling text while a script runs.
 */

import { LuaError } from '../runtime/errors.js';
import { cString } from '../runtime/number.js';
import { call, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import type { Chunk } from '../syntax/ast.js';
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
    const piece = read(run, reader);
    if (piece === '') break;
    source += piece;
    run.chargeString(source.length);
  }
  return compile(run, source, cString(name));
};

/** The next piece; empty at the end. What a failing reader leads to is left to a real server. */
function read(run: Run, reader: LuaFunction): string {
  try {
    const [piece] = call(run, undefined, reader, []);
    return (
      (piece === undefined ? '' : toText(piece)) ?? run.unsupported('load with a wrong reader')
    );
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    return run.unsupported('load with a failing reader');
  }
}

function compile(run: Run, source: string, name: string): readonly LuaValue[] {
  run.charge(COMPILE_STEPS * (1 + source.length));
  try {
    return [run.compile(source, makeChunk(name))];
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    return [undefined, error.message];
  }
}

/** Steps a character of text to compile is worth: about as long as so many turns of a loop. */
const COMPILE_STEPS = 20;

/** Room for the name of a chunk in messages at run time (LUA_IDSIZE) and of the parser (MAXSRC). */
const ID_SIZE = 60;
const PARSER_ID_SIZE = 80;

function makeChunk(name: string): Chunk {
  return { source: name, id: chunkId(name, ID_SIZE), parserId: chunkId(name, PARSER_ID_SIZE) };
}

/** How messages name a chunk (lobject.c: luaO_chunkid). */
function chunkId(name: string, size: number): string {
  if (name.startsWith('=')) return name.slice(1, size);
  if (name.startsWith('@')) {
    const path = name.slice(1);
    const room = size - " '...' ".length - 1;
    return path.length > room ? `...${path.slice(path.length - room)}` : path;
  }
  const room = size - ' [string "..."] '.length - 1;
  const newline = name.search(/[\n\r]/);
  const line = newline < 0 ? name : name.slice(0, newline);
  const isCut = newline >= 0 || line.length > room;
  return `[string "${line.slice(0, room)}${isCut ? '...' : ''}"]`;
}
