/**
 * The hash part of a Lua table: places in a power-of-two vector, each key at its main position or,
 * if that is taken, at the last free one (Brent's variation; deps/lua/src/ltable.c of Redis
 * 7.0.15). Only *where* a key goes follows that algorithm, because the order of `pairs` shows it;
 * looking a key up does not, because hashing a string takes longer than comparing a few.
 */
import type { LuaValue } from './value.js';

/** Up to this many places a key is searched for one by one. */
const LINEAR_SEARCH_LIMIT = 8;

export class HashPart {
  private readonly keys: LuaValue[];
  private readonly values: LuaValue[];
  private readonly index: Map<LuaValue, number> | undefined;
  /** Places from here on have been given away. */
  private free: number;

  constructor(recordCount: number) {
    let room = 1;
    while (room < recordCount) room *= 2;
    this.keys = new Array(room).fill(undefined);
    this.values = new Array(room).fill(undefined);
    this.index = room > LINEAR_SEARCH_LIMIT ? new Map() : undefined;
    this.free = room;
  }

  get room(): number {
    return this.keys.length;
  }

  /** The place of a key, −1 if it has none. A key whose value became nil keeps its place. */
  find(key: LuaValue): number {
    if (this.index !== undefined) return this.index.get(key) ?? -1;
    const keys = this.keys;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i;
    return -1;
  }

  get(key: LuaValue): LuaValue {
    const place = key === undefined ? -1 : this.find(key);
    return place < 0 ? undefined : this.values[place];
  }

  keyAt(place: number): LuaValue {
    return this.keys[place];
  }

  valueAt(place: number): LuaValue {
    return this.values[place];
  }

  /** Gives a new value to a key that has a place; says whether it had. */
  replace(key: LuaValue, value: LuaValue): boolean {
    const place = this.find(key);
    if (place < 0) return false;
    this.values[place] = value;
    return true;
  }

  /** Gives a place to a key that has none; false if there is no room. */
  insert(key: LuaValue, value: LuaValue): boolean {
    const main = mainPosition(key, this.room);
    if (this.values[main] === undefined) {
      this.index?.delete(this.keys[main]);
      this.put(main, key, value);
      return true;
    }
    const free = this.takeFree();
    if (free < 0) return false;
    const colliding = this.keys[main];
    if (mainPosition(colliding, this.room) === main) {
      this.put(free, key, value);
    } else {
      this.put(free, colliding, this.values[main]);
      this.put(main, key, value);
    }
    return true;
  }

  forEachLive(visit: (key: LuaValue) => void): void {
    for (let i = 0; i < this.keys.length; i++) {
      if (this.values[i] !== undefined) visit(this.keys[i]);
    }
  }

  forEachLiveBackwards(visit: (key: LuaValue, value: LuaValue) => void): void {
    for (let i = this.keys.length - 1; i >= 0; i--) {
      if (this.values[i] !== undefined) visit(this.keys[i], this.values[i]);
    }
  }

  private put(place: number, key: LuaValue, value: LuaValue): void {
    this.keys[place] = key;
    this.values[place] = value;
    this.index?.set(key, place);
  }

  /** The last place that never had a key; −1 if none is left. */
  private takeFree(): number {
    while (this.free > 0) {
      this.free -= 1;
      if (this.keys[this.free] === undefined) return this.free;
    }
    return -1;
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** Where a key would like to be in a hash part with `room` places, a power of two. */
function mainPosition(key: LuaValue, room: number): number {
  switch (typeof key) {
    case 'string':
      return hashString(key) & (room - 1);
    case 'number':
      return key === 0 ? 0 : hashNumber(key) % ((room - 1) | 1);
    case 'boolean':
      return key ? 1 & (room - 1) : 0;
    default:
      // The reference implementation hashes the address, which nothing here can know.
      return 0;
  }
}

/** Redis hashes every byte of a string, last first (deps/lua/src/lstring.c: luaS_newlstr). */
function hashString(text: string): number {
  let hash = text.length | 0;
  for (let i = text.length - 1; i >= 0; i--) {
    hash ^= (hash << 5) + (hash >>> 2) + text.charCodeAt(i);
  }
  return hash;
}

function hashNumber(value: number): number {
  bits.setFloat64(0, value);
  return (bits.getUint32(0) + bits.getUint32(4)) >>> 0;
}
