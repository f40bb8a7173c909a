/**
 * Plays a story on real servers and says what came of it: the violation confirmed by what really
 * happened, the run gone another way, or a part of the story that has no counterpart here.
 */
import type { HostId } from '../../fault.js';
import type { Outcome, Timing } from '../../timeline/conformance/document.js';
import type { Property, PropertyVerdict } from '../../verdict.js';
import type { ClientJob } from '../client/job.js';
import type { GivenServers } from '../given/given-servers.js';
import { type Judged, judge, realRunOf } from '../history/judge.js';
import type { RealRun } from '../history/rebuild.js';
import { Stage } from '../stage/stage.js';
import { Conductor } from './conductor.js';
import { CannotBePlayed, Deviation } from './deviation.js';
import { Ears } from './ears.js';
import { type Step, scoreOf } from './score.js';
import type { Story } from './story.js';
import { timingOf } from './timing.js';

export interface PlayedStory {
  readonly outcome: Outcome;
  /** What the story breaks. */
  readonly property: Property;
  /** The first event that went another way, or the part that is missing. */
  readonly why?: string;
  /** Where in the story that was, in microseconds. */
  readonly atUs?: number;
  /** Steps of the story, and milliseconds that playing it took. */
  readonly steps: number;
  readonly tookMs: number;
  /** How late the steps were; absent if it could not begin. */
  readonly timing?: Timing;
  /** The real run as far as it went; absent if it could not begin. */
  readonly real?: JudgedRun;
}

export interface JudgedRun extends Judged {
  readonly run: RealRun;
  /** Names and versions of what it ran on. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What never ends is waited for a little longer than in the simulation. */
const WAITED_LONGER_US = 300_000;

/** The last record of a story that is needed, and until when its world is looked at. */
function endOf({ trace: { history }, broken }: Story) {
  const { records, endUs } = history;
  const last = Math.max(...broken.witness);
  return showsAtEnd(broken)
    ? { last: records.length - 1, untilUs: endUs + WAITED_LONGER_US }
    : { last, untilUs: records[last]!.atUs };
}

/** That nobody is served, or that a lease outlives its time and still stands. */
function showsAtEnd({ property, cause, witness, details }: PropertyVerdict): boolean {
  if (property === 'progress') return witness.length === 1;
  return property === 'leak' && cause === 'outlived' && details?.['ended'] === false;
}

/** Plays a story once. Whatever becomes of it, nothing that was started is left behind. */
export async function playStory(
  story: Story,
  lock: ClientJob['lock'],
  given?: GivenServers,
): Promise<PlayedStory> {
  const { scenario, trace, plan, broken, schema } = story;
  const { last, untilUs } = endOf(story);
  const steps = scoreOf(story.log, trace, last);
  const ears = new Ears();
  const { decisions } = trace;
  const cutOffMs = cutOffsOf(steps);
  const what = { lock, scenario, key: plan.key, decisions, schema, given, cutOffMs };
  const stage = new Stage(what, ears);
  const conductor = new Conductor(stage, ears, steps);
  const beganMs = performance.now();
  let deviation: Deviation | undefined;
  let missing: CannotBePlayed | undefined;
  try {
    await stage.open();
    await conductor.play(untilUs);
  } catch (error) {
    if (error instanceof CannotBePlayed) missing = error;
    else if (error instanceof Deviation) deviation = error;
    else throw error;
  } finally {
    await conductor.rested();
    await stage.close();
  }
  const tookMs = Math.round(performance.now() - beganMs);
  const timing = timingOf(conductor.lagsUs);
  const common = {
    property: broken.property,
    steps: steps.length,
    tookMs,
    ...(timing !== undefined && { timing }),
  };
  if (missing !== undefined)
    return { outcome: 'cannot-be-played', ...common, why: missing.message };
  const { endedAtUs, environment } = stage;
  const { wire, events, healedAtUs = endedAtUs } = conductor;
  const { records, issued } = ears;
  const run = realRunOf(
    { scenario, schema, world: trace.history.world },
    stage.occasion(healedAtUs),
    { records, wire, events, issued },
  );
  const real: JudgedRun = { run, ...(await judge(run)), environment };
  const found = real.properties.find(({ property }) => property === broken.property);
  if (found?.verdict === 'invalid' && found.class === broken.class) {
    return { outcome: 'confirmed', ...common, real };
  }
  const first = conductor.otherwise ?? deviation;
  const why = first?.message ?? `all happened as in the story, and ${whatElse(broken, found)}`;
  const where = first === undefined ? {} : { atUs: first.atUs };
  return { outcome: 'not-reproduced', ...common, ...where, why, real };
}

/** How long a server of each is cut off from the others: for ever, if it does not end. */
export function cutOffsOf(steps: readonly Step[]): ReadonlyMap<HostId, number> {
  const beganUs = new Map<HostId, number>();
  const lastedMs = new Map<HostId, number>();
  for (const step of steps) {
    if (step.step !== 'fault' || step.fault.class !== 'failover') continue;
    const { host } = step.fault;
    if (step.edge === 'start') beganUs.set(host, step.atUs);
    const lastsUs = step.edge === 'start' ? Number.POSITIVE_INFINITY : step.atUs;
    lastedMs.set(host, (lastsUs - beganUs.get(host)!) / 1_000);
  }
  return lastedMs;
}

/** What became of the property in a run that was as its story. */
function whatElse({ property, class: wanted }: PropertyVerdict, found?: PropertyVerdict): string {
  if (found?.verdict === 'invalid') return `${property} broke as ${found.class}, not as ${wanted}`;
  if (found?.verdict === 'unknown') return `nobody can tell about ${property}: ${found.reason}`;
  return `${property} held`;
}
