/**
 * Commands on the names of keys and on all of them (`db.c`): RENAME, COPY, SELECT, KEYS, SCAN,
 * DBSIZE, FLUSHALL, FLUSHDB, RANDOMKEY.
 */
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { type Entry, hashEntry, listEntry, setEntry, sortedSetEntry } from '../entry.js';
import { NO_SUCH_KEY, NOT_AN_INTEGER, notModelled, SAME_OBJECT, SYNTAX } from '../errors.js';
import { keyword } from '../keyword.js';
import { GENERIC, notify } from '../notifications.js';
import { parseInteger } from '../numbers.js';
import { matchesPattern } from '../pattern.js';
import { OK, RedisError, type Reply } from '../reply.js';
import { SortedSet } from '../sorted-set.js';
import { scanKeys } from './scan.js';

function renameHandler(onlyNew: boolean): Handler {
  return (context, args) => {
    const { keyspace } = context;
    const source = args[1]!;
    const target = args[2]!;
    const entry = keyspace.find(source);
    if (entry === undefined) return NO_SUCH_KEY;
    if (source === target) return onlyNew ? 0 : OK;
    const overwritten = keyspace.find(target);
    if (overwritten !== undefined && onlyNew) return 0;
    keyspace.put(target, overwritten, entry);
    keyspace.remove(source, entry);
    notify(context, GENERIC, 'rename_from', source);
    notify(context, GENERIC, 'rename_to', target);
    return onlyNew ? 1 : OK;
  };
}

/** The same content, with collections of its own. */
function duplicate(entry: Entry): Entry {
  switch (entry.type) {
    case 'string':
      return entry;
    case 'hash':
      return hashEntry(new Map(entry.fields), entry.expireAtMs);
    case 'list':
      return listEntry(entry.items.slice(), entry.expireAtMs);
    case 'set':
      return setEntry(new Set(entry.members), entry.expireAtMs);
    case 'zset':
      return sortedSetEntry(new SortedSet(entry.sorted), entry.expireAtMs);
  }
}

const copy: Handler = (context, args) => {
  let replace = false;
  for (let index = 3; index < args.length; index++) {
    const option = keyword(args[index]!);
    if (option === 'REPLACE') replace = true;
    else if (option === 'DB' && index + 1 < args.length) {
      index += 1;
      const error = checkDatabase(args[index]!, 'COPY to another database');
      if (error !== undefined) return error;
    } else return SYNTAX;
  }
  const source = args[1]!;
  const target = args[2]!;
  if (source === target) return SAME_OBJECT;
  const entry = context.keyspace.find(source);
  if (entry === undefined) return 0;
  const overwritten = context.keyspace.find(target);
  if (overwritten !== undefined && !replace) return 0;
  context.keyspace.put(target, overwritten, duplicate(entry));
  notify(context, GENERIC, 'copy_to', target);
  return 1;
};

const DATABASES = 16;

/** Only database 0 is modelled: an error for all other numbers, undefined for 0. */
function checkDatabase(text: string, what: string): RedisError | undefined {
  const database = parseInteger(text);
  if (database === undefined) return NOT_AN_INTEGER;
  if (database < -0x8000_0000 || database > 0x7fff_ffff) {
    return new RedisError(
      'ERR value is out of range, value must between -2147483648 and 2147483647',
    );
  }
  if (database < 0 || database >= DATABASES) return new RedisError('ERR DB index is out of range');
  return database === 0 ? undefined : notModelled(what);
}

const select: Handler = (_context, args) =>
  checkDatabase(args[1]!, 'SELECT of another database than 0') ?? OK;

const keys: Handler = (context, args) => {
  const pattern = args[1]!;
  return liveKeys(context).filter((key) => pattern === '*' || matchesPattern(pattern, key));
};

/** Names of the keys that have not expired. */
function liveKeys({ keyspace }: Context): string[] {
  return [...keyspace.entries.keys()].filter((key) => keyspace.find(key) !== undefined);
}

const scan: Handler = (context, args) =>
  scanKeys(args, liveKeys(context), (key) => context.keyspace.find(key)!.type);

const dbsize: Handler = (context) => liveKeys(context).length;

const flush: Handler = (context, args): Reply => {
  const mode = args.length === 2 ? keyword(args[1]!) : 'SYNC';
  if (args.length > 2 || (mode !== 'SYNC' && mode !== 'ASYNC')) return SYNTAX;
  for (const key of liveKeys(context)) {
    context.keyspace.remove(key, context.keyspace.find(key)!);
  }
  return OK;
};

const randomkey: Handler = (context) => {
  const live = liveKeys(context);
  return live.length === 0 ? null : live[context.port.choose(live.length)]!;
};

export const KEY_NAME_COMMANDS = [
  command('rename', 3, WRITE, renameHandler(false)),
  command('renamenx', 3, WRITE, renameHandler(true)),
  command('copy', -3, WRITE, copy),
  command('select', 2, 0, select),
  command('keys', 2, 0, keys),
  command('scan', -2, 0, scan),
  command('dbsize', 1, 0, dbsize),
  command('flushall', -1, WRITE, flush),
  command('flushdb', -1, WRITE, flush),
  command('randomkey', 1, 0, randomkey),
];
