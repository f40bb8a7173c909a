/**
 * Compiles loops. Every turn takes a step off the budget of the run, so that no loop is endless.
 */
import { iterateList, iteratePairs, next } from '../library/iteration.js';
import type { Frame } from '../runtime/frame.js';
import { call, failAt, toNumber } from '../runtime/operations.js';
import type { Run, Site } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaValue } from '../runtime/value.js';
import type { Chunk, Statement } from '../syntax/ast.js';
import { BREAK, type Execute } from './closures.js';
import { compileExpression, compileList, compileTest } from './expressions.js';
import { compileBlock } from './statements.js';
import { compileDeclaration, type Store } from './variables.js';

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>;

function takeStep(run: Run): void {
  run.stepsLeft -= 1;
  if (run.stepsLeft < 0) run.charge(0);
}

/** What a loop returns when its body returned something: nothing after `break`. */
function outcome(results: readonly LuaValue[]): readonly LuaValue[] | undefined {
  return results === BREAK ? undefined : results;
}

export function compileWhile(tree: Of<'while'>, chunk: Chunk): Execute {
  const test = compileTest(tree.condition, chunk);
  const body = compileBlock(tree.block, chunk);
  return (frame) => {
    while (test(frame)) {
      takeStep(frame.run);
      const results = body(frame);
      if (results !== undefined) return outcome(results);
    }
    return undefined;
  };
}

export function compileRepeat(tree: Of<'repeat'>, chunk: Chunk): Execute {
  const body = compileBlock(tree.block, chunk);
  const test = compileTest(tree.condition, chunk);
  return (frame) => {
    do {
      takeStep(frame.run);
      const results = body(frame);
      if (results !== undefined) return outcome(results);
    } while (!test(frame));
    return undefined;
  };
}

export function compileNumericFor(tree: Of<'numeric-for'>, chunk: Chunk): Execute {
  const evaluateStart = compileExpression(tree.start, chunk);
  const evaluateLimit = compileExpression(tree.limit, chunk);
  const evaluateStep = tree.step ? compileExpression(tree.step, chunk) : () => 1;
  const declare = compileDeclaration(tree.variable);
  const body = compileBlock(tree.block, chunk);
  const site = { chunk, line: tree.line };
  return (frame) => {
    const values = [evaluateStart(frame), evaluateLimit(frame), evaluateStep(frame)];
    const start = loopNumber(frame, site, values[0], 'initial value');
    const limit = loopNumber(frame, site, values[1], 'limit');
    const step = loopNumber(frame, site, values[2], 'step');
    // The reference implementation steps back before the first turn, which rounds once more.
    for (let i = start - step + step; step > 0 ? i <= limit : limit <= i; i += step) {
      takeStep(frame.run);
      declare(frame, i);
      const results = body(frame);
      if (results !== undefined) return outcome(results);
    }
    return undefined;
  };
}

function loopNumber(frame: Frame, site: Site, value: LuaValue, what: string): number {
  return toNumber(value) ?? failAt(frame.run, site, `'for' ${what} must be a number`);
}

export function compileGenericFor(tree: Of<'generic-for'>, chunk: Chunk): Execute {
  const iterators = compileList(tree.iterators, chunk);
  const declares = tree.variables.map(compileDeclaration);
  const body = compileBlock(tree.block, chunk);
  const site = { chunk, line: tree.line };
  return (frame) => {
    const [iterator, state, control] = iterators(frame);
    if (state instanceof LuaTable) {
      const isPairs = iterator === iteratePairs || iterator === next;
      if (isPairs && control === undefined) return runPairs(frame, state, declares, body);
      if (iterator === iterateList && control === 0) return runList(frame, state, declares, body);
    }
    let last = control;
    for (;;) {
      takeStep(frame.run);
      const values = call(frame.run, site, iterator, [state, last]);
      last = values[0];
      if (last === undefined) return undefined;
      for (let i = 0; i < declares.length; i++) declares[i]!(frame, values[i]);
      const results = body(frame);
      if (results !== undefined) return outcome(results);
    }
  };
}

/** `for k, v in pairs(t)` without a call for each turn. */
function runPairs(
  frame: Frame,
  table: LuaTable,
  declares: readonly Store[],
  body: Execute,
): ReturnType<Execute> {
  let at = table.positionAfter(undefined);
  for (;;) {
    takeStep(frame.run);
    const key = table.keyAt(at);
    if (key === undefined) return undefined;
    declareBoth(frame, declares, key, table.valueAt(at));
    const results = body(frame);
    if (results !== undefined) return outcome(results);
    at = table.advance(at, key);
    if (at < 0) frame.run.raise("invalid key to 'next'");
  }
}

/** `for i, v in ipairs(t)` without a call for each turn. */
function runList(
  frame: Frame,
  table: LuaTable,
  declares: readonly Store[],
  body: Execute,
): ReturnType<Execute> {
  for (let i = 1; ; i++) {
    takeStep(frame.run);
    const value = table.get(i);
    if (value === undefined) return undefined;
    declareBoth(frame, declares, i, value);
    const results = body(frame);
    if (results !== undefined) return outcome(results);
  }
}

function declareBoth(
  frame: Frame,
  declares: readonly Store[],
  key: LuaValue,
  value: LuaValue,
): void {
  declares[0]!(frame, key);
  if (declares.length > 1) declares[1]!(frame, value);
  for (let i = 2; i < declares.length; i++) declares[i]!(frame, undefined);
}
