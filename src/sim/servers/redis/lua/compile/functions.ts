/**
 * Compiles function bodies, and makes closures of them while a script runs.
 */
import { Cell, Frame } from '../runtime/frame.js';
import type { Site } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import { type LuaFunction, type LuaValue, NOTHING } from '../runtime/value.js';
import type { Capture, FunctionBody } from '../syntax/ast.js';
import type { Evaluate, Execute } from './closures.js';
import { compileBlock } from './statements.js';

/** A function body without its upvalues. */
interface Prototype {
  readonly body: FunctionBody;
  readonly execute: Execute;
  readonly site: Site;
}

/** Compiles a chunk, which is a function without parameters or upvalues. */
export function compileChunk(body: FunctionBody): LuaFunction {
  return instantiate(prepare(body), []);
}

/** Compiles the expression `function … end`. */
export function compileClosure(body: FunctionBody): Evaluate {
  const prototype = prepare(body);
  const { captures } = body;
  return (frame) =>
    instantiate(
      prototype,
      captures.map((capture) => capturedCell(frame, capture)),
    );
}

function prepare(body: FunctionBody): Prototype {
  const { chunk, block } = body;
  return { body, execute: compileBlock(block, chunk), site: { chunk, line: 0 } };
}

function capturedCell(frame: Frame, capture: Capture): Cell {
  if (capture.kind === 'local') return frame.cells[capture.variable.slot]!;
  return frame.upvalues[capture.index]!;
}

const NO_CELLS: Cell[] = [];

function instantiate(prototype: Prototype, upvalues: readonly Cell[]): LuaFunction {
  const { body, execute, site } = prototype;
  const { parameters, isVararg, arg, slotCount, hasCaptured } = body;
  const parameterCount = parameters.length;
  return (args, run) => {
    run.stepsLeft -= 1;
    if (run.stepsLeft < 0) run.charge(0);
    const slots: LuaValue[] = slotCount === 0 ? args : new Array(slotCount);
    for (let i = 0; i < parameterCount; i++) slots[i] = args[i];
    const hasVarargs = isVararg && args.length > parameterCount;
    const varargs = hasVarargs ? args.slice(parameterCount) : NOTHING;
    const cells = hasCaptured ? [] : NO_CELLS;
    const frame = new Frame(run, site, slots, cells, upvalues, varargs);
    if (arg !== undefined) slots[arg.slot] = argTable(body, varargs);
    if (hasCaptured) moveToCells(frame, body);
    const results = execute(frame);
    run.frame = frame.caller;
    return results ?? NOTHING;
  };
}

/** The table `arg` of a function with `...`, as in Lua 5.0. */
function argTable(body: FunctionBody, varargs: readonly LuaValue[]): LuaValue {
  if (!body.fillsArg) return undefined;
  const table = new LuaTable([...varargs], 1);
  table.set('n', varargs.length);
  return table;
}

function moveToCells(frame: Frame, body: FunctionBody): void {
  const { parameters, arg } = body;
  for (const variable of arg === undefined ? parameters : [...parameters, arg]) {
    const { slot, captured } = variable;
    if (captured) frame.cells[slot] = new Cell(frame.slots[slot]);
  }
}
