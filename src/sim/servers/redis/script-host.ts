/**
 * The server as a script sees it (`script.c: scriptCall`): the checks before a command that only
 * scripts have, then the command.
 */
import { arityFits, MAY_REPLICATE, NO_SCRIPT, WRITE } from './command.js';
import type { Context } from './context.js';
import type { ScriptHost } from './lua/script.js';
import { RedisError, type Reply } from './reply.js';
import { Session } from './session.js';
import { findCommand } from './table.js';

const UNKNOWN = new RedisError('ERR Unknown Redis command called from script');
const WRONG_ARITY = new RedisError('ERR Wrong number of args calling Redis command from script');
const NOT_FROM_SCRIPT = new RedisError('ERR This Redis command is not allowed from script');
const READ_ONLY = new RedisError('ERR Write commands are not allowed from read-only scripts.');

/** What begins the refusal of a command that exists and is not modelled. */
const REFUSAL = 'ERR holdfast';

/** Connection number of the session scripts run in; the world has none below 0. */
const NO_CONNECTION = -1;

export function createScriptHost(context: () => Context): ScriptHost {
  const session = new Session(NO_CONNECTION, NO_CONNECTION);
  return {
    call(args: readonly string[]): Reply {
      const command = findCommand(args);
      if (command instanceof RedisError) {
        return command.text.startsWith(REFUSAL) ? command : UNKNOWN;
      }
      if (!arityFits(command.arity, args.length)) return WRONG_ARITY;
      const { flags } = command;
      if ((flags & NO_SCRIPT) !== 0) return NOT_FROM_SCRIPT;
      const world = context();
      if (world.readOnly && (flags & (WRITE | MAY_REPLICATE)) !== 0) return READ_ONLY;
      return command.handler(world, args, session) ?? null;
    },
  };
}
