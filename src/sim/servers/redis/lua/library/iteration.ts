/**
 * `next`, `pairs` and `ipairs`. Loops know the two iterators and do without calling them.
 */
import { type LuaFunction, NOTHING } from '../runtime/value.js';
import { checkInt, checkTable } from './arguments.js';

export const next: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  const position = table.positionAfter(args[1]);
  // Raised by the core and not by the function, so it bears no place.
  if (position < 0) return run.raise("invalid key to 'next'");
  const key = table.keyAt(position);
  return key === undefined ? [undefined] : [key, table.valueAt(position)];
};

/** What `pairs` iterates with: it does what `next` does but is not equal to it. */
export const iteratePairs: LuaFunction = (args, run) => next(args, run);

export const pairs: LuaFunction = (args, run) => [
  iteratePairs,
  checkTable(args, 1, run),
  undefined,
];

export const iterateList: LuaFunction = (args, run) => {
  const index = checkInt(args, 2, run) + 1;
  const value = checkTable(args, 1, run).get(index);
  return value === undefined ? NOTHING : [index, value];
};

export const ipairs: LuaFunction = (args, run) => [iterateList, checkTable(args, 1, run), 0];
