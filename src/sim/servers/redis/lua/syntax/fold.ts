/**
 * Constant folding as the reference compiler does it: arithmetic on numerals, except where the
 * result would be NaN or a division by zero, and `and` and `or` that a constant decides. Seen from
 * a script, that decides the sign of a zero and what a message calls an operand.
 */
import { calculate } from '../runtime/arithmetic.js';
import { isTruthy } from '../runtime/value.js';
import type { ArithmeticOperator, BinaryOperator, Expression, UnaryOperator } from './ast.js';

const ARITHMETIC: ReadonlySet<string> = new Set<ArithmeticOperator>(['+', '-', '*', '/', '%', '^']);

export function fold(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): number | undefined {
  const a = numeral(left);
  const b = numeral(right);
  if (a === undefined || b === undefined || !isArithmetic(operator)) return undefined;
  if (b === 0 && (operator === '/' || operator === '%')) return undefined;
  const result = calculate(operator, a, b);
  return Number.isNaN(result) ? undefined : result;
}

export function foldUnary(operator: UnaryOperator, operand: Expression): number | undefined {
  const value = numeral(operand);
  return operator === '-' && value !== undefined ? -value : undefined;
}

/** Whether a constant on the left leaves nothing of `and` or `or` but the right side. */
export function isLeftVoid(operator: BinaryOperator, left: Expression): boolean {
  if (left.kind !== 'constant' || (operator !== 'and' && operator !== 'or')) return false;
  return isTruthy(left.value) === (operator === 'and');
}

function isArithmetic(operator: BinaryOperator): operator is ArithmeticOperator {
  return ARITHMETIC.has(operator);
}

/** An expression cut to one value. */
export function oneValue(expression: Expression): Expression {
  const { kind } = expression;
  const isMultiple = kind === 'call' || kind === 'method' || kind === 'vararg';
  return isMultiple ? { kind: 'parenthesis', inner: expression } : expression;
}

function numeral(expression: Expression): number | undefined {
  if (expression.kind !== 'constant') return undefined;
  return typeof expression.value === 'number' ? expression.value : undefined;
}
