/** Parts that are not loaded yet: what came to them is made again, once they are. */
import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../web/build/stand-in.js';
import {
  c,
  f,
  o,
  part,
  standIn,
  stopIfMissing,
  withParts,
} from '../../../web/src/simulator/parts.js';

describe('making something that needs parts', () => {
  it('loads what is missing and begins again', async () => {
    const get = part(async () => 7);
    let begun = 0;
    const made = await withParts(async () => {
      begun++;
      return get();
    });
    expect([made, begun]).toEqual([7, 2]);
  });

  it('throws away what was made by code that caught the miss', async () => {
    const get = part(async () => 'there');
    const made = await withParts(async () => {
      try {
        return get();
      } catch {
        return 'swallowed';
      }
    });
    expect(made).toBe('there');
  });

  it('ends in vain what somebody else has missed a part of', async () => {
    const get = part(async () => 1);
    let steps = 0;
    await withParts(async () => {
      try {
        get();
      } catch {}
      for (let step = 0; step < 10; step++) {
        stopIfMissing();
        steps++;
      }
    });
    expect(steps).toBe(10);
  });

  it('loads a part once', async () => {
    let loads = 0;
    const get = part(async () => ++loads);
    await withParts(async () => get());
    await withParts(async () => get());
    expect(loads).toBe(1);
  });

  it('passes on what goes wrong by itself, and a part that does not load', async () => {
    const broken = withParts(async () => Promise.reject(new Error('the lock threw')));
    await expect(broken).rejects.toThrow('the lock threw');
    const lost = part(() => Promise.reject(new Error('no such file')));
    await expect(withParts(async () => lost())).rejects.toThrow('no such file');
  });
});

interface Sample {
  readonly add: (a: number, b: number) => number;
  readonly alias: unknown;
  readonly subtract: unknown;
  readonly limits: { least: number; most: readonly number[] };
  readonly TABLE: readonly [{ name: string; arity: number; butNot?: string; run: Sample['add'] }];
  readonly Counter: new (from: number) => { readonly from: number };
}

/** The stand-in of a module, and the switch that loads it. */
function standInOf(real: Sample): { exports: Sample; load: () => Promise<unknown> } {
  const get = part(async () => ({ m0: real }));
  const shape: unknown = new Function('f', 'c', 'o', `return ${shapeOf({ ...real })};`)(f, c, o);
  const exports = standIn(get, 'm0', shape) as Sample;
  return { exports, load: () => withParts(async () => get()) };
}

describe('the stand-in of a module', () => {
  const add = (a: number, b: number) => a + b;
  class Counter {
    constructor(readonly from: number) {}
  }
  const real: Sample = {
    add,
    alias: add,
    subtract: (a: number, b: number) => a - b,
    limits: { least: -0, most: [7] },
    TABLE: [{ name: 'add', arity: 3, run: add }],
    Counter,
  };

  it('has its data, and its functions once they are loaded', async () => {
    const { exports, load } = standInOf(real);
    expect(exports.limits).toEqual({ least: -0, most: [7] });
    expect(() => exports.add(1, 2)).toThrow('not loaded yet');
    await load();
    expect(exports.add(1, 2)).toBe(3);
  });

  it('knows the entries of a table by name, and the rest of them once they are loaded', async () => {
    const { exports, load } = standInOf(real);
    const [entry] = exports.TABLE;
    expect(entry.name).toBe('add');
    for (const ask of [() => entry.arity, () => ({ ...entry }), () => 'run' in entry]) {
      expect(ask).toThrow('not loaded yet');
    }
    await load();
    expect({ ...entry }).toEqual(real.TABLE[0]);
    expect(entry.run(3, 4)).toBe(7);
  });

  it('does not ask for what an entry is not found by', async () => {
    const { exports } = standInOf(real);
    expect(exports.TABLE[0].butNot).toBeUndefined();
  });

  it('keeps apart and together what is so in the module', async () => {
    const { exports } = standInOf(real);
    expect(exports.alias).toBe(exports.add);
    expect(exports.alias).not.toBe(exports.subtract);
  });

  it('makes real instances of a class, and knows them', async () => {
    const { exports, load } = standInOf(real);
    expect(new Counter(1) instanceof exports.Counter).toBe(false);
    await load();
    const made = new exports.Counter(5);
    expect(made).toBeInstanceOf(Counter);
    expect(made.from).toBe(5);
    expect(made instanceof exports.Counter).toBe(true);
  });

  it('is refused to a module that exports what has an identity', () => {
    expect(() => shapeOf({ map: new Map() })).toThrow('exports.map is no plain object');
    expect(() => shapeOf({ big: 1n })).toThrow('exports.big is a bigint');
  });
});
