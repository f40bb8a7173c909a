/** What a function of SQL is here. */
import type { Overload } from '../compile/overloads.js';
import type { Execution } from '../execution.js';
import type { Type } from '../types/type.js';
import type { Value } from '../types/value.js';

export interface SqlFunction extends Overload {
  readonly result: Type;
  /** Null if an argument is; otherwise it is called with nulls too. */
  readonly strict: boolean;
  /** Whether a call may wait for somebody. */
  readonly waits: boolean;
  readonly call: (execution: Execution, args: readonly Value[]) => Value;
}

export type FunctionTable = Readonly<Record<string, readonly SqlFunction[]>>;

/** A function of its arguments and of what the server knows. */
export function fn(args: readonly Type[], result: Type, call: SqlFunction['call']): SqlFunction {
  return { args, result, strict: true, waits: false, call };
}

/** One that changes something: its call counts once for a row. */
export function effect(
  args: readonly Type[],
  result: Type,
  call: SqlFunction['call'],
): SqlFunction {
  const once: SqlFunction['call'] = (execution, values) =>
    execution.once(() => call(execution, values));
  return { args, result, strict: true, waits: false, call: once };
}

/** One that may wait. */
export function waiting(
  args: readonly Type[],
  begin: (execution: Execution, args: readonly Value[]) => boolean,
): SqlFunction {
  const call: SqlFunction['call'] = (execution, values) => {
    execution.wait(() => begin(execution, values));
    return '';
  };
  return { args, result: 'void', strict: true, waits: true, call };
}
