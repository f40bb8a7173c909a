/**
 * GET and SET with all their options and older spellings (`t_string.c`). SET with NX and PX is the
 * command every lock stands on: it allocates the new entry and nothing else.
 */
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { type Entry, stringEntry, withExpiry } from '../entry.js';
import { SYNTAX, WRONG_TYPE, wrongArity } from '../errors.js';
import { expiryFrom, hasPassed } from '../expiry-time.js';
import { optionTable } from '../keyword.js';
import { GENERIC, notify, STRING } from '../notifications.js';
import { OK, RedisError, type Reply } from '../reply.js';

const NX = 1;
const XX = 2;
const GET = 4;
const KEEPTTL = 8;
const PERSIST = 16;
const RELATIVE_SECONDS = 32;
const RELATIVE_MS = 64;
const ABSOLUTE_SECONDS = 128;
const ABSOLUTE_MS = 256;
const SECONDS = RELATIVE_SECONDS | ABSOLUTE_SECONDS;
const RELATIVE = RELATIVE_SECONDS | RELATIVE_MS;
const TIMED = SECONDS | RELATIVE | ABSOLUTE_MS;

/** What an option sets, and which options must not have come before it. */
interface Option {
  readonly flag: number;
  readonly excludes: number;
}

function timed(flag: number): Option {
  return { flag, excludes: KEEPTTL | PERSIST | (TIMED & ~flag) };
}

const EXPIRY_OPTIONS: readonly (readonly [string, Option])[] = [
  ['EX', timed(RELATIVE_SECONDS)],
  ['PX', timed(RELATIVE_MS)],
  ['EXAT', timed(ABSOLUTE_SECONDS)],
  ['PXAT', timed(ABSOLUTE_MS)],
];
const setOption = optionTable<Option>([
  ...EXPIRY_OPTIONS,
  ['NX', { flag: NX, excludes: XX }],
  ['XX', { flag: XX, excludes: NX }],
  ['GET', { flag: GET, excludes: 0 }],
  ['KEEPTTL', { flag: KEEPTTL, excludes: TIMED }],
]);
const getexOption = optionTable<Option>([
  ...EXPIRY_OPTIONS,
  ['PERSIST', { flag: PERSIST, excludes: TIMED }],
]);

/** Position of the expiry time in the arguments, in the bits above the flags. */
const POSITION_SHIFT = 9;

/** Flags and position of the expiry time; −1 for a syntax error. */
function parseOptions(
  args: readonly string[],
  first: number,
  optionOf: (text: string) => Option | undefined,
): number {
  let flags = 0;
  let position = 0;
  for (let index = first; index < args.length; index++) {
    const option = optionOf(args[index]!);
    if (option === undefined || (flags & option.excludes) !== 0) return -1;
    flags |= option.flag;
    if ((option.flag & TIMED) !== 0) {
      index += 1;
      if (index === args.length) return -1;
      position = index;
    }
  }
  return flags | (position << POSITION_SHIFT);
}

/** Writes a string under conditions. `abort` is the reply if they do not hold. */
function setString(
  context: Context,
  key: string,
  value: string,
  flags: number,
  expireAtMs: number | undefined,
  done: Reply,
  abort: Reply,
): Reply {
  const { keyspace } = context;
  const before = keyspace.find(key);
  const returnsOld = (flags & GET) !== 0;
  if (returnsOld && before !== undefined && before.type !== 'string') return WRONG_TYPE;
  const old = returnsOld ? textOf(before) : abort;
  if ((flags & (before === undefined ? XX : NX)) !== 0) return old;
  const keptMs = (flags & KEEPTTL) !== 0 ? before?.expireAtMs : expireAtMs;
  keyspace.put(key, before, stringEntry(value, keptMs));
  notify(context, STRING, 'set', key);
  if (expireAtMs !== undefined) notify(context, GENERIC, 'expire', key);
  return returnsOld ? old : done;
}

function textOf(entry: Entry | undefined): string | null {
  return entry?.type === 'string' ? entry.value : null;
}

const set: Handler = (context, args) => {
  const parsed = parseOptions(args, 3, setOption);
  if (parsed < 0) return SYNTAX;
  const position = parsed >> POSITION_SHIFT;
  let expireAtMs: number | undefined;
  if (position !== 0) {
    const expiry = expiryOf(context, args[position]!, parsed, 'set');
    if (expiry instanceof RedisError) return expiry;
    expireAtMs = expiry;
  }
  return setString(context, args[1]!, args[2]!, parsed, expireAtMs, OK, null);
};

