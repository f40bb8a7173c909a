/** The simulated PostgreSQL answers what the real one answered, in every recorded sequence. */
import { describe, expect, it } from 'vitest';
import type { Arrived, GoldenSequence } from '../../../../scripts/record/postgres/format.js';
import { families, firstDifference, readGolden } from './replay.js';

const FAMILIES = [
  'blocking',
  'crash',
  'expressions',
  'locks',
  'random',
  'row-locks',
  'statements',
  'transactions',
  'waits',
];

const PLAYED = FAMILIES.filter((name) => name !== 'crash');

describe('recordings of a real PostgreSQL', () => {
  it('are all of version 15.18', () => {
    for (const family of FAMILIES) expect(readGolden(family).header.server).toBe('postgres 15.18');
  });

  it('are all played', () => {
    expect(families().sort((a, b) => (a < b ? -1 : 1))).toEqual(FAMILIES);
    const count = FAMILIES.map((family) => readGolden(family).sequences.length);
    expect(count.reduce((sum, number) => sum + number, 0)).toBeGreaterThan(400);
  });

  for (const family of PLAYED) {
    const { header, sequences } = readGolden(family);
    it.each(sequences.map((sequence) => [sequence.name, sequence] as const))(
      `${family} of ${header.server}: %s`,
      (_name, sequence) => {
        expect(firstDifference(sequence)).toBeUndefined();
      },
    );
  }
});

/** The sequence with other messages in a step. */
function changed(
  sequence: GoldenSequence,
  at: number,
  change: (arrived: readonly Arrived[]) => readonly Arrived[],
): GoldenSequence {
  const step = sequence.steps[at]!;
  const steps = sequence.steps.with(at, { ...step, arrived: change(step.arrived) });
  return { ...sequence, steps };
}

describe('the comparison', () => {
  const sequences = PLAYED.flatMap((family) => readGolden(family).sequences);

  it('notices one changed message in any sequence, at its step', () => {
    for (const original of sequences) {
      const at = original.steps.findLastIndex(({ arrived }) => arrived.length > 0);
      const corrupted = changed(original, at, ([first, ...others]) => {
        const [session, [, ...rest]] = first!;
        return [[session, [{ result: 'CORRUPT' }, ...rest]], ...others];
      });
      expect(firstDifference(corrupted)).toContain(`step ${at + 1} `);
    }
  });

  it('notices who does not wait though he should, and who waits though he should not', () => {
    const original = sequences.find(({ name }) => name === 'advisory: waits and is woken')!;
    const { arrived } = original.steps[0]!;
    const woken = original.steps.findIndex((step) => step.arrived.length === 2);
    const never = changed(original, woken, ([first]) => [first!]);
    const atOnce = changed(original, 1, () => [[1, arrived[0]![1]]]);
    expect(firstDifference(never)).toContain(`step ${woken + 1} `);
    expect(firstDifference(atOnce)).toContain('step 2 ');
    expect(firstDifference(original)).toBeUndefined();
  });
});
