/**
 * Commands about the connection itself: PING, ECHO, HELLO, AUTH, CLIENT, QUIT, RESET. Only RESP2 is
 * spoken, and no password is set.
 */
import {
  type Command,
  command,
  type Handler,
  NO_SCRIPT,
  NOT_QUEUED,
  WHILE_SUBSCRIBED,
} from '../command.js';
import { notModelled, SYNTAX, wrongArity } from '../errors.js';
import { keyword } from '../keyword.js';
import { parseInteger } from '../numbers.js';
import { OK, PONG, RedisError, type Reply, Status } from '../reply.js';
import type { Session } from '../session.js';
import { endTransaction } from '../transaction.js';

/** The version that is modelled. */
export const REDIS_VERSION = '7.0.15';

const ping: Handler = (_context, args, session) => {
  if (args.length > 2) return wrongArity('ping');
  if (session.subscriptions > 0) return ['pong', args[1] ?? ''];
  return args[1] ?? PONG;
};

const echo: Handler = (_context, args) => args[1]!;

const BAD_NAME = new RedisError(
  'ERR Client names cannot contain spaces, newlines or special characters.',
);

/** Names a connection: an error, or undefined if the name was taken. */
function setName(session: Session, name: string): RedisError | undefined {
  if (!/^[!-~]*$/.test(name)) return BAD_NAME;
  session.name = name;
  return undefined;
}

const WRONG_PASSWORD = new RedisError(
  'WRONGPASS invalid username-password pair or user is disabled.',
);

/** Without a password every password is right for the user `default`. */
function authenticate(user: string): RedisError | undefined {
  return user === 'default' ? undefined : WRONG_PASSWORD;
}

const auth: Handler = (_context, args) => {
  if (args.length > 3) return SYNTAX;
  if (args.length === 3) return authenticate(args[1]!) ?? OK;
  return new RedisError(
    'ERR AUTH <password> called without any password configured for the default user. Are you ' +
      'sure your configuration is correct?',
  );
};

const hello: Handler = (_context, args, session): Reply => {
  const version = args.length > 1 ? parseInteger(args[1]!) : 2;
  if (version === undefined) {
    return new RedisError('ERR Protocol version is not an integer or out of range');
  }
  if (version < 2 || version > 3) return new RedisError('NOPROTO unsupported protocol version');
  if (version === 3) return notModelled('HELLO 3');
  for (let index = 2; index < args.length; index++) {
    const option = keyword(args[index]!);
    let error: RedisError | undefined;
    if (option === 'AUTH' && index + 2 < args.length) {
      error = authenticate(args[index + 1]!);
      index += 2;
    } else if (option === 'SETNAME' && index + 1 < args.length) {
      error = setName(session, args[index + 1]!);
      index += 1;
    } else error = new RedisError(`ERR Syntax error in HELLO option '${args[index]!}'`);
    if (error !== undefined) return error;
  }
  const facts = { server: 'redis', version: REDIS_VERSION, proto: 2, id: session.id };
  return [
    ...Object.entries(facts).flat(),
    ...['mode', 'standalone', 'role', 'master', 'modules'],
    [],
  ];
};

const quit: Handler = (context, _args, session) => {
  context.end(session);
  return OK;
};

const reset: Handler = (context, _args, session) => {
  endTransaction(context, session);
  context.pubsub.leave(session);
  session.name = '';
  return new Status('RESET');
};

const clientId: Handler = (_context, _args, session) => session.id;
const clientGetname: Handler = (_context, _args, session) =>
  session.name === '' ? null : session.name;
const clientSetname: Handler = (_context, args, session) => setName(session, args[2]!) ?? OK;

export const CONNECTION_COMMANDS: readonly Command[] = [
  command('ping', -1, WHILE_SUBSCRIBED, ping),
  command('echo', 2, 0, echo),
  command('auth', -2, NO_SCRIPT, auth),
  command('hello', -1, NO_SCRIPT, hello),
  command('quit', -1, NO_SCRIPT | NOT_QUEUED | WHILE_SUBSCRIBED, quit),
  command('reset', 1, NO_SCRIPT | NOT_QUEUED | WHILE_SUBSCRIBED, reset),
  command('client', -2, 0, clientId),
  command('client|id', 2, NO_SCRIPT, clientId),
  command('client|getname', 2, NO_SCRIPT, clientGetname),
  command('client|setname', 3, NO_SCRIPT, clientSetname),
];