/** The instant an EX, PX, EXAT or PXAT stands for. */
function expiryOf(
  context: Context,
  text: string,
  flags: number,
  name: string,
): number | RedisError {
  const unitMs = (flags & SECONDS) !== 0 ? 1000 : 1;
  const baseMs = (flags & RELATIVE) !== 0 ? context.keyspace.nowMs : 0;
  return expiryFrom(text, unitMs, baseMs, name);
}

const setnx: Handler = (context, args) =>
  setString(context, args[1]!, args[2]!, NX, undefined, 1, 0);

function setWithTtl(name: string, unitMs: number): Handler {
  return (context, args) => {
    const expiry = expiryFrom(args[2]!, unitMs, context.keyspace.nowMs, name);
    if (expiry instanceof RedisError) return expiry;
    return setString(context, args[1]!, args[3]!, 0, expiry, OK, null);
  };
}

const get: Handler = (context, args) => {
  const entry = context.keyspace.find(args[1]!);
  if (entry === undefined) return null;
  return entry.type === 'string' ? entry.value : WRONG_TYPE;
};

const getset: Handler = (context, args) =>
  setString(context, args[1]!, args[2]!, GET, undefined, OK, null);

const getdel: Handler = (context, args) => {
  const key = args[1]!;
  const entry = context.keyspace.find(key);
  if (entry === undefined) return null;
  if (entry.type !== 'string') return WRONG_TYPE;
  context.keyspace.remove(key, entry);
  notify(context, GENERIC, 'del', key);
  return entry.value;
};

const getex: Handler = (context, args) => {
  const parsed = parseOptions(args, 2, getexOption);
  if (parsed < 0) return SYNTAX;
  const key = args[1]!;
  const entry = context.keyspace.find(key);
  if (entry === undefined) return null;
  if (entry.type !== 'string') return WRONG_TYPE;
  const position = parsed >> POSITION_SHIFT;
  if (position !== 0) {
    const expiry = expiryOf(context, args[position]!, parsed, 'getex');
    if (expiry instanceof RedisError) return expiry;
    const absolute = (parsed & RELATIVE) === 0;
    if (absolute && hasPassed(context, expiry)) {
      context.keyspace.remove(key, entry);
      notify(context, GENERIC, 'del', key);
    } else {
      context.keyspace.put(key, entry, withExpiry(entry, expiry));
      notify(context, GENERIC, 'expire', key);
    }
  } else if ((parsed & PERSIST) !== 0 && entry.expireAtMs !== undefined) {
    context.keyspace.put(key, entry, withExpiry(entry, undefined));
    notify(context, GENERIC, 'persist', key);
  }
  return entry.value;
};

const mget: Handler = (context, args) => {
  const values: (string | null)[] = [];
  for (let index = 1; index < args.length; index++) {
    values.push(textOf(context.keyspace.find(args[index]!)));
  }
  return values;
};

function setMany(name: string, onlyNew: boolean): Handler {
  return (context, args) => {
    if (args.length % 2 === 0) return wrongArity(name);
    const { keyspace } = context;
    if (onlyNew) {
      for (let index = 1; index < args.length; index += 2) {
        if (keyspace.find(args[index]!) !== undefined) return 0;
      }
    }
    for (let index = 1; index < args.length; index += 2) {
      const key = args[index]!;
      keyspace.put(key, keyspace.find(key), stringEntry(args[index + 1]!, undefined));
      notify(context, STRING, 'set', key);
    }
    return onlyNew ? 1 : OK;
  };
}

export const STRING_COMMANDS = [
  command('set', -3, WRITE, set),
  command('setnx', 3, WRITE, setnx),
  command('setex', 4, WRITE, setWithTtl('setex', 1000)),
  command('psetex', 4, WRITE, setWithTtl('psetex', 1)),
  command('get', 2, 0, get),
  command('getset', 3, WRITE, getset),
  command('getdel', 2, WRITE, getdel),
  command('getex', -2, WRITE, getex),
  command('mget', -2, 0, mget),
  command('mset', -3, WRITE, setMany('mset', false)),
  command('msetnx', -3, WRITE, setMany('msetnx', true)),
];
