/**
 * The library `struct`: C structures to and from byte strings (lua_struct.c, as in Redis 7.0.15).
 */
import { toInt32, toUint64 } from '../runtime/arithmetic.js';
import { cString } from '../runtime/number.js';
import { toNumber } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import type { LuaFunction, LuaValue } from '../runtime/value.js';
import { checkInteger, checkNumber, checkString, optional } from './arguments.js';

const MAX_INTEGER_SIZE = 32;
const MAX_ALIGNMENT = 8;
const MAX_INT = 0x7fffffff;

/** Reads a format one option at a time and keeps what it says about byte order and alignment. */
class Format {
  private at = 0;
  private isLittle = true;
  private alignment = 1;
  /** Size of the option read last. */
  size = 0;

  constructor(
    private readonly text: string,
    private readonly run: Run,
  ) {}

  /** The next option letter; empty at the end. */
  next(): string {
    const option = this.text.charAt(this.at);
    this.at += 1;
    this.size = option === '' ? 0 : this.sizeOf(option);
    return option;
  }

  /** Bytes to skip before an item, so that its address is a multiple of its size. */
  padding(position: number, option: string): number {
    if (this.size === 0 || option === 'c') return 0;
    const size = Math.min(this.size, this.alignment);
    return (size - (position & (size - 1))) & (size - 1);
  }

  /** Applies an option that is no item. */
  control(option: string): void {
    if (option === ' ') return;
    if (option === '>' || option === '<') {
      this.isLittle = option === '<';
    } else if (option === '!') {
      const alignment = this.number(MAX_ALIGNMENT);
      if (alignment <= 0 || (alignment & (alignment - 1)) !== 0) {
        this.run.fail(`alignment ${alignment} is not a power of 2`);
      }
      this.alignment = alignment;
    } else {
      this.run.failArgument(1, `invalid format option '${option}'`);
    }
  }

  /** Turns bytes that start with the least significant one into the order in force, or back. */
  ordered(bytes: string): string {
    return this.isLittle ? bytes : [...bytes].reverse().join('');
  }

  private sizeOf(option: string): number {
    switch (option) {
      case 'B':
      case 'b':
      case 'x':
        return 1;
      case 'H':
      case 'h':
        return 2;
      case 'f':
        return 4;
      case 'L':
      case 'l':
      case 'T':
      case 'd':
        return 8;
      case 'c':
        return this.number(1);
      case 'i':
      case 'I': {
        const size = this.number(4);
        if (size > MAX_INTEGER_SIZE) {
          this.run.fail(`integral size ${size} is larger than limit of ${MAX_INTEGER_SIZE}`);
        }
        return size;
      }
      default:
        return 0;
    }
  }

  private number(otherwise: number): number {
    const digits = /^\d*/.exec(this.text.slice(this.at))?.[0] ?? '';
    if (digits === '') return otherwise;
    if (Number(digits) > MAX_INT) this.run.fail('integral size overflow');
    this.at += digits.length;
    return Number(digits);
  }
}

const INTEGERS = new Set('bBhHlLTiI');

const pack: LuaFunction = (args, run) => {
  const format = new Format(cString(checkString(args, 1, run)), run);
  run.hasBytes = true;
  // The function marks the end of its arguments with a nil, which messages then mention.
  args.push(undefined);
  let packed = '';
  let argument = 2;
  for (let option = format.next(); option !== ''; option = format.next()) {
    packed += '\0'.repeat(format.padding(packed.length, option));
    if (INTEGERS.has(option)) {
      packed += format.ordered(integerBytes(checkNumber(args, argument++, run), format.size));
    } else if (option === 'x') {
      packed += '\0';
    } else if (option === 'f' || option === 'd') {
      packed += format.ordered(floatBytes(checkNumber(args, argument++, run), option));
    } else if (option === 'c' || option === 's') {
      const text = checkString(args, argument++, run);
      const size = format.size === 0 ? text.length : format.size;
      if (text.length < size) run.failArgument(argument, 'string too short');
      packed += text.slice(0, size) + (option === 's' ? '\0' : '');
    } else {
      format.control(option);
    }
    run.chargeString(packed.length);
  }
  return [packed];
};

