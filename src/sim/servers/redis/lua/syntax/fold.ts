/**
 * Constant folding. The reference compiler folds arithmetic on numerals, except where the result
 * would be NaN or a division by zero; seen from a script, that only decides the sign of a zero.
 */
import { modulo, power } from '../runtime/arithmetic.js';
import type { BinaryOperator, Expression, UnaryOperator } from './ast.js';

export function fold(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): number | undefined {
  const a = numeral(left);
  const b = numeral(right);
  if (a === undefined || b === undefined) return undefined;
  const result = calculate(operator, a, b);
  return Number.isNaN(result) ? undefined : result;
}

export function foldUnary(operator: UnaryOperator, operand: Expression): number | undefined {
  const value = numeral(operand);
  return operator === '-' && value !== undefined ? -value : undefined;
}

function numeral(expression: Expression): number | undefined {
  if (expression.kind !== 'constant') return undefined;
  return typeof expression.value === 'number' ? expression.value : undefined;
}

function calculate(operator: BinaryOperator, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? undefined : a / b;
    case '%':
      return b === 0 ? undefined : modulo(a, b);
    case '^':
      return power(a, b);
    default:
      return undefined;
  }
}
