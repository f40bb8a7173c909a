/**
 * The hash part of a Lua table: nodes in a power-of-two vector, each key at its main position or,
 * if that is taken, at the last free node (Brent's variation; deps/lua/src/ltable.c of Redis
 * 7.0.15). Only *where* a key goes follows that algorithm, because the order of `pairs` shows it;
 * looking a key up does not, because hashing a string takes longer than comparing a few.
 */
import type { LuaValue } from './value.js';

/** Up to this many nodes a key is searched for one by one. */
const LINEAR_SEARCH_LIMIT = 8;

export class HashPart {
  private readonly keys: LuaValue[];
  private readonly values: LuaValue[];
  private readonly index: Map<LuaValue, number> | undefined;
  /** Nodes from here on have been given away. */
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

  /** The node of a key, −1 if it has none. A key whose value became nil keeps its node. */
  find(key: LuaValue): number {
    if (this.index !== undefined) return this.index.get(key) ?? -1;
    const keys = this.keys;
    for (let i = 0; i < keys.length; i++) if (keys[i] === key) return i;
    return -1;
  }

  get(key: LuaValue): LuaValue {
    const node = key === undefined ? -1 : this.find(key);
    return node < 0 ? undefined : this.values[node];
  }

  keyAt(node: number): LuaValue {
    return this.keys[node];
  }

  valueAt(node: number): LuaValue {
    return this.values[node];
  }

  /** Gives a new value to a key that has a node; says whether it had. */
  replace(key: LuaValue, value: LuaValue): boolean {
    const node = this.find(key);
    if (node < 0) return false;
    this.values[node] = value;
    return true;
  }

  /** Gives a node to a key that has none; false if there is no room. */
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

  private put(node: number, key: LuaValue, value: LuaValue): void {
    this.keys[node] = typeof key === 'number' && key === 0 ? 0 : key;
    this.values[node] = value;
    this.index?.set(key, node);
  }

  /** The last node that never had a key; −1 if none is left. */
  private takeFree(): number {
    while (this.free > 0) {
      this.free -= 1;
      if (this.keys[this.free] === undefined) return this.free;
    }
    return -1;
  }
}

const bits = new DataView(new ArrayBuffer(8));

/** Where a key would like to be in a hash part with `room` nodes, a power of two. */
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
