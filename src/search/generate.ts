/**
 * Scenarios from decisions: swarm search. Each run draws its clients, operations and faults at
 * addresses of their own, whole fault classes on or off, sizes from the default distribution
 * (docs/semantics.md, R6, R16).
 */
import type { Fault, FaultClass, HostId, Trigger } from '../fault.js';
import { PURPOSE, type Purpose } from '../random.js';
import type { OperationPlan, Options, Persistence, Scenario, ServerPlan } from '../scenario.js';
import { type Decisions, NO_ORDINALS } from '../sim/decisions.js';
import { LATENCY_GRID_US } from '../sim/limits.js';
import { RESOURCE_ID } from '../sim/resource.js';
import { SERVER_ERRORS } from './server-errors.js';
import { logUniform, onGrid, sizeAroundTtl } from './sizes.js';

/** What a campaign fixes for all its runs. */
export interface CampaignPlan {
  readonly algorithm: string;
  readonly options: Options;
  readonly workload: string;
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly serverCount: number;
  readonly persistence: Persistence;
  /** Number of clients; absent: 2 or 3, drawn for each run. */
  readonly clients?: number;
  readonly operationsEach: number;
  /** Longest section; default half the TTL (R15). */
  readonly sectionMsMax: number;
  /** How many of them the workload may stay inside for; absent: one. */
  readonly sectionsEach?: number;
  readonly faultClasses: readonly FaultClass[];
  /** Largest number of faults in a run. */
  readonly faultsMax: number;
  /** Largest clock drift, in parts per million. */
  readonly driftPpmMax: number;
  /** Where a pause may begin: at any environment call, or only between events (the proof of R4). */
  readonly pauseAt?: 'call' | 'event';
}

/** Subjects of the generator's addresses: each thing it draws has one of its own. */
const SUBJECT = { run: 61, class: 62, fault: 3_000, client: 3_200, server: 3_300 } as const;
/** Environment calls of an operation that gets its lock at once, and of one that tries again. */
const CALLS_AT_ONCE = 32;
const CALLS_WITH_RETRIES = 128;
const DELIVERIES_MAX = 12;
/** Timed faults begin within so many TTLs. */
const TIMED_WITHIN_TTLS = 3;
const REPLICA_LAG_MAX_US = 1_000_000;

/** Draws the scenario of one run. */
export function generate(plan: CampaignPlan, decisions: Decisions): Scenario {
  const run = new Drawer(decisions, SUBJECT.run);
  const clientCount = plan.clients ?? 2 + run.pick('clients', 2);
  const clients = Array.from({ length: clientCount }, (_, index) => {
    const id = clientName(index);
    return { id, operations: drawOperations(plan, decisions, index, id) };
  });
  const servers = Array.from({ length: plan.serverCount }, (_, index) =>
    drawServer(plan, decisions, index),
  );
  const { algorithm, options, workload, key, ttlMs, waitMs } = plan;
  const longestSectionUs = plan.sectionMsMax * (plan.sectionsEach ?? 1) * 1_000;
  const faults = drawFaults(plan, decisions, clientCount);
  return {
    algorithm,
    options,
    workload,
    key,
    ttlMs,
    waitMs,
    longestSectionUs,
    servers,
    clients,
    faults,
  };
}

/** Draws decisions for one subject; ordinals count within a purpose. */
export class Drawer {
  private readonly ordinals = NO_ORDINALS.slice();

  constructor(
    private readonly decisions: Decisions,
    private readonly subject: number,
    private readonly operation = 0,
  ) {}

  pick(purpose: Purpose, n: number, fallback = 0): number {
    const number = PURPOSE[purpose];
    const ordinal = this.ordinals[number]!;
    this.ordinals[number] = ordinal + 1;
    return this.decisions.decide(this.subject, number, this.operation, ordinal, n, fallback);
  }
}

export function clientName(index: number): HostId {
  return String.fromCharCode(65 + index);
}

function drawOperations(
  plan: CampaignPlan,
  decisions: Decisions,
  client: number,
  id: HostId,
): OperationPlan[] {
  const longestUs = plan.sectionMsMax * 1_000;
  return Array.from({ length: plan.operationsEach }, (_, index) => {
    const draw = new Drawer(decisions, SUBJECT.client + client, index + 1);
    return {
      id: `${id}${index + 1}`,
      gapUs: draw.pick('gap', 4) === 0 ? 0 : onGrid(logUniform(draw, 'gap', 100, 2_000_000)),
      sectionUs: onGrid(logUniform(draw, 'section', 1_000, longestUs)),
      renew: draw.pick('renew', 3) === 0,
    };
  });
}

function drawServer(plan: CampaignPlan, decisions: Decisions, index: number): ServerPlan {
  const draw = new Drawer(decisions, SUBJECT.server + index);
  const { persistence } = plan;
  const steps = REPLICA_LAG_MAX_US / LATENCY_GRID_US;
  const replicaLagUs = [draw.pick('replica-lag', steps + 1) * LATENCY_GRID_US];
  return { id: `r${index + 1}`, persistence, replicaLagUs };
}

