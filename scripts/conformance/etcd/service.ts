/**
 * The real etcd and the simulated one, side by side.
 */
import type { RealServer } from '../../../src/real/servers/server.js';
import { differenceOf } from '../../../test/sim/servers/etcd/replay.js';
import { World } from '../../../test/sim/servers/etcd/world.js';
import type { GoldenSequence, GoldenStep } from '../../record/etcd/format.js';
import { empty, record } from '../../record/etcd/recorder.js';
import type { Sequence } from '../../record/etcd/sequence.js';
import type { Arm, Played, PlayedStep, Service } from '../arm.js';
import { letterOf } from '../words.js';
import { NAMED, OMISSIONS } from './named.js';
import { SEQUENCES } from './sequences.js';

export const ETCD: Service<Sequence> = {
  name: 'etcd',
  commands: 20_000,
  unit: 'operations',
  sequences: SEQUENCES,
  named: NAMED,
  omissions: OMISSIONS,
};

/** A phase that takes longer, or a pause, may come near the end of a lease. */
const PHASE_MS = 180;
const OVERSLEPT_MS = 60;

function isTooSlow({ steps }: GoldenSequence): boolean {
  let phaseFrom = 0;
  return steps.some(({ waitMs, at }) => {
    if (at === undefined) return false;
    const [from, to] = at;
    if (waitMs === undefined) return to - phaseFrom > PHASE_MS;
    phaseFrom = to;
    return to - from - waitMs > OVERSLEPT_MS;
  });
}

function shown(step: GoldenStep): PlayedStep {
  const { connection = 0, request, answer, pushes = [], waitMs, close } = step;
  const told = pushes.map(([to, , body]) => `${letterOf(to)} is told ${JSON.stringify(body)}`);
  const command =
    request === undefined
      ? close === undefined
        ? `(${waitMs} ms pass)`
        : `(${letterOf(close)} closes)`
      : `${letterOf(connection)}: ${JSON.stringify(request)}`;
  const own = request === undefined ? [] : [JSON.stringify(answer) ?? 'waits'];
  return { command, answer: [...own, ...told].join('; ') };
}

export function etcdArm(
  members: readonly RealServer[],
  world: () => World = () => new World(),
): Arm<Sequence> {
  return {
    async play(sequence): Promise<Played> {
      const recording = await record(members, sequence, await empty(members[0]!));
      const commands = recording.steps.filter(({ request }) => request !== undefined).length;
      if (isTooSlow(recording)) return { commands, steps: [], isTooSlow: true };
      const difference = differenceOf(recording, world());
      const steps = recording.steps.map(shown);
      return { commands, steps, ...(difference === undefined ? {} : { difference }) };
    },
  };
}
