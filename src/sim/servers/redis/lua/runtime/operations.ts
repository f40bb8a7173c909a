/**
 * What the operators of Lua do once a fast path in the compiled code has not applied: coercions,
 * metamethods and the messages of failures (manual, §2.8; deps/lua/src/lvm.c of Redis 7.0.15).
 *
 * `site` is the place in Lua code that asks; without one a library function asks, whose messages
 * bear no place.
 */

import type { ArithmeticOperator } from '../syntax/ast.js';
import { calculate, POWER_STEPS } from './arithmetic.js';
import { callFromLibrary } from './frame.js';
import { formatNumber, parseNumber } from './number.js';
import type { Name, Run, Site } from './run.js';
import { STRING_METATABLE } from './string-metatable.js';
import { LuaTable } from './table.js';
import { isTruthy, type LuaFunction, type LuaValue, NULL_POINTER, typeName } from './value.js';

/** Metatables followed before the chain counts as a loop (lvm.c: MAXTAGLOOP). */
const MAX_CHAIN = 100;

const EVENTS: Readonly<Record<ArithmeticOperator, string>> = {
  '+': '__add',
  '-': '__sub',
  '*': '__mul',
  '/': '__div',
  '%': '__mod',
  '^': '__pow',
};

export function metatableOf(value: LuaValue): LuaTable | undefined {
  if (value instanceof LuaTable) return value.metatable;
  return typeof value === 'string' ? STRING_METATABLE : undefined;
}

export function metamethod(value: LuaValue, event: string): LuaValue {
  return metatableOf(value)?.getField(event);
}

/** A number, or a string that reads as one. */
export function toNumber(value: LuaValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? parseNumber(value) : undefined;
}

/** A string, or a number as text. */
export function toText(value: LuaValue): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? formatNumber(value) : undefined;
}

/** What stands for the address of a table or function, which a simulation does not have. */
const NO_ADDRESS = '0x000000000000';

/** What `tostring` gives for a value without a metamethod. */
export function display(value: LuaValue): string {
  const text = toText(value);
  if (text !== undefined) return text;
  if (value === undefined) return 'nil';
  if (typeof value === 'boolean') return String(value);
  return value === NULL_POINTER ? 'userdata: (nil)' : `${typeName(value)}: ${NO_ADDRESS}`;
}

/** Raises a message with the place of an operation, which is not a call. */
export function failAt(run: Run, site: Site | undefined, message: string): never {
  if (site === undefined) return run.raise(message);
  run.frame!.site = site;
  return run.raise(`${site.chunk.id}:${site.line}: ${message}`);
}

export function failOperand(
  run: Run,
  site: Site | undefined,
  action: string,
  value: LuaValue,
  name: Name | undefined,
): never {
  const type = typeName(value);
  const what =
    name === undefined ? `a ${type} value` : `${name.kind} '${name.name}' (a ${type} value)`;
  return failAt(run, site, `attempt to ${action} ${what}`);
}

export function call(
  run: Run,
  site: Site | undefined,
  callee: LuaValue,
  args: LuaValue[],
): readonly LuaValue[] {
  if (typeof callee === 'function') return invoke(run, site, callee, args);
  const handler = metamethod(callee, '__call');
  if (typeof handler !== 'function') return failOperand(run, site, 'call', callee, site?.subject);
  return invoke(run, site, handler, [callee, ...args]);
}

function invoke(
  run: Run,
  site: Site | undefined,
  callee: LuaFunction,
  args: LuaValue[],
): readonly LuaValue[] {
  if (site === undefined) return callFromLibrary(run, callee, args);
  run.frame!.site = site;
  return callee(args, run);
}

/** Calls a metamethod; what it is called by has no name. */
function callHandler(
  run: Run,
  site: Site | undefined,
  handler: LuaValue,
  args: LuaValue[],
): LuaValue {
  return call(run, site && { chunk: site.chunk, line: site.line }, handler, args)[0];
}

export function index(run: Run, site: Site | undefined, base: LuaValue, key: LuaValue): LuaValue {
  let at = base;
  for (let i = 0; i < MAX_CHAIN; i++) {
    let handler: LuaValue;
    if (at instanceof LuaTable) {
      const value = at.get(key);
      if (value !== undefined) return value;
      handler = at.metatable?.getField('__index');
      if (handler === undefined) return undefined;
    } else {
      handler = metamethod(at, '__index');
      if (handler === undefined) return failIndex(run, site, at, at === base);
    }
    if (typeof handler === 'function') return callHandler(run, site, handler, [at, key]);
    at = handler;
  }
  return failAt(run, site, 'loop in gettable');
}

export function setIndex(
  run: Run,
  site: Site | undefined,
  base: LuaValue,
  key: LuaValue,
  value: LuaValue,
): void {
  let at = base;
  for (let i = 0; i < MAX_CHAIN; i++) {
    let handler: LuaValue;
    if (at instanceof LuaTable) {
      handler = at.metatable?.getField('__newindex');
      if (handler === undefined || at.get(key) !== undefined) {
        setRaw(run, site, at, key, value);
        return;
      }
      // The reference implementation makes room for the key before it looks for a handler.
      setRaw(run, site, at, key, undefined);
    } else {
      handler = metamethod(at, '__newindex');
      if (handler === undefined) failIndex(run, site, at, at === base);
    }
    if (typeof handler === 'function') {
      callHandler(run, site, handler, [at, key, value]);
      return;
    }
    at = handler;
  }
  failAt(run, site, 'loop in settable');
}

