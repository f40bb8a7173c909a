/**
 * Sets (`t_set.c`). Members answer in the order of insertion; random ones are chosen by the world.
 */
import { command, type Handler, WRITE } from '../command.js';
import type { Context } from '../context.js';
import { setEntry } from '../entry.js';
import { NOT_AN_INTEGER, NOT_POSITIVE, SYNTAX } from '../errors.js';
import { SET } from '../notifications.js';
import { parseInteger } from '../numbers.js';
import { RedisError, type Reply } from '../reply.js';
import { lookup, storing } from './collection.js';
import { scanCollection } from './scan.js';

const setAt = lookup('set');
const store = storing(SET, setEntry, (members) => members.size);

const sadd: Handler = (context, args) => {
  const key = args[1]!;
  const before = setAt(context, key);
  if (before instanceof RedisError) return before;
  const news = new Set(args.slice(2).filter((member) => before?.members.has(member) !== true));
  if (news.size === 0) return 0;
  const members = context.keyspace.draftSet(before?.members);
  for (const member of news) members.add(member);
  store(context, key, before, members, 'sadd');
  return news.size;
};

const srem: Handler = (context, args) => {
  const key = args[1]!;
  const before = setAt(context, key);
  if (before instanceof RedisError) return before;
  const gone = new Set(args.slice(2).filter((member) => before?.members.has(member) === true));
  if (before === undefined || gone.size === 0) return 0;
  const members = context.keyspace.draftSet(before.members);
  for (const member of gone) members.delete(member);
  store(context, key, before, members, 'srem');
  return gone.size;
};

const smove: Handler = (context, args) => {
  const [, source = '', target = '', member = ''] = args;
  const from = setAt(context, source);
  const to = setAt(context, target);
  if (from === undefined) return 0;
  if (from instanceof RedisError) return from;
  if (to instanceof RedisError) return to;
  if (!from.members.has(member)) return 0;
  if (source === target) return 1;
  const left = context.keyspace.draftSet(from.members);
  left.delete(member);
  store(context, source, from, left, 'srem');
  if (to?.members.has(member) === true) return 1;
  const joined = context.keyspace.draftSet(to?.members);
  joined.add(member);
  store(context, target, to, joined, 'sadd');
  return 1;
};

const smembers: Handler = (context, args) => {
  const set = setAt(context, args[1]!);
  return set instanceof RedisError ? set : [...(set?.members ?? [])];
};

const sismember: Handler = (context, args) => {
  const set = setAt(context, args[1]!);
  if (set instanceof RedisError) return set;
  return set?.members.has(args[2]!) === true ? 1 : 0;
};

const smismember: Handler = (context, args) => {
  const set = setAt(context, args[1]!);
  if (set instanceof RedisError) return set;
  return args.slice(2).map((member) => (set?.members.has(member) === true ? 1 : 0));
};

const scard: Handler = (context, args) => {
  const set = setAt(context, args[1]!);
  return set instanceof RedisError ? set : (set?.members.size ?? 0);
};

/** Takes `count` different members out of `pool`, each chosen among those left. */
function draw(context: Context, pool: string[], count: number): string[] {
  const drawn: string[] = [];
  while (drawn.length < count && pool.length > 0) {
    drawn.push(...pool.splice(context.port.choose(pool.length), 1));
  }
  return drawn;
}

const spop: Handler = (context, args) => {
  if (args.length > 3) return SYNTAX;
  const single = args.length === 2;
  const count = single ? 1 : parseInteger(args[2]!);
  if (count === undefined || count < 0) return NOT_POSITIVE;
  const key = args[1]!;
  const before = setAt(context, key);
  if (before instanceof RedisError) return before;
  if (before === undefined || count === 0) return single ? null : [];
  const all = Number(count) >= before.members.size && !single;
  const popped = all ? [...before.members] : draw(context, [...before.members], Number(count));
  const members = context.keyspace.draftSet(before.members);
  for (const member of popped) members.delete(member);
  store(context, key, before, members, 'spop');
  return single ? popped[0]! : popped;
};

const INT64 = '9223372036854775807';
const OUT_OF_LONG_RANGE = new RedisError(
  `ERR value is out of range, value must between -${INT64} and ${INT64}`,
);

const srandmember: Handler = (context, args) => {
  if (args.length > 3) return SYNTAX;
  const single = args.length === 2;
  const count = single ? 1 : parseInteger(args[2]!);
  if (count === undefined) return NOT_AN_INTEGER;
  if (typeof count === 'bigint' && count === -0x8000_0000_0000_0000n) return OUT_OF_LONG_RANGE;
  const set = setAt(context, args[1]!);
  if (set instanceof RedisError) return set;
  if (set === undefined) return single ? null : [];
  const members = [...set.members];
  if (count >= 0) {
    const drawn =
      count >= members.length && !single ? members : draw(context, members, Number(count));
    return single ? drawn[0]! : drawn;
  }
  const repeated: string[] = [];
  for (let left = -Number(count); left > 0; left--) {
    repeated.push(members[context.port.choose(members.length)]!);
  }
  return repeated;
};

/** SINTER, SUNION, SDIFF: a missing key is an empty set; a wrong type anywhere is an error. */
function combining(combine: (sets: readonly ReadonlySet<string>[]) => string[]): Handler {
  return (context, args): Reply => {
    const sets: ReadonlySet<string>[] = [];
    for (let index = 1; index < args.length; index++) {
      const set = setAt(context, args[index]!);
      if (set instanceof RedisError) return set;
      sets.push(set?.members ?? new Set());
    }
    return combine(sets);
  };
}

const sinter = combining(([first, ...others]) =>
  [...first!].filter((member) => others.every((set) => set.has(member))),
);
const sunion = combining((sets) => [...new Set(sets.flatMap((set) => [...set]))]);
const sdiff = combining(([first, ...others]) =>
  [...first!].filter((member) => !others.some((set) => set.has(member))),
);

const sscan: Handler = (context, args) =>
  scanCollection(args, setAt(context, args[1]!), ({ members }) => [...members].map((m) => [m]));

export const SET_COMMANDS = [
  command('sadd', -3, WRITE, sadd),
  command('srem', -3, WRITE, srem),
  command('smove', 4, WRITE, smove),
  command('smembers', 2, 0, smembers),
  command('sismember', 3, 0, sismember),
  command('smismember', -3, 0, smismember),
  command('scard', 2, 0, scard),
  command('spop', -2, WRITE, spop),
  command('srandmember', -2, 0, srandmember),
  command('sinter', -2, 0, sinter),
  command('sunion', -2, 0, sunion),
  command('sdiff', -2, 0, sdiff),
  command('sscan', -3, 0, sscan),
];
