/**
 * Plays a story on real servers and says what came of it: the violation confirmed by what really
 * happened, the run gone another way, or a part of the story that has no counterpart here.
 */
import { CHECKERS } from '../../checkers/index.js';
import { checkAll } from '../../checkers/merge.js';
import type { Outcome, Timing } from '../../timeline/conformance/document.js';
import type { Property, PropertyVerdict } from '../../verdict.js';
import type { ClientJob } from '../client/job.js';
import { withLateness } from '../history/lateness.js';
import { type Placement, type RealRun, type Rebuilt, rebuild } from '../history/rebuild.js';
import { Stage } from '../stage/stage.js';
import { Conductor } from './conductor.js';
import { CannotBePlayed, Deviation } from './deviation.js';
import { Ears } from './ears.js';
import { scoreOf } from './score.js';
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

export interface JudgedRun {
  readonly run: RealRun;
  readonly history: Rebuilt['history'];
  /** All that the history shows, with requests in the middle of their bounds. */
  readonly properties: readonly PropertyVerdict[];
  /** Where a model answered otherwise than the real server. */
  readonly differences: readonly string[];
  /** Names and versions of what it ran on. */
  readonly environment: Readonly<Record<string, string>>;
}

/** How much longer than its last event a real run is looked at, in microseconds. */
const AFTERWARDS_US = 1_000;
/** At the extremes of its bounds and between, a request is taken to have been applied. */
const PLACEMENTS: readonly Placement[] = [0, 1, 0.5];

/** A call that never ends is waited for a little longer than in the simulation. */
const WAITED_LONGER_US = 300_000;

/** The last record of a story that is needed, and until when its world is looked at. */
function endOf({ trace: { history }, broken }: Story) {
  const { records, endUs } = history;
  const last = Math.max(...broken.witness);
  // That nobody is served shows at the end alone.
  return broken.property === 'progress' && broken.witness.length === 1
    ? { last: records.length - 1, untilUs: endUs + WAITED_LONGER_US }
    : { last, untilUs: records[last]!.atUs };
}

/** Plays a story once. Whatever becomes of it, nothing that was started is left behind. */
export async function playStory(story: Story, lock: ClientJob['lock']): Promise<PlayedStory> {
  const { scenario, trace, plan, broken, schema } = story;
  const { last, untilUs } = endOf(story);
  const steps = scoreOf(story.log, trace, last);
  const ears = new Ears();
  const { decisions } = trace;
  const stage = new Stage({ lock, scenario, key: plan.key, decisions, schema }, ears);
  const conductor = new Conductor(stage, ears);
  const beganMs = performance.now();
  let deviation: Deviation | undefined;
  let missing: CannotBePlayed | undefined;
  try {
    await stage.open();
    await conductor.play(steps, untilUs);
  } catch (error) {
    if (error instanceof CannotBePlayed) missing = error;
    else if (error instanceof Deviation) deviation = error;
    else throw error;
  } finally {
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
  const run = runOf(story, stage, conductor, ears);
  const { judged, isConfirmed } = await judge(run, broken, stage.environment);
  if (isConfirmed) return { outcome: 'confirmed', ...common, real: judged };
  const first = conductor.otherwise ?? deviation;
  const why = first?.message ?? 'all happened as in the story, and the property held';
  const where = first === undefined ? {} : { atUs: first.atUs };
  return { outcome: 'not-reproduced', ...common, ...where, why, real: judged };
}

function runOf(
  { scenario, trace, schema }: Story,
  stage: Stage,
  conductor: Conductor,
  ears: Ears,
): RealRun {
  const { endedAtUs, startedAtWallUs } = stage;
  const { records, issued } = ears;
  const { wire, events, healedAtUs = endedAtUs } = conductor;
  const endUs = endedAtUs + AFTERWARDS_US;
  const world = withLateness(trace.history.world);
  return {
    schema,
    scenario,
    records,
    wire,
    events,
    issued,
    world,
    startedAtWallUs,
    healedAtUs,
    endUs,
  };
}

/** Confirmed only if it is invalid for every place of the requests within their bounds (R0). */
async function judge(
  run: RealRun,
  { property, class: wanted }: PropertyVerdict,
  environment: JudgedRun['environment'],
): Promise<{ readonly judged: JudgedRun; readonly isConfirmed: boolean }> {
  let judged: JudgedRun | undefined;
  let isConfirmed = true;
  for (const placement of PLACEMENTS) {
    const { history, differences } = await rebuild(run, placement);
    const { properties } = checkAll(history, CHECKERS);
    const found = properties.find((one) => one.property === property);
    isConfirmed &&= found?.verdict === 'invalid' && found.class === wanted;
    judged = { run, history, properties, differences, environment };
  }
  return { judged: judged!, isConfirmed };
}
