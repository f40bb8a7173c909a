/** The mix and the key of a seed, against implementations of their own (R6). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mix, runKey, type SeedKey, scale } from '../../src/random.js';
import { seedKey } from '../../src/seed-key.js';

const MASK = 0xffff_ffffn;

function rotate(word: bigint, by: bigint): bigint {
  return ((word << by) | (word >> (32n - by))) & MASK;
}

/** MurmurHash3's body and finish over the four words of an address, in arbitrary precision. */
function slowMix(key: SeedKey, address: readonly number[]): bigint {
  const word = (value: number) => BigInt(value) & MASK;
  let h = 0n;
  address.forEach((part, index) => {
    h ^= word(key[index]!);
    const k = (rotate((word(part) * 0xcc9e2d51n) & MASK, 15n) * 0x1b873593n) & MASK;
    h = (rotate(h ^ k, 13n) * 5n + 0xe6546b64n) & MASK;
  });
  h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
  h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
  return h ^ (h >> 16n);
}

/** J. Baagøe's hash of a text to a fraction, and his generator Alea, as published in 2010. */
function mash(): (text: string) => number {
  let n = 0xefc8249d;
  return (text) => {
    for (const character of text) {
      n += character.charCodeAt(0);
      let h = 0.02519603282416938 * n;
      n = h >>> 0;
      h -= n;
      h *= n;
      n = h >>> 0;
      h -= n;
      n += h * 0x1_0000_0000;
    }
    return (n >>> 0) * 2 ** -32;
  };
}

function alea(text: string): () => number {
  const hash = mash();
  const state = [hash(' '), hash(' '), hash(' ')].map((fraction) => {
    const next = fraction - hash(text);
    return next < 0 ? next + 1 : next;
  });
  let carry = 1;
  return () => {
    const t = 2_091_639 * state[0]! + carry * 2 ** -32;
    state.shift();
    carry = Math.trunc(t);
    state.push(t - carry);
    return state[2]!;
  };
}

describe('R6 the mix', () => {
  test('R6 is MurmurHash3 over the address, one word of the key before each part', () => {
    const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const part = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        fc.tuple(word, word, word, word),
        fc.tuple(part, part, part, part),
        (key, address) => {
          expect(BigInt(mix(key, ...address))).toBe(slowMix(key, address));
        },
      ),
      { numRuns: 2_000, seed: 6006 },
    );
  });

  test('R6 with a key of zeros is plain MurmurHash3 of sixteen zero bytes, but for the length', () => {
    // The state after four zero words is 0 rotated, times 5, plus the constant, four times over.
    let h = 0n;
    for (let word = 0; word < 4; word++) h = (rotate(h, 13n) * 5n + 0xe6546b64n) & MASK;
    h = ((h ^ (h >> 16n)) * 0x85ebca6bn) & MASK;
    h = ((h ^ (h >> 13n)) * 0xc2b2ae35n) & MASK;
    expect(BigInt(mix([0, 0, 0, 0], 0, 0, 0, 0))).toBe(h ^ (h >> 16n));
  });

  test('R6 addresses that differ in one part by one give answers that have nothing in common', () => {
    const key = seedKey('1');
    const answers = new Set<number>();
    let flipped = 0;
    for (let ordinal = 0; ordinal < 4_096; ordinal++) {
      const answer = mix(key, 3, 5, 7, ordinal);
      answers.add(answer);
      const bits = (answer ^ mix(key, 4, 5, 7, ordinal)) >>> 0;
      flipped += bits.toString(2).replaceAll('0', '').length;
    }
    expect(answers.size).toBe(4_096);
    // 32 bits, each flipped in half of the cases; five standard deviations.
    expect(Math.abs(flipped / 4_096 - 16)).toBeLessThan((5 * Math.sqrt(8)) / 64);
  });
});

describe('R6 the key of a seed', () => {
  test.each(['0', '1', '42', '4294967295', 'a text'])('R6 is four words of alea: %s', (text) => {
    const next = alea(text);
    const words = [0, 1, 2, 3].map(() => (next() * 0x1_0000_0000) | 0);
    expect(seedKey(text)).toEqual(words);
  });

  test('R6 every run of a campaign has a key of its own', () => {
    const key = seedKey('1');
    const keys = new Set(Array.from({ length: 1_000 }, (_, run) => runKey(key, run).join()));
    expect(keys.size).toBe(1_000);
    expect(runKey(key, 3)).toEqual(runKey(key, 3));
  });
});

test('R6 scaling gives every number below n an equal share', () => {
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (let bits = 0; bits < 0x1_0000_0000; bits += 65_521) counts[scale(bits, 7)]!++;
  const share = 0x1_0000_0000 / 65_521 / 7;
  for (const count of counts) expect(Math.abs(count - share)).toBeLessThan(2);
  expect(scale(0xffff_ffff, 7)).toBe(6);
  expect(scale(0xffff_ffff, 0x1_0000_0000)).toBe(0xffff_ffff);
});
