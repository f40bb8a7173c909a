/**
 * Hashes (`t_hash.c`): what reentrant locks keep their hold counts in.
 */
import { byteLength } from '../bytes.js';
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { type HashEntry, hashEntry } from '../entry.js';
import { NOT_A_FLOAT, NOT_AN_INTEGER, OVERFLOW, wrongArity } from '../errors.js';
import { parseLongDouble } from '../long-double.js';
import { HASH, notify } from '../notifications.js';
import { addIntegers, parseInteger } from '../numbers.js';
import { OK, RedisError, type Reply } from '../reply.js';
import { lookup, storing } from './collection.js';
import { addFloats } from './counters.js';
import { scanCollection } from './scan.js';

const hashAt = lookup('hash');
const store = storing(HASH, hashEntry, (fields) => fields.size);

/** Writes fields and values, which follow each other in `pairs` from `first` on. */
function writeFields(
  context: Context,
  key: string,
  before: HashEntry | undefined,
  pairs: readonly string[],
  first: number,
): number {
  const fields = context.keyspace.draftHash(before?.fields);
  let created = 0;
  for (let index = first; index < pairs.length; index += 2) {
    if (!fields.has(pairs[index]!)) created += 1;
    fields.set(pairs[index]!, pairs[index + 1]!);
  }
  context.keyspace.put(key, before, hashEntry(fields, before?.expireAtMs));
  return created;
}

function hsetHandler(name: string): Handler {
  return (context, args) => {
    if (args.length % 2 === 1) return wrongArity(name);
    const key = args[1]!;
    const before = hashAt(context, key);
    if (before instanceof RedisError) return before;
    const created = writeFields(context, key, before, args, 2);
    notify(context, HASH, 'hset', key);
    return name === 'hset' ? created : OK;
  };
}

const hsetnx: Handler = (context, args) => {
  const key = args[1]!;
  const before = hashAt(context, key);
  if (before instanceof RedisError) return before;
  if (before?.fields.has(args[2]!) === true) return 0;
  writeFields(context, key, before, args, 2);
  notify(context, HASH, 'hset', key);
  return 1;
};

const hincrby: Handler = (context, args) => {
  const by = parseInteger(args[3]!);
  if (by === undefined) return NOT_AN_INTEGER;
  const key = args[1]!;
  const field = args[2]!;
  const before = hashAt(context, key);
  if (before instanceof RedisError) return before;
  const current = parseInteger(before?.fields.get(field) ?? '0');
  if (current === undefined) return new RedisError('ERR hash value is not an integer');
  const sum = addIntegers(current, by);
  if (sum === undefined) return OVERFLOW;
  writeFields(context, key, before, [field, String(sum)], 0);
  notify(context, HASH, 'hincrby', key);
  return Number(sum);
};

const NOT_A_FLOAT_FIELD = new RedisError('ERR hash value is not a float');

const hincrbyfloat: Handler = (context, args) => {
  const by = parseLongDouble(args[3]!);
  if (by === undefined) return NOT_A_FLOAT;
  if (by === 'infinite') return new RedisError('ERR value is NaN or Infinity');
  const key = args[1]!;
  const field = args[2]!;
  const before = hashAt(context, key);
  if (before instanceof RedisError) return before;
  const sum = addFloats(before?.fields.get(field) ?? '0', args[3]!, NOT_A_FLOAT_FIELD);
  if (sum instanceof RedisError) return sum;
  writeFields(context, key, before, [field, sum], 0);
  notify(context, HASH, 'hincrbyfloat', key);
  return sum;
};

const hdel: Handler = (context, args) => {
  const key = args[1]!;
  const before = hashAt(context, key);
  if (before instanceof RedisError) return before;
  if (before === undefined || !args.some((field, at) => at > 1 && before.fields.has(field)))
    return 0;
  const fields = context.keyspace.draftHash(before.fields);
  let deleted = 0;
  for (let index = 2; index < args.length; index++) {
    if (fields.delete(args[index]!)) deleted += 1;
  }
  store(context, key, before, fields, 'hdel');
  return deleted;
};

/** A command that only looks at the hash under its first argument. */
function reading(
  absent: Reply,
  read: (hash: HashEntry, args: readonly string[]) => Reply,
): Handler {
  return (context, args) => {
    const hash = hashAt(context, args[1]!);
    if (hash === undefined || hash instanceof RedisError) return hash ?? absent;
    return read(hash, args);
  };
}

const hget = reading(null, ({ fields }, args) => fields.get(args[2]!) ?? null);

const hmget: Handler = (context, args) => {
  const hash = hashAt(context, args[1]!);
  if (hash instanceof RedisError) return hash;
  return args.slice(2).map((field) => hash?.fields.get(field) ?? null);
};

const hscan: Handler = (context, args) =>
  scanCollection(args, hashAt(context, args[1]!), ({ fields }) => [...fields]);

export const HASH_COMMANDS = [
  command('hset', -4, WRITE, hsetHandler('hset')),
  command('hmset', -4, WRITE, hsetHandler('hmset')),
  command('hsetnx', 4, WRITE, hsetnx),
  command('hget', 3, 0, hget),
  command('hmget', -3, 0, hmget),
  command(
    'hgetall',
    2,
    0,
    reading([], ({ fields }) => [...fields].flat()),
  ),
  command(
    'hkeys',
    2,
    0,
    reading([], ({ fields }) => [...fields.keys()]),
  ),
  command(
    'hvals',
    2,
    0,
    reading([], ({ fields }) => [...fields.values()]),
  ),
  command(
    'hlen',
    2,
    0,
    reading(0, ({ fields }) => fields.size),
  ),
  command(
    'hexists',
    3,
    0,
    reading(0, ({ fields }, args) => (fields.has(args[2]!) ? 1 : 0)),
  ),
  command(
    'hstrlen',
    3,
    0,
    reading(0, ({ fields }, args) => byteLength(fields.get(args[2]!) ?? '')),
  ),
  command('hdel', -3, WRITE, hdel),
  command('hincrby', 4, WRITE, hincrby),
  command('hincrbyfloat', 4, WRITE, hincrbyfloat),
  command('hscan', -3, 0, hscan),
];
