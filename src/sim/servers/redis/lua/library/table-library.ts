/**
 * The library `table` (manual, §5.5).
 */
import { call, lessThan, setRaw, toText } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import type { LuaTable } from '../runtime/table.js';
import { isTruthy, type LuaFunction, type LuaValue, NOTHING, typeName } from '../runtime/value.js';
import { checkFunction, checkInt, checkString, checkTable, optional } from './arguments.js';

function set(run: Run, table: LuaTable, key: number, value: LuaValue): void {
  setRaw(run, undefined, table, key, value);
}

const concat: LuaFunction = (args, run) => {
  const separator = optional(args, 2, run, checkString, '');
  const table = checkTable(args, 1, run);
  const from = optional(args, 3, run, checkInt, 1);
  const to = optional(args, 4, run, checkInt, table.length);
  let joined = '';
  for (let i = from; i <= to; i++) {
    const value = table.get(i);
    const text = toText(value);
    if (text === undefined) {
      run.fail(`invalid value (${typeName(value)}) at index ${i} in table for 'concat'`);
    }
    joined += i < to ? text + separator : text;
    run.chargeString(joined.length);
  }
  return [joined];
};

const foreach: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  const visit = checkFunction(args, 2, run);
  let at = table.positionAfter(undefined);
  for (let key = table.keyAt(at); key !== undefined; key = table.keyAt(at)) {
    const [result] = call(run, undefined, visit, [key, table.valueAt(at)]);
    if (result !== undefined) return [result];
    at = table.advance(at, key);
    if (at < 0) run.raise("invalid key to 'next'");
  }
  return NOTHING;
};

const foreachi: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  const count = table.length;
  const visit = checkFunction(args, 2, run);
  for (let i = 1; i <= count; i++) {
    const [result] = call(run, undefined, visit, [i, table.get(i)]);
    if (result !== undefined) return [result];
  }
  return NOTHING;
};

const getn: LuaFunction = (args, run) => [checkTable(args, 1, run).length];

const setn: LuaFunction = (args, run) => {
  checkTable(args, 1, run);
  return run.fail("'setn' is obsolete");
};

const insert: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  let end = table.length + 1;
  if (args.length === 2) {
    set(run, table, end, args[1]);
    return NOTHING;
  }
  if (args.length !== 3) return run.fail("wrong number of arguments to 'insert'");
  const at = checkInt(args, 2, run);
  if (at > end) end = at;
  run.charge(Math.max(0, end - at));
  for (let i = end; i > at; i--) set(run, table, i, table.get(i - 1));
  set(run, table, at, args[2]);
  return NOTHING;
};

const remove: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  const end = table.length;
  const at = optional(args, 2, run, checkInt, end);
  if (!(at >= 1 && at <= end)) return NOTHING;
  const removed = table.get(at);
  run.charge(end - at);
  for (let i = at; i < end; i++) set(run, table, i, table.get(i + 1));
  set(run, table, end, undefined);
  return [removed];
};

const maxn: LuaFunction = (args, run) => {
  let largest = 0;
  for (const [key] of checkTable(args, 1, run).entries()) {
    run.charge(1);
    if (typeof key === 'number' && key > largest) largest = key;
  }
  return [largest];
};

type IsLess = (a: LuaValue, b: LuaValue) => boolean;

const sort: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  const count = table.length;
  const compare = args[1] === undefined ? undefined : checkFunction(args, 2, run);
  const isLess: IsLess = (a, b) => {
    run.charge(1);
    if (compare === undefined) return lessThan(run, undefined, a, b);
    return isTruthy(call(run, undefined, compare, [a, b])[0]);
  };
  quicksort(run, table, 1, count, isLess);
  return NOTHING;
};

/**
 * Quicksort with the median of three as pivot. Which comparisons are made shows through the
 * comparing function and in the order of equal elements, so they are those of ltablib.c.
 */
function quicksort(run: Run, table: LuaTable, from: number, to: number, isLess: IsLess): void {
  let low = from;
  let high = to;
  const swap = (i: number, j: number, atI: LuaValue, atJ: LuaValue) => {
    set(run, table, i, atJ);
    set(run, table, j, atI);
  };
  const order = (i: number, j: number) => {
    const atI = table.get(i);
    const atJ = table.get(j);
    if (isLess(atJ, atI)) swap(i, j, atI, atJ);
  };
  while (low < high) {
    order(low, high);
    if (high - low === 1) return;
    const middle = Math.floor((low + high) / 2);
    const atMiddle = table.get(middle);
    const atLow = table.get(low);
    if (isLess(atMiddle, atLow)) swap(middle, low, atMiddle, atLow);
    else order(middle, high);
    if (high - low === 2) return;
    const pivot = table.get(middle);
    swap(middle, high - 1, pivot, table.get(high - 1));
    const at = partition(run, table, low, high, pivot, isLess);
    swap(high - 1, at, table.get(high - 1), table.get(at));
    // The smaller half by recursion, so that it never goes deep.
    if (at - low < high - at) {
      quicksort(run, table, low, at - 1, isLess);
      low = at + 1;
    } else {
      quicksort(run, table, at + 1, high, isLess);
      high = at - 1;
    }
  }
}

/** Brings what is less than the pivot to the front; returns where the rest starts. */
function partition(
  run: Run,
  table: LuaTable,
  low: number,
  high: number,
  pivot: LuaValue,
  isLess: IsLess,
): number {
  let i = low;
  let j = high - 1;
  for (;;) {
    let atI = table.get(++i);
    for (; isLess(atI, pivot); atI = table.get(++i)) {
      if (i > high) run.fail('invalid order function for sorting');
    }
    let atJ = table.get(--j);
    for (; isLess(pivot, atJ); atJ = table.get(--j)) {
      if (j < low) run.fail('invalid order function for sorting');
    }
    if (j < i) return i;
    set(run, table, i, atJ);
    set(run, table, j, atI);
  }
}

export const TABLE: Readonly<Record<string, LuaFunction>> = {
  concat,
  foreach,
  foreachi,
  getn,
  insert,
  maxn,
  remove,
  setn,
  sort,
};