/** Least significant byte first; only the first eight can be other than zero. */
function integerBytes(value: number, size: number): string {
  let rest = toUint64(value);
  let bytes = '';
  for (let i = 0; i < size; i++) {
    bytes += String.fromCharCode(Number(rest & 0xffn));
    rest >>= 8n;
  }
  return bytes;
}

const view = new DataView(new ArrayBuffer(8));

function floatBytes(value: number, option: 'f' | 'd'): string {
  if (option === 'f') view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  const size = option === 'f' ? 4 : 8;
  return Array.from({ length: size }, (_, i) => String.fromCharCode(view.getUint8(i))).join('');
}

const unpack: LuaFunction = (args, run) => {
  const format = new Format(cString(checkString(args, 1, run)), run);
  const data = checkString(args, 2, run);
  let at = optional(args, 3, run, checkInteger, 1) - 1;
  if (at < 0) run.failArgument(3, 'offset must be 1 or greater');
  const values: LuaValue[] = [];
  for (let option = format.next(); option !== ''; option = format.next()) {
    at += format.padding(at, option);
    if (at + format.size > data.length) run.failArgument(2, 'data string too short');
    let size = format.size;
    if (INTEGERS.has(option)) {
      values.push(readInteger(format.ordered(data.slice(at, at + size)), option));
    } else if (option === 'f' || option === 'd') {
      values.push(readFloat(format.ordered(data.slice(at, at + size)), option));
    } else if (option === 'c') {
      if (size === 0) size = announcedSize(values, run);
      if (at + size > data.length) run.failArgument(2, 'data string too short');
      values.push(data.slice(at, at + size));
    } else if (option === 's') {
      const end = data.indexOf('\0', at);
      if (end < 0) run.fail('unfinished string in data');
      size = end - at + 1;
      values.push(data.slice(at, end));
    } else if (option !== 'x') {
      format.control(option);
    }
    at += size;
  }
  values.push(at + 1);
  return values;
};

/** The size of a `c0`, which the value before it says and which takes that value's place. */
function announcedSize(values: LuaValue[], run: Run): number {
  const size = values.length === 0 ? undefined : toNumber(values.at(-1));
  if (size === undefined) return run.fail("format 'c0' needs a previous size");
  values.pop();
  return Number(toUint64(size));
}

/** `bytes` with the least significant one first. */
function readInteger(bytes: string, option: string): number {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) {
    value = BigInt.asUintN(64, (value << 8n) | BigInt(bytes.charCodeAt(i)));
  }
  const isSigned = option === option.toLowerCase();
  // Beyond eight bytes the shift that finds the sign wraps round, as it does on x86-64.
  return Number(isSigned ? BigInt.asIntN(((bytes.length * 8 - 1) & 63) + 1, value) : value);
}

function readFloat(bytes: string, option: 'f' | 'd'): number {
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
  return option === 'f' ? view.getFloat32(0, true) : view.getFloat64(0, true);
}

const size: LuaFunction = (args, run) => {
  const format = new Format(cString(checkString(args, 1, run)), run);
  let total = 0;
  for (let option = format.next(); option !== ''; option = format.next()) {
    total += format.padding(total, option);
    if (option === 's') run.failArgument(1, "option 's' has no fixed size");
    if (option === 'c' && format.size === 0) {
      run.failArgument(1, "option 'c0' has no fixed size");
    }
    if (!/[A-Za-z\d]/.test(option)) format.control(option);
    total += format.size;
  }
  return [toInt32(total)];
};

export const STRUCT: Readonly<Record<string, LuaFunction>> = { pack, size, unpack };
