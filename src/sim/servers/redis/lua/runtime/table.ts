/**
 * Lua tables, laid out as the reference implementation does (deps/lua/src/ltable.c of Redis
 * 7.0.15): an array part and a hash part that grow by its rules. The layout can be seen from a
 * script, by `#` on a table with holes and by the order of `pairs`, so both are those of the real
 * server, except that keys hashed by address have no order to reproduce.
 */
import { HashPart } from './hash-part.js';
import type { LuaValue } from './value.js';

export class LuaTable {
  metatable: LuaTable | undefined;
  /** Redis adds this to Lua: assignments to a read-only table raise an error. */
  isReadonly = false;
  private hash: HashPart | undefined;

  /**
   * @param array values of keys 1, 2, …, as many as the array part has room for; taken over.
   * @param recordCount how many other keys to make room for.
   */
  constructor(
    private array: LuaValue[] = [],
    recordCount = 0,
  ) {
    if (recordCount > 0) this.hash = new HashPart(recordCount);
  }

  /** A list as it is when its elements were stored one after the other. The array is taken over. */
  static fromList(values: LuaValue[]): LuaTable {
    let room = 1;
    while (room < values.length) room *= 2;
    if (values.length > 0) while (values.length < room) values.push(undefined);
    return new LuaTable(values);
  }

  get(key: LuaValue): LuaValue {
    if (typeof key === 'number' && key >= 1 && key <= this.array.length && Number.isInteger(key)) {
      return this.array[key - 1];
    }
    return this.hash?.get(key);
  }

  /** As `get` for a key known to be a string, which never lives in the array part. */
  getField(key: string): LuaValue {
    return this.hash?.get(key);
  }

  /** Stores a value; the key is neither nil nor NaN. nil as value leaves the key in place. */
  set(key: LuaValue, value: LuaValue): void {
    if (typeof key === 'number' && key >= 1 && key <= this.array.length && Number.isInteger(key)) {
      this.array[key - 1] = value;
      return;
    }
    if (this.hash?.replace(key, value)) return;
    if (this.hash?.insert(key, value)) return;
    this.rehash(key);
    this.set(key, value);
  }

  /** What `#` gives: a border, found as the reference implementation finds it. */
  get length(): number {
    const size = this.array.length;
    if (size > 0 && this.array[size - 1] === undefined) {
      return binarySearch(0, size, (at) => this.array[at - 1] !== undefined);
    }
    return this.hash === undefined ? size : this.unboundSearch(size);
  }

  /** Makes room for at least `size` values in the array part. */
  reserve(size: number): void {
    if (size > this.array.length) this.resize(size, this.hash?.room ?? 0);
  }

  /**
   * Position after that of `key` (nil: the first); −1 if the table has no such key. Positions go
   * through the array part, then the hash part; `keyAt` and `valueAt` read them.
   */
  positionAfter(key: LuaValue): number {
    if (key === undefined) return this.skipEmpty(0);
    if (typeof key === 'number' && key >= 1 && key <= this.array.length && Number.isInteger(key)) {
      return this.skipEmpty(key);
    }
    const place = this.hash?.find(key) ?? -1;
    return place < 0 ? -1 : this.skipEmpty(this.array.length + place + 1);
  }

  /** The position after one where `key` was found, even if the table was laid out anew since. */
  advance(position: number, key: LuaValue): number {
    return this.keyAt(position) === key ? this.skipEmpty(position + 1) : this.positionAfter(key);
  }

  /** The key at a position; nil past the end. */
  keyAt(position: number): LuaValue {
    if (position < this.array.length) return position + 1;
    return this.hash?.keyAt(position - this.array.length);
  }

  valueAt(position: number): LuaValue {
    if (position < this.array.length) return this.array[position];
    return this.hash?.valueAt(position - this.array.length);
  }

  /** Every key with its value, in the order of `pairs`. The table must not change meanwhile. */
  *entries(): Generator<readonly [LuaValue, LuaValue]> {
    for (let at = this.skipEmpty(0); ; at = this.skipEmpty(at + 1)) {
      const key = this.keyAt(at);
      if (key === undefined) return;
      yield [key, this.valueAt(at)];
    }
  }

  /** The first position from `position` on that holds a value, or the one past the end. */
  private skipEmpty(position: number): number {
    const end = this.array.length + (this.hash?.room ?? 0);
    let at = position;
    while (at < end && this.valueAt(at) === undefined) at += 1;
    return at;
  }

  private unboundSearch(from: number): number {
    const has = (key: number) => this.get(key) !== undefined;
    let low = from;
    let high = from + 1;
    while (has(high)) {
      low = high;
      high *= 2;
    }
    return binarySearch(low, high, has);
  }

  /** Chooses new sizes for both parts so that `extra` finds room, as `rehash` in ltable.c. */
  private rehash(extra: LuaValue): void {
    const counts = new Counts();
    for (let i = 0; i < this.array.length; i++) {
      if (this.array[i] !== undefined) counts.add(i + 1);
    }
    this.hash?.forEachLive((key) => counts.add(key));
    counts.add(extra);
    const { size, used } = counts.bestArraySize();
    this.resize(size, counts.total - used);
  }

  private resize(arraySize: number, recordCount: number): void {
    const old = this.hash;
    const vanishing = this.array.slice(arraySize);
    const kept = this.array.length - vanishing.length;
    this.array.length = kept;
    while (this.array.length < arraySize) this.array.push(undefined);
    this.hash = recordCount > 0 ? new HashPart(recordCount) : undefined;
    vanishing.forEach((value, i) => {
      if (value !== undefined) this.set(kept + i + 1, value);
    });
    old?.forEachLiveBackwards((key, value) => this.set(key, value));
  }
}

/** Where halving leads that starts with `low`, which holds, and `high`, which does not. */
function binarySearch(low: number, high: number, holds: (at: number) => boolean): number {
  let lower = low;
  let upper = high;
  while (upper - lower > 1) {
    const middle = Math.floor((lower + upper) / 2);
    if (holds(middle)) lower = middle;
    else upper = middle;
  }
  return lower;
}

/** No array part is larger than 2^26 (ltable.c: MAXBITS, MAXASIZE). */
const MAX_ARRAY_BITS = 26;
const MAX_ARRAY_SIZE = 1 << MAX_ARRAY_BITS;

/** How many integer keys lie in each slice 2^(i−1) < key ≤ 2^i, and how many keys there are. */
class Counts {
  total = 0;
  private integers = 0;
  private readonly slices: number[] = new Array(MAX_ARRAY_BITS + 1).fill(0);

  add(key: LuaValue): void {
    this.total += 1;
    if (typeof key !== 'number' || !Number.isInteger(key)) return;
    if (key < 1 || key > MAX_ARRAY_SIZE) return;
    this.integers += 1;
    const slice = 32 - Math.clz32(key - 1);
    this.slices[slice] = this.slices[slice]! + 1;
  }

  /** The largest power of two more than half of which would be used, and how many keys it takes. */
  bestArraySize(): { size: number; used: number } {
    let best = { size: 0, used: 0 };
    let below = 0;
    for (let i = 0, limit = 1; limit / 2 < this.integers && i < this.slices.length; i++) {
      const count = this.slices[i]!;
      below += count;
      if (count > 0 && below > limit / 2) best = { size: limit, used: below };
      if (below === this.integers) break;
      limit *= 2;
    }
    return best;
  }
}
