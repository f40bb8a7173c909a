/**
 * The error texts of Redis 7.0.15, each once (`server.c: createSharedObjects` and the commands).
 */
import { RedisError } from './reply.js';

export const WRONG_TYPE = new RedisError(
  'WRONGTYPE Operation against a key holding the wrong kind of value',
);
export const SYNTAX = new RedisError('ERR syntax error');
export const NO_SUCH_KEY = new RedisError('ERR no such key');
export const SAME_OBJECT = new RedisError('ERR source and destination objects are the same');
export const INDEX_OUT_OF_RANGE = new RedisError('ERR index out of range');
export const NOT_AN_INTEGER = new RedisError('ERR value is not an integer or out of range');
export const NOT_A_FLOAT = new RedisError('ERR value is not a valid float');
export const NOT_POSITIVE = new RedisError('ERR value is out of range, must be positive');
export const OVERFLOW = new RedisError('ERR increment or decrement would overflow');
export const NAN_OR_INFINITY = new RedisError('ERR increment would produce NaN or Infinity');
export const NUMKEYS_NOT_POSITIVE = new RedisError('ERR numkeys should be greater than 0');
export const COUNT_NOT_POSITIVE = new RedisError('ERR count should be greater than 0');
export const NO_SCRIPT = new RedisError('NOSCRIPT No matching script. Please use EVAL.');
export const BUSY = new RedisError(
  'BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.',
);
export const EXEC_ABORT = new RedisError(
  'EXECABORT Transaction discarded because of previous errors.',
);

/** An error line must stay one line: the server turns line breaks into spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\r\n]/g, ' ');
}

/** `fullName` is in lower case, with a bar before a subcommand: `client|setname`. */
export function wrongArity(fullName: string): RedisError {
  return new RedisError(`ERR wrong number of arguments for '${fullName}' command`);
}

export function invalidExpireTime(fullName: string): RedisError {
  return new RedisError(`ERR invalid expire time in '${fullName}' command`);
}

/** What exists in Redis and is not modelled says so by name, so that nobody trusts a guess. */
export function notModelled(what: string): RedisError {
  return new RedisError(`ERR holdfast does not model the command '${what}'`);
}
