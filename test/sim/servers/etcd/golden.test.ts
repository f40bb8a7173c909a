/**
 * The simulated etcd answers what the real one answered, in every recorded sequence.
 */
import { describe, expect, it } from 'vitest';
import type { GoldenSequence } from '../../../../scripts/record/etcd/format.js';
import { firstDifference, readGolden } from './replay.js';

const FILES = readGolden();
const SEQUENCES = FILES.flatMap(({ sequences }) => sequences);

/** The sequence with its first recorded answer replaced by another, and where that is. */
function corrupted(sequence: GoldenSequence): { sequence: GoldenSequence; step: number } {
  const at = sequence.steps.findIndex(({ answer }) => answer !== undefined);
  const steps = sequence.steps.with(at, { ...sequence.steps[at]!, answer: { type: 'corrupt' } });
  return { sequence: { ...sequence, steps }, step: at + 1 };
}

describe('recordings of a real etcd', () => {
  it('are all of version 3.4.23', () => {
    for (const { header } of FILES) expect(header.server).toBe('etcd 3.4.23');
  });

  it('are at least 450 sequences, each with a name of its own', () => {
    expect(SEQUENCES.length).toBeGreaterThanOrEqual(450);
    const names = FILES.flatMap(({ header, sequences }) =>
      sequences.map(({ name }) => `${header.family}: ${name}`),
    );
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(FILES.map((file) => [file.header.family, file] as const))(
    'are matched by the simulated etcd: %s',
    (_family, { sequences }) => {
      const differences = sequences.flatMap((sequence) => firstDifference(sequence) ?? []);
      expect(differences).toEqual([]);
    },
  );

  it('are matched whenever the loops of the server began', () => {
    const timed = SEQUENCES.filter(({ steps }) => steps.some(({ at }) => at !== undefined));
    expect(timed.length).toBeGreaterThanOrEqual(30);
    for (const phaseMs of [1, 120, 250, 380, 499]) {
      const differences = timed.flatMap((sequence) => {
        return firstDifference(sequence, (n) => (n === 500 ? phaseMs : 0)) ?? [];
      });
      expect(differences).toEqual([]);
    }
  });
});

describe('the comparison', () => {
  it('notices one changed answer in any sequence, at its step', () => {
    for (const original of SEQUENCES) {
      const broken = corrupted(original);
      expect(firstDifference(broken.sequence)).toContain(`step ${broken.step} `);
    }
  });

  it('notices a push that is missing, and one that is too many', () => {
    const original = SEQUENCES.find(({ name }) => name === 'a prefix')!;
    const at = original.steps.findIndex(({ pushes }) => pushes !== undefined);
    const step = original.steps[at]!;
    const { pushes, ...silent } = step;
    const twice = { ...step, pushes: [...pushes!, pushes![0]!] };
    for (const changed of [silent, twice]) {
      const steps = original.steps.with(at, changed);
      expect(firstDifference({ ...original, steps })).toContain('expected pushes ');
    }
    expect(firstDifference(original)).toBeUndefined();
  });

  it('notices a time to live that is two seconds off', () => {
    const original = SEQUENCES.find(({ name }) => name === 'what is left')!;
    const at = original.steps.findIndex(({ request }) => request?.type === 'leaseTimeToLive');
    const step = original.steps[at]!;
    const longer = { ...step.answer!, ttlSeconds: Number(step.answer!['ttlSeconds']) + 2 };
    const steps = original.steps.with(at, { ...step, answer: longer });
    expect(firstDifference({ ...original, steps })).toContain(`step ${at + 1} `);
  });
});
