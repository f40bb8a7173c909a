/**
 * Sorted sets (`t_zset.c`), without the ranges: see `zset-ranges.ts`. Semaphores keep their holders
 * here, by the time of their acquisition.
 */
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { formatDouble, parseDouble } from '../doubles.js';
import { type SortedSetEntry, sortedSetEntry } from '../entry.js';
import { NOT_A_FLOAT, NOT_POSITIVE, SYNTAX } from '../errors.js';
import { optionTable } from '../keyword.js';
import { SORTED_SET } from '../notifications.js';
import { parseIndex } from '../numbers.js';
import { RedisError, type Reply } from '../reply.js';
import { lookup, storing } from './collection.js';
import { scanCollection } from './scan.js';

export const sortedAt = lookup('zset');
export const storeSorted = storing(SORTED_SET, sortedSetEntry, (sorted) => sorted.size);

const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;
const CH = 16;
const INCR = 32;
const zaddOption = optionTable<number>([
  ['NX', NX],
  ['XX', XX],
  ['GT', GT],
  ['LT', LT],
  ['CH', CH],
  ['INCR', INCR],
]);

const NX_AND_XX = new RedisError('ERR XX and NX options at the same time are not compatible');
const GT_LT_NX = new RedisError(
  'ERR GT, LT, and/or NX options at the same time are not compatible',
);
const ONE_PAIR = new RedisError('ERR INCR option supports a single increment-element pair');
const NAN = new RedisError('ERR resulting score is not a number (NaN)');

function checkZaddFlags(flags: number, pairs: number): RedisError | undefined {
  const has = (both: number) => (flags & both) === both;
  if (has(NX | XX)) return NX_AND_XX;
  if (has(GT | NX) || has(LT | NX) || has(GT | LT)) return GT_LT_NX;
  return has(INCR) && pairs > 1 ? ONE_PAIR : undefined;
}

/** The score a member gets; undefined if the options leave it alone. */
function nextScore(current: number | undefined, score: number, flags: number): number | undefined {
  if (current === undefined) return (flags & XX) !== 0 ? undefined : score;
  if ((flags & NX) !== 0) return undefined;
  const next = (flags & INCR) !== 0 ? current + score : score;
  if ((flags & LT) !== 0 && next >= current) return undefined;
  if ((flags & GT) !== 0 && next <= current) return undefined;
  return next;
}

/** Adds or raises scores, with the options read. */
function addScores(
  context: Context,
  key: string,
  flags: number,
  pairs: readonly (readonly [number, string])[],
): Reply {
  const before = sortedAt(context, key);
  if (before instanceof RedisError) return before;
  const increments = (flags & INCR) !== 0;
  if (before === undefined && (flags & XX) !== 0) return increments ? null : 0;
  const sorted = context.keyspace.draftSorted(before?.sorted);
  let added = 0;
  let updated = 0;
  let result: number | undefined;
  for (const [score, member] of pairs) {
    const current = sorted.score(member);
    result = nextScore(current, score, flags);
    if (Number.isNaN(result)) return NAN;
    if (result === undefined || result === current) continue;
    sorted.set(member, result === 0 ? 0 : result);
    if (current === undefined) added += 1;
    else updated += 1;
  }
  if (added + updated > 0) storeSorted(context, key, before, sorted, increments ? 'zincr' : 'zadd');
  if (increments) return result === undefined ? null : formatDouble(result);
  return (flags & CH) !== 0 ? added + updated : added;
}

/** ZADD, and ZINCRBY, which takes the same options in the place of its increment. */
function addHandler(initialFlags: number): Handler {
  return (context, args) => {
    let flags = initialFlags;
    let first = 2;
    for (; first < args.length; first++) {
      const flag = zaddOption(args[first]!);
      if (flag === undefined) break;
      flags |= flag;
    }
    const count = args.length - first;
    if (count === 0 || count % 2 === 1) return SYNTAX;
    const error = checkZaddFlags(flags, count / 2);
    if (error !== undefined) return error;
    const pairs: [number, string][] = [];
    for (let index = first; index < args.length; index += 2) {
      const score = parseDouble(args[index]!);
      if (score === undefined) return NOT_A_FLOAT;
      pairs.push([score, args[index + 1]!]);
    }
    return addScores(context, args[1]!, flags, pairs);
  };
}

