/**
 * `cjson.encode` (lua-cjson 2.1, deps/lua/src/lua_cjson.c of Redis 7.0.15).
 */
import type { JsonConfig } from '../runtime/json-config.js';
import { formatGeneral } from '../runtime/printf.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import { type LuaValue, NULL_POINTER, typeName } from '../runtime/value.js';

export function encodeJson(value: LuaValue, config: JsonConfig, run: Run): string {
  return new Encoder(config, run).encode(value, 0);
}

class Encoder {
  constructor(
    private readonly config: JsonConfig,
    private readonly run: Run,
  ) {}

  encode(value: LuaValue, depth: number): string {
    this.run.charge(1);
    switch (typeof value) {
      case 'string':
        return quote(value);
      case 'number':
        return this.number(value);
      case 'boolean':
        return String(value);
      case 'undefined':
        return 'null';
      default:
        if (value instanceof LuaTable) return this.table(value, depth + 1);
        return value === NULL_POINTER ? 'null' : this.refuse(value, 'type not supported');
    }
  }

  private table(table: LuaTable, depth: number): string {
    if (depth > this.config.encodeMaxDepth) {
      this.run.fail(`Cannot serialise, excessive nesting (${depth})`);
    }
    const length = this.arrayLength(table);
    if (length <= 0) return this.object(table, depth);
    this.run.charge(length);
    const elements: string[] = [];
    for (let i = 1; i <= length; i++) elements.push(this.encode(table.get(i), depth));
    return this.joined('[', elements, ']');
  }

  private object(table: LuaTable, depth: number): string {
    const members: string[] = [];
    for (const [key, value] of table.entries()) {
      members.push(`${this.key(key)}:${this.encode(value, depth)}`);
    }
    return this.joined('{', members, '}');
  }

  private joined(open: string, parts: readonly string[], close: string): string {
    const text = open + parts.join(',') + close;
    this.run.chargeString(text.length);
    return text;
  }

  private key(key: LuaValue): string {
    if (typeof key === 'number') return `"${this.number(key)}"`;
    if (typeof key === 'string') return quote(key);
    return this.refuse(key, 'table key must be a number or string');
  }

  /** The largest key of a table whose keys are all positive integers; −1 for any other. */
  private arrayLength(table: LuaTable): number {
    let largest = 0;
    let count = 0;
    for (const [key] of table.entries()) {
      this.run.charge(1);
      if (typeof key !== 'number' || !Number.isInteger(key) || key < 1) return -1;
      largest = Math.max(largest, key);
      count += 1;
    }
    const { sparseConvert, sparseRatio, sparseSafe } = this.config;
    if (sparseRatio > 0 && largest > count * sparseRatio && largest > sparseSafe) {
      return sparseConvert ? -1 : this.refuse(table, 'excessively sparse array');
    }
    return largest;
  }

  private number(value: number): string {
    const { encodeInvalidNumbers, numberPrecision } = this.config;
    if (!Number.isFinite(value)) {
      if (encodeInvalidNumbers === 0) return this.refuse(value, 'must not be NaN or Inf');
      if (encodeInvalidNumbers === 2) return 'null';
      if (Number.isNaN(value)) return 'nan';
    }
    return formatGeneral(value, numberPrecision);
  }

  private refuse(value: LuaValue, reason: string): never {
    return this.run.fail(`Cannot serialise ${typeName(value)}: ${reason}`);
  }
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '"': '\\"',
  '/': '\\/',
  '\\': '\\\\',
};

/** Bytes above 0x7f are taken for UTF-8 and left as they are. */
function quote(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    const code = text.charCodeAt(i);
    const isControl = code < 32 || code === 127;
    const short = SHORT_ESCAPES[character];
    if (short !== undefined) quoted += short;
    else quoted += isControl ? `\\u${code.toString(16).padStart(4, '0')}` : character;
  }
  return `${quoted}"`;
}
