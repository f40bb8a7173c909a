/**
 * The shapes a syntax tree is compiled to: closures over the state of one call. A tree of closures
 * runs several times faster than walking the syntax tree, and needs no `eval`, which a browser's
 * content security policy may forbid (docs/decisions/0002-lua-by-closures.md).
 */
import type { Frame } from '../runtime/frame.js';
import type { Name, Site } from '../runtime/run.js';
import type { LuaValue } from '../runtime/value.js';
import type { BinaryExpression, Chunk, Expression } from '../syntax/ast.js';

export type Evaluate = (frame: Frame) => LuaValue;
/** Evaluates an expression list; the array is the caller's. */
export type EvaluateList = (frame: Frame) => LuaValue[];
/** Evaluates a call: all its results, in an array that is nobody's. */
export type EvaluateCall = (frame: Frame) => readonly LuaValue[];
/** Evaluates a condition. */
export type Test = (frame: Frame) => boolean;
/** Runs statements: the values to return, `BREAK`, or `undefined` to go on. */
export type Execute = (frame: Frame) => readonly LuaValue[] | undefined;

export const BREAK: readonly LuaValue[] = [];

/** What a message calls an expression; most have no name. */
export function nameOf(expression: Expression): Name | undefined {
  switch (expression.kind) {
    case 'local':
      return { kind: 'local', name: expression.variable.name };
    case 'upvalue':
      return { kind: 'upvalue', name: expression.name };
    case 'global':
      return { kind: 'global', name: expression.name };
    case 'index': {
      const key = expression.key;
      const isNamed = key.kind === 'constant' && typeof key.value === 'string';
      return { kind: 'field', name: isNamed ? String(key.value) : '?' };
    }
    case 'parenthesis':
      return nameOf(expression.inner);
    case 'binary':
      return endsInRight(expression) ? nameOf(expression.right) : undefined;
    default:
      return undefined;
  }
}

/**
 * Whether the value of `and` or `or` is named after the right side. The reference implementation
 * finds the name by following the code, taking every jump: in `a and b or c` the first leads to c.
 */
function endsInRight({ operator, left }: BinaryExpression): boolean {
  if (operator !== 'and' && operator !== 'or') return false;
  const inner = left.kind === 'parenthesis' ? left.inner : left;
  const opposite = operator === 'and' ? 'or' : 'and';
  return isLogical(inner) && inner.operator === opposite && !isSpecial(inner.left);
}

function isSpecial(expression: Expression): boolean {
  if (expression.kind === 'parenthesis') return isSpecial(expression.inner);
  return expression.kind === 'constant' || isLogical(expression);
}

function isLogical(expression: Expression): expression is BinaryExpression {
  if (expression.kind !== 'binary') return false;
  return expression.operator === 'and' || expression.operator === 'or';
}

export function siteOf(chunk: Chunk, line: number, subject: Expression, second?: Expression): Site {
  return { chunk, line, subject: nameOf(subject), second: second && nameOf(second) };
}

/**
 * Whether an expression is a local variable that a closure may change. Lua reads a local where it
 * is used, not where it is written: in `a + f()` after the call.
 */
export function isReadLate(expression: Expression): boolean {
  if (expression.kind === 'parenthesis') return isReadLate(expression.inner);
  return expression.kind === 'local' && expression.variable.captured;
}

/** Whether an expression may give any number of values. */
export function isMultiple(expression: Expression | undefined): boolean {
  const kind = expression?.kind;
  return kind === 'call' || kind === 'method' || kind === 'vararg';
}
