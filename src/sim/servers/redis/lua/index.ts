/**
 * The Lua engine of the simulated Redis: compiles a script once and runs it many times, each time
 * from the same state (docs/semantics.md, D1).
 */
import { RedisError, type Reply } from '../reply.js';
import { fromBytes, mayHaveBytes, toBytes } from './bytes.js';
import { compileChunk } from './compile/functions.js';
import { makeGlobals } from './library/globals.js';
import { errorLine, luaToReply } from './replies.js';
import { LuaError, ScriptBudgetExceeded, ScriptError } from './runtime/errors.js';
import { cString } from './runtime/number.js';
import { display, toText } from './runtime/operations.js';
import { type Engine, Run } from './runtime/run.js';
import { LuaTable } from './runtime/table.js';
import type { LuaFunction } from './runtime/value.js';
import type { CompileScript, Script, ScriptHost } from './script.js';
import { sha1 } from './sha1.js';
import { readShebang, type ScriptFlag } from './shebang.js';
import type { Chunk } from './syntax/ast.js';
import { parseChunk } from './syntax/parser.js';
import { LuaSyntaxError } from './syntax/syntax-error.js';

export { ScriptBudgetExceeded, ScriptError, ScriptUnsupported } from './runtime/errors.js';
export type { ScriptFlag } from './shebang.js';

const USER_SCRIPT: Chunk = {
  source: '@user_script',
  id: 'user_script',
  parserId: 'user_script',
};
/** Compiled scripts kept; lock libraries have a few dozen. */
const CACHE_SIZE = 500;

const ENGINE: Engine = {
  makeGlobals,
  compile: (source, chunk) => compileChunk(parseChunk(source, chunk)),
};

const cache = new Map<string, CompiledScript>();

/** The script asked for last: a lock sends the same one to several servers. */
let lastText: string | undefined;
let lastScript: CompiledScript | undefined;

/** Compiles a script; texts seen lately are compiled already. Throws `ScriptError`. */
export const compileScript = ((text: string): CompiledScript => {
  if (text === lastText) return lastScript!;
  const script = cache.get(text) ?? compiled(text);
  lastText = text;
  lastScript = script;
  return script;
}) satisfies CompileScript;
function compiled(text: string): CompiledScript {
  const script = new CompiledScript(text);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(text, script);
  return script;
}

export class CompiledScript implements Script {
  readonly sha1: string;
  /** What the script's first line declares; `no-writes` forbids commands that write. */
  readonly flags: readonly ScriptFlag[];
  private readonly main: LuaFunction;
  private readonly hasBytes: boolean;

  constructor(text: string) {
    const { flags, code } = readShebang(text);
    this.sha1 = sha1(toBytes(text));
    this.flags = flags;
    this.hasBytes = mayHaveBytes(text);
    this.main = this.compileMain(toBytes(code));
  }

  /** Throws `ScriptBudgetExceeded` or `ScriptUnsupported` where a real server would go on. */
  run(host: ScriptHost, keys: string[], args: string[]): Reply {
    const run = new Run(this.sha1, ENGINE, host, keys, args, this.hasBytes);
    try {
      return luaToReply(this.main([], run)[0], run);
    } catch (error) {
      if (error instanceof LuaError) return new RedisError(errorReplyText(error, run));
      throw asBudget(error, this.sha1);
    }
  }

  private compileMain(code: string): LuaFunction {
    try {
      return ENGINE.compile(code, USER_SCRIPT);
    } catch (error) {
      if (!(error instanceof LuaSyntaxError)) throw asBudget(error, this.sha1);
      const text = `ERR Error compiling script (new function): ${error.message}`;
      throw new ScriptError(fromBytes(errorLine(text)));
    }
  }
}

/** The host ran out of stack or of room for a string: also a limit of the simulation. */
function asBudget(error: unknown, scriptSha1: string): unknown {
  return error instanceof RangeError ? new ScriptBudgetExceeded(scriptSha1, 'memory') : error;
}

/** What Redis's error handler lets the client see: the message, the script and the line. */
function errorReplyText({ value, position }: LuaError, run: Run): string {
  let message = `ERR ${cString(display(value))}`;
  let place = position && `${position.source}:${position.line}`;
  if (value instanceof LuaTable && value.isReadonly) {
    // The handler notes the place in the table, and fails itself.
    place = '@err_handler_def:10';
    message = 'ERR err_handler_def:10: Attempt to modify a readonly table';
  } else if (value instanceof LuaTable) {
    const text = toText(value.get('err'));
    if (text === undefined) run.unsupported('an error without text, which crashes a real server');
    message = cString(text);
  }
  const suffix = place === undefined ? '' : ` script: ${run.sha1}, on ${place}.`;
  return run.fromLua(errorLine(message + suffix));
}
