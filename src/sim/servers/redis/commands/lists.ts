/**
 * Lists (`t_list.c`), without the calls that wait: see `blocking-pops.ts`.
 */
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { type ListEntry, listEntry } from '../entry.js';
import {
  INDEX_OUT_OF_RANGE,
  NO_SUCH_KEY,
  NOT_AN_INTEGER,
  NOT_POSITIVE,
  SYNTAX,
  WRONG_TYPE,
  wrongArity,
} from '../errors.js';
import { keyword } from '../keyword.js';
import { LIST, notify } from '../notifications.js';
import { parseIndex } from '../numbers.js';
import { OK, RedisError, type Reply } from '../reply.js';
import { lookup, storing } from './collection.js';

export type End = 'LEFT' | 'RIGHT';

export const listAt = lookup('list');
const store = storing(LIST, listEntry, (items) => items.length);

/** Pushes values one after the other to an end of a list. */
export function push(
  context: Context,
  key: string,
  before: ListEntry | undefined,
  end: End,
  values: readonly string[],
): number {
  const items = context.keyspace.draftList(before?.items);
  if (end === 'RIGHT') items.push(...values);
  else items.unshift(...values.toReversed());
  store(context, key, before, items, end === 'LEFT' ? 'lpush' : 'rpush');
  return items.length;
}

/** Takes up to `count` values from an end of a list. */
export function pop(
  context: Context,
  key: string,
  before: ListEntry,
  end: End,
  count: number,
): string[] {
  const items = context.keyspace.draftList(before.items);
  const from = end === 'LEFT' ? 0 : Math.max(items.length - count, 0);
  const popped = items.splice(from, count);
  store(context, key, before, items, end === 'LEFT' ? 'lpop' : 'rpop');
  return end === 'LEFT' ? popped : popped.reverse();
}

function pushHandler(end: End, onlyExisting: boolean): Handler {
  return (context, args) => {
    const before = listAt(context, args[1]!);
    if (before instanceof RedisError) return before;
    if (before === undefined && onlyExisting) return 0;
    return push(context, args[1]!, before, end, args.slice(2));
  };
}

function popHandler(name: string, end: End): Handler {
  return (context, args) => {
    if (args.length > 3) return wrongArity(name);
    const single = args.length === 2;
    const count = single ? 1 : parseIndex(args[2]!);
    if (count === undefined || count < 0) return NOT_POSITIVE;
    const before = listAt(context, args[1]!);
    if (before === undefined || before instanceof RedisError) return before ?? null;
    if (count === 0) return [];
    const popped = pop(context, args[1]!, before, end, count);
    return single ? popped[0]! : popped;
  };
}

/** Start and end, both counted from the left, of a range with negative ends: [start, end). */
function resolveRange(first: number, last: number, length: number): [number, number] {
  const start = Math.max(first < 0 ? length + first : first, 0);
  const end = Math.min((last < 0 ? length + last : last) + 1, length);
  return start >= end ? [0, 0] : [start, end];
}

const lrange: Handler = (context, args) => {
  const first = parseIndex(args[2]!);
  const last = parseIndex(args[3]!);
  if (first === undefined || last === undefined) return NOT_AN_INTEGER;
  const list = listAt(context, args[1]!);
  if (list === undefined || list instanceof RedisError) return list ?? [];
  return list.items.slice(...resolveRange(first, last, list.items.length));
};

const ltrim: Handler = (context, args) => {
  const first = parseIndex(args[2]!);
  const last = parseIndex(args[3]!);
  if (first === undefined || last === undefined) return NOT_AN_INTEGER;
  const before = listAt(context, args[1]!);
  if (before === undefined || before instanceof RedisError) return before ?? OK;
  const kept = before.items.slice(...resolveRange(first, last, before.items.length));
  store(context, args[1]!, before, kept, 'ltrim');
  return OK;
};

const llen: Handler = (context, args) => {
  const list = listAt(context, args[1]!);
  return list instanceof RedisError ? list : (list?.items.length ?? 0);
};

const lindex: Handler = (context, args) => {
  const list = listAt(context, args[1]!);
  if (list === undefined || list instanceof RedisError) return list ?? null;
  const index = parseIndex(args[2]!);
  return index === undefined ? NOT_AN_INTEGER : (list.items.at(index) ?? null);
};

const lset: Handler = (context, args) => {
  const before = listAt(context, args[1]!);
  if (before === undefined || before instanceof RedisError) return before ?? NO_SUCH_KEY;
  const index = parseIndex(args[2]!);
  if (index === undefined) return NOT_AN_INTEGER;
  const { length } = before.items;
  if (index >= length || index < -length) return INDEX_OUT_OF_RANGE;
  const items = context.keyspace.draftList(before.items);
  items[index < 0 ? length + index : index] = args[3]!;
  store(context, args[1]!, before, items, 'lset');
  return OK;
};

const linsert: Handler = (context, args) => {
  const where = keyword(args[2]!);
  if (where !== 'BEFORE' && where !== 'AFTER') return SYNTAX;
  const before = listAt(context, args[1]!);
  if (before === undefined || before instanceof RedisError) return before ?? 0;
  const pivot = before.items.indexOf(args[3]!);
  if (pivot < 0) return -1;
  const items = context.keyspace.draftList(before.items);
  items.splice(where === 'BEFORE' ? pivot : pivot + 1, 0, args[4]!);
  store(context, args[1]!, before, items, 'linsert');
  return items.length;
};

