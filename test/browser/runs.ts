/** Runs that tests of the page look at, made on Node: what they hold is known before. */
import { compression } from '../../src/host/session.js';
import { thePause } from '../../src/lessons/06-the-pause.js';
import { encodeReplay } from '../../src/search/replay-code.js';
import type { TraceModel } from '../../src/timeline/model.js';
import { factsOfPlan, planOf } from '../lessons/running.js';

export interface KnownRun {
  readonly model: TraceModel;
  /** Its trace as a file. */
  readonly text: string;
  readonly replay: string;
}

/** A pause outlasts the lease: two clients are inside, and a stale write is accepted. */
export async function brokenRun(): Promise<KnownRun> {
  const plan = planOf(thePause, thePause.steps[1]!);
  const { model } = await factsOfPlan(plan);
  const replay = encodeReplay({ ...plan, digest: model.file.meta.digest }, compression);
  return { model, text: JSON.stringify(model.file), replay };
}
