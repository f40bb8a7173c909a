/**
 * MULTI, EXEC, DISCARD, WATCH, UNWATCH (`multi.c`).
 */
import { command, type Handler, NO_SCRIPT, NOT_QUEUED } from '../command.js';
import { EXEC_ABORT } from '../errors.js';
import { OK, RedisError, type Reply } from '../reply.js';
import { endTransaction } from '../transaction.js';

const multi: Handler = (_context, _args, session) => {
  if (session.queue !== undefined) return new RedisError('ERR MULTI calls can not be nested');
  session.queue = [];
  return OK;
};

const discard: Handler = (context, _args, session) => {
  if (session.queue === undefined) return new RedisError('ERR DISCARD without MULTI');
  endTransaction(context, session);
  return OK;
};

const exec: Handler = (context, _args, session): Reply => {
  const { queue, spoiled } = session;
  if (queue === undefined) return new RedisError('ERR EXEC without MULTI');
  // Looking a watched key up removes it if its time has come, and that outdates the session.
  for (const key of [...session.watched]) context.keyspace.find(key);
  const { outdated } = session;
  if (spoiled || outdated) {
    endTransaction(context, session);
    return spoiled ? EXEC_ABORT : null;
  }
  context.watches.leave(session);
  context.denyBlocking = true;
  const replies: Reply[] = [];
  for (const { command: queued, args } of queue) {
    replies.push(queued.handler(context, args, session) ?? null);
  }
  context.denyBlocking = false;
  endTransaction(context, session);
  return replies;
};

const watch: Handler = (context, args, session) => {
  if (session.queue !== undefined) {
    return new RedisError('ERR WATCH inside MULTI is not allowed');
  }
  if (session.outdated) return OK;
  for (let index = 1; index < args.length; index++) {
    const key = args[index]!;
    context.keyspace.find(key);
    context.watches.watch(session, key);
  }
  return OK;
};

const unwatch: Handler = (context, _args, session) => {
  context.watches.leave(session);
  session.outdated = false;
  return OK;
};

export const TRANSACTION_COMMANDS = [
  command('multi', 1, NO_SCRIPT | NOT_QUEUED, multi),
  command('exec', 1, NO_SCRIPT | NOT_QUEUED, exec),
  command('discard', 1, NO_SCRIPT | NOT_QUEUED, discard),
  command('watch', -2, NO_SCRIPT | NOT_QUEUED, watch),
  command('unwatch', 1, NO_SCRIPT, unwatch),
];
