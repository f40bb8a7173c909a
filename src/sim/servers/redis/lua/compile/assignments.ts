/**
 * Compiles assignments. The tables and keys of the targets are evaluated first, then the values;
 * stores happen from the last target to the first.
 */
import type { Frame } from '../runtime/frame.js';
import { failAt, setIndex } from '../runtime/operations.js';
import type { LuaValue } from '../runtime/value.js';
import type {
  AssignmentTarget,
  Chunk,
  Expression,
  IndexExpression,
  Statement,
} from '../syntax/ast.js';
import { type Execute, isReadLate, siteOf } from './closures.js';
import { compileExpression, compileList } from './expressions.js';
import { compileLocalStore, type Store } from './variables.js';

type Assignment = Extract<Statement, { kind: 'assignment' }>;
/** Evaluates what a target needs and gives the store that is left to do. */
type Prepare = (frame: Frame) => Store;

export function compileAssignment(tree: Assignment, chunk: Chunk): Execute {
  const [target] = tree.targets;
  const [value] = tree.values;
  if (tree.targets.length > 1 || tree.values.length > 1) return compileMultiple(tree, chunk);
  const evaluate = compileExpression(value!, chunk);
  if (target!.kind === 'index') return compileIndexAssignment(tree, target!, chunk);
  const store = compileStore(target!, tree.line, chunk);
  return (frame) => {
    store(frame, evaluate(frame));
    return undefined;
  };
}

function compileStore(
  target: Exclude<AssignmentTarget, IndexExpression>,
  line: number,
  chunk: Chunk,
): Store {
  switch (target.kind) {
    case 'local':
      return compileLocalStore(target.variable);
    case 'upvalue': {
      const at = target.index;
      return (frame, value) => {
        frame.upvalues[at]!.value = value;
      };
    }
    case 'global': {
      const site = { chunk, line };
      return (frame) => failAt(frame.run, site, 'Attempt to modify a readonly table');
    }
  }
}

function compileIndexAssignment(tree: Assignment, target: IndexExpression, chunk: Chunk): Execute {
  const evaluate = compileExpression(tree.values[0]!, chunk);
  if (!isReadLate(target.base) && !isReadLate(target.key)) {
    const site = siteOf(chunk, tree.line, target.base);
    const base = compileExpression(target.base, chunk);
    const key = compileExpression(target.key, chunk);
    return (frame) => {
      const table = base(frame);
      const at = key(frame);
      setIndex(frame.run, site, table, at, evaluate(frame));
      return undefined;
    };
  }
  const prepare = compilePrepare(target, [], tree.line, chunk);
  return (frame) => {
    const store = prepare(frame);
    store(frame, evaluate(frame));
    return undefined;
  };
}

function compileMultiple(tree: Assignment, chunk: Chunk): Execute {
  const prepares = tree.targets.map((target, i) =>
    compilePrepare(target, tree.targets.slice(i + 1), tree.line, chunk),
  );
  const list = compileList(tree.values, chunk);
  return (frame) => {
    const stores = prepares.map((prepare) => prepare(frame));
    const values: LuaValue[] = list(frame);
    for (let i = stores.length - 1; i >= 0; i--) stores[i]!(frame, values[i]);
    return undefined;
  };
}

/** `later`: the targets that are stored before this one. */
function compilePrepare(
  target: AssignmentTarget,
  later: readonly AssignmentTarget[],
  line: number,
  chunk: Chunk,
): Prepare {
  if (target.kind !== 'index') {
    const store = compileStore(target, line, chunk);
    return () => store;
  }
  const site = siteOf(chunk, line, target.base);
  const base = compileOperand(target.base, later, chunk);
  const key = compileOperand(target.key, later, chunk);
  return (frame) => {
    const table = base(frame);
    const at = key(frame);
    return (_, value) => setIndex(frame.run, site, table(), at(), value);
  };
}

/**
 * Evaluates a table or key and gives access to it. A local that a closure may change is read when
 * the store happens, unless another target would have changed it by then: of that one Lua keeps a
 * copy.
 */
function compileOperand(
  operand: Expression,
  later: readonly AssignmentTarget[],
  chunk: Chunk,
): (frame: Frame) => () => LuaValue {
  const evaluate = compileExpression(operand, chunk);
  const isCopied = later.some((other) => isSameLocal(other, operand));
  if (isReadLate(operand) && !isCopied) return (frame) => () => evaluate(frame);
  return (frame) => {
    const value = evaluate(frame);
    return () => value;
  };
}

function isSameLocal(target: AssignmentTarget, operand: Expression): boolean {
  if (operand.kind === 'parenthesis') return isSameLocal(target, operand.inner);
  return (
    target.kind === 'local' && operand.kind === 'local' && target.variable === operand.variable
  );
}
