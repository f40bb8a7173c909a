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
  node: CallExpression | MethodCallExpression,
  chunk: Chunk,
  isTail = false,
): EvaluateCall {
  if (node.kind === 'method') return compileMethodCall(node, chunk, isTail);
  const site: Site = { chunk, line: node.line, subject: nameOf(node.callee), isTail };
  const args = compileList(node.args, chunk);
  const constant = constantOf(node.callee);
  if (typeof constant === 'function') {
    return (frame) => {
      const values = args(frame);
      frame.site = site;
      return constant(values, frame.run);
    };
  }
  const callee = compileExpression(node.callee, chunk);
  return (frame) => {
    const target = callee(frame);
    const values = args(frame);
    if (typeof target !== 'function') return call(frame.run, site, target, values);
    frame.site = site;
    return target(values, frame.run);
  };
}

function compileMethodCall(
  node: MethodCallExpression,
  chunk: Chunk,
  isTail: boolean,
): EvaluateCall {
  const name = node.name;
  const indexSite = siteOf(chunk, node.nameLine, node.object);
  const site: Site = { chunk, line: node.line, subject: { kind: 'method', name }, isTail };
  const evaluateObject = compileExpression(node.object, chunk);
  const args = compileList(node.args, chunk);
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
