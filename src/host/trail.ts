/**
 * Finds out where code under test stopped to yield: runs the campaign again from the last run
 * known, telling of every environment call before it happens. Whoever listens sees which came last
 * (docs/semantics.md, D14).
 */
import { generate } from '../search/generate.js';
import { SeededDecisions } from '../sim/decisions.js';
import type { CheckRequest } from './engine-api.js';
import { createRunPort } from './run-port.js';
import { keyOfRun, prepare, withGuards } from './session.js';

/** How many runs to follow: the blocked one is among the first. */
const RUNS_FOLLOWED = 200;
/** And how many events in all of them: each call of theirs takes as long as its stack. */
const EVENTS_FOLLOWED = 500_000;

export async function followTrail(
  asked: CheckRequest,
  fromRun: number,
  stopped: () => boolean,
  onRun: (run: number) => void,
  onCall: (client: string, atUs: number) => void,
): Promise<undefined> {
  const { subject, plan, request } = await prepare(asked);
  const { algorithm, workload } = subject;
  return withGuards(false, async (guards) => {
    const port = createRunPort(algorithm, workload, guards, stopped, onCall);
    let events = 0;
    for (let run = fromRun; run < fromRun + RUNS_FOLLOWED; run++) {
      if (stopped() || events >= EVENTS_FOLLOWED) break;
      onRun(run);
      const decisions = new SeededDecisions(keyOfRun(request.seed, run));
      const scenario = request.scenario ?? generate(plan, decisions);
      events += (await port.check(scenario, decisions)).run.events;
    }
    return undefined;
  });
}
