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

export function compileExpression(node: Expression, chunk: Chunk): Evaluate {
  switch (node.kind) {
    case 'constant': {
      const value = node.value;
      return () => value;
    }
    case 'vararg':
      return (frame) => frame.varargs[0];
    case 'function':
      return compileClosure(node.body);
    case 'parenthesis':
      return compileExpression(node.inner, chunk);
    case 'local':
      return compileLocal(node.variable);
    case 'upvalue': {
      const at = node.index;
      return (frame) => frame.upvalues[at]!.value;
    }
    case 'global':
      return compileGlobal(node, chunk);
    case 'index':
      return compileIndex(node, chunk);
    case 'call':
    case 'method': {
      const evaluate = compileCall(node, chunk);
      return (frame) => evaluate(frame)[0];
    }
    case 'binary':
      return compileBinary(node, chunk);
    case 'unary':
      return compileUnary(node, chunk);
    case 'table':
      return compileTable(node, chunk);
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
export function constantOf(node: Expression): LuaValue {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'global':
      return globalConstant(node.name);
    case 'index': {
      const base = constantOf(node.base);
      const key = node.key.kind === 'constant' ? node.key.value : undefined;
      return base instanceof LuaTable && base.isReadonly ? base.get(key) : undefined;
    }
    default:
      return undefined;
  }
}

function compileGlobal(node: GlobalExpression, chunk: Chunk): Evaluate {
  if (node.name === 'KEYS') return (frame) => frame.run.keys;
  if (node.name === 'ARGV') return (frame) => frame.run.args;
  if (node.name === '_G') return (frame) => frame.run.globals;
  const value = globalConstant(node.name);
  if (value !== undefined) return () => value;
  const site = { chunk, line: node.line };
  const message = `Script attempted to access nonexistent global variable '${node.name}'`;
  return (frame) => failAt(frame.run, site, message);
}

function compileIndex(node: IndexExpression, chunk: Chunk): Evaluate {
  const constant = constantOf(node);
  if (constant !== undefined) return () => constant;
  const site = siteOf(chunk, node.line, node.base);
  const base = compileExpression(node.base, chunk);
  if (node.key.kind === 'constant' && typeof node.key.value === 'string') {
    const name = node.key.value;
    return (frame) => {
      const table = base(frame);
      if (table instanceof LuaTable) {
        const value = table.getField(name);
        if (value !== undefined || table.metatable === undefined) return value;
      }
      return index(frame.run, site, table, name);
    };
  }
  const key = compileExpression(node.key, chunk);
  const get = (frame: Frame, table: LuaValue, at: LuaValue) => {
    if (table instanceof LuaTable) {
      const value = table.get(at);
      if (value !== undefined || table.metatable === undefined) return value;
    }
    return index(frame.run, site, table, at);
  };
  if (isReadLate(node.base)) {
    return (frame) => {
      const at = key(frame);
      return get(frame, base(frame), at);
    };
  }
  return (frame) => get(frame, base(frame), key(frame));
}

function compileUnary(node: UnaryExpression, chunk: Chunk): Evaluate {
  if (node.operator === 'not') return compileTest(node, chunk);
  const operand = compileExpression(node.operand, chunk);
  const site = siteOf(chunk, node.line, node.operand);
  if (node.operator === '#') {
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
export function compileTest(node: Expression, chunk: Chunk): Test {
  if (node.kind === 'constant') {
    const truth = isTruthy(node.value);
    return () => truth;
  }
  if (node.kind === 'unary' && node.operator === 'not') {
    const test = compileTest(node.operand, chunk);
    return (frame) => !test(frame);
  }
  if (node.kind === 'binary') {
    const comparison = compileComparison(node, chunk);
    if (comparison !== undefined) return comparison;
    if (node.operator === 'and' || node.operator === 'or') {
      const left = compileTest(node.left, chunk);
      const right = compileTest(node.right, chunk);
      if (node.operator === 'and') return (frame) => left(frame) && right(frame);
      return (frame) => left(frame) || right(frame);
    }
  }
  const evaluate = compileExpression(node, chunk);
  return (frame) => isTruthy(evaluate(frame));
}

/** Compiles an expression list; the last expression gives as many values as it has. */
export function compileList(nodes: readonly Expression[], chunk: Chunk): EvaluateList {
  const last = nodes.at(-1);
  if (last !== undefined && isMultiple(last)) return compileOpenList(nodes, chunk);
  const [first, second, third] = nodes.map((node) => compileExpression(node, chunk));
  switch (nodes.length) {
    case 0:
      return () => [];
    case 1:
      return (frame) => [first!(frame)];
    case 2:
      return (frame) => [first!(frame), second!(frame)];
    case 3:
      return (frame) => [first!(frame), second!(frame), third!(frame)];
    default: {
      const all = nodes.map((node) => compileExpression(node, chunk));
      return (frame) => all.map((evaluate) => evaluate(frame));
    }
  }
}

function compileOpenList(nodes: readonly Expression[], chunk: Chunk): EvaluateList {
  const leading = nodes.slice(0, -1).map((node) => compileExpression(node, chunk));
  const rest = compileMultiple(nodes.at(-1)!, chunk);
  return (frame) => {
    const values = leading.map((evaluate) => evaluate(frame));
    for (const value of rest(frame)) values.push(value);
    return values;
  };
}

function compileMultiple(node: Expression, chunk: Chunk): (frame: Frame) => readonly LuaValue[] {
  if (node.kind === 'call' || node.kind === 'method') return compileCall(node, chunk);
  return (frame) => frame.varargs;
}
