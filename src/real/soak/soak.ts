/**
 * Hammers a lock on its real server with random faults, round after round until the time is over,
 * and judges each round when it has ended: nothing of it stays in memory then.
 */
import { findLock } from '../../algorithms/index.js';
import { CHECKERS } from '../../checkers/index.js';
import { checkAll } from '../../checkers/merge.js';
import type { FaultClass } from '../../fault.js';
import type { Engine, RunRequest, SingleRunReport } from '../../host/engine-api.js';
import { keyOfRun } from '../../host/session.js';
import type { Scenario } from '../../scenario.js';
import { excusing } from '../../search/claims.js';
import type { PropertyVerdict } from '../../verdict.js';
import { FreeRun } from '../check/free-run.js';
import type { GivenServers } from '../given/given-servers.js';
import { withLateness } from '../history/lateness.js';
import { type Placement, type RealRun, rebuild } from '../history/rebuild.js';
import { heldAgainst } from '../stage/doubt.js';
import { Stage } from '../stage/stage.js';
import { hammering } from './scenario.js';
import { type Trouble, TroubleMaker, troubled } from './trouble-maker.js';

export interface SoakRequest {
  readonly run: RunRequest;
  readonly timeMs: number;
  readonly troubles: readonly Trouble[];
  /** Servers of the user's, to be used in place of servers of our own. */
  readonly given?: GivenServers | undefined;
}

/** What came of one round. */
export interface SoakRound {
  readonly operations: number;
  readonly requests: number;
  readonly troubles: ReadonlyMap<Trouble, number>;
  /** What it broke, and whether the lock's author says that it may under these faults. */
  readonly violations: readonly (PropertyVerdict & { readonly expected: boolean })[];
  readonly findings: readonly string[];
  /** What stood in for the server; what broke there is unknown, unless it is claimed. */
  readonly standIn?: string;
  readonly differences: readonly string[];
  readonly rssMb: number;
}

/** A round lasts so long at most: what it recorded is judged then, and forgotten. */
const ROUND_MS = 12_000;
/** Less is not worth starting processes for. */
const SHORTEST_ROUND_MS = 2_000;
/** Clients finish what they are at. */
const GRACE_MS = 4_000;
const AFTERWARDS_US = 1_000;
const PLACEMENTS: readonly Placement[] = [0, 0.5, 1];

/** Plays rounds until the time is over or somebody stops it; tells of each. */
export async function soak(
  engine: Engine,
  request: SoakRequest,
  told: (round: SoakRound) => void,
  stop: AbortSignal,
): Promise<void> {
  const endMs = performance.now() + request.timeMs;
  for (let number = 0; !stop.aborted; number++) {
    if (number > 0 && endMs - performance.now() < SHORTEST_ROUND_MS) return;
    const report = await engine.run({ ...request.run, run: number });
    const leftMs = Math.max(SHORTEST_ROUND_MS, endMs - performance.now());
    told(await round(report, request, number, Math.min(ROUND_MS, leftMs), stop));
  }
}

async function round(
  { trace, schema }: SingleRunReport,
  { run: { lock, seed }, troubles, given }: SoakRequest,
  number: number,
  limitMs: number,
  stop: AbortSignal,
): Promise<SoakRound> {
  if (trace === undefined) throw new Error('the engine gave no trace of a run');
  const key = keyOfRun(seed, number);
  const scenario = hammering(trace.scenario, key);
  const free = new FreeRun();
  const stage = new Stage(
    { lock, scenario, key, decisions: [], schema, given, mayStandIn: true },
    free,
  );
  let maker: TroubleMaker | undefined;
  const end = () => free.end();
  stop.addEventListener('abort', end, { once: true });
  try {
    await stage.open();
    maker = new TroubleMaker(stage, free, troubled(stage), scenario.ttlMs, troubles, key);
    const playing = free.play(stage, scenario.clients.length, limitMs);
    void maker.begin();
    await playing;
    await maker.stop();
    stage.end();
    await free.settled(GRACE_MS);
  } finally {
    stop.removeEventListener('abort', end);
    await stage.close();
  }
  const real = realRun(scenario, trace.history.world, schema, stage, free);
  const { violations, differences } = await judged(real, lock, new Set(maker.made.keys()));
  const held = heldAgainst(stage, { properties: violations, differences });
  return {
    operations: free.records.filter((one) => one.type === 'ok' && one.action === 'acquire').length,
    requests: real.wire.length,
    troubles: maker.made,
    violations: held.properties,
    findings: free.findings,
    differences: held.differences,
    ...(stage.hasStandIn && { standIn: Object.values(stage.environment)[0]! }),
    rssMb: Math.round(process.memoryUsage().rss / 1_000_000),
  };
}

function realRun(
  scenario: Scenario,
  world: RealRun['world'],
  schema: string | undefined,
  stage: Stage,
  free: FreeRun,
): RealRun {
  return {
    schema,
    scenario,
    records: free.records,
    wire: free.attributed(),
    events: free.events,
    issued: free.issued,
    world: withLateness(world),
    startedAtWallUs: stage.startedAtWallUs,
    healedAtUs: stage.endedAtUs,
    endUs: stage.endedAtUs + AFTERWARDS_US,
  };
}

/** What is broken wherever requests are placed within their bounds (R0). */
async function judged(
  real: RealRun,
  lock: RunRequest['lock'],
  made: ReadonlySet<FaultClass>,
): Promise<Pick<SoakRound, 'violations' | 'differences'>> {
  let broken: PropertyVerdict[] | undefined;
  let differences: readonly string[] = [];
  for (const placement of PLACEMENTS) {
    const rebuilt = await rebuild(real, placement);
    const found = checkAll(rebuilt.history, CHECKERS).properties.filter(
      ({ verdict }) => verdict === 'invalid',
    );
    const known = broken;
    broken = known === undefined ? found : found.filter((one) => known.some((b) => isSame(b, one)));
    ({ differences } = rebuilt);
    if (broken.length === 0) break;
  }
  const algorithm = 'name' in lock ? findLock(lock.name) : undefined;
  const accepts = (verdict: PropertyVerdict) => {
    if (algorithm === undefined) return false;
    const classes = excusing(algorithm, verdict, 'everysec');
    return classes.has('interleaving') || [...made].some((one) => classes.has(one));
  };
  const violations = broken!.map((one) => ({ ...one, expected: accepts(one) }));
  return { violations, differences };
}

function isSame(one: PropertyVerdict, other: PropertyVerdict): boolean {
  return one.property === other.property && one.class === other.class;
}
