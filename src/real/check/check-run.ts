/**
 * A lock on its real server, without faults: a run of the simulator's scenario by real processes,
 * through the real client libraries, judged by the same checkers.
 */
import type { Engine, RunRequest } from '../../host/engine-api.js';
import { keyOfRun } from '../../host/session.js';
import type { GivenServers } from '../given/given-servers.js';
import { judge, realRunOf } from '../history/judge.js';
import { realTrace, type TraceOf } from '../history/trace.js';
import { Stage } from '../stage/stage.js';
import { brokenOf, type JudgedProperty, persistenceOf, withClaim } from './claimed.js';
import { heldAgainst } from './doubt.js';
import { drawnRun } from './drawn-run.js';
import { FreeRun } from './free-run.js';
import { type Healed, heal } from './heal.js';
import { inProportion } from './in-proportion.js';

/** What came of one run. */
export interface CheckedRealRun {
  /** What its clients did with the lock. */
  readonly workload: string;
  /** Invalid only if it is for every place of the requests within their bounds (R0). */
  readonly properties: readonly JudgedProperty[];
  /** Whether all clients got through their operations. */
  readonly isOver: boolean;
  /** Where a model answered otherwise than the real server. */
  readonly differences: readonly string[];
  /** What clients found wrong with the lock's code. */
  readonly findings: readonly string[];
  readonly requests: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly trace: TraceOf;
}

/** As the simulation: after so many TTLs nothing new begins. */
const LIMIT_TTLS = 12;

/** Run number `request.run` of the campaign of that seed, on real servers: ours, or these. */
export async function checkRealRun(
  engine: Engine,
  request: RunRequest,
  given?: GivenServers,
): Promise<CheckedRealRun> {
  const { trace, schema, claims } = await drawnRun(engine, request);
  const { decisions } = trace;
  const scenario = inProportion(trace.scenario);
  const { lock, seed, run } = request;
  const free = new FreeRun();
  const key = keyOfRun(seed, run);
  const as = { lock, scenario, key, decisions, schema, given, mayStandIn: true } as const;
  const stage = new Stage({ ...as, isAwaited: false }, free);
  const played = { scenario, schema, world: trace.history.world };
  const clients = scenario.clients.map(({ id }) => id);
  let healed: Healed | undefined;
  try {
    await stage.open();
    await free.play(stage, clients, LIMIT_TTLS * scenario.ttlMs);
    healed = await heal(stage, free, played);
  } finally {
    await stage.close();
  }
  const { environment } = stage;
  const { healedAtUs, isOver } = healed;
  const heard = free.heard();
  const real = realRunOf(played, stage.occasion(healedAtUs), heard);
  const { history, properties, differences } = await judge(real);
  const claimed = properties.map((one) => withClaim(one, history, claims, persistenceOf(scenario)));
  const held = heldAgainst(stage, { properties: claimed, differences });
  return {
    ...held,
    workload: scenario.workload,
    isOver,
    findings: free.findings,
    requests: heard.wire.length,
    environment,
    trace: (version) => realTrace(real, history, brokenOf(held.properties), version, environment),
  };
}
