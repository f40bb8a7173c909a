/**
 * A counterexample brought to real servers: staged, played, and played again if the machine was not
 * in the mood; with the traces of both runs, to be laid side by side.
 */
import type { Engine } from '../../host/engine-api.js';
import { compression } from '../../host/session.js';
import { encodeReplay } from '../../search/replay-code.js';
import type { TraceFile } from '../../timeline/format.js';
import { traceFile } from '../../timeline/write.js';
import type { PropertyVerdict } from '../../verdict.js';
import type { GivenServers } from '../given/given-servers.js';
import { realTrace } from '../history/trace.js';
import { type PlayedStory, playStory } from './play.js';
import { type Story, type StoryRequest, storyOf } from './story.js';

/** What came of a counterexample. */
export interface Confirmation extends PlayedStory {
  readonly story: Story;
  /** How many times it was played. */
  readonly attempts: number;
  readonly simulatedTrace: TraceFile;
  /** Absent if it could not be played. */
  readonly realTrace?: TraceFile;
}

/** A real machine may be late once; twice in a row it has something to say. */
export const ATTEMPTS = 3;

/**
 * Plays a counterexample until it is confirmed, at most so many times. Undefined if the run breaks
 * nothing, or not the property asked for. `version` is ours, for the traces; `given` are servers to
 * be used in place of servers of our own.
 */
export async function confirm(
  engine: Engine,
  request: StoryRequest,
  version: string,
  attempts = ATTEMPTS,
  given?: GivenServers,
): Promise<Confirmation | undefined> {
  const story = await storyOf(engine, request);
  if (story === undefined) return undefined;
  const { lockFile } = request;
  const lock = lockFile === undefined ? { name: story.scenario.algorithm } : { file: lockFile };
  let played = await playStory(story, lock, given);
  let count = 1;
  while (played.outcome === 'not-reproduced' && count < attempts) {
    played = await playStory(story, lock, given);
    count++;
  }
  const { real } = played;
  return {
    ...played,
    story,
    attempts: count,
    simulatedTrace: simulatedTrace(story, version),
    ...(real !== undefined && {
      realTrace: realTrace(real.run, real.history, real.properties, version, real.environment),
    }),
  };
}

function simulatedTrace({ trace, plan, broken }: Story, version: string): TraceFile {
  const code = encodeReplay({ ...plan, digest: trace.digest }, compression);
  const verdicts: PropertyVerdict[] = [broken];
  return traceFile(trace, verdicts, version, code);
}
