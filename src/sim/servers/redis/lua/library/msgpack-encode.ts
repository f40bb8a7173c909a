/**
 * `cmsgpack.pack` (lua-cmsgpack 0.4.0, deps/lua/src/lua_cmsgpack.c of Redis 7.0.15).
 */
import { toInt32, toInt64 } from '../runtime/arithmetic.js';
import { index } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaValue } from '../runtime/value.js';

/** Tables nested deeper than this become nil. */
const MAX_NESTING = 16;

export function encodeMessage(value: LuaValue, run: Run, level = 0): string {
  run.charge(1);
  switch (typeof value) {
    case 'string':
      return encodeString(value);
    case 'number':
      return encodeNumber(value);
    case 'boolean':
      return value ? '\xc3' : '\xc2';
    default:
      if (!(value instanceof LuaTable) || level === MAX_NESTING) return '\xc0';
      return isList(value) ? encodeList(value, run, level) : encodeMap(value, run, level);
  }
}

/** A number in so many bytes, most significant first. */
function bigEndian(value: number | bigint, size: number): string {
  let rest = BigInt(value);
  let bytes = '';
  for (let i = 0; i < size; i++) {
    bytes = String.fromCharCode(Number(rest & 0xffn)) + bytes;
    rest >>= 8n;
  }
  return bytes;
}

function encodeString(text: string): string {
  const { length } = text;
  if (length < 32) return String.fromCharCode(0xa0 | length) + text;
  if (length <= 0xff) return `\xd9${bigEndian(length, 1)}${text}`;
  if (length <= 0xffff) return `\xda${bigEndian(length, 2)}${text}`;
  return `\xdb${bigEndian(length, 4)}${text}`;
}

function encodeNumber(value: number): string {
  if (Number.isFinite(value) && toInt64(value) === value) return encodeInteger(value);
  return encodeFloat(value);
}

function encodeInteger(value: number): string {
  if (value >= 0) {
    if (value <= 0x7f) return String.fromCharCode(value);
    if (value <= 0xff) return `\xcc${bigEndian(value, 1)}`;
    if (value <= 0xffff) return `\xcd${bigEndian(value, 2)}`;
    if (value <= 0xffffffff) return `\xce${bigEndian(value, 4)}`;
    return `\xcf${bigEndian(value, 8)}`;
  }
  if (value >= -32) return bigEndian(value, 1);
  if (value >= -0x80) return `\xd0${bigEndian(value, 1)}`;
  if (value >= -0x8000) return `\xd1${bigEndian(value, 2)}`;
  if (value >= -0x80000000) return `\xd2${bigEndian(value, 4)}`;
  return `\xd3${bigEndian(value, 8)}`;
}

const view = new DataView(new ArrayBuffer(8));

/** Single precision where it loses nothing. */
function encodeFloat(value: number): string {
  if (Math.fround(value) === value) {
    view.setFloat32(0, value);
    return `\xca${bigEndian(view.getUint32(0), 4)}`;
  }
  view.setFloat64(0, value);
  return `\xcb${bigEndian(view.getBigUint64(0), 8)}`;
}

/** Whether the keys are exactly 1 … n. */
function isList(table: LuaTable): boolean {
  let largest = 0;
  let count = 0;
  for (const [key] of table.entries()) {
    if (typeof key !== 'number' || key <= 0 || toInt32(key) !== key) return false;
    largest = Math.max(largest, key);
    count += 1;
  }
  return largest === count;
}

/** Header of a list or map: one byte up to 15 items, then 16 or 32 bits for their number. */
function header(count: number, short: number, long: number): string {
  if (count <= 15) return String.fromCharCode(short | count);
  if (count <= 0xffff) return String.fromCharCode(long) + bigEndian(count, 2);
  return String.fromCharCode(long + 1) + bigEndian(count, 4);
}

function encodeList(table: LuaTable, run: Run, level: number): string {
  const count = table.length;
  let bytes = header(count, 0x90, 0xdc);
  for (let i = 1; i <= count; i++) {
    bytes += encodeMessage(index(run, undefined, table, i), run, level + 1);
    run.chargeString(bytes.length);
  }
  return bytes;
}

function encodeMap(table: LuaTable, run: Run, level: number): string {
  const entries = [...table.entries()];
  let bytes = header(entries.length, 0x80, 0xde);
  for (const [key, value] of entries) {
    bytes += encodeMessage(key, run, level + 1) + encodeMessage(value, run, level + 1);
    run.chargeString(bytes.length);
  }
  return bytes;
}
