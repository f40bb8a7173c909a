/**
 * What a script can ask of the library `redis` beside commands: replies of its own making, digests,
 * the log, replication and protocol (src/script_lua.c of Redis 7.0.15).
 */
import { errorTable, record } from '../replies.js';
import { toInt32 } from '../runtime/arithmetic.js';
import { toNumber, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { type LuaFunction, NOTHING } from '../runtime/value.js';
import { sha1 } from '../sha1.js';

const LOG_DEBUG = 0;
const LOG_WARNING = 3;

/** Raises an error table, as all of these functions do. */
function raise(run: Run, message: string): never {
  return run.raise(errorTable(`-ERR ${message}`));
}

/** Steps a block of a digest is worth: about as long as so many turns of a loop. */
const DIGEST_STEPS = 500;

const WRONG_ARGUMENTS = '-ERR wrong number or type of arguments';

export const errorReply: LuaFunction = (args) => {
  const [text] = args;
  if (args.length !== 1 || typeof text !== 'string') return [errorTable(WRONG_ARGUMENTS)];
  return [errorTable(text)];
};

export const statusReply: LuaFunction = (args) => {
  const [text] = args;
  if (args.length !== 1 || typeof text !== 'string') return [errorTable(WRONG_ARGUMENTS)];
  return [record('ok', text)];
};

export const sha1hex: LuaFunction = (args, run) => {
  if (args.length !== 1) raise(run, 'wrong number of arguments');
  const text = toText(args[0]) ?? '';
  run.charge(DIGEST_STEPS * (1 + (text.length >> 6)));
  return [sha1(text)];
};

/** Checks what the server would check; there is no log to write to. */
export const log: LuaFunction = (args, run) => {
  if (args.length < 2) raise(run, 'redis.log() requires two arguments or more.');
  const level = toNumber(args[0]);
  if (level === undefined) raise(run, 'First argument must be a number (log level).');
  const whole = toInt32(level);
  if (whole < LOG_DEBUG || whole > LOG_WARNING) raise(run, 'Invalid debug level.');
  return NOTHING;
};

export const setRepl: LuaFunction = (args, run) => {
  if (args.length !== 1) raise(run, 'redis.set_repl() requires two arguments.');
  const flags = toInt32(toNumber(args[0]) ?? 0);
  if ((flags & ~3) !== 0) {
    const names = 'REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE';
    raise(run, `Invalid replication flags. Use ${names}.`);
  }
  return flags === 3 ? NOTHING : run.unsupported('redis.set_repl with less than REPL_ALL');
};

export const setResp: LuaFunction = (args, run) => {
  if (args.length !== 1) raise(run, 'redis.setresp() requires one argument.');
  const version = toInt32(toNumber(args[0]) ?? 0);
  if (version === 3) run.unsupported('redis.setresp(3)');
  if (version !== 2) raise(run, 'RESP version must be 2 or 3.');
  return NOTHING;
};
