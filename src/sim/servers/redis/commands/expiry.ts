/**
 * Expiry times: setting them, asking for them (`expire.c`).
 */
import { command, type Handler, WRITE } from '../command.js';
import { withExpiry } from '../entry.js';
import { invalidExpireTime, NOT_AN_INTEGER } from '../errors.js';
import { hasPassed } from '../expiry-time.js';
import { optionTable } from '../keyword.js';
import { GENERIC, notify } from '../notifications.js';
import { addIntegers, multiplyIntegers, parseInteger } from '../numbers.js';
import { RedisError } from '../reply.js';

const NX = 1;
const XX = 2;
const GT = 4;
const LT = 8;
const conditionOf = optionTable<number>([
  ['NX', NX],
  ['XX', XX],
  ['GT', GT],
  ['LT', LT],
]);

/** Flags of NX, XX, GT and LT after the expiry time. */
function parseConditions(args: readonly string[]): number | RedisError {
  let flags = 0;
  for (let index = 3; index < args.length; index++) {
    const flag = conditionOf(args[index]!);
    if (flag === undefined) return new RedisError(`ERR Unsupported option ${args[index]!}`);
    flags |= flag;
  }
  if ((flags & NX) !== 0 && flags !== NX) {
    return new RedisError('ERR NX and XX, GT or LT options at the same time are not compatible');
  }
  if ((flags & GT) !== 0 && (flags & LT) !== 0) {
    return new RedisError('ERR GT and LT options at the same time are not compatible');
  }
  return flags;
}

/** Whether the conditions allow to replace `currentMs` (undefined: no expiry) by `atMs`. */
function allows(flags: number, currentMs: number | undefined, atMs: number): boolean {
  if ((flags & NX) !== 0 && currentMs !== undefined) return false;
  if ((flags & XX) !== 0 && currentMs === undefined) return false;
  if ((flags & GT) !== 0 && (currentMs === undefined || atMs <= currentMs)) return false;
  return (flags & LT) === 0 || currentMs === undefined || atMs < currentMs;
}

function expireHandler(name: string, unitMs: number, relative: boolean): Handler {
  return (context, args) => {
    const flags = args.length === 3 ? 0 : parseConditions(args);
    if (flags instanceof RedisError) return flags;
    const value = parseInteger(args[2]!);
    if (value === undefined) return NOT_AN_INTEGER;
    const { keyspace } = context;
    const durationMs = multiplyIntegers(value, unitMs);
    const exactMs =
      durationMs === undefined ? undefined : addIntegers(durationMs, relative ? keyspace.nowMs : 0);
    if (exactMs === undefined) return invalidExpireTime(name);
    const atMs = Number(exactMs);
    const key = args[1]!;
    const entry = keyspace.find(key);
    if (entry === undefined || !allows(flags, entry.expireAtMs, atMs)) return 0;
    if (hasPassed(context, atMs)) {
      keyspace.remove(key, entry);
      notify(context, GENERIC, 'del', key);
    } else {
      keyspace.put(key, entry, withExpiry(entry, atMs));
      notify(context, GENERIC, 'expire', key);
    }
    return 1;
  };
}

/** TTL, PTTL, EXPIRETIME, PEXPIRETIME: −2 without the key, −1 without an expiry. */
function ttlHandler(unitMs: number, absolute: boolean): Handler {
  return ({ keyspace }, args) => {
    const entry = keyspace.find(args[1]!);
    if (entry === undefined) return -2;
    if (entry.expireAtMs === undefined) return -1;
    const valueMs = absolute ? entry.expireAtMs : entry.expireAtMs - keyspace.nowMs;
    return unitMs === 1 ? valueMs : Math.floor((valueMs + 500) / 1000);
  };
}

const persist: Handler = (context, args) => {
  const key = args[1]!;
  const entry = context.keyspace.find(key);
  if (entry?.expireAtMs === undefined) return 0;
  context.keyspace.put(key, entry, withExpiry(entry, undefined));
  notify(context, GENERIC, 'persist', key);
  return 1;
};

export const EXPIRY_COMMANDS = [
  command('expire', -3, WRITE, expireHandler('expire', 1000, true)),
  command('pexpire', -3, WRITE, expireHandler('pexpire', 1, true)),
  command('expireat', -3, WRITE, expireHandler('expireat', 1000, false)),
  command('pexpireat', -3, WRITE, expireHandler('pexpireat', 1, false)),
  command('ttl', 2, 0, ttlHandler(1000, false)),
  command('pttl', 2, 0, ttlHandler(1, false)),
  command('expiretime', 2, 0, ttlHandler(1000, true)),
  command('pexpiretime', 2, 0, ttlHandler(1, true)),
  command('persist', 2, WRITE, persist),
];
