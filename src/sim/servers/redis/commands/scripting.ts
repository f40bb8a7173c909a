/**
 * EVAL, EVALSHA and SCRIPT (`eval.c`). A script that was run once is known by its SHA-1 until the
 * server restarts, fails over or is told to forget it.
 */
import { command, type Handler, NO_SCRIPT } from '../command.js';
import type { Context } from '../context.js';
import { NOT_AN_INTEGER, NO_SCRIPT as UNKNOWN_SCRIPT } from '../errors.js';
import { keyword } from '../keyword.js';
import { type CompiledScript, ScriptError } from '../lua/index.js';
import { parseIndex } from '../numbers.js';
import { OK, RedisError, type Reply } from '../reply.js';

const TOO_MANY_KEYS = new RedisError("ERR Number of keys can't be greater than number of args");
const NEGATIVE_KEYS = new RedisError("ERR Number of keys can't be negative");

/** Compiles a script, or answers why it cannot be. */
function load({ scripts }: Context, text: string): CompiledScript | RedisError {
  try {
    return scripts.load(text);
  } catch (error) {
    if (error instanceof ScriptError) return new RedisError(error.text);
    throw error;
  }
}

const NO_FLAG_FOR_READING = new RedisError(
  'ERR Can not execute a script with write flag using *_ro command.',
);

/** As `slice`, which costs more than the command for a word or two. */
function wordsOf(args: readonly string[], from: number, to: number): string[] {
  const words = new Array<string>(to - from);
  for (let index = from; index < to; index++) words[index - from] = args[index]!;
  return words;
}

function run(
  context: Context,
  script: CompiledScript,
  args: readonly string[],
  numkeys: number,
  readOnly: boolean,
): Reply {
  const onlyReads = script.flags.length > 0 && script.flags.includes('no-writes');
  if (readOnly && script.flags.length > 0 && !onlyReads) return NO_FLAG_FOR_READING;
  const wasDenied = context.denyBlocking;
  context.denyBlocking = true;
  context.readOnly = readOnly || onlyReads;
  try {
    const keys = wordsOf(args, 3, 3 + numkeys);
    return script.run(context.scriptHost, keys, wordsOf(args, 3 + numkeys, args.length));
  } finally {
    context.denyBlocking = wasDenied;
    context.readOnly = false;
  }
}

function evalHandler(bySha1: boolean, readOnly: boolean): Handler {
  return (context, args) => {
    const text = args[1]!;
    if (bySha1 && text.length !== 40) return UNKNOWN_SCRIPT;
    const numkeys = parseIndex(args[2]!);
    if (numkeys === undefined) return NOT_AN_INTEGER;
    if (numkeys > args.length - 3) return TOO_MANY_KEYS;
    if (numkeys < 0) return NEGATIVE_KEYS;
    const script = bySha1 ? (context.scripts.find(text) ?? UNKNOWN_SCRIPT) : load(context, text);
    if (script instanceof RedisError) return script;
    return run(context, script, args, numkeys, readOnly);
  };
}

const scriptLoad: Handler = (context, args) => {
  const script = load(context, args[2]!);
  return script instanceof RedisError ? script : script.sha1;
};

const scriptExists: Handler = ({ scripts }, args) =>
  args.slice(2).map((sha1) => (scripts.find(sha1) === undefined ? 0 : 1));

const scriptFlush: Handler = ({ scripts }, args) => {
  const mode = args.length === 3 ? keyword(args[2]!) : 'SYNC';
  if (args.length > 3 || (mode !== 'SYNC' && mode !== 'ASYNC')) {
    return new RedisError('ERR SCRIPT FLUSH only support SYNC|ASYNC option');
  }
  scripts.flush();
  return OK;
};

const scriptKill: Handler = () => new RedisError('NOTBUSY No scripts in execution right now.');

export const SCRIPTING_COMMANDS = [
  command('eval', -3, NO_SCRIPT, evalHandler(false, false)),
  command('evalsha', -3, NO_SCRIPT, evalHandler(true, false)),
  command('eval_ro', -3, NO_SCRIPT, evalHandler(false, true)),
  command('evalsha_ro', -3, NO_SCRIPT, evalHandler(true, true)),
  command('script', -2, 0, scriptKill),
  command('script|load', 3, NO_SCRIPT, scriptLoad),
  command('script|exists', -3, NO_SCRIPT, scriptExists),
  command('script|flush', -2, NO_SCRIPT, scriptFlush),
  command('script|kill', 2, NO_SCRIPT, scriptKill),
];
