/**
 * INCR and its like (`t_string.c: incrDecrCommand`). Fencing tokens are made of these, so nothing
 * rounds: 64-bit integers are exact, and floats are reckoned in the 80 bits Redis has.
 */
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { type Entry, stringEntry } from '../entry.js';
import { NAN_OR_INFINITY, NOT_A_FLOAT, NOT_AN_INTEGER, OVERFLOW, WRONG_TYPE } from '../errors.js';
import { addLongDoubles, formatLongDouble, parseLongDouble } from '../long-double.js';
import { notify, STRING } from '../notifications.js';
import { addIntegers, type Integer, parseInteger } from '../numbers.js';
import { RedisError, type Reply } from '../reply.js';

function store(context: Context, key: string, before: Entry | undefined, value: string): void {
  context.keyspace.put(key, before, stringEntry(value, before?.expireAtMs), 'counter');
}

function increment(context: Context, key: string, by: Integer): Reply {
  const before = context.keyspace.find(key);
  if (before !== undefined && before.type !== 'string') return WRONG_TYPE;
  const current = before === undefined ? 0 : parseInteger(before.value);
  if (current === undefined) return NOT_AN_INTEGER;
  const sum = addIntegers(current, by);
  if (sum === undefined) return OVERFLOW;
  store(context, key, before, String(sum));
  notify(context, STRING, 'incrby', key);
  return Number(sum);
}

const incr: Handler = (context, args) => increment(context, args[1]!, 1);
const decr: Handler = (context, args) => increment(context, args[1]!, -1);

const incrby: Handler = (context, args) => {
  const by = parseInteger(args[2]!);
  return by === undefined ? NOT_AN_INTEGER : increment(context, args[1]!, by);
};

const decrby: Handler = (context, args) => {
  const by = parseInteger(args[2]!);
  if (by === undefined) return NOT_AN_INTEGER;
  const negated = addIntegers(0, -by);
  if (negated === undefined) return new RedisError('ERR decrement would overflow');
  return increment(context, args[1]!, negated);
};

/** Sum of two decimal texts as Redis stores it. `invalid` is what a bad first text answers. */
export function addFloats(current: string, by: string, invalid: RedisError): string | RedisError {
  const left = parseLongDouble(current);
  if (left === undefined) return invalid;
  const right = parseLongDouble(by);
  if (right === undefined) return NOT_A_FLOAT;
  if (left === 'infinite' || right === 'infinite') return NAN_OR_INFINITY;
  return formatLongDouble(addLongDoubles(left, right));
}

const incrbyfloat: Handler = (context, args) => {
  const key = args[1]!;
  const before = context.keyspace.find(key);
  if (before !== undefined && before.type !== 'string') return WRONG_TYPE;
  const sum = addFloats(before?.value ?? '0', args[2]!, NOT_A_FLOAT);
  if (sum instanceof RedisError) return sum;
  store(context, key, before, sum);
  notify(context, STRING, 'incrbyfloat', key);
  return sum;
};

export const COUNTER_COMMANDS = [
  command('incr', 2, WRITE, incr),
  command('decr', 2, WRITE, decr),
  command('incrby', 3, WRITE, incrby),
  command('decrby', 3, WRITE, decrby),
  command('incrbyfloat', 3, WRITE, incrbyfloat),
];
