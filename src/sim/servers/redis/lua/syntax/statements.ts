/**
 * Parses the statements that change something or go round: assignments, locals, functions, loops
 * (Lua 5.1 manual, §2.4). Scripts that only compare and answer have none of them.
 */
import type { AssignmentTarget, Block, Expression, Statement } from './ast.js';
import { functionBody } from './constructors.js';
import type { Parser } from './parser.js';

export function whileStatement(parser: Parser, line: number): Statement {
  parser.advance();
  const condition = parser.expression();
  parser.expect('do');
  const block = loopBody(parser, () => parser.block());
  parser.expectMatch('end', 'while', line);
  return { kind: 'while', condition, block };
}

export function repeatStatement(parser: Parser, line: number): Statement {
  parser.advance();
  const mark = parser.scope.enterBlock();
  const block = loopBody(parser, () => parser.statements());
  parser.expectMatch('until', 'repeat', line);
  const condition = parser.expression();
  parser.scope.leaveBlock(mark);
  return { kind: 'repeat', block, condition };
}

export function forStatement(parser: Parser, line: number): Statement {
  parser.advance();
  const mark = parser.scope.enterBlock();
  const name = parser.expect('<name>').text;
  let statement: Statement;
  if (parser.is('=')) statement = numericFor(parser, name);
  else if (parser.is(',') || parser.is('in')) statement = genericFor(parser, name);
  else parser.fail("'=' or 'in' expected");
  parser.expectMatch('end', 'for', line);
  parser.scope.leaveBlock(mark);
  return statement;
}

function numericFor(parser: Parser, name: string): Statement {
  parser.advance();
  const start = parser.settle(parser.expression());
  parser.expect(',');
  const limit = parser.settle(parser.expression());
  const step = parser.accept(',') ? parser.settle(parser.expression()) : undefined;
  parser.scope.reserve(3);
  parser.expect('do');
  const line = parser.lastLine;
  const variable = parser.scope.declare(name);
  parser.scope.activate([variable]);
  const block = loopBody(parser, () => parser.block());
  return { kind: 'numeric-for', variable, start, limit, step, block, line };
}

function genericFor(parser: Parser, first: string): Statement {
  const names = [first];
  while (parser.accept(',')) names.push(parser.expect('<name>').text);
  parser.expect('in');
  const line = parser.line;
  const iterators = parser.expressionList();
  parser.scope.reserve(3);
  parser.expect('do');
  const variables = names.map((name, i) => parser.scope.declare(name, i));
  parser.scope.activate(variables);
  const block = loopBody(parser, () => parser.block());
  return { kind: 'generic-for', variables, iterators, block, line };
}

function loopBody(parser: Parser, parse: () => Block): Block {
  parser.scope.loopDepth += 1;
  const block = parse();
  parser.scope.loopDepth -= 1;
  return block;
}

export function functionStatement(parser: Parser, line: number): Statement {
  parser.advance();
  let target = parser.name();
  while (parser.is('.')) target = parser.field(target);
  const hasSelf = parser.is(':');
  if (hasSelf) target = parser.field(target);
  const body = functionBody(parser, hasSelf, line);
  const targets = [target as AssignmentTarget];
  return { kind: 'assignment', targets, values: [{ kind: 'function', body }], line };
}

export function localFunction(parser: Parser): Statement {
  const variable = parser.scope.declare(parser.expect('<name>').text);
  parser.scope.activate([variable]);
  return { kind: 'local-function', variable, body: functionBody(parser, false, parser.line) };
}

export function localStatement(parser: Parser): Statement {
  const names = [parser.expect('<name>').text];
  while (parser.accept(',')) names.push(parser.expect('<name>').text);
  const variables = names.map((name, i) => parser.scope.declare(name, i));
  const values = parser.accept('=') ? parser.expressionList() : [];
  parser.scope.activate(variables);
  return { kind: 'local-statement', variables, values };
}

/** The first target has been read already. */
export function assignment(parser: Parser, first: Expression): Statement {
  const targets = [assignmentTarget(parser, first)];
  while (parser.accept(',')) targets.push(assignmentTarget(parser, parser.primaryExpression()));
  parser.expect('=');
  const values = parser.expressionList();
  return { kind: 'assignment', targets, values, line: parser.lastLine };
}

function assignmentTarget(parser: Parser, expression: Expression): AssignmentTarget {
  switch (expression.kind) {
    case 'local':
    case 'upvalue':
    case 'global':
    case 'index':
      return expression;
    default:
      return parser.fail('syntax error');
  }
}
