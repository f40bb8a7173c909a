/**
 * A command of the table: its arity as COMMAND INFO counts it (with the name; negative: at least),
 * the flags the dispatcher looks at, and its handler.
 */
import type { Context } from './context.js';
import type { Reply } from './reply.js';
import type { Session } from './session.js';

/** May change the data: refused in read-only scripts. */
export const WRITE = 1;
/** Counts as a write for read-only scripts although it changes no data (PUBLISH). */
export const MAY_REPLICATE = 2;
/** Refused in scripts. */
export const NO_SCRIPT = 4;
/** Allowed while the connection is subscribed (RESP2). */
export const WHILE_SUBSCRIBED = 8;
/** Runs at once between MULTI and EXEC. */
export const NOT_QUEUED = 16;

/** Answers the reply, or undefined if it comes later or was sent already. */
export type Handler = (
  context: Context,
  args: readonly string[],
  session: Session,
) => Reply | undefined;

export interface Command {
  /** Full name in lower case: `get`, `client|setname`. */
  readonly name: string;
  readonly arity: number;
  readonly flags: number;
  readonly handler: Handler;
}

export function command(name: string, arity: number, flags: number, handler: Handler): Command {
  return { name, arity, flags, handler };
}

/** Whether a call has a number of arguments the command takes. */
export function arityFits(arity: number, count: number): boolean {
  return arity >= 0 ? count === arity : count >= -arity;
}
