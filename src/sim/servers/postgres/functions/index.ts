/** All functions by name, and how a call finds its overload. */
import { coerce } from '../compile/coerce.js';
import { choose } from '../compile/overloads.js';
import type { Compilation, Expression } from '../compile/scope.js';
import { notModelled, PostgresError } from '../errors.js';
import { displayName } from '../types/type.js';
import type { Value } from '../types/value.js';
import { ADVISORY } from './advisory.js';
import type { SqlFunction } from './function.js';
import { SCALAR } from './scalar.js';

const FUNCTIONS: ReadonlyMap<string, readonly SqlFunction[]> = new Map(
  Object.entries({ ...ADVISORY, ...SCALAR }),
);

/** Functions that PostgreSQL has and lock code might call. A name in neither list is an error. */
const OTHERS: ReadonlySet<string> = new Set(
  `
    row_to_json md5 encode decode digest random setseed gen_random_uuid uuid_generate_v4 concat
    concat_ws substr substring strpos position replace trim btrim ltrim rtrim left right
    split_part format repeat reverse age date_part timeofday power sqrt mod div sign trunc ln
    exp log version session_user obj_description unnest generate_series width_bucket chr ascii
    initcap overlay num_nonnulls isfinite extract
  `
    .trim()
    .split(/\s+/),
);

/** The same, by how they begin. */
const FAMILIES =
  /^((pg|has|array|string|regexp|to|make|justify|txid|inet|current|quote)_|json|hash|sha\d)/;

/** The arguments of make_interval in order, with the type of each. */
const MAKE_INTERVAL = ['years', 'months', 'weeks', 'days', 'hours', 'mins', 'secs'] as const;

/** A call with arguments by name: only make_interval has them here. */
export function namedArguments(
  name: string,
  positional: readonly Expression[],
  named: ReadonlyMap<string, Expression>,
): Expression[] {
  const isInterval = name === 'make_interval';
  if (!isInterval && named.size > 0) throw notModelled(`named arguments of ${name}`);
  if (!isInterval) return [...positional];
  const known = new Set<string>(MAKE_INTERVAL);
  for (const argument of named.keys()) {
    if (!known.has(argument)) throw missing(name, positional);
  }
  return MAKE_INTERVAL.map(
    (argument, at) =>
      positional[at] ??
      named.get(argument) ?? { type: argument === 'secs' ? 'float8' : 'int4', evaluate: () => 0 },
  );
}

function missing(name: string, args: readonly Expression[]): PostgresError {
  const types = args.map(({ type }) => displayName(type)).join(', ');
  return new PostgresError('42883', `function ${name}(${types}) does not exist`);
}

export function call(
  compilation: Compilation,
  name: string,
  args: readonly Expression[],
): Expression {
  const overloads = FUNCTIONS.get(name);
  if (overloads === undefined) {
    if (OTHERS.has(name) || FAMILIES.test(name)) throw notModelled(`function ${name}`);
    throw missing(name, args);
  }
  const found = choose(
    overloads,
    args.map(({ type }) => type),
  );
  if (found === undefined) throw missing(name, args);
  if (found === null) {
    const types = args.map(({ type }) => displayName(type)).join(', ');
    throw new PostgresError('42725', `function ${name}(${types}) is not unique`);
  }
  if (found.waits) compilation.suspends = true;
  const coerced = args.map((arg, at) => coerce(compilation, arg, found.args[at]!, 'i')!);
  return { type: found.result, evaluate: evaluator(found, coerced) };
}

function evaluator(
  { call: apply, strict }: SqlFunction,
  args: readonly Expression[],
): Expression['evaluate'] {
  const none: readonly Value[] = [];
  if (args.length === 0) return (execution) => apply(execution, none);
  const parts = args.map(({ evaluate }) => evaluate);
  return (execution) => {
    const values: Value[] = [];
    for (const part of parts) {
      const value = part(execution);
      if (strict && value === null) return null;
      values.push(value);
    }
    return apply(execution, values);
  };
}
