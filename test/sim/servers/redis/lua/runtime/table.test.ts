/**
 * Tables: what they hold, against a map; and their layout, against orders that redis-server 7.0.15
 * showed.
 */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { LuaTable } from '../../../../../../src/sim/servers/redis/lua/runtime/table.js';
import type { LuaValue } from '../../../../../../src/sim/servers/redis/lua/runtime/value.js';

const key = fc.oneof(
  fc.integer({ min: 1, max: 20 }),
  fc.integer({ min: -3, max: 100 }),
  fc.constantFrom('a', 'b', 'owner', 'count', 'x1', 'x2', 'x3', 'x4', 'x5'),
  fc.constantFrom(true, false, 0.5, 2 ** 40),
);
const value = fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 9 }));
const changes = fc.array(fc.tuple(key, value), { maxLength: 60 });

function build(pairs: readonly (readonly [LuaValue, LuaValue])[]) {
  const table = new LuaTable();
  const model = new Map<LuaValue, LuaValue>();
  for (const [at, stored] of pairs) {
    table.set(at, stored);
    if (stored === undefined) model.delete(at);
    else model.set(at, stored);
  }
  return { table, model };
}

function keysOf(table: LuaTable): LuaValue[] {
  return [...table.entries()].map(([at]) => at);
}

describe('a table', () => {
  test.prop([changes])('holds what was stored', (pairs) => {
    const { table, model } = build(pairs);
    for (const [at] of pairs) expect(table.get(at)).toBe(model.get(at));
    expect(table.get('never')).toBeUndefined();
  });

  test.prop([changes])('lists every key once', (pairs) => {
    const { table, model } = build(pairs);
    const entries = [...table.entries()];
    expect(entries.length).toBe(model.size);
    expect(new Map(entries)).toEqual(model);
  });

  test.prop([changes])('has a border as its length', (pairs) => {
    const { table } = build(pairs);
    const { length } = table;
    if (length > 0) expect(table.get(length)).toBeDefined();
    expect(table.get(length + 1)).toBeUndefined();
  });

  test.prop([changes])('can be emptied while it is listed', (pairs) => {
    const { table } = build(pairs);
    let at = table.positionAfter(undefined);
    for (let next = table.keyAt(at); next !== undefined; next = table.keyAt(at)) {
      table.set(next, undefined);
      at = table.advance(at, next);
    }
    expect(keysOf(table)).toEqual([]);
  });

  it('takes −0 for 0', () => {
    const table = new LuaTable();
    table.set(0, 'zero');
    table.set(-0, 'minus zero');
    expect(table.get(0)).toBe('minus zero');
  });

  it('does not know the position after a key it lacks', () => {
    expect(new LuaTable(['a']).positionAfter('x')).toBe(-1);
  });
});

describe('the layout is that of the server', () => {
  it('for words', () => {
    const table = new LuaTable();
    for (const word of ['k1', 'k2', 'k3', 'k4', 'k5']) table.set(word, 1);
    const inConstructor = new LuaTable([], 5);
    for (const word of ['k1', 'k2', 'k3', 'k4', 'k5']) inConstructor.set(word, 1);
    expect(keysOf(table)).toEqual(['k5', 'k1', 'k4', 'k3', 'k2']);
    expect(keysOf(inConstructor)).toEqual(['k5', 'k1', 'k4', 'k3', 'k2']);
  });

  it('for the length of lists with holes', () => {
    expect(new LuaTable([1, undefined, 3]).length).toBe(3);
    expect(new LuaTable([1, undefined, 3, undefined]).length).toBe(1);
    expect(LuaTable.fromList([1, 2, 3]).length).toBe(3);
  });
});
