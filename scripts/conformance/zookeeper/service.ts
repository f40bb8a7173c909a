/**
 * The real ZooKeeper and the simulated one, side by side.
 */
import { OPEN_ACL_UNSAFE } from '../../../src/sim/servers/zookeeper/messages.js';
import { differenceOf } from '../../../test/sim/servers/zookeeper/replay.js';
import { World } from '../../../test/sim/servers/zookeeper/world.js';
import type { GoldenHeader, GoldenStep } from '../../record/zookeeper/format.js';
import { type RealServer, record } from '../../record/zookeeper/recorder.js';
import type { Sequence } from '../../record/zookeeper/sequence.js';
import type { Arm, Played, PlayedStep, Service } from '../arm.js';
import { letterOf } from '../words.js';
import { NAMED, OMISSIONS } from './named.js';
import { SEQUENCES } from './sequences.js';

export const ZOOKEEPER: Service<Sequence> = {
  name: 'zookeeper',
  commands: 20_000,
  unit: 'operations',
  sequences: SEQUENCES,
  named: NAMED,
  omissions: OMISSIONS,
};

/** Empty containers are removed at instants of the server's own: here it never looks. */
export const SETTINGS = {
  tickTimeMs: 2000,
  containerCheckIntervalMs: 100_000_000,
};

/** Messages without the access control list that nearly all have. */
function spoken(messages: GoldenStep['messages']): string {
  if (messages.length === 0) return 'nothing';
  return messages
    .map(([connection, message]) => `${letterOf(connection)}: ${JSON.stringify(message)}`)
    .join('; ');
}

function shown({ connection, request, drop, waitMs, messages }: GoldenStep): PlayedStep {
  const open = `,"acl":${JSON.stringify(OPEN_ACL_UNSAFE)}`;
  const text = JSON.stringify(request)?.replaceAll(open, '');
  const command =
    text === undefined
      ? drop === undefined
        ? `(${waitMs} ms pass)`
        : `(${letterOf(drop)} is cut off)`
      : `${letterOf(connection!)}: ${text}`;
  return { command, answer: spoken(messages) };
}

export function zooKeeperArm(
  server: RealServer,
  version: string,
  WorldClass: typeof World = World,
): Arm<Sequence> {
  const header: GoldenHeader = { format: 1, server: version, family: 'generated', ...SETTINGS };
  return {
    async play(sequence): Promise<Played> {
      const recording = await record(server, sequence);
      const commands = recording.steps.filter(({ request }) => request !== undefined).length;
      const steps = recording.steps.map(shown);
      const found = differenceOf(header, recording, WorldClass);
      if (found === undefined) return { commands, steps };
      const { step, real, simulated } = found;
      return {
        commands,
        steps,
        difference: { step, real: spoken(real), simulated: spoken(simulated) },
      };
    },
  };
}
