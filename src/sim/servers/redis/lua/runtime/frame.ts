/**
 * An activation of a function: its locals, and the place it has reached. Frames form a chain that
 * is walked only when an error wants to say where it happened.
 */
import { DEPTH_LIMIT, type Run, type Site } from './run.js';
import type { LuaFunction, LuaValue } from './value.js';

/** A local variable that closures share. */
export class Cell {
  constructor(public value: LuaValue) {}
}

export class Frame {
  readonly caller: Frame | undefined;
  /** The call that was made last, for messages about it. */
  site: Site;
  private readonly depth: number;

  constructor(
    readonly run: Run,
    site: Site,
    /** Locals that are not captured, and cells of those that are, by slot. */
    readonly slots: LuaValue[],
    readonly cells: Cell[],
    readonly upvalues: readonly Cell[],
    readonly varargs: readonly LuaValue[],
  ) {
    const caller = run.frame;
    this.site = site;
    this.caller = caller;
    this.depth = caller === undefined ? 1 : caller.depth + 1;
    if (this.depth > DEPTH_LIMIT) run.exceed(`${DEPTH_LIMIT} nested calls`);
    run.frame = this;
  }
}

const NO_CELLS: Cell[] = [];
const NO_VALUES: LuaValue[] = [];
/** Where a library function is: nowhere that a message could name. */
const IN_LIBRARY: Site = { chunk: { source: '=[C]', id: '[C]', parserId: '[C]' }, line: -1 };

/** Calls a function on behalf of a library function, as `pcall` and `table.sort` do. */
export function callFromLibrary(
  run: Run,
  callee: LuaFunction,
  args: LuaValue[],
): readonly LuaValue[] {
  const caller = run.frame;
  new Frame(run, IN_LIBRARY, NO_VALUES, NO_CELLS, NO_CELLS, NO_VALUES);
  const results = callee(args, run);
  run.frame = caller;
  return results;
}
