/**
 * Parses table constructors and function bodies (Lua 5.1 manual, §2.5.7 and §2.5.9). See
 * `expression-parser.ts` on why the order of its checks matters.
 */
import type { Expression, FunctionBody, TableField } from './ast.js';
import type { ExpressionParser } from './expression-parser.js';

export function tableConstructor(parser: ExpressionParser): Expression {
  const line = parser.line;
  const fields: TableField[] = [];
  parser.expect('{');
  while (!parser.is('}')) {
    const field = tableField(parser);
    const isFollowed = parser.accept(',') || parser.accept(';');
    const isStored = isFollowed && !parser.is('}');
    fields.push(isStored ? placedItem(parser, field) : field);
    if (!isFollowed) break;
  }
  parser.expectMatch('}', '{', line);
  const last = fields.pop();
  if (last !== undefined) fields.push(placedItem(parser, last));
  return { kind: 'table', fields, line: parser.lastLine };
}

/** A list item of a table is stored when the next one is read, a record field at once. */
function placedItem(parser: ExpressionParser, field: TableField): TableField {
  return field.key === undefined ? { key: undefined, value: parser.placed(field.value) } : field;
}

function tableField(parser: ExpressionParser): TableField {
  const isNamed = parser.is('<name>') && parser.peek().kind === '=';
  if (!isNamed && !parser.is('['))
    return { key: undefined, value: parser.settle(parser.expression()) };
  const key: Expression = isNamed
    ? { kind: 'constant', value: parser.advance().text }
    : parser.bracketedKey();
  parser.expect('=');
  return { key, value: parser.settle(parser.expression()) };
}

/** Parses from the parameter list to `end`; `line` is that of the keyword `function`. */
export function functionBody(
  parser: ExpressionParser,
  hasSelf: boolean,
  line: number,
): FunctionBody {
  const outer = parser.scope;
  parser.scope = parser.openFunction(outer, line);
  parser.expect('(');
  if (hasSelf) declareParameter(parser, 'self');
  parameterList(parser);
  parser.expect(')');
  const block = parser.block();
  parser.expectMatch('end', 'function', line);
  const body = parser.scope.finish(parser.chunk, block);
  parser.scope = outer;
  return body;
}

function parameterList(parser: ExpressionParser): void {
  if (parser.is(')')) return;
  do {
    if (parser.is('<name>')) declareParameter(parser, parser.advance().text);
    else if (parser.accept('...')) declareVarargs(parser);
    else parser.fail("<name> or '...' expected");
  } while (!parser.scope.isVararg && parser.accept(','));
}

function declareParameter(parser: ExpressionParser, name: string): void {
  const variable = parser.scope.declare(name);
  parser.scope.activate([variable]);
  parser.scope.parameters.push(variable);
}

/** Besides `...` such a function has a local `arg`, as in Lua 5.0 (LUA_COMPAT_VARARG). */
function declareVarargs(parser: ExpressionParser): void {
  const variable = parser.scope.declare('arg');
  parser.scope.activate([variable]);
  parser.scope.arg = variable;
  parser.scope.isVararg = true;
}
