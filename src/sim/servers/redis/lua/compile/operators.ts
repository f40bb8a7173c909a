/**
 * Compiles binary operators: a fast path for the types that need no coercion, and
 * `runtime/operations.ts` for the rest.
 */
import type { Frame } from '../runtime/frame.js';
import { arithmetic, concatenate, equals, lessOrEqual, lessThan } from '../runtime/operations.js';
import type { Site } from '../runtime/run.js';
import { isTruthy, type LuaValue } from '../runtime/value.js';
import type {
  ArithmeticOperator,
  BinaryExpression,
  Chunk,
  ComparisonOperator,
  Expression,
} from '../syntax/ast.js';
import { type Evaluate, isReadLate, siteOf, type Test } from './closures.js';
import { compileExpression } from './expressions.js';

export function compileBinary(tree: BinaryExpression, chunk: Chunk): Evaluate {
  const comparison = compileComparison(tree, chunk);
  if (comparison !== undefined) return comparison;
  switch (tree.operator) {
    case 'and':
    case 'or':
      return compileLogical(tree, chunk);
    case '..':
      return compileConcatenation(tree, chunk);
    default:
      return compileArithmetic(tree, tree.operator as ArithmeticOperator, chunk);
  }
}

function compileLogical(tree: BinaryExpression, chunk: Chunk): Evaluate {
  const left = compileExpression(tree.left, chunk);
  const right = compileExpression(tree.right, chunk);
  const endsOn = tree.operator === 'or';
  return (frame) => {
    const value = left(frame);
    return isTruthy(value) === endsOn ? value : right(frame);
  };
}

function compileArithmetic(
  tree: BinaryExpression,
  operator: ArithmeticOperator,
  chunk: Chunk,
): Evaluate {
  const site = siteOf(chunk, tree.line, tree.left, tree.right);
  const left = compileExpression(tree.left, chunk);
  const right = compileExpression(tree.right, chunk);
  if (isReadLate(tree.left)) {
    return (frame) => {
      const b = right(frame);
      return arithmetic(frame.run, site, operator, left(frame), b);
    };
  }
  switch (operator) {
    case '+':
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        if (typeof a === 'number' && typeof b === 'number') return a + b;
        return arithmetic(frame.run, site, '+', a, b);
      };
    case '-':
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        if (typeof a === 'number' && typeof b === 'number') return a - b;
        return arithmetic(frame.run, site, '-', a, b);
      };
    case '*':
      return (frame) => {
        const a = left(frame);
        const b = right(frame);
        if (typeof a === 'number' && typeof b === 'number') return a * b;
        return arithmetic(frame.run, site, '*', a, b);
      };
    default:
      return (frame) => arithmetic(frame.run, site, operator, left(frame), right(frame));
  }
}

type Comparison = (frame: Frame, site: Site, a: LuaValue, b: LuaValue) => boolean;

const COMPARISONS: Readonly<Record<ComparisonOperator, Comparison>> = {
  '==': (frame, site, a, b) => a === b || (typeof a === 'object' && equals(frame.run, site, a, b)),
  '~=': (frame, site, a, b) => a !== b && !(typeof a === 'object' && equals(frame.run, site, a, b)),
  '<': (frame, site, a, b) => lessThan(frame.run, site, a, b),
  '<=': (frame, site, a, b) => lessOrEqual(frame.run, site, a, b),
  '>': (frame, site, a, b) => lessThan(frame.run, site, b, a),
  '>=': (frame, site, a, b) => lessOrEqual(frame.run, site, b, a),
};

/** Compiles a comparison; `undefined` if the operator is none. */
export function compileComparison(tree: BinaryExpression, chunk: Chunk): Test | undefined {
  const compare = (COMPARISONS as Partial<Record<string, Comparison>>)[tree.operator];
  if (compare === undefined) return undefined;
  const site = { chunk, line: tree.line };
  const left = compileExpression(tree.left, chunk);
  const right = compileExpression(tree.right, chunk);
  if (isReadLate(tree.left)) {
    return (frame) => {
      const b = right(frame);
      return compare(frame, site, left(frame), b);
    };
  }
  if (tree.operator === '==') {
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      return a === b || (typeof a === 'object' && equals(frame.run, site, a, b));
    };
  }
  return (frame) => compare(frame, site, left(frame), right(frame));
}

/** `a .. b .. c` is one operation: all operands are evaluated, then joined from the right. */
function compileConcatenation(tree: BinaryExpression, chunk: Chunk): Evaluate {
  const operands: Expression[] = [tree.left];
  let rest = tree.right;
  for (; rest.kind === 'binary' && rest.operator === '..'; rest = rest.right) {
    operands.push(rest.left);
  }
  operands.push(rest);
  const evaluates = operands.map((operand) => compileExpression(operand, chunk));
  const last = operands.length - 1;
  const sites = operands.slice(0, -1).map((operand, i) => {
    const isLastPair = i + 1 === last;
    return siteOf(chunk, tree.line, operand, isLastPair ? operands[last] : undefined);
  });
  return (frame) => {
    const values = evaluates.map((evaluate) => evaluate(frame));
    let joined = values[last];
    for (let i = last - 1; i >= 0; i--)
      joined = concatenate(frame.run, sites[i]!, values[i], joined);
    return joined;
  };
}
