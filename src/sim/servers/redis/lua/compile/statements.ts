/**
 * Compiles statements to closures. Loops and assignments have files of their own.
 */
import { Cell } from '../runtime/frame.js';
import { type LuaValue, NOTHING } from '../runtime/value.js';
import type { Block, Chunk, Clause, Expression, Statement, Variable } from '../syntax/ast.js';
import { compileAssignment } from './assignments.js';
import { compileCall } from './calls.js';
import { BREAK, type Execute, type Test } from './closures.js';
import { compileExpression, compileList, compileTest } from './expressions.js';
import { compileClosure } from './functions.js';
import { compileGenericFor, compileNumericFor, compileRepeat, compileWhile } from './loops.js';
import { compileDeclaration } from './variables.js';

export function compileBlock(block: Block, chunk: Chunk): Execute {
  const statements = block.map((statement) => compileStatement(statement, chunk));
  const [first, second] = statements;
  if (first === undefined) return () => undefined;
  if (second === undefined) return first;
  if (statements.length === 2) return (frame) => first(frame) ?? second(frame);
  return (frame) => {
    for (let i = 0; i < statements.length; i++) {
      const results = statements[i]!(frame);
      if (results !== undefined) return results;
    }
    return undefined;
  };
}

function compileStatement(tree: Statement, chunk: Chunk): Execute {
  switch (tree.kind) {
    case 'local-statement':
      return compileLocalStatement(tree.variables, tree.values, chunk);
    case 'local-function':
      return compileLocalFunction(tree);
    case 'assignment':
      return compileAssignment(tree, chunk);
    case 'call-statement': {
      const call = compileCall(tree.call, chunk);
      return (frame) => {
        call(frame);
        return undefined;
      };
    }
    case 'do':
      return compileBlock(tree.block, chunk);
    case 'while':
      return compileWhile(tree, chunk);
    case 'repeat':
      return compileRepeat(tree, chunk);
    case 'if':
      return compileIf(tree.clauses, tree.otherwise, chunk);
    case 'numeric-for':
      return compileNumericFor(tree, chunk);
    case 'generic-for':
      return compileGenericFor(tree, chunk);
    case 'return':
      return compileReturn(tree.values, chunk);
    case 'break':
      return () => BREAK;
  }
}

function compileLocalStatement(
  variables: readonly Variable[],
  values: readonly Expression[],
  chunk: Chunk,
): Execute {
  const declares = variables.map(compileDeclaration);
  const [declare] = declares;
  const [value] = values;
  if (declares.length === 1 && values.length === 1) {
    const evaluate = compileExpression(value!, chunk);
    return (frame) => {
      declare!(frame, evaluate(frame));
      return undefined;
    };
  }
  const list = compileList(values, chunk);
  return (frame) => {
    const all = list(frame);
    for (let i = 0; i < declares.length; i++) declares[i]!(frame, all[i]);
    return undefined;
  };
}

/** The function sees itself, so its variable comes first. */
function compileLocalFunction(tree: Extract<Statement, { kind: 'local-function' }>): Execute {
  const closure = compileClosure(tree.body);
  const { slot, captured } = tree.variable;
  return (frame) => {
    if (captured) {
      const cell = new Cell(undefined);
      frame.cells[slot] = cell;
      cell.value = closure(frame);
    } else {
      frame.slots[slot] = closure(frame);
    }
    return undefined;
  };
}

function compileIf(
  clauses: readonly Clause[],
  otherwise: Block | undefined,
  chunk: Chunk,
): Execute {
  const [clause, ...rest] = clauses;
  if (clause === undefined) return compileBlock(otherwise ?? [], chunk);
  const test: Test = compileTest(clause.condition, chunk);
  const block = compileBlock(clause.block, chunk);
  if (rest.length === 0 && otherwise === undefined) {
    return (frame) => (test(frame) ? block(frame) : undefined);
  }
  const alternative = compileIf(rest, otherwise, chunk);
  return (frame) => (test(frame) ? block(frame) : alternative(frame));
}

function compileReturn(values: readonly Expression[], chunk: Chunk): Execute {
  const [value] = values;
  if (value === undefined) return () => NOTHING;
  if (values.length > 1) return compileList(values, chunk);
  if (value.kind === 'call' || value.kind === 'method') return compileCall(value, chunk, true);
  if (value.kind === 'vararg') return (frame) => frame.varargs;
  if (value.kind === 'constant') {
    const results: readonly LuaValue[] = [value.value];
    return () => results;
  }
  const evaluate = compileExpression(value, chunk);
  return (frame) => [evaluate(frame)];
}
