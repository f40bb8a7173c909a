/**
 * Carries out runs on this thread: one simulation at a time, a turn of the event loop after each,
 * so that what code under test left behind belongs to its run (docs/semantics.md, D6, D13).
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { Finding } from '../finding.js';
import { checkScenario } from '../pipeline.js';
import type { Scenario } from '../scenario.js';
import type { ObservedRun, RunPort } from '../search/port.js';
import { wentByRealTime, withoutRealTime } from '../search/real-time.js';
import type { Decisions } from '../sim/decisions.js';
import type { EventLog } from '../sim/event-log.js';
import type { SimulateOptions } from '../sim/simulate.js';
import type { Settle } from '../sim/world.js';
import type { Workload } from '../workloads/workload.js';
import type { Guards } from './guards.js';
import { keepRunsYoung } from './heap.js';
import { FRAMES, locate } from './place.js';
import { watchRealWork } from './real-async.js';
import { noteTurn, settle, settleByEvent } from './settle.js';

const immediate = setImmediate;
const performanceNow = performance.now.bind(performance);

/** Resolves after a turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    immediate(() => {
      noteTurn();
      resolve();
    });
  });
}

let queue: Promise<unknown> = Promise.resolve();

/** Puts a simulation behind those that run already (D13). */
export function inTurn<T>(simulation: () => Promise<T>): Promise<T> {
  const result = queue.then(simulation);
  queue = result.catch(() => undefined);
  return result;
}

/** Errors of code under test know where they came from only in runs with a trace: it takes time. */
async function withStacks<T>(wanted: boolean | undefined, body: () => Promise<T>): Promise<T> {
  if (wanted !== true) return body();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  try {
    return await body();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/**
 * Whether it is but the return of what went by the host's time. That calls back when no client is
 * running, and nothing else does: a client that wakes another one up is running meanwhile.
 */
function isEcho({ kind, message }: Finding): boolean {
  return kind === 'shared-memory' && message.includes('while nobody was running');
}

/** The port of a search to this thread. */
export function createRunPort(
  algorithm: LockAlgorithm,
  workload: Workload,
  guards: Guards,
  stopped: () => boolean,
  onCall?: SimulateOptions['onCall'],
): RunPort {
  keepRunsYoung();
  let beginsRealWork = false;
  const run = async (
    scenario: Scenario,
    decisions: Decisions,
    drain: Settle,
    trace?: boolean,
    log?: EventLog,
  ) => {
    const checked = await checkScenario(scenario, {
      algorithm,
      workload,
      decisions,
      settle: drain,
      locate,
      ...(trace ? { trace: { locate } } : {}),
      ...(onCall === undefined ? {} : { onCall }),
      ...(log === undefined ? {} : { log }),
    });
    await turn();
    return checked;
  };
  const observe = (scenario: Scenario, decisions: Decisions, trace?: boolean, log?: EventLog) =>
    inTurn(async (): Promise<ObservedRun> => {
      const recorded = decisions.recorded?.length;
      const checked = await withStacks(trace, () => run(scenario, decisions, settle, trace, log));
      let noticed = guards.take();
      if (noticed.some(({ kind }) => kind === 'unhandled-rejection')) {
        const length = decisions.recorded?.length;
        await withStacks(trace, () => run(scenario, decisions, settleByEvent));
        if (recorded !== undefined) decisions.recorded?.splice(length ?? recorded);
        noticed = guards.take();
      }
      const findings = [...checked.run.findings, ...noticed];
      if (!wentByRealTime(findings, beginsRealWork)) return { ...checked, findings };
      return {
        ...checked,
        findings: findings.filter((found) => !isEcho(found)),
        properties: withoutRealTime(checked.properties),
      };
    });
  return {
    check: observe,
    async investigate(scenario, decisions) {
      const found = await watchRealWork(() => observe(scenario, decisions));
      if (found !== undefined) beginsRealWork = true;
      return found;
    },
    elapsedMs: performanceNow,
    stopped,
  };
}
