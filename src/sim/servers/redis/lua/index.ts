/**
 * The Lua engine of the simulated Redis: compiles a script once and runs it many times, each time
 * from the same state (docs/semantics.md, D1).
 */
import { RedisError, type Reply } from '../reply.js';
import { fromBytes, isAscii, toBytes } from './bytes.js';
import { compileChunk } from './compile/functions.js';
import { makeGlobals } from './library/globals.js';
import { errorLine, luaToReply } from './replies.js';
import { LuaError, ScriptError } from './runtime/errors.js';
import { toText } from './runtime/operations.js';
import { type Engine, Run } from './runtime/run.js';
import { LuaTable } from './runtime/table.js';
import { type LuaFunction, typeName } from './runtime/value.js';
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

/** Compiles a script; texts seen lately are compiled already. Throws `ScriptError`. */
export const compileScript = ((text: string): CompiledScript => {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const script = new CompiledScript(text);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value!);
  cache.set(text, script);
  return script;
}) satisfies CompileScript;

export class CompiledScript implements Script {
  readonly sha1: string;
  /** What the script's first line declares; `no-writes` forbids commands that write. */
  readonly flags: readonly ScriptFlag[];
  private readonly main: LuaFunction;
  /** Whether the text may contain bytes above 0x7f, written out or as escapes. */
  private readonly hasBytes: boolean;

  constructor(text: string) {
    const { flags, code } = readShebang(text);
    this.sha1 = sha1(toBytes(text));
    this.flags = flags;
    this.hasBytes = !isAscii(text) || /\\\d/.test(text);
    this.main = compileMain(toBytes(code));
  }

  /** Throws `ScriptBudgetExceeded` or `ScriptUnsupported` where a real server would go on. */
  run(host: ScriptHost, keys: readonly string[], args: readonly string[]): Reply {
    const run = new Run(this.sha1, ENGINE, host, keys, args, this.hasBytes);
    try {
      return luaToReply(this.main([], run)[0], run);
    } catch (error) {
      if (!(error instanceof LuaError)) throw error;
      return new RedisError(run.fromLua(errorLine(describe(error, this.sha1))));
    }
  }
}

function compileMain(code: string): LuaFunction {
  try {
    return ENGINE.compile(code, USER_SCRIPT);
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    const text = `ERR Error compiling script (new function): ${error.message}`;
    throw new ScriptError(fromBytes(errorLine(text)));
  }
}

/** The text of an error nothing caught: its message, the script and the line. */
function describe({ value, position }: LuaError, scriptSha1: string): string {
  const message = value instanceof LuaTable ? toText(value.get('err')) : `ERR ${display(value)}`;
  const place = position && ` script: ${scriptSha1}, on ${position.source}:${position.line}.`;
  return `${message ?? '(null)'}${place ?? ''}`;
}

function display(value: LuaError['value']): string {
  return toText(value) ?? (typeof value === 'boolean' ? String(value) : typeName(value));
}
