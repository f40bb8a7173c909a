/**
 * The pops that wait (`t_list.c`, `t_zset.c`: BLPOP, BLMOVE, BZPOPMIN and their like), and LMPOP,
 * which shares its arguments with BLMPOP. A call that may not wait, in a transaction or script,
 * answers nil at once.
 */
import type { Waiting } from '../blocking.js';
import { command, type Handler, NO_SCRIPT, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { parseDouble } from '../doubles.js';
import { COUNT_NOT_POSITIVE, NUMKEYS_NOT_POSITIVE, SYNTAX, WRONG_TYPE } from '../errors.js';
import { keyword } from '../keyword.js';
import { parseIndex } from '../numbers.js';
import { RedisError, type Reply } from '../reply.js';
import type { Session } from '../session.js';
import { type End, listAt, move, parseEnd, pop } from './lists.js';
import { popSorted } from './zsets.js';

const NO_FLOAT = new RedisError('ERR timeout is not a float or out of range');
const NEGATIVE = new RedisError('ERR timeout is negative');
/** 2^63: Redis reckons the milliseconds in 64 bits, and what does not fit becomes negative. */
const TOO_LARGE = Number(2n ** 63n);

/** Wall clock in milliseconds after which a call with this argument gives up; ∞ for 0. */
function parseDeadline(context: Context, text: string): number | RedisError {
  const seconds = parseDouble(text);
  if (seconds === undefined) return NO_FLOAT;
  const durationMs = Math.ceil(seconds * 1000);
  if (durationMs < 0 || durationMs >= TOO_LARGE) return NEGATIVE;
  return durationMs === 0 ? Number.POSITIVE_INFINITY : context.keyspace.nowMs + durationMs;
}

/** Tries each key in turn; waits for all of them if none has anything. */
function popOrWait(
  context: Context,
  session: Session,
  call: Omit<Waiting, 'session'>,
): Reply | undefined {
  for (const key of call.keys) {
    const entry = context.keyspace.find(key);
    if (entry === undefined) continue;
    if (entry.type !== call.type) return WRONG_TYPE;
    return call.serve(key, entry);
  }
  if (context.denyBlocking) return null;
  context.blocking.wait({ ...call, session });
  return undefined;
}

/** A command of keys and, last, how long to wait for one of them. */
function firstOf(
  type: Waiting['type'],
  serve: (context: Context, ...found: Parameters<Waiting['serve']>) => Reply,
): Handler {
  return (context, args, session) => {
    const deadlineMs = parseDeadline(context, args.at(-1)!);
    if (deadlineMs instanceof RedisError) return deadlineMs;
    return popOrWait(context, session, {
      keys: args.slice(1, -1),
      type,
      deadlineMs,
      serve: (key, entry) => serve(context, key, entry),
    });
  };
}

function listPop(end: End): Handler {
  return firstOf('list', (context, key, entry) =>
    entry.type === 'list' ? [key, pop(context, key, entry, end, 1)[0]!] : null,
  );
}

function sortedPop(end: 'MIN' | 'MAX'): Handler {
  return firstOf('zset', (context, key, entry) =>
    entry.type === 'zset' ? [key, ...popSorted(context, key, entry, end, 1)] : null,
  );
}

/** BLMOVE and BRPOPLPUSH, with their arguments read. */
function moveOrWait(
  context: Context,
  session: Session,
  [source, target]: readonly [string, string],
  [from, to]: readonly [End, End],
  deadlineMs: number,
): Reply | undefined {
  const entry = listAt(context, source);
  if (entry instanceof RedisError) return entry;
  return popOrWait(context, session, {
    keys: [source],
    type: 'list',
    deadlineMs,
    serve: () => move(context, source, target, from, to),
  });
}

const blmove: Handler = (context, args, session) => {
  const from = parseEnd(args[3]!);
  const to = parseEnd(args[4]!);
  if (from === undefined || to === undefined) return SYNTAX;
  const deadlineMs = parseDeadline(context, args[5]!);
  if (deadlineMs instanceof RedisError) return deadlineMs;
  return moveOrWait(context, session, [args[1]!, args[2]!], [from, to], deadlineMs);
};

const brpoplpush: Handler = (context, args, session) => {
  const deadlineMs = parseDeadline(context, args[3]!);
  if (deadlineMs instanceof RedisError) return deadlineMs;
  return moveOrWait(context, session, [args[1]!, args[2]!], ['RIGHT', 'LEFT'], deadlineMs);
};

interface ManyKeys {
  readonly keys: readonly string[];
  readonly end: End;
  readonly count: number;
}

/** `numkeys key … LEFT|RIGHT [COUNT count]` from position `first` on. */
function parseManyKeys(args: readonly string[], first: number): ManyKeys | RedisError {
  const numkeys = parseIndex(args[first]!);
  if (numkeys === undefined || numkeys < 1) return NUMKEYS_NOT_POSITIVE;
  const endAt = first + numkeys + 1;
  const end = endAt < args.length ? parseEnd(args[endAt]!) : undefined;
  if (end === undefined) return SYNTAX;
  let count: number | undefined;
  for (let index = endAt + 1; index < args.length; index += 2) {
    if (count !== undefined || keyword(args[index]!) !== 'COUNT') return SYNTAX;
    if (index + 1 === args.length) return SYNTAX;
    count = parseIndex(args[index + 1]!);
    if (count === undefined || count < 1) return COUNT_NOT_POSITIVE;
  }
  return { keys: args.slice(first + 1, endAt), end, count: count ?? 1 };
}

const lmpop: Handler = (context, args) => {
  const many = parseManyKeys(args, 1);
  if (many instanceof RedisError) return many;
  for (const key of many.keys) {
    const list = listAt(context, key);
    if (list instanceof RedisError) return list;
    if (list !== undefined) return [key, pop(context, key, list, many.end, many.count)];
  }
  return null;
};

const blmpop: Handler = (context, args, session) => {
  const many = parseManyKeys(args, 2);
  if (many instanceof RedisError) return many;
  const deadlineMs = parseDeadline(context, args[1]!);
  if (deadlineMs instanceof RedisError) return deadlineMs;
  return popOrWait(context, session, {
    keys: many.keys,
    type: 'list',
    deadlineMs,
    serve: (key, entry) =>
      entry.type === 'list' ? [key, pop(context, key, entry, many.end, many.count)] : null,
  });
};

export const BLOCKING_POP_COMMANDS = [
  command('blpop', -3, WRITE | NO_SCRIPT, listPop('LEFT')),
  command('brpop', -3, WRITE | NO_SCRIPT, listPop('RIGHT')),
  command('bzpopmin', -3, WRITE | NO_SCRIPT, sortedPop('MIN')),
  command('bzpopmax', -3, WRITE | NO_SCRIPT, sortedPop('MAX')),
  command('blmove', 6, WRITE | NO_SCRIPT, blmove),
  command('brpoplpush', 4, WRITE | NO_SCRIPT, brpoplpush),
  command('lmpop', -4, WRITE, lmpop),
  command('blmpop', -5, WRITE, blmpop),
];
