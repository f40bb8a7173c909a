/**
 * Ranges of sorted sets (`t_zset.c: zrangeGenericCommand`): by rank, by score, by member. Every
 * range comes down to a stretch [start, end) of the ascending order.
 */
import { compareBytes } from '../bytes.js';
import { command, type Handler, WRITE } from '../command.js';
import { formatDouble, parseDouble } from '../doubles.js';
import { NOT_AN_INTEGER, SYNTAX } from '../errors.js';
import { keyword } from '../keyword.js';
import { parseIndex } from '../numbers.js';
import { RedisError, type Reply } from '../reply.js';
import type { Bound, Scored, SortedSet } from '../sorted-set.js';
import { sortedAt, storeSorted } from './zsets.js';

type Kind = 'rank' | 'score' | 'lex';
type Stretch = readonly [start: number, end: number];
/** Finds the stretch of a range in a sorted set. */
type Range = (sorted: SortedSet) => Stretch;

const NO_FLOAT_RANGE = new RedisError('ERR min or max is not a float');
const NO_LEX_RANGE = new RedisError('ERR min or max not valid string range item');

/** A score as C's `strtod` reads it when nobody checks for overflow or emptiness. */
function parseLooseScore(text: string): number | undefined {
  const trimmed = text.replace(/^[ \t\n\v\f\r]+/, '');
  if (trimmed === '') return text === '' ? 0 : undefined;
  const score = parseDouble(trimmed);
  if (score !== undefined || !/^[+-]?\.?\d/.test(trimmed)) return score;
  const loose = Number(trimmed);
  return Number.isNaN(loose) ? undefined : loose;
}

function parseScoreBound(text: string): Bound<number> | undefined {
  const exclusive = text.startsWith('(');
  const value = parseLooseScore(exclusive ? text.slice(1) : text);
  return value === undefined ? undefined : { value, exclusive };
}

/** A bound of members; −∞ and ∞ stand for `-` and `+`. */
function parseLexBound(text: string): Bound<string> | number | undefined {
  if (text === '-') return Number.NEGATIVE_INFINITY;
  if (text === '+') return Number.POSITIVE_INFINITY;
  const exclusive = text.startsWith('(');
  return exclusive || text.startsWith('[') ? { value: text.slice(1), exclusive } : undefined;
}

function rankRange(first: string, last: string, reverse: boolean): Range | RedisError {
  const from = parseIndex(first);
  const to = parseIndex(last);
  if (from === undefined || to === undefined) return NOT_AN_INTEGER;
  return ({ size }) => {
    const start = Math.max(from < 0 ? size + from : from, 0);
    const end = Math.min((to < 0 ? size + to : to) + 1, size);
    if (start >= end) return [0, 0];
    return reverse ? [size - end, size - start] : [start, end];
  };
}

function scoreRange(min: string, max: string): Range | RedisError {
  const from = parseScoreBound(min);
  const to = parseScoreBound(max);
  if (from === undefined || to === undefined) return NO_FLOAT_RANGE;
  return (sorted) => {
    const start = sorted.countBelowScore(from, false);
    return [start, Math.max(sorted.countBelowScore(to, true), start)];
  };
}

type LexBound = Bound<string> | number;

/** Where a member stands to a bound: below 0, at it, above. */
function lexOrder(member: string, bound: LexBound): number {
  return typeof bound === 'number' ? -bound : compareBytes(member, bound.value);
}

/** Whether no member at all can be between two bounds. */
function excludesAll(from: LexBound, to: LexBound): boolean {
  if (typeof to === 'number') return to < 0 || (typeof from === 'number' && from >= to);
  if (typeof from === 'number') return from > 0;
  const order = compareBytes(from.value, to.value);
  return order > 0 || (order === 0 && (from.exclusive || to.exclusive));
}

/**
 * Members are compared although they stand in the order of their scores: the way the server goes
 * matters if those differ (`t_zset.c`: zzlIsInLexRange, zzlFirstInLexRange, zzlLastInLexRange).
 */
function lexRange(min: string, max: string, reverse: boolean): Range | RedisError {
  const from = parseLexBound(min);
  const to = parseLexBound(max);
  if (from === undefined || to === undefined) return NO_LEX_RANGE;
  const isInclusive = (bound: LexBound) => typeof bound !== 'number' && !bound.exclusive;
  const isAbove = ({ member }: Scored) => {
    const order = lexOrder(member, from);
    return order > 0 || (order === 0 && isInclusive(from));
  };
  const isBelow = ({ member }: Scored) => {
    const order = lexOrder(member, to);
    return order < 0 || (order === 0 && isInclusive(to));
  };
  return ({ items }) => {
    const isApart = items.length === 0 || !isAbove(items.at(-1)!) || !isBelow(items[0]!);
    if (isApart || excludesAll(from, to)) return [0, 0];
    if (reverse) {
      const last = items.findLastIndex(isBelow);
      return [items.findLastIndex((item, at) => at <= last && !isAbove(item)) + 1, last + 1];
    }
    const first = items.findIndex(isAbove);
    const end = items.findIndex((item, at) => at >= first && !isBelow(item));
    return [first, end < 0 ? items.length : end];
  };
}

