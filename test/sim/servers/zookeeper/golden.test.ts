/**
 * The simulated ZooKeeper answers what the real one answered, in every recorded sequence.
 */
import { describe, expect, it } from 'vitest';
import type { GoldenSequence } from '../../../../scripts/record/zookeeper/format.js';
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

/** The sequence with the first message of a step replaced by another. */
function corrupted(sequence: GoldenSequence, at: number): GoldenSequence {
  const step = sequence.steps[at]!;
  const [first, ...rest] = step.messages;
  const messages = [[first![0], { corrupt: true }] as const, ...rest];
  return { ...sequence, steps: sequence.steps.with(at, { ...step, messages }) };
}

describe('the comparison', () => {
  it('notices one changed message in any sequence, at its step', () => {
    for (const { header, sequence } of SEQUENCES) {
      const at = sequence.steps.findLastIndex(({ messages }) => messages.length > 0);
      const difference = firstDifference(header, corrupted(sequence, at));
      expect(difference).toContain(`step ${at + 1} `);
    }
  });

  it('notices a message that is missing, and one that is too many', () => {
    const { header, sequence } = SEQUENCES.find(({ sequence: { name } }) =>
      name.includes('a watch fires once'),
    )!;
    const at = sequence.steps.findIndex(({ messages }) => messages.length === 2);
    const step = sequence.steps[at]!;
    for (const messages of [step.messages.slice(1), [...step.messages, step.messages[0]!]]) {
      const steps = sequence.steps.with(at, { ...step, messages });
      expect(firstDifference(header, { ...sequence, steps })).toContain(`step ${at + 1} `);
    }
  });

  it('notices an end of a session that comes a tick early or late', () => {
    const { header, sequences } = FILES.find((file) => file.header.family === 'expiry')!;
    const sequence = sequences[0]!;
    const at = sequence.steps.findIndex(({ messages }) => messages[0]?.[2] !== undefined);
    const step = sequence.steps[at]!;
    const [number, message, atMs] = step.messages[0]!;
    for (const byMs of [-header.tickTimeMs, header.tickTimeMs]) {
      const messages = [[number, message, atMs! + byMs] as const];
      const steps = sequence.steps.with(at, { ...step, messages });
      expect(firstDifference(header, { ...sequence, steps })).toContain(`step ${at + 1} `);
    }
  });
});
