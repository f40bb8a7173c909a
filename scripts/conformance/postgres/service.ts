/**
 * The real PostgreSQL and the simulated one, side by side.
 */
import fc from 'fast-check';
import { differenceOf } from '../../../test/sim/servers/postgres/replay.js';
import { World } from '../../../test/sim/servers/postgres/world.js';
import type { Connection } from '../../record/postgres/connection.js';
import type { GoldenStep } from '../../record/postgres/format.js';
import { record } from '../../record/postgres/recorder.js';
import { close, on, type Sequence, type SequenceStep } from '../../record/postgres/sequence.js';
import type { Arm, Played, PlayedStep, Service } from '../arm.js';
import { NAMED, OMISSIONS } from './named.js';
import { spoken } from './spoken.js';
import { SET_UP, STATE, STATEMENTS } from './statements.js';

const SESSIONS = 3;
const DEADLOCK_TIMEOUT_MS = 200;
/** Longer than a deadlock is left alone. */
const WAIT: SequenceStep = { type: 'wait', durationMs: 300, onlyIfBlocked: true };

const statement: fc.Arbitrary<SequenceStep> = fc
  .tuple(fc.integer({ min: 0, max: SESSIONS - 1 }), STATEMENTS)
  .map(([session, text]) => on(session, text));

const step: fc.Arbitrary<SequenceStep> = fc.oneof(
  { weight: 40, arbitrary: statement },
  { weight: 2, arbitrary: fc.constant(WAIT) },
);

const ALL = Array.from({ length: SESSIONS }, (_none, session) => session);
const PREPARATION: readonly SequenceStep[] = [
  ...SET_UP.map((text) => on(0, text)),
  ...ALL.map((session) => on(session, `SET deadlock_timeout = '${DEADLOCK_TIMEOUT_MS}ms'`)),
];
/** Everybody lets go; when they are gone, a session of its own reads what was committed. */
const ENDING: readonly SequenceStep[] = [
  WAIT,
  ...['COMMIT', 'SELECT pg_advisory_unlock_all()', 'COMMIT'].flatMap((text) =>
    ALL.map((session) => on(session, text)),
  ),
  ...ALL.map(close),
  ...STATE.map((text) => on(SESSIONS, text)),
];

const SEQUENCES: fc.Arbitrary<Sequence> = fc
  .array(step, { minLength: 1, maxLength: 50, size: 'max' })
  .map((steps) => ({
    name: 'generated',
    steps: [...PREPARATION, ...steps, ...ENDING],
    stopsAtRace: true,
  }));

export const POSTGRES: Service<Sequence> = {
  name: 'postgres',
  commands: 20_000,
  unit: 'statements',
  sequences: SEQUENCES,
  named: NAMED,
  omissions: OMISSIONS,
};

function shown({ session, text, waitMs, close: closed, arrived }: GoldenStep): PlayedStep {
  const command =
    text === undefined
      ? closed === undefined
        ? `(${waitMs} ms pass)`
        : `(session ${closed} closes)`
      : `${session}: ${text}`;
  const silent = text === undefined && arrived.length === 0;
  return { command, answer: silent ? '' : spoken(arrived) };
}

export function postgresArm(
  socket: string,
  control: Connection,
  database: string,
  world: () => World = () => new World(),
): Arm<Sequence> {
  return {
    async play(sequence): Promise<Played> {
      const recording = await record(socket, control, sequence, database);
      const commands = recording.steps.filter(({ text }) => text !== undefined).length;
      const steps = recording.steps.map(shown);
      const found = differenceOf(recording, world());
      if (found === undefined) return { commands, steps };
      const { real, simulated } = found;
      return {
        commands,
        steps,
        difference: { step: found.step, real: spoken(real), simulated: spoken(simulated) },
      };
    },
  };
}