/** 0–6 faults, each class off in half of the runs. */
function drawFaults(plan: CampaignPlan, decisions: Decisions, clients: number): Fault[] {
  const classes = plan.faultClasses.filter((faultClass, index) => {
    if (faultClass === 'interleaving') return false;
    const only = plan.faultClasses.length === 1;
    return only || new Drawer(decisions, SUBJECT.class, index + 1).pick('fault-class', 2) === 1;
  });
  if (classes.length === 0) return [];
  const count = new Drawer(decisions, SUBJECT.run).pick('fault-count', plan.faultsMax + 1);
  return Array.from({ length: count }, (_, index) => {
    const draw = new Drawer(decisions, SUBJECT.fault + index);
    const faultClass = classes[draw.pick('fault-class', classes.length)]!;
    return drawFault(plan, draw, `f${index + 1}`, faultClass, clients);
  });
}

type Distribute<T> = T extends unknown ? Omit<T, 'id' | 'at'> : never;

function drawFault(
  plan: CampaignPlan,
  draw: Drawer,
  id: string,
  faultClass: FaultClass,
  clients: number,
): Fault {
  const body = drawBody(plan, draw, faultClass, clients);
  const host = 'host' in body ? body.host : body.client;
  return { id, at: drawTrigger(plan, draw, faultClass, host, clients), ...body } as Fault;
}

function drawBody(
  plan: CampaignPlan,
  draw: Drawer,
  faultClass: FaultClass,
  clients: number,
): Distribute<Fault> {
  const ttlUs = plan.ttlMs * 1_000;
  const size = (maxTtls: number) => sizeAroundTtl(draw, ttlUs, maxTtls);
  const client = () => clientName(draw.pick('fault-place', clients));
  const server = () => `r${draw.pick('fault-place', plan.serverCount) + 1}`;
  const way = () => (draw.pick('fault-place', 2) === 0 ? 'to-server' : 'to-client');
  /** The far end of a link: a lock server mostly, sometimes the resource. */
  const farEnd = () => (draw.pick('fault-place', 5) === 0 ? RESOURCE_ID : server());
  const anyHost = () => (draw.pick('fault-place', 2) === 0 ? client() : server());
  switch (faultClass) {
    case 'pause':
      return { class: 'pause', host: client(), durationUs: size(3) };
    case 'clock-step': {
      const sign = draw.pick('fault-size', 2) === 0 ? 1 : -1;
      return { class: 'clock-step', host: anyHost(), byUs: sign * size(3) };
    }
    case 'clock-drift': {
      const { driftPpmMax } = plan;
      const ppm = draw.pick('fault-size', 2 * driftPpmMax + 1) - driftPpmMax;
      return { class: 'clock-drift', host: anyHost(), ppm, durationUs: size(3) };
    }
    case 'client-crash': {
      const mode = draw.pick('fault-size', 2) === 0 ? 'kill' : 'power';
      const restartAfterUs = draw.pick('fault-size', 2) === 0 ? null : size(2);
      return { class: 'client-crash', host: client(), mode, restartAfterUs };
    }
    case 'server-crash':
      return { class: 'server-crash', host: server(), restartAfterUs: size(1) };
    case 'partition': {
      const direction = draw.pick('fault-place', 2) === 0 ? 'both' : way();
      const ends = { client: client(), server: farEnd() };
      return { class: 'partition', ...ends, direction, durationUs: size(3) };
    }
    case 'delay': {
      const ends = { client: client(), server: farEnd(), direction: way() } as const;
      return { class: 'delay', ...ends, durationUs: size(3), byUs: size(2) };
    }
    case 'lost-request':
    case 'lost-reply':
    case 'half-open':
      return { class: faultClass, client: client(), server: farEnd() };
    case 'server-error': {
      const error = SERVER_ERRORS[draw.pick('fault-size', SERVER_ERRORS.length)]!;
      return { class: 'server-error', host: server(), durationUs: size(1), error };
    }
    case 'failover':
      return { class: 'failover', host: server(), replica: 1 };
    case 'interleaving':
      throw new Error('interleaving is the absence of faults');
  }
}

/**
 * By time, at a delivery, or at an environment call, which is where a pause or a crash does most
 * harm (R4). What happens to a client happens at a call of its own, mostly.
 */
function drawTrigger(
  plan: CampaignPlan,
  draw: Drawer,
  faultClass: FaultClass,
  host: HostId | undefined,
  clients: number,
): Trigger {
  const kind = draw.pick('fault-trigger', 5);
  const own = draw.pick('fault-trigger', 5) > 0 && host !== undefined && !host.startsWith('r');
  const client = own ? host : clientName(draw.pick('fault-trigger', clients));
  const operation = `${client}${draw.pick('fault-trigger', plan.operationsEach) + 1}`;
  const atEventOnly = plan.pauseAt === 'event' && faultClass === 'pause';
  if (kind >= 2 && !atEventOnly) {
    const calls = draw.pick('fault-trigger', 5) === 0 ? CALLS_WITH_RETRIES : CALLS_AT_ONCE;
    return { call: { operation, nth: 1 + draw.pick('fault-trigger', calls) } };
  }
  if (kind >= 1) {
    return { delivery: { operation, nth: 1 + draw.pick('fault-trigger', DELIVERIES_MAX) } };
  }
  const steps = Math.ceil((TIMED_WITHIN_TTLS * plan.ttlMs * 1_000) / LATENCY_GRID_US);
  return { atUs: draw.pick('fault-time', steps) * LATENCY_GRID_US };
}
