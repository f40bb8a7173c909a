/** From the text of a seed to the key of the mix that answers for it (random.ts). */
import alea from 'seedrandom/lib/alea.js';
import type { SeedKey } from './random.js';

/** Turns the text of a seed into the key of the mix: the first four words that alea draws. */
export function seedKey(text: string): SeedKey {
  const stream = alea(text);
  return [stream.int32() | 0, stream.int32() | 0, stream.int32() | 0, stream.int32() | 0];
}
