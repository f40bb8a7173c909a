/**
 * Compiles expressions to closures.
 */
import { globalConstant } from '../library/globals.js';
import type { Frame } from '../runtime/frame.js';
import { failAt, index, length, negate } from '../runtime/operations.js';
import { LuaTable } from '../runtime/table.js';
import { isTruthy, type LuaValue } from '../runtime/value.js';
import type {
  Chunk,
  Expression,
  GlobalExpression,
  IndexExpression,
  UnaryExpression,
  Variable,
} from '../syntax/ast.js';
import { compileCall } from './calls.js';
import {
  type Evaluate,
  type EvaluateList,
  isMultiple,
  isReadLate,
  siteOf,
  type Test,
} from './closures.js';
import { compileClosure } from './functions.js';
import { compileBinary, compileComparison } from './operators.js';
import { compileTable } from './tables.js';

export function compileExpression(tree: Expression, chunk: Chunk): Evaluate {
  switch (tree.kind) {
    case 'constant': {
      const value = tree.value;
      return () => value;
    }
    case 'vararg':
      return (frame) => frame.varargs[0];
    case 'function':
      return compileClosure(tree.body);
    case 'parenthesis':
      return compileExpression(tree.inner, chunk);
    case 'local':
      return compileLocal(tree.variable);
    case 'upvalue': {
      const at = tree.index;
      return (frame) => frame.upvalues[at]!.value;
    }
    case 'global':
      return compileGlobal(tree, chunk);
    case 'index':
      return compileIndex(tree, chunk);
    case 'call':
    case 'method': {
      const evaluate = compileCall(tree, chunk);
      return (frame) => evaluate(frame)[0];
    }
    case 'binary':
      return compileBinary(tree, chunk);
    case 'unary':
      return compileUnary(tree, chunk);
    case 'table':
      return compileTable(tree, chunk);
  }
}

function compileLocal(variable: Variable): Evaluate {
  const slot = variable.slot;
  if (variable.captured) return (frame) => frame.cells[slot]!.value;
  return (frame) => frame.slots[slot];
}

/**
 * A value known when the script is compiled. Globals and library tables never change, so
 * `redis.call` is as constant as a numeral.
 */
export function constantOf(tree: Expression): LuaValue {
  switch (tree.kind) {
    case 'constant':
      return tree.value;
    case 'global':
      return globalConstant(tree.name);
    case 'index': {
      const base = constantOf(tree.base);
      const key = tree.key.kind === 'constant' ? tree.key.value : undefined;
      return base instanceof LuaTable && base.isReadonly ? base.get(key) : undefined;
    }
    default:
      return undefined;
  }
}

function compileGlobal(tree: GlobalExpression, chunk: Chunk): Evaluate {
  if (tree.name === 'KEYS') return (frame) => frame.run.keys;
  if (tree.name === 'ARGV') return (frame) => frame.run.args;
  if (tree.name === '_G') return (frame) => frame.run.globals;
  const value = globalConstant(tree.name);
  if (value !== undefined) return () => value;
  const site = { chunk, line: tree.line };
  const message = `Script attempted to access nonexistent global variable '${tree.name}'`;
  return (frame) => failAt(frame.run, site, message);
}

function compileIndex(tree: IndexExpression, chunk: Chunk): Evaluate {
  const constant = constantOf(tree);
  if (constant !== undefined) return () => constant;
  const site = siteOf(chunk, tree.line, tree.base);
  const base = compileExpression(tree.base, chunk);
  if (tree.key.kind === 'constant' && typeof tree.key.value === 'string') {
    const name = tree.key.value;
    return (frame) => {
      const table = base(frame);
      if (table instanceof LuaTable) {
        const value = table.getField(name);
        if (value !== undefined || table.metatable === undefined) return value;
      }
      return index(frame.run, site, table, name);
    };
  }
  const key = compileExpression(tree.key, chunk);
  const get = (frame: Frame, table: LuaValue, at: LuaValue) => {
    if (table instanceof LuaTable) {
      const value = table.get(at);
      if (value !== undefined || table.metatable === undefined) return value;
    }
    return index(frame.run, site, table, at);
  };
  if (isReadLate(tree.base)) {
    return (frame) => {
      const at = key(frame);
      return get(frame, base(frame), at);
    };
  }
  return (frame) => get(frame, base(frame), key(frame));
}

function compileUnary(tree: UnaryExpression, chunk: Chunk): Evaluate {
  if (tree.operator === 'not') return compileTest(tree, chunk);
  const operand = compileExpression(tree.operand, chunk);
  const site = siteOf(chunk, tree.line, tree.operand);
  if (tree.operator === '#') {
    return (frame) => {
      const value = operand(frame);
      return typeof value === 'string' ? value.length : length(frame.run, site, value);
    };
  }
  return (frame) => {
    const value = operand(frame);
    return typeof value === 'number' ? -value : negate(frame.run, site, value);
  };
}

/** Compiles an expression of which only the truth matters. */
export function compileTest(tree: Expression, chunk: Chunk): Test {
  if (tree.kind === 'constant') {
    const truth = isTruthy(tree.value);
    return () => truth;
  }
  if (tree.kind === 'unary' && tree.operator === 'not') {
    const test = compileTest(tree.operand, chunk);
    return (frame) => !test(frame);
  }
  if (tree.kind === 'binary') {
    const comparison = compileComparison(tree, chunk);
    if (comparison !== undefined) return comparison;
    if (tree.operator === 'and' || tree.operator === 'or') {
      const left = compileTest(tree.left, chunk);
      const right = compileTest(tree.right, chunk);
      if (tree.operator === 'and') return (frame) => left(frame) && right(frame);
      return (frame) => left(frame) || right(frame);
    }
  }
  const evaluate = compileExpression(tree, chunk);
  return (frame) => isTruthy(evaluate(frame));
}

/** Compiles an expression list; the last expression gives as many values as it has. */
export function compileList(trees: readonly Expression[], chunk: Chunk): EvaluateList {
  const last = trees.at(-1);
  if (last !== undefined && isMultiple(last)) return compileOpenList(trees, chunk);
  const all = trees.map((tree) => compileExpression(tree, chunk));
  const [first, second, third] = all;
  switch (all.length) {
    case 0:
      return () => [];
    case 1:
      return (frame) => [first!(frame)];
    case 2:
      return (frame) => [first!(frame), second!(frame)];
    case 3:
      return (frame) => [first!(frame), second!(frame), third!(frame)];
    default:
      return (frame) => all.map((evaluate) => evaluate(frame));
  }
}

function compileOpenList(trees: readonly Expression[], chunk: Chunk): EvaluateList {
  const leading = trees.slice(0, -1).map((tree) => compileExpression(tree, chunk));
  const rest = compileMultiple(trees.at(-1)!, chunk);
  return (frame) => {
    const values = leading.map((evaluate) => evaluate(frame));
    for (const value of rest(frame)) values.push(value);
    return values;
  };
}

function compileMultiple(tree: Expression, chunk: Chunk): (frame: Frame) => readonly LuaValue[] {
  if (tree.kind === 'call' || tree.kind === 'method') return compileCall(tree, chunk);
  return (frame) => frame.varargs;
}
