/**
 * How a script ends other than by returning: errors that Lua code can catch, and others.
 */
import type { LuaValue } from './value.js';

/** Where an error was raised, as Redis's error handler reports it. */
export interface Position {
  /** `@user_script`, or `=[C]` for a library function that was called by another. */
  readonly source: string;
  readonly line: number;
}

/** A Lua error on its way to the next `pcall`. No `Error`, whose stack nobody would read. */
export class LuaError {
  constructor(
    readonly value: LuaValue,
    readonly position: Position | undefined,
  ) {}
}

/**
 * A script does not compile. `text` is the reply of the server: `ERR Error compiling script (new
 * function): user_script:1: unexpected symbol near '}'`.
 */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
  constructor(readonly text: string) {
    super(text);
  }
}

/**
 * A script ran longer than the simulation allows, or called deeper, or made too long a string. A
 * real server would be busy: it answers everybody else with BUSY after `busy-reply-threshold`.
 */
export class ScriptBudgetExceeded extends Error {
  override readonly name = 'ScriptBudgetExceeded';
  constructor(
    readonly sha1: string,
    readonly limit: string,
  ) {
    super(`script ${sha1} exceeded the limit of ${limit}`);
  }
}

/** A script uses a part of Lua or of Redis that the simulation does not have. */
export class ScriptUnsupported extends Error {
  override readonly name = 'ScriptUnsupported';
  constructor(
    readonly sha1: string,
    readonly what: string,
  ) {
    super(`script ${sha1} uses ${what}, which is not simulated`);
  }
}
