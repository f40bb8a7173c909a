/** Expiry times as commands give them (`t_string.c: getExpireMillisecondsOrReply`). */
import type { Context } from './context.js';
import { invalidExpireTime, NOT_AN_INTEGER } from './errors.js';
import { addIntegers, multiplyIntegers, parseInteger } from './numbers.js';
import type { RedisError } from './reply.js';

/**
 * The instant, in milliseconds, that `text` units after `baseMs` stand for, as SET and GETEX want
 * it: positive and within 64 bits.
 */
export function expiryFrom(
  text: string,
  unitMs: number,
  baseMs: number,
  name: string,
): number | RedisError {
  const value = parseInteger(text);
  if (value === undefined) return NOT_AN_INTEGER;
  if (value <= 0) return invalidExpireTime(name);
  const durationMs = multiplyIntegers(value, unitMs);
  const atMs = durationMs === undefined ? undefined : addIntegers(durationMs, baseMs);
  return atMs === undefined ? invalidExpireTime(name) : Number(atMs);
}

/** Whether an instant lies in the past: keys with such an expiry are deleted at once. */
export function hasPassed(context: Context, atMs: number): boolean {
  return atMs <= context.keyspace.nowMs;
}
