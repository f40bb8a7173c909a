/**
 * Decisions and their addresses. Every choice that is not fixed by the scenario is asked for by
 * address (subject, purpose, operation, ordinal); the answer depends on that address alone, so
 * removing a fault, an operation or a client changes nothing unrelated (docs/semantics.md, R6).
 *
 * A seed answers by an integer mix of four key words, made from its text by `seed-key.ts`; nothing
 * is ever drawn by position in a sequence. Reference vectors: test/sim/random.test.ts.
 */
/** What a decision is for. The order is part of every address: append, never reorder. */
export const PURPOSES = [
  'clients',
  'operations',
  'gap',
  'section',
  'renew',
  'fault-count',
  'fault-class',
  'fault-place',
  'fault-trigger',
  'fault-time',
  'fault-size',
  'replica-lag',
  'clock-offset',
  'latency-request',
  'latency-reply',
  'latency-connect',
  'random',
  'owner-id',
  'tie-request',
  'tie-reply',
  'tie-timer',
  'tie-fault',
  'server',
  'mode',
  'nested',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Position of a purpose in addresses. */
export const PURPOSE = Object.fromEntries(PURPOSES.map((name, index) => [name, index])) as Readonly<
  Record<Purpose, number>
>;

/** Four 32-bit words made from a seed's text. */
export type SeedKey = readonly [number, number, number, number];

/** A recorded decision: the numbers of its address, how many answers there were, and the answer. */
export interface Decision {
  readonly subject: number;
  readonly purpose: number;
  readonly operation: number;
  readonly ordinal: number;
  readonly n: number;
  readonly value: number;
}

/** The key of run `index` of a campaign: words of the campaign's key mixed with the index. */
export function runKey(key: SeedKey, index: number): SeedKey {
  return [
    mix(key, index, 1, 0, 0) | 0,
    mix(key, index, 2, 0, 0) | 0,
    mix(key, index, 3, 0, 0) | 0,
    mix(key, index, 4, 0, 0) | 0,
  ];
}

/**
 * One absorbing round: xor a word in, multiply, rotate (constants of MurmurHash3, Appleby 2011).
 */
function absorb(state: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = (k << 15) | (k >>> 17);
  k = Math.imul(k, 0x1b873593);
  let h = state ^ k;
  h = (h << 13) | (h >>> 19);
  return (Math.imul(h, 5) + 0xe6546b64) | 0;
}

/** Integer mix of a key and an address to 32 well-spread bits, as an unsigned integer. */
export function mix(
  key: SeedKey,
  subject: number,
  purpose: number,
  operation: number,
  ordinal: number,
): number {
  let h = absorb(key[0], subject);
  h = absorb(h ^ key[1], purpose);
  h = absorb(h ^ key[2], operation);
  h = absorb(h ^ key[3], ordinal);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Maps 32 bits to an integer 0 … n − 1, for n up to 2^32. */
export function scale(bits: number, n: number): number {
  return Math.floor((bits / 0x1_0000_0000) * n);
}
