/** The simulated PostgreSQL answers what the real one answered, in every recorded sequence. */
import { describe, expect, it } from 'vitest';
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

describe('recordings of a real PostgreSQL', () => {
  it('are all played', () => {
    expect(families().sort((a, b) => (a < b ? -1 : 1))).toEqual(FAMILIES);
    const count = FAMILIES.map((family) => readGolden(family).sequences.length);
    expect(count.reduce((sum, number) => sum + number, 0)).toBeGreaterThan(400);
  });

  for (const family of FAMILIES.filter((name) => name !== 'crash')) {
    const { header, sequences } = readGolden(family);
    it.each(sequences.map((sequence) => [sequence.name, sequence] as const))(
      `${family} of ${header.server}: %s`,
      (_name, sequence) => {
        expect(firstDifference(sequence)).toBeUndefined();
      },
    );
  }
});
