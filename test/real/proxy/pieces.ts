/** Bytes come in any pieces: the messages in them are the same. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Frame, Framing } from '../../../src/real/proxy/framing.js';

type Direction = 'requests' | 'replies';

/** What is said on one connection: bytes of either side in turn. */
export type Talk = readonly (readonly [Direction, Buffer])[];

/** What a message is, apart from where its bytes lie in memory. */
function plain({ bytes, ...rest }: Frame) {
  return { ...rest, bytes: bytes.toString('hex') };
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % bytes.length))].sort((a, b) => a - b);
  const ends = [...places.filter((place) => place > 0), bytes.length];
  return ends.map((end, index) => Buffer.from(bytes.subarray(ends[index - 1] ?? 0, end)));
}

function framesOf(framing: Framing, talk: Talk, cut: (bytes: Buffer) => Buffer[]) {
  return talk.flatMap(([direction, bytes]) =>
    cut(bytes).flatMap((piece) => framing[direction](piece).map(plain)),
  );
}

/** Whole, byte by byte, and in random pieces; answers the messages, none of which is lost. */
export function framesInAnyPieces(framing: () => Framing, talk: Talk) {
  const whole = framesOf(framing(), talk, (bytes) => [bytes]);
  const single = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.from([byte]));
  expect(framesOf(framing(), talk, single)).toEqual(whole);
  const cuts = fc.array(fc.nat(100_000), { maxLength: 12 });
  fc.assert(
    fc.property(cuts, (places) => {
      expect(framesOf(framing(), talk, (bytes) => cutAt(bytes, places))).toEqual(whole);
    }),
    { numRuns: 100 },
  );
  const said = talk.map(([, bytes]) => bytes.toString('hex')).join('');
  expect(whole.map(({ bytes }) => bytes).join('')).toBe(said);
  return whole;
}
