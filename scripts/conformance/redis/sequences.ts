/**
 * Sequences of commands for Redis, on three connections.
 */
import fc from 'fast-check';
import type { Sequence, SequenceStep } from '../../record/redis/sequence.js';
import { EVALS } from './lua.js';
import { BLOCKING, COMMANDS, PUBSUB, SHORT } from './templates.js';

const connection = fc.constantFrom(0, 0, 1, 2);

function commands(args: fc.Arbitrary<string[]>): fc.Arbitrary<SequenceStep> {
  return fc
    .tuple(connection, args)
    .map(([of, words]) => ({ type: 'command', connection: of, args: words, blocks: false }));
}

const close: fc.Arbitrary<SequenceStep> = connection.map((of) => ({
  type: 'close',
  connection: of,
}));

function sequenceOf(steps: readonly SequenceStep[]): Sequence {
  return { name: 'generated', steps, isGenerated: true };
}

/** Whose answers do not depend on how fast they came. */
const UNTIMED = fc
  .array(
    fc.oneof(
      { weight: 60, arbitrary: commands(COMMANDS) },
      { weight: 16, arbitrary: commands(EVALS) },
      { weight: 8, arbitrary: commands(BLOCKING) },
      { weight: 8, arbitrary: commands(PUBSUB) },
      { weight: 1, arbitrary: close },
    ),
    { minLength: 1, maxLength: 80, size: 'max' },
  )
  .map(sequenceOf);

/** Between two phases: twice as far from an end of 15 ms, which is as far from an end of 45 ms. */
export const PHASE_MS = 30;

/** Some milliseconds of commands, then a pause, so that no command is near an end of a TTL. */
const TIMED = fc
  .array(
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: commands(SHORT) },
        { weight: 8, arbitrary: commands(COMMANDS) },
        { weight: 2, arbitrary: commands(PUBSUB) },
      ),
      { minLength: 1, maxLength: 8 },
    ),
    { minLength: 2, maxLength: 4, size: 'max' },
  )
  .map((phases) =>
    sequenceOf(
      phases.flatMap((phase, at): SequenceStep[] =>
        at === 0 ? phase : [{ type: 'wait', durationMs: PHASE_MS }, ...phase],
      ),
    ),
  );

export const SEQUENCES: fc.Arbitrary<Sequence> = fc.oneof(
  { weight: 9, arbitrary: UNTIMED },
  { weight: 1, arbitrary: TIMED },
);
