/**
 * `cmsgpack.unpack` (lua-cmsgpack 0.4.0, deps/lua/src/lua_cmsgpack.c of Redis 7.0.15).
 */
import { setIndex } from '../runtime/operations.js';
import type { Run } from '../runtime/run.js';
import { LuaTable } from '../runtime/table.js';
import type { LuaValue } from '../runtime/value.js';

const view = new DataView(new ArrayBuffer(8));

/** Reads values one after the other from a byte string. */
export class MessageDecoder {
  constructor(
    private readonly bytes: string,
    /** Where the next value starts, from 0. */
    public at: number,
    private readonly run: Run,
  ) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  next(): LuaValue {
    this.run.charge(1);
    const first = Number(this.unsigned(1));
    if (first < 0x80) return first;
    if (first < 0x90) return this.map(first & 0xf);
    if (first < 0xa0) return this.list(first & 0xf);
    if (first < 0xc0) return this.take(first & 0x1f);
    if (first >= 0xe0) return first - 0x100;
    return this.byType(first);
  }

  private byType(first: number): LuaValue {
    switch (first) {
      case 0xc0:
        return undefined;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xca:
      case 0xcb:
        return this.float(first === 0xca ? 4 : 8);
      case 0xcc:
      case 0xcd:
      case 0xce:
        return Number(this.unsigned(1 << (first - 0xcc)));
      // 64 bits without a sign are pushed as an integer with one.
      case 0xcf:
        return this.signed(8);
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.signed(1 << (first - 0xd0));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.take(Number(this.unsigned(1 << (first - 0xd9))));
      case 0xdc:
      case 0xdd:
        return this.list(Number(this.unsigned(first === 0xdc ? 2 : 4)));
      case 0xde:
      case 0xdf:
        return this.map(Number(this.unsigned(first === 0xde ? 2 : 4)));
      default:
        return this.run.fail('Bad data format in input.');
    }
  }

  private take(length: number): string {
    if (this.at + length > this.bytes.length) this.run.fail('Missing bytes in input.');
    const taken = this.bytes.slice(this.at, this.at + length);
    this.at += length;
    return taken;
  }

  private unsigned(size: number): bigint {
    let value = 0n;
    for (const byte of this.take(size)) value = (value << 8n) | BigInt(byte.charCodeAt(0));
    return value;
  }

  private signed(size: number): number {
    return Number(BigInt.asIntN(size * 8, this.unsigned(size)));
  }

  private float(size: 4 | 8): number {
    if (size === 4) {
      view.setUint32(0, Number(this.unsigned(4)));
      return view.getFloat32(0);
    }
    view.setBigUint64(0, this.unsigned(8));
    return view.getFloat64(0);
  }

  private list(length: number): LuaTable {
    const table = new LuaTable();
    for (let i = 1; i <= length; i++) table.set(i, this.next());
    return table;
  }

  private map(length: number): LuaTable {
    const table = new LuaTable();
    for (let i = 0; i < length; i++) {
      const key = this.next();
      setIndex(this.run, undefined, table, key, this.next());
    }
    return table;
  }
}
