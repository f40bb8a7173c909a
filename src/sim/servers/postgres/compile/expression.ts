/** Expressions to closures. */
import type { Expr, ExprCall, ExprInteger, ExprNumeric } from 'pgsql-ast-parser';
import { notModelled, PostgresError } from '../errors.js';
import { call, namedArguments } from '../functions/index.js';
import { ARGUMENT, DISTINCT, NOT_DISTINCT } from '../syntax/rewrite.js';
import { epochUs, Interval } from '../types/interval.js';
import { Numeric, parseNumeric } from '../types/numeric.js';
import { displayName, type Type, typeByName } from '../types/type.js';
import { compareValues, INT4_MAX, INT8_MAX, type Value } from '../types/value.js';
import { aggregate, isAggregate } from './aggregates.js';
import { cast, commonType, condition, constant, literal, parameter } from './coerce.js';
import { binary, distinct } from './operators.js';
import type { Expression, Scope } from './scope.js';
import { anyOf, existsQuery, inQuery, scalarQuery } from './subquery.js';

/** Compiles one expression. */
export function expression(scope: Scope, ast: Expr): Expression {
  const { compilation } = scope;
  switch (ast.type) {
    case 'integer':
    case 'numeric':
      return number(scope, ast);
    case 'string':
      return literal(ast.value);
    case 'boolean':
      return constant('bool', ast.value);
    case 'null':
      return { type: 'unknown', evaluate: () => null };
    case 'parameter':
      return parameter(compilation, Number(ast.name.slice(1)) - 1);
    case 'ref':
      return reference(scope, ast.table?.name, ast.name);
    case 'cast':
      return castExpression(scope, ast);
    case 'unary':
      return unary(scope, ast);
    case 'binary':
      return binaryExpression(scope, ast);
    case 'ternary':
      return betweenExpression(scope, ast);
    case 'case':
      return caseExpression(scope, ast);
    case 'call':
      return callExpression(scope, ast);
    case 'keyword':
      return keyword(scope, ast.keyword);
    case 'extract':
      return extract(expression(scope, ast.from), ast.field.name);
    case 'select':
    case 'union':
    case 'union all':
    case 'values':
    case 'with':
      return scalarQuery(scope, ast);
    default:
      throw notModelled(`expression of kind '${ast.type}'`);
  }
}

function number(scope: Scope, ast: ExprInteger | ExprNumeric): Expression {
  // The parser's own value is a double: large integers and the scale are in the text alone.
  const text = scope.compilation.text(ast._location).replace(/\s/g, '');
  if (text.includes('.')) return constant('numeric', parseNumeric(text));
  const value = BigInt(text);
  if (value <= BigInt(INT4_MAX) && value >= -BigInt(INT4_MAX)) {
    return constant('int4', Number(value));
  }
  if (value <= INT8_MAX && value >= -INT8_MAX) return constant('int8', value);
  return constant('numeric', new Numeric(value, 0));
}

function reference(scope: Scope, table: string | undefined, name: string): Expression {
  if (name === '*') throw notModelled('* here');
  if (name.startsWith(ARGUMENT)) {
    return constant('numeric', parseNumeric(name.slice(ARGUMENT.length)));
  }
  if (/^(xmin|xmax|ctid|tableoid|cmin|cmax)$/.test(name)) throw notModelled(`column ${name}`);
  const { range, column } = scope.find(table, name);
  const { slot } = range;
  return {
    type: range.columns[column]!.type,
    evaluate: (execution) => execution.tuples[slot]!.values[column]!,
  };
}

function castExpression(scope: Scope, ast: Extract<Expr, { type: 'cast' }>): Expression {
  const { to } = ast;
  const inner = expression(scope, ast.operand);
  if (to.kind === 'array') {
    if (to.arrayOf.kind === 'array') throw notModelled('arrays of arrays');
    return cast(scope.compilation, inner, `${typeByName(to.arrayOf.name)}[]` as Type, undefined);
  }
  const type = typeByName(to.name);
  const [length] = to.config ?? [];
  if (length !== undefined && type !== 'varchar') {
    throw notModelled(`${displayName(type)}(${length})`);
  }
  return cast(scope.compilation, inner, type, length);
}

const TRUTHS: ReadonlyMap<string, readonly [value: Value, not: boolean]> = new Map([
  ['IS NULL', [null, false]],
  ['IS NOT NULL', [null, true]],
  ['IS TRUE', [true, false]],
  ['IS NOT TRUE', [true, true]],
  ['IS FALSE', [false, false]],
  ['IS NOT FALSE', [false, true]],
]);

