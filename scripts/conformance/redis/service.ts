/**
 * The real Redis and the simulated one, side by side.
 */
import { differenceOf, showRecorded, worldOf } from '../../../test/sim/servers/redis/replay.js';
import type { World } from '../../../test/sim/servers/redis/world.js';
import type { Connection } from '../../record/redis/connection.js';
import type { GoldenSequence, GoldenStep } from '../../record/redis/format.js';
import { record } from '../../record/redis/recorder.js';
import { quote, type Sequence } from '../../record/redis/sequence.js';
import type { Arm, Played, PlayedStep, Service } from '../arm.js';
import { letterOf } from '../words.js';
import { NAMED, OMISSIONS } from './named.js';
import { SEQUENCES } from './sequences.js';

export const REDIS: Service<Sequence> = {
  name: 'redis',
  commands: 100_000,
  unit: 'commands',
  sequences: SEQUENCES,
  named: NAMED,
  omissions: OMISSIONS,
};

/** A phase that takes longer may come near an end of a TTL. */
const PHASE_MS = 3;
/** So does a pause that is longer by this. */
const OVERSLEPT_MS = 5;

/** Whether commands may have been nearer to an end of a TTL than some milliseconds. */
function isTooSlow({ steps }: GoldenSequence): boolean {
  if (!steps.some(({ waitMs }) => waitMs !== undefined)) return false;
  let phaseFrom = steps[0]!.at![0];
  for (const { waitMs, at } of steps) {
    const [from, to] = at!;
    if (waitMs === undefined) {
      if (to - phaseFrom > PHASE_MS) return true;
      continue;
    }
    if (to - from - waitMs > OVERSLEPT_MS) return true;
    phaseFrom = to;
  }
  return false;
}

const word = (arg: string) => (/^[\w.*@:+-]+$/.test(arg) ? arg : quote(arg));

function shown({ connection = 0, args, reply, pushes = [], ...step }: GoldenStep): PlayedStep {
  const told = pushes.map(([to, push]) => `${letterOf(to)} gets ${showRecorded(push)}`);
  const answer = args === undefined ? [] : [reply === undefined ? 'waits' : showRecorded(reply)];
  const command =
    args === undefined
      ? step.close === undefined
        ? `(${step.waitMs} ms pass)`
        : `(${letterOf(step.close)} closes)`
      : `${letterOf(connection)}: ${args.map(word).join(' ')}`;
  return { command, answer: [...answer, ...told].join('; ') };
}

export interface RedisArmOptions {
  /** Where a sequence is played on the simulated side: a test may have it lie. */
  readonly world?: (sequence: GoldenSequence) => World;
  /** Told of every recording. */
  readonly recorded?: (sequence: GoldenSequence) => void;
}

export function redisArm(
  port: number,
  control: Connection,
  { world = worldOf, recorded }: RedisArmOptions = {},
): Arm<Sequence> {
  return {
    async play(sequence): Promise<Played> {
      const recording = await record(port, control, sequence);
      const commands = recording.steps.filter(({ args }) => args !== undefined).length;
      if (isTooSlow(recording)) return { commands, steps: [], isTooSlow: true };
      recorded?.(recording);
      const difference = differenceOf(recording, world(recording));
      const steps = recording.steps.map(shown);
      return { commands, steps, ...(difference === undefined ? {} : { difference }) };
    },
  };
}