/** Stores into a table past its metatable. */
export function setRaw(
  run: Run,
  site: Site | undefined,
  table: LuaTable,
  key: LuaValue,
  value: LuaValue,
): void {
  if (table.isReadonly) failAt(run, site, 'Attempt to modify a readonly table');
  if (key === undefined) failAt(run, site, 'table index is nil');
  if (typeof key === 'number' && Number.isNaN(key)) failAt(run, site, 'table index is NaN');
  table.set(key, value);
}

function failIndex(run: Run, site: Site | undefined, value: LuaValue, isNamed: boolean): never {
  return failOperand(run, site, 'index', value, isNamed ? site?.subject : undefined);
}

export function arithmetic(
  run: Run,
  site: Site,
  operator: ArithmeticOperator,
  left: LuaValue,
  right: LuaValue,
): LuaValue {
  const a = toNumber(left);
  const b = toNumber(right);
  if (a !== undefined && b !== undefined) {
    if (operator === '^') run.charge(POWER_STEPS);
    return calculate(operator, a, b);
  }
  const event = EVENTS[operator];
  const handler = metamethod(left, event) ?? metamethod(right, event);
  if (handler !== undefined) return callHandler(run, site, handler, [left, right]);
  const isLeft = a === undefined;
  const name = isLeft ? site.subject : site.second;
  return failOperand(run, site, 'perform arithmetic on', isLeft ? left : right, name);
}

export function negate(run: Run, site: Site, operand: LuaValue): LuaValue {
  const value = toNumber(operand);
  if (value !== undefined) return -value;
  const handler = metamethod(operand, '__unm');
  if (handler !== undefined) return callHandler(run, site, handler, [operand, operand]);
  return failOperand(run, site, 'perform arithmetic on', operand, site.subject);
}

export function length(run: Run, site: Site, operand: LuaValue): LuaValue {
  if (typeof operand === 'string') return operand.length;
  if (operand instanceof LuaTable) return operand.length;
  const handler = metamethod(operand, '__len');
  if (handler !== undefined) return callHandler(run, site, handler, [operand]);
  return failOperand(run, site, 'get length of', operand, site.subject);
}

export function equals(run: Run, site: Site | undefined, left: LuaValue, right: LuaValue): boolean {
  if (left === right) return true;
  if (!(left instanceof LuaTable) || !(right instanceof LuaTable)) return false;
  const handler = left.metatable?.getField('__eq');
  if (handler === undefined || handler !== right.metatable?.getField('__eq')) return false;
  return isTruthy(callHandler(run, site, handler, [left, right]));
}

export function lessThan(
  run: Run,
  site: Site | undefined,
  left: LuaValue,
  right: LuaValue,
): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left < right;
  if (typeof left === 'string' && typeof right === 'string') return left < right;
  return compareByHandler(run, site, '__lt', left, right) ?? failOrder(run, site, left, right);
}

export function lessOrEqual(run: Run, site: Site, left: LuaValue, right: LuaValue): boolean {
  if (typeof left === 'number' && typeof right === 'number') return left <= right;
  if (typeof left === 'string' && typeof right === 'string') return left <= right;
  const isLess = compareByHandler(run, site, '__le', left, right);
  if (isLess !== undefined) return isLess;
  const isGreater = compareByHandler(run, site, '__lt', right, left);
  return isGreater === undefined ? failOrder(run, site, left, right) : !isGreater;
}

function compareByHandler(
  run: Run,
  site: Site | undefined,
  event: string,
  left: LuaValue,
  right: LuaValue,
): boolean | undefined {
  if (typeName(left) !== typeName(right)) return undefined;
  const handler = metamethod(left, event);
  if (handler === undefined || handler !== metamethod(right, event)) return undefined;
  return isTruthy(callHandler(run, site, handler, [left, right]));
}

function failOrder(run: Run, site: Site | undefined, left: LuaValue, right: LuaValue): never {
  const a = typeName(left);
  const b = typeName(right);
  if (a === b) return failAt(run, site, `attempt to compare two ${a} values`);
  return failAt(run, site, `attempt to compare ${a} with ${b}`);
}

/** `left .. right`. */
export function concatenate(run: Run, site: Site, left: LuaValue, right: LuaValue): LuaValue {
  const a = toText(left);
  const b = toText(right);
  if (a !== undefined && b !== undefined) {
    run.chargeString(a.length + b.length);
    return a + b;
  }
  const handler = metamethod(left, '__concat') ?? metamethod(right, '__concat');
  if (handler !== undefined) return callHandler(run, site, handler, [left, right]);
  const isLeft = a === undefined;
  const name = isLeft ? site.subject : site.second;
  return failOperand(run, site, 'concatenate', isLeft ? left : right, name);
}
