/**
 * One run: simulates a scenario under given decisions and hands out its history, its digest and, if
 * asked, its trace (docs/semantics.md, R0, R14).
 */
import type { LockAlgorithm } from '../algorithms/lock.js';
import type { Finding } from '../finding.js';
import type { History } from '../history.js';
import type { Decision } from '../random.js';
import type { Scenario } from '../scenario.js';
import type { Trace } from '../trace.js';
import type { Workload } from '../workloads/workload.js';
import type { Decisions } from './decisions.js';
import { ENGINE_VERSION } from './engine-version.js';
import type { EventLog } from './event-log.js';
import { digestRecord } from './record-digest.js';
import { digestScenario } from './scenario-digest.js';
import { loadServices, mustLoad } from './services/hosts.js';
import { SimulatedRun } from './simulated-run.js';
import { type Locate, TraceRecorder } from './trace-recorder.js';
import { type Settle, World } from './world.js';

/** What a run needs besides its scenario. */
export interface SimulateOptions {
  readonly algorithm: LockAlgorithm;
  readonly workload: Workload;
  readonly decisions: Decisions;
  readonly settle: Settle;
  /** Records messages, timers and places; `locate` finds the place in the code under test. */
  readonly trace?: { readonly locate?: Locate };
  /** Finds the place in the code under test for findings, with or without a trace. */
  readonly locate?: Locate;
  /** Told of every environment call as it is entered: finds out where code stops to yield (D14). */
  readonly onCall?: (client: string, atUs: number) => void;
  /** Filled with every event and record of the run (D15); without it nothing is written down. */
  readonly log?: EventLog;
}

/** What came of a run. */
export interface Run {
  readonly scenario: Scenario;
  readonly history: History;
  readonly findings: readonly Finding[];
  readonly events: number;
  /** By `EVENT_KIND`. */
  readonly eventsByKind: Uint32Array;
  /** Digest of scenario, events and history; verdicts are folded in afterwards (R14). */
  readonly digest: string;
  readonly decisions: readonly Decision[] | undefined;
  readonly trace: Omit<Trace, 'digest'> | undefined;
}

/** Runs a scenario to its end. One at a time for each thread (D13: `host` queues them). */
export async function simulate(scenario: Scenario, options: SimulateOptions): Promise<Run> {
  if (mustLoad(scenario.servers)) await loadServices(scenario.servers);
  const { trace } = options;
  const recorder = trace === undefined ? undefined : new TraceRecorder(trace.locate);
  const world = new World(options.decisions, options.settle, recorder);
  world.onCall = options.onCall;
  world.log = options.log;
  world.locate = options.locate ?? trace?.locate;
  world.digest.word(ENGINE_VERSION);
  digestScenario(world.digest, scenario);
  const simulated = new SimulatedRun(world, scenario, options);
  simulated.begin();
  await world.run();
  const { difference } = options.decisions;
  if (difference !== undefined) throw difference;
  const history = simulated.history();
  for (const record of world.records) digestRecord(world.digest, record);
  const decisions = options.decisions.recorded;
  return {
    scenario,
    history,
    findings: world.findings,
    events: world.events,
    eventsByKind: world.eventsByKind,
    digest: world.digest.toString(),
    decisions,
    trace: recorder && traceOf(scenario, history, recorder, decisions ?? []),
  };
}

function traceOf(
  scenario: Scenario,
  history: History,
  recorder: TraceRecorder,
  decisions: readonly Decision[],
): Omit<Trace, 'digest'> {
  const places: Record<number, string> = {};
  history.records.forEach((record, index) => {
    const place = recorder.places.get(record);
    if (place !== undefined) places[index] = place;
  });
  const { messages, timers } = recorder;
  return { scenario, history, messages, timers, decisions, places };
}
