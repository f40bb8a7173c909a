/**
 * The library `redis`: commands, replies and what else a script can ask of the server
 * (src/script_lua.c and src/eval.c of Redis 7.0.15).
 */

import { RedisError } from '../../reply.js';
import { errorTable, record, replyToLua } from '../replies.js';
import { toInt32 } from '../runtime/arithmetic.js';
import { formatExact } from '../runtime/number.js';
import { toNumber, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { type LuaFunction, type LuaValue, NOTHING } from '../runtime/value.js';
import { sha1 } from '../sha1.js';

const LOG_DEBUG = 0;
const LOG_WARNING = 3;

/** Raises an error table, as all of these functions do. */
function raise(run: Run, message: string): never {
  return run.raise(errorTable(`-ERR ${message}`));
}

/** Steps a block of a digest is worth: about as long as so many turns of a loop. */
const DIGEST_STEPS = 500;

/** Steps a command is worth: about as long as so many turns of a loop. */
const COMMAND_STEPS = 10;

/** `redis.call` and `redis.pcall`, which differ in what happens to an error. */
function command(raises: boolean): LuaFunction {
  return (args, run) => {
    run.charge(COMMAND_STEPS);
    const problem = toCommand(args, run);
    if (problem !== undefined) {
      const error = errorTable(`-ERR ${problem}`);
      return raises ? run.raise(error) : [error];
    }
    const reply = run.host.call(args as string[]);
    const value = replyToLua(reply, run);
    return raises && reply instanceof RedisError ? run.raise(value) : [value];
  };
}

/** Turns arguments into the texts of a command, in place; says what is wrong with them. */
function toCommand(args: LuaValue[], run: Run): string | undefined {
  if (args.length === 0) return 'Please specify at least one argument for this redis lib call';
  for (let i = 0; i < args.length; i++) {
    const value = args[i];
    if (typeof value === 'string') {
      if (run.hasBytes) args[i] = run.fromLua(value);
    } else if (typeof value === 'number') {
      args[i] = formatExact(value);
    } else {
      return 'Lua redis lib command arguments must be strings or integers';
    }
  }
  return undefined;
}

const WRONG_ARGUMENTS = '-ERR wrong number or type of arguments';

const errorReply: LuaFunction = (args) => {
  const [text] = args;
  if (args.length !== 1 || typeof text !== 'string') return [errorTable(WRONG_ARGUMENTS)];
  return [errorTable(text)];
};

const statusReply: LuaFunction = (args) => {
  const [text] = args;
  if (args.length !== 1 || typeof text !== 'string') return [errorTable(WRONG_ARGUMENTS)];
  return [record('ok', text)];
};

const sha1hex: LuaFunction = (args, run) => {
  if (args.length !== 1) raise(run, 'wrong number of arguments');
  const text = toText(args[0]) ?? '';
  run.charge(DIGEST_STEPS * (1 + (text.length >> 6)));
  return [sha1(text)];
};

/** Checks what the server would check; there is no log to write to. */
const log: LuaFunction = (args, run) => {
  if (args.length < 2) raise(run, 'redis.log() requires two arguments or more.');
  const level = toNumber(args[0]);
  if (level === undefined) raise(run, 'First argument must be a number (log level).');
  const whole = toInt32(level);
  if (whole < LOG_DEBUG || whole > LOG_WARNING) raise(run, 'Invalid debug level.');
  return NOTHING;
};

const setRepl: LuaFunction = (args, run) => {
  if (args.length !== 1) raise(run, 'redis.set_repl() requires two arguments.');
  const flags = toInt32(toNumber(args[0]) ?? 0);
  if ((flags & ~3) !== 0) {
    const names = 'REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE';
    raise(run, `Invalid replication flags. Use ${names}.`);
  }
  return flags === 3 ? NOTHING : run.unsupported('redis.set_repl with less than REPL_ALL');
};

const setResp: LuaFunction = (args, run) => {
  if (args.length !== 1) raise(run, 'redis.setresp() requires one argument.');
  const version = toInt32(toNumber(args[0]) ?? 0);
  if (version === 3) run.unsupported('redis.setresp(3)');
  if (version !== 2) raise(run, 'RESP version must be 2 or 3.');
  return NOTHING;
};

const aclCheckCommand: LuaFunction = (_, run) => run.unsupported('redis.acl_check_cmd');

export const REDIS: Readonly<Record<string, LuaValue>> = {
  LOG_DEBUG,
  LOG_NOTICE: 2,
  LOG_VERBOSE: 1,
  LOG_WARNING,
  REDIS_VERSION: '7.0.15',
  REDIS_VERSION_NUM: 0x0007000f,
  REPL_ALL: 3,
  REPL_AOF: 1,
  REPL_NONE: 0,
  REPL_REPLICA: 2,
  REPL_SLAVE: 2,
  acl_check_cmd: aclCheckCommand,
  breakpoint: () => [false],
  call: command(true),
  debug: () => NOTHING,
  error_reply: errorReply,
  log,
  pcall: command(false),
  replicate_commands: () => [true],
  set_repl: setRepl,
  setresp: setResp,
  sha1hex,
  status_reply: statusReply,
};
