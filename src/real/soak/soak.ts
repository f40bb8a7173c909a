/**
 * Hammers a lock on its real server with random faults, round after round until the time is over,
 * and judges each round when it has ended: nothing of it stays in memory then.
 */
import type { Claims } from '../../algorithms/lock.js';
import type { Engine, RunRequest } from '../../host/engine-api.js';
import { keyOfRun } from '../../host/session.js';
import { brokenOf, type JudgedProperty, persistenceOf, withClaim } from '../check/claimed.js';
import { heldAgainst } from '../check/doubt.js';
import { drawnRun } from '../check/drawn-run.js';
import { FreeRun } from '../check/free-run.js';
import { type Healed, heal } from '../check/heal.js';
import { inProportion } from '../check/in-proportion.js';
import { ClientGone } from '../client/client-handle.js';
import type { GivenServers } from '../given/given-servers.js';
import { judge, type Occasion, type Played, realRunOf } from '../history/judge.js';
import { realTrace, type TraceOf } from '../history/trace.js';
import { Stage } from '../stage/stage.js';
import { hammering } from './scenario.js';
import { type Trouble, TroubleMaker, troubled } from './trouble-maker.js';

export interface SoakRequest {
  readonly run: RunRequest;
  readonly timeMs: number;
  readonly troubles: readonly Trouble[];
  /** Servers of the user's, to be used in place of servers of our own. */
  readonly given?: GivenServers | undefined;
  /** Trouble is made for so long at most in a round. Default: 12,000. */
  readonly roundMs?: number;
}

/** What came of one round. */
export interface SoakRound {
  readonly operations: number;
  readonly requests: number;
  readonly troubles: ReadonlyMap<Trouble, number>;
  /** What it broke, and whether the lock's author says that it may under these faults. */
  readonly violations: readonly JudgedProperty[];
  readonly findings: readonly string[];
  /** What stood in for the server; what broke there is unknown, unless it is claimed. */
  readonly standIn?: string;
  readonly differences: readonly string[];
  readonly rssMb: number;
  /** Who keeps it keeps all that was recorded. */
  readonly trace: TraceOf;
}

/** What a round recorded is judged and forgotten after so long. */
const ROUND_MS = 12_000;
/** Less is not worth starting processes for, unless it is asked for. */
const SHORTEST_ROUND_MS = 2_000;
/** The healed world is watched for so long at most: what is not over then is left undecided. */
const HEALED_MS = 4_000;
/** What healing and judging take, as long as no round has shown it. */
const TAIL_MS = 4_000;

/** What every round plays, and what the lock's author says of the lock. */
interface Drawn extends Played {
  readonly claims: Claims;
}

/** How the real time of a round is spent. */
interface Spent {
  openMs: number;
  tailMs: number;
}

/** Plays rounds until the time is over or somebody stops it; tells of each. */
export async function soak(
  engine: Engine,
  request: SoakRequest,
  told: (round: SoakRound) => void,
  stop: AbortSignal,
): Promise<void> {
  const endMs = performance.now() + request.timeMs;
  const { trace, schema, claims } = await drawnRun(engine, request.run);
  const { scenario, history } = trace;
  const drawn: Drawn = { scenario, schema, world: history.world, claims };
  const spent: Spent = { openMs: 0, tailMs: Math.min(TAIL_MS, request.timeMs / 2) };
  for (let number = 0; !stop.aborted; number++) {
    const leftMs = endMs - performance.now();
    const otherMs = spent.openMs + spent.tailMs;
    const shortestMs = Math.min(SHORTEST_ROUND_MS, request.roundMs ?? SHORTEST_ROUND_MS);
    if (number > 0 && leftMs < otherMs + shortestMs) return;
    try {
      told(await playRound(drawn, request, number, endMs, spent, stop));
    } catch (error) {
      // Ctrl-C is for a client as well while its process is being made.
      if (!(stop.aborted && error instanceof ClientGone)) throw error;
    }
  }
}

/** Trouble is made until what follows has to begin to be over at `endMs`. */
async function playRound(
  drawn: Drawn,
  request: SoakRequest,
  number: number,
  endMs: number,
  spent: Spent,
  stop: AbortSignal,
): Promise<SoakRound> {
  const beganMs = performance.now();
  const { lock, seed } = request.run;
  const key = keyOfRun(seed, number);
  const scenario = hammering(inProportion(drawn.scenario), key);
  const { longestSectionUs, ttlMs } = scenario;
  const world = { ...drawn.world, longestSectionUs };
  const played: Played = { ...drawn, scenario, world };
  const free = new FreeRun();
  const { schema } = drawn;
  const { given } = request;
  const as = { lock, scenario, key, decisions: [], schema, given, mayStandIn: true } as const;
  const stage = new Stage({ ...as, isAwaited: false }, free);
  const end = () => free.end();
  let maker: TroubleMaker | undefined;
  let healed: Healed | undefined;
  let tailFromMs = 0;
  stop.addEventListener('abort', end, { once: true });
  try {
    await stage.open();
    const clients = troubled(stage);
    const possible = request.troubles.filter((one) => one !== 'server-crash' || stage.ownsServers);
    maker = new TroubleMaker(stage, free, clients, ttlMs, possible, key);
    spent.openMs = performance.now() - beganMs;
    const leftMs = endMs - performance.now() - spent.tailMs;
    const longMs = Math.min(request.roundMs ?? ROUND_MS, Math.max(leftMs, SHORTEST_ROUND_MS / 2));
    const playing = free.play(stage, clients, stop.aborted ? 0 : longMs);
    void maker.begin();
    await playing;
    tailFromMs = performance.now();
    await maker.stop();
    healed = await heal(stage, free, played, stop.aborted ? 0 : HEALED_MS);
  } finally {
    stop.removeEventListener('abort', end);
    await stage.close();
  }
  const stepped = { ...played, world: { ...world, largestClockStepUs: maker.steppedUs } };
  const round = await judgeRound(
    stepped,
    stage.occasion(healed.healedAtUs),
    free,
    stage,
    drawn.claims,
  );
  spent.tailMs = performance.now() - tailFromMs;
  return { ...round, troubles: maker.made };
}

async function judgeRound(
  played: Played,
  occasion: Occasion,
  free: FreeRun,
  stage: Stage,
  claims: Claims,
): Promise<Omit<SoakRound, 'troubles'>> {
  const heard = free.heard();
  const real = realRunOf(played, occasion, heard);
  const { history, properties, differences } = await judge(real);
  const broken = properties.filter(({ verdict }) => verdict === 'invalid');
  const persistence = persistenceOf(played.scenario);
  const claimed = broken.map((one) => withClaim(one, history, claims, persistence));
  const held = heldAgainst(stage, { properties: claimed, differences });
  const { environment } = stage;
  return {
    operations: heard.records.filter((one) => one.type === 'ok' && one.action === 'acquire').length,
    requests: heard.wire.length,
    violations: held.properties,
    findings: free.findings,
    differences: held.differences,
    ...(stage.hasStandIn && { standIn: Object.values(environment)[0]! }),
    trace: (version) => realTrace(real, history, brokenOf(held.properties), version, environment),
    rssMb: Math.round(process.memoryUsage().rss / 1_000_000),
  };
}
