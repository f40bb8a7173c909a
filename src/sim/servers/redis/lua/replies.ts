/**
 * Conversions between what commands reply and what Lua sees, both ways, for protocol version 2
 * (src/script_lua.c of Redis 7.0.15: redisProtocolToLuaType, luaReplyToRedisReply).
 */
import { RedisError, type Reply, Status } from '../reply.js';
import { toInt64 } from './runtime/arithmetic.js';
import { cString, formatExact } from './runtime/number.js';
import type { Run } from './runtime/run.js';
import { LuaTable } from './runtime/table.js';
import type { LuaValue } from './runtime/value.js';

/** Replies nested deeper than this are refused; a real server runs out of Lua's stack. */
const MAX_DEPTH = 1000;

/** What `redis.call` gives for a reply; an error reply becomes a table with the field `err`. */
export function replyToLua(reply: Reply, run: Run): LuaValue {
  if (typeof reply === 'number') return reply;
  if (typeof reply === 'string') return run.toLua(reply);
  if (reply === null) return false;
  if (reply instanceof Status) return record('ok', run.toLua(reply.text));
  if (reply instanceof RedisError) return commandError(run.toLua(reply.text));
  return LuaTable.fromList(reply.map((element) => replyToLua(element, run)));
}

/** `{err = text}`, with the mark that the server has counted the error already. */
function commandError(text: string): LuaTable {
  const table = errorTable(text);
  table.set('ignore_error_stats_update', true);
  return table;
}

/**
 * `{err = 'CODE text'}`; a text of one word gets the code ERR. A minus sign in front, as the
 * protocol has it, is not part of the text.
 */
export function errorTable(text: string): LuaTable {
  const bare = cString(text.startsWith('-') ? text.slice(1) : text);
  const space = bare.indexOf(' ');
  const code = space < 0 ? 'ERR' : bare.slice(0, space);
  const message = space < 0 ? bare : bare.slice(space + 1);
  return record('err', `${code} ${message.replace(/^[\r\n]+|[\r\n]+$/g, '')}`);
}

export function record(field: string, value: LuaValue): LuaTable {
  const table = new LuaTable([], 1);
  table.set(field, value);
  return table;
}

/** The reply to the client for what a script returned. */
export function luaToReply(value: LuaValue, run: Run, depth = 0): Reply {
  switch (typeof value) {
    case 'string':
      return run.fromLua(value);
    case 'number':
      return toInt64(value);
    case 'boolean':
      return value ? 1 : null;
    default:
      if (!(value instanceof LuaTable)) return null;
      if (depth === MAX_DEPTH) run.exceed(`${MAX_DEPTH} levels in a reply`);
      return tableToReply(value, run, depth);
  }
}

function tableToReply(table: LuaTable, run: Run, depth: number): Reply {
  const error = table.getField('err');
  if (typeof error === 'string') return new RedisError(errorLine(run.fromLua(error)));
  const status = table.getField('ok');
  if (typeof status === 'string') return new Status(oneLine(cString(run.fromLua(status))));
  return typedReply(table, run, depth) ?? list(table, run, depth);
}

/** Tables that stand for a type of protocol version 3, as version 2 shows it. */
function typedReply(table: LuaTable, run: Run, depth: number): Reply | undefined {
  const double = table.getField('double');
  if (typeof double === 'number') return formatExact(double);
  const bigNumber = table.getField('big_number');
  if (typeof bigNumber === 'string') return oneLine(run.fromLua(bigNumber));
  const verbatim = table.getField('verbatim_string');
  if (verbatim instanceof LuaTable) {
    const text = verbatim.getField('string');
    if (typeof text === 'string' && typeof verbatim.getField('format') === 'string') {
      return run.fromLua(text);
    }
  }
  const map = table.getField('map');
  if (map instanceof LuaTable) {
    const entries = [...map.entries()];
    return entries.flatMap((entry) => entry.map((value) => luaToReply(value, run, depth + 1)));
  }
  const set = table.getField('set');
  if (!(set instanceof LuaTable)) return undefined;
  return [...set.entries()].map(([key]) => luaToReply(key, run, depth + 1));
}

/** Elements up to the first nil. */
function list(table: LuaTable, run: Run, depth: number): Reply {
  const elements: Reply[] = [];
  for (let i = 1; ; i++) {
    run.charge(1);
    const value = table.get(i);
    if (value === undefined) return elements;
    elements.push(luaToReply(value, run, depth + 1));
  }
}

/** An error on the wire is one line. */
export function errorLine(text: string): string {
  return oneLine(cString(text).replace(/^[\r\n]+|[\r\n]+$/g, ''));
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}
