/**
 * The simulated ZooKeeper answers what the real one answered, in every recorded sequence.
 */
import { describe, expect, it } from 'vitest';
import { firstDifference, readGolden } from './replay.js';

const FILES = readGolden();
const SEQUENCES = FILES.flatMap(({ header, sequences }) =>
  sequences.map((sequence) => ({ header, sequence })),
);

describe('recordings of a real ZooKeeper', () => {
  it('are all of version 3.8.0', () => {
    for (const { header } of FILES) expect(header.server).toBe('zookeeper 3.8.0');
  });

  it('are at least 400 sequences, each with a name of its own', () => {
    expect(SEQUENCES.length).toBeGreaterThanOrEqual(400);
    expect(new Set(SEQUENCES.map(({ sequence }) => sequence.name)).size).toBe(SEQUENCES.length);
  });

  it.each(FILES.map((file) => [file.header.family, file] as const))(
    'are matched by the simulated ZooKeeper: %s',
    (_family, { header, sequences }) => {
      const differences = sequences.flatMap((each) => firstDifference(header, each) ?? []);
      expect(differences).toEqual([]);
    },
  );
});
