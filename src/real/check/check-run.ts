/**
 * A lock on its real server, without faults: a run of the simulator's scenario by real processes,
 * through the real client libraries, judged by the same checkers.
 */
import { findLock } from '../../algorithms/index.js';
import { CHECKERS } from '../../checkers/index.js';
import { checkAll } from '../../checkers/merge.js';
import type { Engine, RunRequest } from '../../host/engine-api.js';
import { keyOfRun } from '../../host/session.js';
import { excusing } from '../../search/claims.js';
import type { PropertyVerdict } from '../../verdict.js';
import type { GivenServers } from '../given/given-servers.js';
import { withLateness } from '../history/lateness.js';
import { type Placement, type RealRun, rebuild } from '../history/rebuild.js';
import { heldAgainst } from '../stage/doubt.js';
import { Stage } from '../stage/stage.js';
import { FreeRun } from './free-run.js';

/** A verdict, and whether the lock's author says that it may be so without any fault. */
export type JudgedProperty = PropertyVerdict & { readonly expected?: true };

/** What came of one run. */
export interface CheckedRealRun {
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
}

/** So many TTLs and waits a run may take. */
const LIMIT_MS = 60_000;
const AFTERWARDS_US = 1_000;
const PLACEMENTS: readonly Placement[] = [0, 1, 0.5];

/** Run number `request.run` of the campaign of that seed, on real servers: ours, or these. */
export async function checkRealRun(
  engine: Engine,
  request: RunRequest,
  given?: GivenServers,
): Promise<CheckedRealRun> {
  const { trace, schema } = await engine.run(request);
  if (trace === undefined) throw new Error('the engine gave no trace of a run');
  const { scenario, decisions, history } = trace;
  const { lock, seed, run } = request;
  const free = new FreeRun();
  const key = keyOfRun(seed, run);
  const stage = new Stage(
    { lock, scenario, key, decisions, schema, given, mayStandIn: true },
    free,
  );
  let isOver = false;
  try {
    await stage.open();
    isOver = await free.play(stage, scenario.clients.length, LIMIT_MS);
  } finally {
    await stage.close();
  }
  const wire = free.attributed();
  const real: RealRun = {
    schema,
    scenario,
    records: free.records,
    wire,
    events: free.events,
    issued: free.issued,
    world: withLateness(history.world),
    startedAtWallUs: stage.startedAtWallUs,
    healedAtUs: stage.endedAtUs,
    endUs: stage.endedAtUs + AFTERWARDS_US,
  };
  const { environment } = stage;
  const { findings } = free;
  const held = heldAgainst(stage, await judged(real, lock));
  return { ...held, isOver, findings, requests: wire.length, environment };
}

/** The verdicts in the middle of all bounds, but invalid only where all places agree. */
async function judged(
  real: RealRun,
  lock: RunRequest['lock'],
): Promise<Pick<CheckedRealRun, 'properties' | 'differences'>> {
  let properties: readonly PropertyVerdict[] = [];
  let differences: readonly string[] = [];
  const valid = new Set<string>();
  for (const placement of PLACEMENTS) {
    const rebuilt = await rebuild(real, placement);
    ({ properties } = checkAll(rebuilt.history, CHECKERS));
    ({ differences } = rebuilt);
    for (const { property, verdict } of properties) if (verdict !== 'invalid') valid.add(property);
  }
  const algorithm = 'name' in lock ? findLock(lock.name) : undefined;
  const of = (one: PropertyVerdict): JudgedProperty => {
    if (one.verdict !== 'invalid') return one;
    if (valid.has(one.property)) {
      return { ...one, verdict: 'unknown', reason: 'it depends on when a server did what' };
    }
    const accepted = algorithm && excusing(algorithm, one, 'everysec').has('interleaving');
    return accepted ? { ...one, expected: true } : one;
  };
  return { properties: properties.map(of), differences };
}
