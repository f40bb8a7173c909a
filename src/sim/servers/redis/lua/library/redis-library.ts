/**
 * The library `redis`: commands, replies and what else a script can ask of the server
 * (src/script_lua.c and src/eval.c of Redis 7.0.15).
 */

import { RedisError } from '../../reply.js';
import { errorTable, replyToLua } from '../replies.js';
import { formatExact } from '../runtime/number.js';
import type { Run } from '../runtime/run.js';
import { type LuaFunction, type LuaValue, NOTHING } from '../runtime/value.js';
import { errorReply, log, setRepl, setResp, sha1hex, statusReply } from './redis-replies.js';

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

const aclCheckCommand: LuaFunction = (_, run) => run.unsupported('redis.acl_check_cmd');

export const REDIS: Readonly<Record<string, LuaValue>> = {
  LOG_DEBUG: 0,
  LOG_NOTICE: 2,
  LOG_VERBOSE: 1,
  LOG_WARNING: 3,
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
