/**
 * `pcall` and `xpcall`. What is not Lua's to catch (an exceeded budget, a part that is not
 * simulated) passes through them.
 */
import { LuaError } from '../runtime/errors.js';
import { call } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkAny } from './arguments.js';

/**
 * Redis's own `pcall`: an error of a command is a table since Redis 7, and scripts written before
 * expect its text. Without arguments it calls the place-holder for its own first result.
 */
export const pcall: LuaFunction = (args, run) => {
  const [callee, ...rest] = args.length === 0 ? [true] : args;
  return attempt(run, callee, rest, (value) => {
    const text = value instanceof LuaTable ? value.get('err') : undefined;
    return typeof text === 'string' || typeof text === 'number' ? text : value;
  });
};

export const xpcall: LuaFunction = (args, run) => {
  const handler = checkAny(args, 2, run);
  return attempt(run, args[0], [], (value) => handle(run, handler, value));
};

/** How often a handler is given its own errors: as often as the stack of C has room. */
const MAX_HANDLER_CALLS = 221;

function handle(run: Run, handler: LuaValue, error: LuaValue): LuaValue {
  let value = error;
  for (let i = 0; i < MAX_HANDLER_CALLS && typeof handler === 'function'; i++) {
    const [isDone, result] = attempt(run, handler, [value], (raised) => raised);
    if (isDone === true) return result;
    value = result;
  }
  return 'error in error handling';
}

/** Steps that catching an error is worth: about as long as so many turns of a loop. */
const CATCH_STEPS = 100;

function attempt(
  run: Run,
  callee: LuaValue,
  args: LuaValue[],
  convert: (value: LuaValue) => LuaValue,
): readonly LuaValue[] {
  const frame = run.frame;
  try {
    return [true, ...call(run, undefined, callee, args)];
  } catch (error) {
    if (!(error instanceof LuaError)) throw error;
    run.charge(CATCH_STEPS);
    run.frame = frame;
    return [false, convert(error.value)];
  }
}
