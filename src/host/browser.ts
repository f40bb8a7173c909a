/**
 * What a worker of a page lends to the kernel, as settle.ts and run-port.ts do on Node: a drain,
 * and one run at a time (docs/semantics.md, D5, D13).
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import { type CheckedRun, checkScenario } from '../pipeline.js';
import type { RunPlan } from '../search/replay-code.js';
import { type Decisions, EditedDecisions, SeededDecisions } from '../sim/decisions.js';
import type { Settle } from '../sim/world.js';
import type { Workload } from '../workloads/workload.js';

/**
 * The drain of a browser: a task begins once the microtasks of the one before have all run, with
 * all that they cause. It is also a turn of the event loop, so that the worker hears between two
 * events that a run is no longer wanted. 9 to 14 µs in Chromium on a machine where a message to
 * ourselves, which every browser knows, takes 15 to 22. One drain at a time: `simulate` never
 * overlaps (D13).
 */
export const settle: Settle = byTask() ?? byMessage();

/** Where the browser has a scheduler: not every one does. */
function byTask(): Settle | undefined {
  const { scheduler } = globalThis as { scheduler?: { postTask: Settle } };
  return scheduler?.postTask && ((then) => scheduler.postTask(then));
}

function byMessage(): Settle {
  const { port1: inbox, port2: outbox } = new MessageChannel();
  let waiting: (() => void) | undefined;
  inbox.addEventListener('message', () => waiting?.());
  inbox.start();
  return (then) => {
    waiting = then;
    outbox.postMessage(undefined);
  };
}

let queue: Promise<unknown> = Promise.resolve();

/** Puts a simulation behind those that run already (D13). */
export function inTurn<T>(simulation: () => Promise<T>): Promise<T> {
  const result = queue.then(simulation);
  queue = result.catch(() => undefined);
  return result;
}

/** A run, and what to run it with. */
export interface PlanToRun {
  readonly plan: RunPlan;
  readonly algorithm: LockAlgorithm;
  readonly workload: Workload;
}

/**
 * Makes a run, with its trace.
 *
 * @param between called before the run and between its events; what it throws ends the run.
 */
export function runPlan(
  { plan, algorithm, workload }: PlanToRun,
  between: () => void,
): Promise<CheckedRun> {
  return inTurn(async () => {
    between();
    return checkScenario(plan.scenario, {
      algorithm,
      workload,
      decisions: decisionsOf(plan),
      settle: (then) => {
        between();
        settle(then);
      },
      trace: {},
    });
  });
}

function decisionsOf({ key, overrides }: RunPlan): Decisions {
  return overrides === undefined
    ? new SeededDecisions(key, true)
    : new EditedDecisions(key, overrides, true);
}
