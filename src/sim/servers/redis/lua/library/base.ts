/**
 * The functions that are globals by themselves (manual, §5.1), as far as Redis leaves them: no
 * `print`, `dofile`, `loadfile`, `require`, `getfenv`, `setfenv`.
 */
import { cString, trimSpaces } from '../runtime/number.js';
import {
  call,
  display,
  metamethod,
  metatableOf,
  setRaw,
  toNumber,
  toText,
} from '../runtime/operations.js';
import { LuaTable } from '../runtime/table.js';
import { isTruthy, type LuaFunction, type LuaValue, typeName } from '../runtime/value.js';
import { checkAny, checkInt, checkNumber, checkString, checkTable, optional } from './arguments.js';
import { ipairs, next, pairs } from './iteration.js';
import { load, loadstring } from './load.js';
import { pcall, xpcall } from './protected-call.js';

const assert: LuaFunction = (args, run) => {
  if (isTruthy(checkAny(args, 1, run))) return args;
  return run.fail(cString(optional(args, 2, run, checkString, 'assertion failed!')));
};

const error: LuaFunction = (args, run) => {
  const level = optional(args, 2, run, checkInt, 1);
  const message = toText(args[0]);
  return run.raise(message !== undefined && level > 0 ? run.where(level) + message : args[0]);
};

const getmetatable: LuaFunction = (args, run) => {
  const value = checkAny(args, 1, run);
  return [metamethod(value, '__metatable') ?? metatableOf(value)];
};

const setmetatable: LuaFunction = (args, run) => {
  const metatable = args[1];
  const table = checkTable(args, 1, run);
  const isNothing = metatable === undefined && args.length >= 2;
  if (!isNothing && !(metatable instanceof LuaTable)) {
    return run.failArgument(2, 'nil or table expected');
  }
  if (metamethod(table, '__metatable') !== undefined) {
    return run.fail('cannot change a protected metatable');
  }
  if (table.isReadonly) return run.raise('Attempt to modify a readonly table');
  table.metatable = metatable;
  return [table];
};

const rawequal: LuaFunction = (args, run) => [checkAny(args, 1, run) === checkAny(args, 2, run)];

const rawget: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  return [table.get(checkAny(args, 2, run))];
};

const rawset: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  setRaw(run, undefined, table, checkAny(args, 2, run), checkAny(args, 3, run));
  return [table];
};

const select: LuaFunction = (args, run) => {
  const [first] = args;
  if (typeof first === 'string' && first.startsWith('#')) return [args.length - 1];
  const index = checkInt(args, 1, run);
  const from = index < 0 ? args.length + index : Math.min(index, args.length);
  if (from < 1) run.failArgument(1, 'index out of range');
  return args.slice(from);
};

const tonumber: LuaFunction = (args, run) => {
  const base = optional(args, 2, run, checkInt, 10);
  if (base === 10) return [toNumber(checkAny(args, 1, run))];
  const text = checkString(args, 1, run);
  if (base < 2 || base > 36) run.failArgument(2, 'base out of range');
  return [parseInBase(text, base)];
};

const HEXADECIMAL_PREFIX = /^0[xX](?=[\da-fA-F])/;

/** C's `strtoul`: the value is an unsigned 64-bit integer, a minus sign takes its complement. */
function parseInBase(text: string, base: number): number | undefined {
  const trimmed = trimSpaces(cString(text));
  const match = /^([+-]?)([\da-zA-Z]+)$/.exec(trimmed);
  if (match === null) return undefined;
  const digits = base === 16 ? match[2]!.replace(HEXADECIMAL_PREFIX, '') : match[2]!;
  let value = 0n;
  for (const digit of digits) {
    const weight = Number.parseInt(digit, 36);
    if (weight >= base) return undefined;
    value = value * BigInt(base) + BigInt(weight);
  }
  const largest = 0xffffffffffffffffn;
  if (value > largest) return Number(largest);
  return Number(match[1] === '-' ? -value & largest : value);
}

const tostring: LuaFunction = (args, run) => {
  const value = checkAny(args, 1, run);
  const handler = metamethod(value, '__tostring');
  if (handler !== undefined) return [call(run, undefined, handler, [value])[0]];
  return [display(value)];
};

const type: LuaFunction = (args, run) => [typeName(checkAny(args, 1, run))];

/** Values that fit on the stack of the reference implementation (luaconf.h: LUAI_MAXCSTACK). */
const MAX_RESULTS = 8000;

const unpack: LuaFunction = (args, run) => {
  const table = checkTable(args, 1, run);
  const from = optional(args, 2, run, checkInt, 1);
  const to = optional(args, 3, run, checkInt, table.length);
  const results: LuaValue[] = [];
  if (to - from + 1 >= MAX_RESULTS) return run.fail('too many results to unpack');
  for (let i = from; i <= to; i++) results.push(table.get(i));
  return results;
};

const COLLECT_OPTIONS = ['stop', 'restart', 'collect', 'count', 'step', 'setpause', 'setstepmul'];

/** There is no collector to control; those that report memory have nothing to report. */
const collectgarbage: LuaFunction = (args, run) => {
  const option = optional(args, 1, run, checkString, 'collect');
  if (!COLLECT_OPTIONS.includes(option)) run.failArgument(1, `invalid option '${option}'`);
  optional(args, 2, run, checkNumber, 0);
  if (option === 'stop' || option === 'restart' || option === 'collect') return [0];
  return run.unsupported(`collectgarbage('${option}')`);
};

const gcinfo: LuaFunction = (_, run) => run.unsupported('gcinfo');

/** Of the error handler that Redis keeps among the globals. */
const errorHandler: LuaFunction = (_, run) => run.unsupported('__redis__err__handler');

export const BASE: Readonly<Record<string, LuaValue>> = {
  _VERSION: 'Lua 5.1',
  __redis__err__handler: errorHandler,
  assert,
  collectgarbage,
  error,
  gcinfo,
  getmetatable,
  ipairs,
  load,
  loadstring,
  next,
  pairs,
  pcall,
  rawequal,
  rawget,
  rawset,
  select,
  setmetatable,
  tonumber,
  tostring,
  type,
  unpack,
  xpcall,
};
