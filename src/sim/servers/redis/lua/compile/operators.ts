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

export function compileBinary(node: BinaryExpression, chunk: Chunk): Evaluate {
  const comparison = compileComparison(node, chunk);
  if (comparison !== undefined) return comparison;
  switch (node.operator) {
    case 'and':
    case 'or':
      return compileLogical(node, chunk);
    case '..':
      return compileConcatenation(node, chunk);
    default:
      return compileArithmetic(node, node.operator as ArithmeticOperator, chunk);
  }
}

function compileLogical(node: BinaryExpression, chunk: Chunk): Evaluate {
  const left = compileExpression(node.left, chunk);
  const right = compileExpression(node.right, chunk);
  const endsOn = node.operator === 'or';
  return (frame) => {
    const value = left(frame);
    return isTruthy(value) === endsOn ? value : right(frame);
  };
}

function compileArithmetic(
  node: BinaryExpression,
  operator: ArithmeticOperator,
  chunk: Chunk,
): Evaluate {
  const site = siteOf(chunk, node.line, node.left, node.right);
  const left = compileExpression(node.left, chunk);
  const right = compileExpression(node.right, chunk);
  if (isReadLate(node.left)) {
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
export function compileComparison(node: BinaryExpression, chunk: Chunk): Test | undefined {
  const compare = (COMPARISONS as Partial<Record<string, Comparison>>)[node.operator];
  if (compare === undefined) return undefined;
  const site = { chunk, line: node.line };
  const left = compileExpression(node.left, chunk);
  const right = compileExpression(node.right, chunk);
  if (isReadLate(node.left)) {
    return (frame) => {
      const b = right(frame);
      return compare(frame, site, left(frame), b);
    };
  }
  if (node.operator === '==') {
    return (frame) => {
      const a = left(frame);
      const b = right(frame);
      return a === b || (typeof a === 'object' && equals(frame.run, site, a, b));
    };
  }
  return (frame) => compare(frame, site, left(frame), right(frame));
}

/** `a .. b .. c` is one operation: all operands are evaluated, then joined from the right. */
function compileConcatenation(node: BinaryExpression, chunk: Chunk): Evaluate {
  const operands: Expression[] = [node.left];
  let rest = node.right;
  for (; rest.kind === 'binary' && rest.operator === '..'; rest = rest.right) {
    operands.push(rest.left);
  }
  operands.push(rest);
  const evaluates = operands.map((operand) => compileExpression(operand, chunk));
  const last = operands.length - 1;
  const sites = operands.slice(0, -1).map((operand, i) => {
    const isLastPair = i + 1 === last;
    return siteOf(chunk, node.line, operand, isLastPair ? operands[last] : undefined);
  });
  return (frame) => {
    const values = evaluates.map((evaluate) => evaluate(frame));
    let joined = values[last];
    for (let i = last - 1; i >= 0; i--)
      joined = concatenate(frame.run, sites[i]!, values[i], joined);
    return joined;
  };
}