function unary(scope: Scope, ast: Extract<Expr, { type: 'unary' }>): Expression {
  const { compilation } = scope;
  const operand = expression(scope, ast.operand);
  const truth = TRUTHS.get(ast.op);
  if (truth !== undefined) {
    const [value, not] = truth;
    const { evaluate } = value === null ? operand : condition(compilation, operand, ast.op);
    return { type: 'bool', evaluate: (execution) => (evaluate(execution) === value) !== not };
  }
  if (ast.op === 'NOT') {
    const { evaluate } = condition(compilation, operand, 'NOT');
    return {
      type: 'bool',
      evaluate: (execution) => {
        const value = evaluate(execution);
        return value === null ? null : !value;
      },
    };
  }
  if (ast.op === '-') {
    const zero =
      operand.type === 'interval'
        ? constant('interval', new Interval(0, 0, 0))
        : constant('int4', 0);
    return binary(compilation, '-', zero, operand);
  }
  if (ast.op === '+') return operand;
  throw notModelled(`operator ${ast.op}`);
}

function binaryExpression(scope: Scope, ast: Extract<Expr, { type: 'binary' }>): Expression {
  const { compilation } = scope;
  const { op } = ast;
  if (op === 'AND' || op === 'OR') return logical(scope, ast, op === 'AND');
  if (op === 'IN' || op === 'NOT IN') return inExpression(scope, ast, op === 'NOT IN');
  if (ast.left.type === 'list' || ast.right.type === 'list') throw notModelled('comparing rows');
  const left = expression(scope, ast.left);
  if (ast.right.type === 'call' && /^(any|some|all)$/.test(ast.right.function.name)) {
    if (op !== '=' || ast.right.function.name === 'all') throw notModelled(`${op} ALL`);
    return anyOf(scope, left, ast.right.args[0]!);
  }
  const right = expression(scope, ast.right);
  if (op === 'AT TIME ZONE') return call(compilation, 'timezone', [right, left]);
  if (op === (DISTINCT as string) || op === (NOT_DISTINCT as string)) {
    const apart = distinct(compilation, left, right);
    if (op === (DISTINCT as string)) return apart;
    return { type: 'bool', evaluate: (execution) => apart.evaluate(execution) !== true };
  }
  return binary(compilation, op === '!=' ? '<>' : op, left, right);
}

function logical(scope: Scope, ast: Extract<Expr, { type: 'binary' }>, and: boolean): Expression {
  const where = and ? 'AND' : 'OR';
  const { evaluate: left } = condition(scope.compilation, expression(scope, ast.left), where);
  const { evaluate: right } = condition(scope.compilation, expression(scope, ast.right), where);
  const decides = !and;
  // The planner sees that a literal decides, and nothing else of the condition is evaluated.
  if ([ast.left, ast.right].some((side) => side.type === 'boolean' && side.value === decides)) {
    return constant('bool', decides);
  }
  return {
    type: 'bool',
    evaluate: (execution) => {
      const first = left(execution);
      if (first === decides) return decides;
      const second = right(execution);
      if (second === decides) return decides;
      return first === null || second === null ? null : !decides;
    },
  };
}

function inExpression(
  scope: Scope,
  ast: Extract<Expr, { type: 'binary' }>,
  not: boolean,
): Expression {
  const { compilation } = scope;
  if (ast.left.type === 'list') throw notModelled('comparing rows');
  const left = expression(scope, ast.left);
  const { right } = ast;
  if (right.type === 'select' || right.type === 'with' || right.type === 'values') {
    return inQuery(scope, left, right, not);
  }
  const items = right.type === 'list' ? right.expressions : [right];
  const { expressions } = commonType(
    compilation,
    [left, ...items.map((item) => expression(scope, item))],
    'IN',
  );
  const tests = expressions
    .slice(1)
    .map((item) => binary(compilation, '=', expressions[0]!, item).evaluate);
  return {
    type: 'bool',
    evaluate: (execution) => {
      let unknown = false;
      for (const test of tests) {
        const equal = test(execution);
        if (equal === true) return !not;
        if (equal === null) unknown = true;
      }
      return unknown ? null : not;
    },
  };
}

function betweenExpression(scope: Scope, ast: Extract<Expr, { type: 'ternary' }>): Expression {
  const { compilation } = scope;
  const value = expression(scope, ast.value);
  const above = binary(compilation, '>=', value, expression(scope, ast.lo)).evaluate;
  const below = binary(compilation, '<=', value, expression(scope, ast.hi)).evaluate;
  const not = ast.op === 'NOT BETWEEN';
  return {
    type: 'bool',
    evaluate: (execution) => {
      const first = above(execution);
      const second = below(execution);
      if (first === false || second === false) return not;
      return first === null || second === null ? null : !not;
    },
  };
}