/** Indexes at which `value` stands, from the left, or from the right if `backwards`. */
function positionsOf(items: readonly string[], value: string, backwards: boolean): number[] {
  const found: number[] = [];
  for (let index = 0; index < items.length; index++) if (items[index] === value) found.push(index);
  return backwards ? found.reverse() : found;
}

const lrem: Handler = (context, args) => {
  const count = parseIndex(args[2]!);
  if (count === undefined) return NOT_AN_INTEGER;
  const before = listAt(context, args[1]!);
  if (before === undefined || before instanceof RedisError) return before ?? 0;
  const found = positionsOf(before.items, args[3]!, count < 0);
  const removed = new Set(count === 0 ? found : found.slice(0, Math.abs(count)));
  if (removed.size === 0) return 0;
  const items = before.items.filter((_item, index) => !removed.has(index));
  store(context, args[1]!, before, items, 'lrem');
  return removed.size;
};

const POSITIVE_RANK = new RedisError(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use " +
    'negative to start from the end of the list',
);

const lpos: Handler = (context, args) => {
  const options = { RANK: 1, COUNT: -1, MAXLEN: 0 };
  for (let index = 3; index < args.length; index += 2) {
    const option = keyword(args[index]!);
    if (option !== 'RANK' && option !== 'COUNT' && option !== 'MAXLEN') return SYNTAX;
    if (index + 1 === args.length) return SYNTAX;
    const value = parseIndex(args[index + 1]!);
    if (option === 'RANK') {
      if (value === undefined) return NOT_AN_INTEGER;
      if (value === 0) return POSITIVE_RANK;
      options.RANK = value;
    } else {
      if (value === undefined || value < 0)
        return new RedisError(`ERR ${option} can't be negative`);
      options[option] = value;
    }
  }
  const list = listAt(context, args[1]!);
  if (list instanceof RedisError) return list;
  const { RANK: rank, COUNT: count, MAXLEN: limit } = options;
  const items = list?.items ?? [];
  const inReach = (index: number) => (rank < 0 ? items.length - 1 - index : index) < limit;
  const found = positionsOf(items, args[2]!, rank < 0)
    .filter((index) => limit === 0 || inReach(index))
    .slice(Math.abs(rank) - 1);
  if (count < 0) return found[0] ?? null;
  return count === 0 ? found : found.slice(0, count);
};

export function parseEnd(text: string): End | undefined {
  const end = keyword(text);
  return end === 'LEFT' || end === 'RIGHT' ? end : undefined;
}

/** Moves a value from an end of a list to an end of another. */
export function move(context: Context, source: string, target: string, from: End, to: End): Reply {
  const before = listAt(context, source);
  if (before === undefined || before instanceof RedisError) return before ?? null;
  if (listAt(context, target) instanceof RedisError) return WRONG_TYPE;
  if (source === target) return rotate(context, source, before, from, to);
  const value = before.items.at(from === 'LEFT' ? 0 : -1)!;
  push(context, target, context.keyspace.find(target) as ListEntry | undefined, to, [value]);
  pop(context, source, before, from, 1);
  return value;
}

/** Moves a value within one list, in one write. */
function rotate(context: Context, key: string, before: ListEntry, from: End, to: End): Reply {
  const items = context.keyspace.draftList(before.items);
  const value = from === 'LEFT' ? items.shift()! : items.pop()!;
  if (to === 'LEFT') items.unshift(value);
  else items.push(value);
  store(context, key, before, items, to === 'LEFT' ? 'lpush' : 'rpush');
  notify(context, LIST, from === 'LEFT' ? 'lpop' : 'rpop', key);
  return value;
}

const lmove: Handler = (context, args) => {
  const from = parseEnd(args[3]!);
  const to = parseEnd(args[4]!);
  if (from === undefined || to === undefined) return SYNTAX;
  return move(context, args[1]!, args[2]!, from, to);
};

const rpoplpush: Handler = (context, args) => move(context, args[1]!, args[2]!, 'RIGHT', 'LEFT');

export const LIST_COMMANDS = [
  command('lpush', -3, WRITE, pushHandler('LEFT', false)),
  command('rpush', -3, WRITE, pushHandler('RIGHT', false)),
  command('lpushx', -3, WRITE, pushHandler('LEFT', true)),
  command('rpushx', -3, WRITE, pushHandler('RIGHT', true)),
  command('lpop', -2, WRITE, popHandler('lpop', 'LEFT')),
  command('rpop', -2, WRITE, popHandler('rpop', 'RIGHT')),
  command('lrange', 4, 0, lrange),
  command('ltrim', 4, WRITE, ltrim),
  command('llen', 2, 0, llen),
  command('lindex', 3, 0, lindex),
  command('lset', 4, WRITE, lset),
  command('linsert', 5, WRITE, linsert),
  command('lrem', 4, WRITE, lrem),
  command('lpos', -3, 0, lpos),
  command('lmove', 5, WRITE, lmove),
  command('rpoplpush', 3, WRITE, rpoplpush),
];
