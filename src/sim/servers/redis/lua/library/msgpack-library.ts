/**
 * The library `cmsgpack`: MessagePack to and from Lua values.
 */
import type { Run } from '../runtime/run.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkInteger, checkString, optional } from './arguments.js';
import { MessageDecoder } from './msgpack-decode.js';
import { encodeMessage } from './msgpack-encode.js';

const pack: LuaFunction = (args, run) => {
  if (args.length === 0) run.failArgument(0, 'MessagePack pack needs input.');
  run.hasBytes = true;
  return [args.map((value) => encodeMessage(value, run)).join('')];
};

const unpack: LuaFunction = (args, run) => unpackSome(args, run, 0, 0);

const unpackOne: LuaFunction = (args, run) =>
  unpackSome(args, run, 1, optional(args, 2, run, checkInteger, 0));

const unpackLimit: LuaFunction = (args, run) => {
  const limit = checkInteger(args, 2, run);
  return unpackSome(args, run, limit, optional(args, 3, run, checkInteger, 0));
};

/** At most `limit` values from `offset` on, after the next offset (−1 at the end); 0, 0: all. */
function unpackSome(
  args: readonly LuaValue[],
  run: Run,
  limit: number,
  offset: number,
): readonly LuaValue[] {
  const bytes = checkString(args, 1, run);
  if (offset < 0 || limit < 0) {
    // The real message shows the length of the input where it means the limit.
    const found = `offset of ${offset} and limit of ${bytes.length}`;
    run.fail(`Invalid request to unpack with ${found}.`);
  }
  if (offset > bytes.length) {
    run.fail(`Start offset ${offset} greater than input length ${bytes.length}.`);
  }
  const takesAll = limit === 0 && offset === 0;
  const decoder = new MessageDecoder(bytes, offset, run);
  const values: LuaValue[] = [];
  while (!decoder.isAtEnd && (takesAll || values.length < limit)) values.push(decoder.next());
  if (takesAll) return values;
  return [decoder.isAtEnd ? -1 : decoder.at, ...values];
}

export const CMSGPACK: Readonly<Record<string, LuaValue>> = {
  _COPYRIGHT: 'Copyright (C) 2012, Salvatore Sanfilippo',
  _DESCRIPTION: 'MessagePack C implementation for Lua',
  _NAME: 'cmsgpack',
  _VERSION: 'lua-cmsgpack 0.4.0',
  pack,
  unpack,
  unpack_limit: unpackLimit,
  unpack_one: unpackOne,
};