function caseExpression(scope: Scope, ast: Extract<Expr, { type: 'case' }>): Expression {
  const { compilation } = scope;
  const subject = ast.value ? expression(scope, ast.value) : undefined;
  const tests = ast.whens.map(({ when }) => {
    const test = expression(scope, when);
    return subject === undefined
      ? condition(compilation, test, 'CASE/WHEN').evaluate
      : binary(compilation, '=', subject, test).evaluate;
  });
  const otherwise = ast.else ? expression(scope, ast.else) : expression(scope, { type: 'null' });
  const results = ast.whens.map(({ value }) => expression(scope, value));
  const { type, expressions } = commonType(compilation, [...results, otherwise], 'CASE');
  return {
    type,
    evaluate: (execution) => {
      let at = 0;
      while (at < tests.length && tests[at]!(execution) !== true) at += 1;
      return expressions[at]!.evaluate(execution);
    },
  };
}

function callExpression(scope: Scope, ast: ExprCall): Expression {
  const { schema } = ast.function;
  const { name } = ast.function;
  if (schema !== undefined && schema !== 'pg_catalog') {
    throw notModelled(`function ${schema}.${name}`);
  }
  if (ast.over || ast.filter || ast.withinGroup) throw notModelled('window functions and FILTER');
  if (isAggregate(name)) return aggregate(scope, ast);
  if (name === 'exists') return existsQuery(scope, ast.args[0]!);
  if (/^(any|some|all)$/.test(name)) throw notModelled(`${name.toUpperCase()} here`);
  if (/^(current_timestamp|localtimestamp)$/.test(name)) throw notModelled(`${name}(precision)`);
  const positional: Expression[] = [];
  const named = new Map<string, Expression>();
  for (const argument of ast.args) {
    const given = nameOfArgument(argument);
    if (given === undefined) positional.push(expression(scope, argument));
    else named.set(given.name, expression(scope, given.value));
  }
  const special = specialForm(scope, name, positional);
  if (special !== undefined) return special;
  return call(scope.compilation, name, namedArguments(name, positional, named));
}

function nameOfArgument(ast: Expr): { readonly name: string; readonly value: Expr } | undefined {
  if (ast.type !== 'binary' || ast.op !== '=' || ast.left.type !== 'ref') return undefined;
  if (!ast.left.name.startsWith(ARGUMENT)) return undefined;
  return { name: ast.left.name.slice(ARGUMENT.length), value: ast.right };
}

/** Functions that are part of the grammar: their arguments need one common type. */
function specialForm(
  scope: Scope,
  name: string,
  args: readonly Expression[],
): Expression | undefined {
  if (!/^(coalesce|greatest|least|nullif)$/.test(name)) return undefined;
  const { compilation } = scope;
  const { type, expressions } = commonType(compilation, args, name.toUpperCase());
  const parts = expressions.map(({ evaluate }) => evaluate);
  if (name === 'coalesce') {
    return {
      type,
      evaluate: (execution) => {
        for (const part of parts) {
          const value = part(execution);
          if (value !== null) return value;
        }
        return null;
      },
    };
  }
  if (name === 'nullif') {
    const equal = binary(compilation, '=', expressions[0]!, expressions[1]!).evaluate;
    return {
      type,
      evaluate: (execution) => (equal(execution) === true ? null : parts[0]!(execution)),
    };
  }
  const sign = name === 'greatest' ? 1 : -1;
  return {
    type,
    evaluate: (execution) => {
      let most: Value = null;
      for (const part of parts) {
        const value = part(execution);
        if (value === null) continue;
        if (most === null || sign * compareValues(value, most, type) > 0) most = value;
      }
      return most;
    },
  };
}

function keyword(scope: Scope, name: string): Expression {
  if (name === 'current_timestamp') return call(scope.compilation, 'now', []);
  if (name === 'localtimestamp') {
    return cast(scope.compilation, call(scope.compilation, 'now', []), 'timestamp', undefined);
  }
  if (name === 'default')
    throw new PostgresError('42601', 'DEFAULT is not allowed in this context');
  throw notModelled(name);
}

/** `extract(epoch from x)`, a numeric with six digits behind the point. */
function extract(from: Expression, field: string): Expression {
  if (field !== 'epoch') throw notModelled(`extract(${field} …)`);
  const { evaluate, type } = from;
  if (type !== 'timestamptz' && type !== 'timestamp' && type !== 'interval') {
    throw notModelled(`extract from ${displayName(type)}`);
  }
  return {
    type: 'numeric',
    evaluate: (execution) => {
      const value = evaluate(execution);
      if (value === null) return null;
      if (value instanceof Interval) return new Numeric(BigInt(Math.round(epochUs(value))), 6);
      if (!Number.isFinite(value as number)) throw notModelled('extract from infinity');
      return new Numeric(BigInt(value as number), 6);
    },
  };
}