/** The range two arguments stand for; with a reverse score or lex range the maximum comes first. */
function parseRange(kind: Kind, reverse: boolean, a: string, b: string): Range | RedisError {
  if (kind === 'rank') return rankRange(a, b, reverse);
  const [min, max] = reverse ? [b, a] : [a, b];
  return kind === 'score' ? scoreRange(min, max) : lexRange(min, max, reverse);
}

interface RangeOptions {
  readonly kind: Kind;
  readonly reverse: boolean;
  readonly withScores: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Options after the range. ZRANGE may name kind and direction, the older commands have theirs. */
function parseOptions(
  args: readonly string[],
  fixedKind: Kind | undefined,
  fixedReverse: boolean | undefined,
): RangeOptions | RedisError {
  let kind = fixedKind;
  let reverse = fixedReverse;
  let withScores = false;
  let offset = 0;
  let limit = -1;
  for (let index = 4; index < args.length; index++) {
    const option = keyword(args[index]!);
    if (option === 'WITHSCORES') withScores = true;
    else if (option === 'LIMIT' && index + 2 < args.length) {
      const parsed = [parseIndex(args[index + 1]!), parseIndex(args[index + 2]!)] as const;
      if (parsed[0] === undefined || parsed[1] === undefined) return NOT_AN_INTEGER;
      [offset, limit] = [parsed[0], parsed[1]];
      index += 2;
    } else if (option === 'REV' && reverse === undefined) reverse = true;
    else if (option === 'BYLEX' && kind === undefined) kind = 'lex';
    else if (option === 'BYSCORE' && kind === undefined) kind = 'score';
    else return SYNTAX;
  }
  kind ??= 'rank';
  if (limit !== -1 && kind === 'rank') {
    return new RedisError(
      'ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX',
    );
  }
  if (withScores && kind === 'lex') {
    return new RedisError('ERR syntax error, WITHSCORES not supported in combination with BYLEX');
  }
  return { kind, reverse: reverse ?? false, withScores, offset, limit };
}

/** The part of a result that LIMIT leaves. */
function applyLimit(items: Scored[], { kind, offset, limit }: RangeOptions): Scored[] {
  if (kind === 'rank') return items;
  if (offset < 0) return [];
  return limit < 0 ? items.slice(offset) : items.slice(offset, offset + limit);
}

function rangeHandler(kind: Kind | undefined, reverse: boolean | undefined): Handler {
  return (context, args): Reply => {
    const options = parseOptions(args, kind, reverse);
    if (options instanceof RedisError) return options;
    const range = parseRange(options.kind, options.reverse, args[2]!, args[3]!);
    if (range instanceof RedisError) return range;
    const entry = sortedAt(context, args[1]!);
    if (entry === undefined || entry instanceof RedisError) return entry ?? [];
    const items = entry.sorted.items.slice(...range(entry.sorted));
    if (options.reverse) items.reverse();
    const shown = applyLimit(items, options);
    if (!options.withScores) return shown.map(({ member }) => member);
    return shown.flatMap(({ member, score }) => [member, formatDouble(score)]);
  };
}

function countHandler(kind: Kind): Handler {
  return (context, args) => {
    const range = parseRange(kind, false, args[2]!, args[3]!);
    if (range instanceof RedisError) return range;
    const entry = sortedAt(context, args[1]!);
    if (entry === undefined || entry instanceof RedisError) return entry ?? 0;
    const [start, end] = range(entry.sorted);
    return end - start;
  };
}

function removeHandler(name: string, kind: Kind): Handler {
  return (context, args) => {
    const range = parseRange(kind, false, args[2]!, args[3]!);
    if (range instanceof RedisError) return range;
    const key = args[1]!;
    const before = sortedAt(context, key);
    if (before === undefined || before instanceof RedisError) return before ?? 0;
    const [start, end] = range(before.sorted);
    if (start === end) return 0;
    const sorted = context.keyspace.draftSorted(before.sorted);
    sorted.deleteRange(start, end);
    storeSorted(context, key, before, sorted, name);
    return end - start;
  };
}

export const SORTED_SET_RANGE_COMMANDS = [
  command('zrange', -4, 0, rangeHandler(undefined, undefined)),
  command('zrevrange', -4, 0, rangeHandler('rank', true)),
  command('zrangebyscore', -4, 0, rangeHandler('score', false)),
  command('zrevrangebyscore', -4, 0, rangeHandler('score', true)),
  command('zrangebylex', -4, 0, rangeHandler('lex', false)),
  command('zrevrangebylex', -4, 0, rangeHandler('lex', true)),
  command('zcount', 4, 0, countHandler('score')),
  command('zlexcount', 4, 0, countHandler('lex')),
  command('zremrangebyscore', 4, WRITE, removeHandler('zremrangebyscore', 'score')),
  command('zremrangebyrank', 4, WRITE, removeHandler('zremrangebyrank', 'rank')),
  command('zremrangebylex', 4, WRITE, removeHandler('zremrangebylex', 'lex')),
];
