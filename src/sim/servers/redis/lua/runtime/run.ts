/**
 * One execution of a script: its host, the functions it is in, and what is left of its budget.
 * Everything a script can change lives here or in values it made itself, so that no script can
 * influence a later one (docs/semantics.md, D1).
 */
import { fromBytes, isAscii, mayHaveBytes, toBytes } from '../bytes.js';
import type { ScriptHost } from '../script.js';
import type { Chunk } from '../syntax/ast.js';
import { LuaError, type Position, ScriptBudgetExceeded, ScriptUnsupported } from './errors.js';
import type { Frame } from './frame.js';
import { defaultJsonConfig, type JsonConfig } from './json-config.js';
import { Random } from './random.js';
import { LuaTable } from './table.js';
import type { LuaFunction, LuaValue } from './value.js';

/** Back-edges of loops, calls, and work of library functions that grows with their arguments. */
export const STEP_LIMIT = 5_000_000;
/** Functions inside functions. The reference implementation allows 20,000, or 200 through C. */
export const DEPTH_LIMIT = 190;
/** Characters in one string. */
const STRING_LIMIT = 64 * 1024 * 1024;

/** How an expression is named in a message: `global 'x'`, `field 'y'`. */
export interface Name {
  readonly kind: 'global' | 'local' | 'upvalue' | 'field' | 'method';
  readonly name: string;
}

/** A place in a chunk where something can fail, and what its operands are called. */
export interface Site {
  readonly chunk: Chunk;
  readonly line: number;
  /** What is called or indexed, or the left operand. */
  readonly subject?: Name | undefined;
  /** The right operand. */
  readonly second?: Name | undefined;
  /** A call whose results are returned as they are: the calling function is gone meanwhile. */
  readonly isTail?: boolean;
}

/** What a run needs of the parts that are built on it. */
export interface Engine {
  /** The table `_G`. */
  makeGlobals(run: Run): LuaTable;
  /** Compiles a chunk for `loadstring`; throws `LuaSyntaxError`. */
  compile(source: string, chunk: Chunk): LuaFunction;
}

export class Run {
  /** The Lua function being executed, or the library function that calls one. */
  frame: Frame | undefined;
  stepsLeft = STEP_LIMIT;
  /** Whether a string with a byte above 0x7f may exist in this run. */
  hasBytes: boolean;
  readonly keys: LuaTable;
  readonly args: LuaTable;
  private globalTable: LuaTable | undefined;
  private json: JsonConfig | undefined;
  private generator: Random | undefined;

  constructor(
    readonly sha1: string,
    private readonly engine: Engine,
    readonly host: ScriptHost,
    /** Taken over, as the arguments are. */
    keys: string[],
    args: string[],
    hasBytes: boolean,
  ) {
    this.hasBytes = hasBytes;
    this.keys = this.list(keys);
    this.args = this.list(args);
  }

  /** Text from outside as a Lua string. */
  toLua(text: string): string {
    if (isAscii(text)) return text;
    this.hasBytes = true;
    return toBytes(text);
  }

  /** A Lua string as text for outside. */
  fromLua(bytes: string): string {
    return this.hasBytes ? fromBytes(bytes) : bytes;
  }

  /** `_G`, which few scripts look at. */
  get globals(): LuaTable {
    this.globalTable ??= this.engine.makeGlobals(this);
    return this.globalTable;
  }

  /** The generator behind `math.random`. */
  get random(): Random {
    this.generator ??= new Random();
    return this.generator;
  }

  /** The settings of the module `cjson`. */
  get jsonConfig(): JsonConfig {
    this.json ??= defaultJsonConfig();
    return this.json;
  }

  /** Compiles text of the script's own making; throws `LuaSyntaxError`. */
  compile(source: string, chunk: Chunk): LuaFunction {
    this.hasBytes ||= mayHaveBytes(source);
    return this.engine.compile(source, chunk);
  }

  /** Takes steps off the budget: called by whatever could otherwise go on for ever. */
  charge(steps: number): void {
    this.stepsLeft -= steps;
    if (this.stepsLeft < 0) this.exceed(`${STEP_LIMIT} steps`);
  }

  /** Called before a string of that length is made. */
  chargeString(length: number): void {
    if (length > STRING_LIMIT) this.exceed(`${STRING_LIMIT} bytes in a string`);
    this.charge(length >> 6);
  }

  exceed(limit: string): never {
    throw new ScriptBudgetExceeded(this.sha1, limit);
  }

  unsupported(what: string): never {
    throw new ScriptUnsupported(this.sha1, what);
  }

  /** Raises a value as it is: `error` with level 0, or a table. */
  raise(value: LuaValue): never {
    throw new LuaError(value, this.position());
  }

  /** Raises a message that starts with the place of the call being made, if Lua code made it. */
  fail(message: string): never {
    return this.raise(this.where(1) + message);
  }

  /** Complains about an argument (from 1) of the library function being called. */
  failArgument(index: number, complaint: string): never {
    const name = this.frame?.site.subject;
    if (name?.kind !== 'method') {
      return this.fail(`bad argument #${index} to '${name?.name ?? '?'}' (${complaint})`);
    }
    if (index === 1) return this.fail(`calling '${name.name}' on bad self (${complaint})`);
    return this.fail(`bad argument #${index - 1} to '${name.name}' (${complaint})`);
  }

  /** `user_script:1: ` of the function `level` calls up from the library function being called. */
  where(level: number): string {
    let frame = this.frame;
    let left = level - 1;
    while (left > 0 && frame !== undefined) {
      left -= 1;
      const isLua = frame.site.line >= 0;
      frame = frame.caller;
      // A function that made a tail call has left the stack, and counts as a level without a place.
      for (; isLua && frame?.site.isTail; frame = frame.caller) left -= 1;
    }
    if (left < 0 || frame === undefined || frame.site.line < 0) return '';
    return `${frame.site.chunk.id}:${frame.site.line}: `;
  }

  private list(texts: string[]): LuaTable {
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i]!;
      if (!isAscii(text)) texts[i] = this.toLua(text);
    }
    return LuaTable.fromList(texts);
  }

  private position(): Position | undefined {
    const site = this.frame?.site;
    return site && { source: site.chunk.source, line: site.line };
  }
}
