/**
 * Compiles calls of functions and methods.
 */
import { call, index } from '../runtime/operations.js';
import type { Site } from '../runtime/run.js';
import { STRING_METATABLE } from '../runtime/string-metatable.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaValue } from '../runtime/value.js';
import type { CallExpression, Chunk, MethodCallExpression } from '../syntax/ast.js';
import { type EvaluateCall, nameOf, siteOf } from './closures.js';
import { compileExpression, compileList, constantOf } from './expressions.js';

/** `isTail`: the results are those of the calling function (manual, §2.5.8). */
export function compileCall(
  tree: CallExpression | MethodCallExpression,
  chunk: Chunk,
  isTail = false,
): EvaluateCall {
  if (tree.kind === 'method') return compileMethodCall(tree, chunk, isTail);
  const site: Site = { chunk, line: tree.line, subject: nameOf(tree.callee), isTail };
  const args = compileList(tree.args, chunk);
  const constant = constantOf(tree.callee);
  if (typeof constant === 'function') {
    return (frame) => {
      const values = args(frame);
      frame.site = site;
      return constant(values, frame.run);
    };
  }
  const callee = compileExpression(tree.callee, chunk);
  return (frame) => {
    const target = callee(frame);
    const values = args(frame);
    if (typeof target !== 'function') return call(frame.run, site, target, values);
    frame.site = site;
    return target(values, frame.run);
  };
}

function compileMethodCall(
  tree: MethodCallExpression,
  chunk: Chunk,
  isTail: boolean,
): EvaluateCall {
  const name = tree.name;
  const indexSite = siteOf(chunk, tree.nameLine, tree.object);
  const site: Site = { chunk, line: tree.line, subject: { kind: 'method', name }, isTail };
  const evaluateObject = compileExpression(tree.object, chunk);
  const args = compileList(tree.args, chunk);
  const strings = STRING_METATABLE.getField('__index');
  const ofStrings = strings instanceof LuaTable ? strings.getField(name) : undefined;
  return (frame) => {
    const object = evaluateObject(frame);
    let target: LuaValue;
    if (typeof object === 'string') target = ofStrings;
    else target = index(frame.run, indexSite, object, name);
    const values = args(frame);
    values.unshift(object);
    if (typeof target !== 'function') return call(frame.run, site, target, values);
    frame.site = site;
    return target(values, frame.run);
  };
}