const zrem: Handler = (context, args) => {
  const key = args[1]!;
  const before = sortedAt(context, key);
  if (before === undefined || before instanceof RedisError) return before ?? 0;
  const gone = new Set(args.slice(2).filter((member) => before.sorted.score(member) !== undefined));
  if (gone.size === 0) return 0;
  const sorted = context.keyspace.draftSorted(before.sorted);
  for (const member of gone) sorted.delete(member);
  storeSorted(context, key, before, sorted, 'zrem');
  return gone.size;
};

/** Takes up to `count` members from an end, the outermost first: members and scores in turn. */
export function popSorted(
  context: Context,
  key: string,
  before: SortedSetEntry,
  end: 'MIN' | 'MAX',
  count: number,
): string[] {
  const { items, size } = before.sorted;
  const taken = Math.min(count, size);
  const start = end === 'MIN' ? 0 : size - taken;
  const popped = items.slice(start, start + taken);
  if (end === 'MAX') popped.reverse();
  const sorted = context.keyspace.draftSorted(before.sorted);
  sorted.deleteRange(start, start + taken);
  storeSorted(context, key, before, sorted, end === 'MIN' ? 'zpopmin' : 'zpopmax');
  return popped.flatMap(({ member, score }) => [member, formatDouble(score)]);
}

function zpopHandler(end: 'MIN' | 'MAX'): Handler {
  return (context, args) => {
    if (args.length > 3) return SYNTAX;
    const count = args.length === 2 ? 1 : parseIndex(args[2]!);
    if (count === undefined || count < 0) return NOT_POSITIVE;
    const before = sortedAt(context, args[1]!);
    if (before === undefined || before instanceof RedisError) return before ?? [];
    return count === 0 ? [] : popSorted(context, args[1]!, before, end, count);
  };
}

const zscore: Handler = (context, args) => {
  const entry = sortedAt(context, args[1]!);
  if (entry instanceof RedisError) return entry;
  return scoreReply(entry, args[2]!);
};

const zmscore: Handler = (context, args) => {
  const entry = sortedAt(context, args[1]!);
  if (entry instanceof RedisError) return entry;
  return args.slice(2).map((member) => scoreReply(entry, member));
};

function scoreReply(entry: SortedSetEntry | undefined, member: string): string | null {
  const score = entry?.sorted.score(member);
  return score === undefined ? null : formatDouble(score);
}

const zcard: Handler = (context, args) => {
  const entry = sortedAt(context, args[1]!);
  return entry instanceof RedisError ? entry : (entry?.sorted.size ?? 0);
};

function rankHandler(reverse: boolean): Handler {
  return (context, args) => {
    const entry = sortedAt(context, args[1]!);
    if (entry === undefined || entry instanceof RedisError) return entry ?? null;
    const rank = entry.sorted.rank(args[2]!);
    if (rank === undefined) return null;
    return reverse ? entry.sorted.size - 1 - rank : rank;
  };
}

const zscan: Handler = (context, args) =>
  scanCollection(args, sortedAt(context, args[1]!), ({ sorted }) =>
    sorted.items.map(({ member, score }) => [member, formatDouble(score)]),
  );

export const SORTED_SET_COMMANDS = [
  command('zadd', -4, WRITE, addHandler(0)),
  command('zincrby', 4, WRITE, addHandler(INCR)),
  command('zrem', -3, WRITE, zrem),
  command('zpopmin', -2, WRITE, zpopHandler('MIN')),
  command('zpopmax', -2, WRITE, zpopHandler('MAX')),
  command('zscore', 3, 0, zscore),
  command('zmscore', -3, 0, zmscore),
  command('zcard', 2, 0, zcard),
  command('zrank', 3, 0, rankHandler(false)),
  command('zrevrank', 3, 0, rankHandler(true)),
  command('zscan', -3, 0, zscan),
];
