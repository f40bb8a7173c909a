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

export async function followTrail(
  asked: CheckRequest,
  fromRun: number,
  onRun: (run: number) => void,
  onCall: (client: string, atUs: number) => void,
): Promise<undefined> {
  const { subject, plan, request } = await prepare(asked);
  const { algorithm, workload } = subject;
  return withGuards(false, async (guards) => {
    const port = createRunPort(algorithm, workload, guards, () => false, onCall);
    for (let run = fromRun; run < fromRun + RUNS_FOLLOWED; run++) {
      onRun(run);
      const decisions = new SeededDecisions(keyOfRun(request.seed, run));
      await port.check(request.scenario ?? generate(plan, decisions), decisions);
    }
    return undefined;
  });
}
