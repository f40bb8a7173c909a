/**
 * The simulated Redis answers what the real one answered, in every recorded sequence.
 */
import { describe, expect, it } from 'vitest';
import type { GoldenSequence } from '../../../../scripts/record/redis/format.js';
import { firstDifference, readGolden } from './replay.js';

const FILES = readGolden();
const SEQUENCES = FILES.flatMap(({ sequences }) => sequences);

interface Corrupted {
  readonly sequence: GoldenSequence;
  readonly step: number;
}

/** The sequence with its first recorded reply replaced by another. */
function corrupted(sequence: GoldenSequence): Corrupted | undefined {
  const at = sequence.steps.findIndex(({ reply }) => reply !== undefined);
  if (at < 0) return undefined;
  const steps = sequence.steps.with(at, { ...sequence.steps[at]!, reply: { status: 'CORRUPT' } });
  return { sequence: { ...sequence, steps }, step: at + 1 };
}

describe('recordings of a real Redis', () => {
  it('are all of version 7.0.15', () => {
    for (const { header } of FILES) expect(header.server).toBe('redis 7.0.15');
  });

  it('are at least 600 sequences and 300 scripts, each with a name of its own', () => {
    const scripts = FILES.find(({ header }) => header.family === 'scripts')!;
    expect(SEQUENCES.length - scripts.sequences.length).toBeGreaterThanOrEqual(600);
    expect(scripts.sequences.length).toBeGreaterThanOrEqual(300);
    expect(new Set(SEQUENCES.map(({ name }) => name)).size).toBe(SEQUENCES.length);
  });

  it.each(FILES.map((file) => [file.header.family, file] as const))(
    'are matched by the simulated Redis: %s',
    (_family, { sequences }) => {
      const differences = sequences.flatMap((sequence) => firstDifference(sequence) ?? []);
      expect(differences).toEqual([]);
    },
  );
});

describe('the comparison', () => {
  it('notices one changed reply in any sequence, at its step', () => {
    let tried = 0;
    for (const original of SEQUENCES) {
      const broken = corrupted(original);
      if (broken === undefined) continue;
      tried += 1;
      expect(firstDifference(broken.sequence)).toContain(`step ${broken.step} `);
    }
    expect(tried).toBeGreaterThanOrEqual(600);
  });

  it('notices a push that is missing, and one that is too many', () => {
    const original = SEQUENCES.find(({ name }) => name === 'PUBLISH and SUBSCRIBE')!;
    const at = original.steps.findIndex(({ pushes }) => pushes !== undefined);
    const step = original.steps[at]!;
    const { pushes, ...silent } = step;
    const twice = { ...step, pushes: [...pushes!, pushes![0]!] };
    for (const changed of [silent, twice]) {
      const steps = original.steps.with(at, changed);
      expect(firstDifference({ ...original, steps })).toMatch(/expected (?:no )?pushes/);
    }
    expect(firstDifference(original)).toBeUndefined();
  });

  it('notices a time to live that is off by more than the recording allows', () => {
    const original = SEQUENCES.find(({ name }) => name === 'PERSIST')!;
    const at = original.steps.findIndex(({ args }) => args?.[0] === 'PEXPIRE');
    const step = original.steps[at]!;
    const steps = original.steps.with(at, { ...step, args: ['PEXPIRE', 'k', '9900'] });
    const kept = steps.filter(({ args }) => args?.[0] !== 'PERSIST');
    const asked = kept.map((entry) =>
      entry.args?.[0] === 'PTTL' ? { ...entry, reply: { ms: 10_000 } } : entry,
    );
    expect(firstDifference({ ...original, steps: asked })).toContain('{"ms":10000}, got 9900');
  });
});
