/**
 * Scenarios from decisions: swarm search. Each run draws its clients, operations and faults at
 * addresses of their own, whole fault classes on or off, sizes from the default distribution
 * (docs/semantics.md, R6, R16).
 */
import type { Fault, FaultClass, HostId, Trigger } from '../fault.js';
import { PURPOSE } from '../random.js';
import type {
  ClientPlan,
  OperationPlan,
  Options,
  Persistence,
  Scenario,
  ServerPlan,
} from '../scenario.js';
import { serviceOf } from '../service.js';
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
  readonly servers: readonly HostId[];
  /** How many replicas each Redis server has; absent: one. */
  readonly replicas?: number;
  readonly persistence: Persistence;
  /** Number of clients; absent: one or two more than may hold at once, drawn for each run. */
  readonly clients?: number;
  /** How many may hold at once; absent: one. */
  readonly permits?: number;
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
  /** Draw modes, and nested acquires: only of a lock that declares them. */
  readonly readWrite?: true;
  readonly reentrant?: true;
  /** Where a pause may begin: at any environment call, or only between events (the proof of R4). */
  readonly pauseAt?: 'call' | 'event';
}

/** Subjects of the generator's addresses: each thing it draws has one of its own. */
const SUBJECT = { run: 61, class: 62, fault: 3_000, client: 3_200, server: 3_300 } as const;
/** Environment calls of an operation that gets its lock at once, and of one that tries again. */
const CALLS_AT_ONCE = 32;
const CALLS_WITH_RETRIES = 128;
const DELIVERIES_MAX = 12;
/** Names of clients are letters before that of the probe. */
export const CLIENTS_MAX = 12;
/** Timed faults begin within so many TTLs. */
const TIMED_WITHIN_TTLS = 3;
/** A change of leader, one that is cut off, and a third that each kind of cluster has. */
const LEADER_FAULTS = 3;
const REPLICA_LAG_MAX_US = 1_000_000;

const { 'fault-place': PLACE, 'fault-size': SIZE, 'fault-trigger': TRIGGER } = PURPOSE;

/** Draws the scenario of one run. */
export function generate(plan: CampaignPlan, decisions: Decisions): Scenario {
  const run = new Drawer(decisions, SUBJECT.run);
  const clientCount = plan.clients ?? fewestClients(plan) + run.pick(PURPOSE.clients, 2);
  const clients: ClientPlan[] = [];
  for (let index = 0; index < clientCount; index++) {
    const id = clientName(index);
    clients.push({ id, operations: drawOperations(plan, decisions, index, id) });
  }
  const servers: ServerPlan[] = [];
  plan.servers.forEach((id, index) => {
    servers.push(drawServer(plan, decisions, id, index));
  });
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

/** With as many clients one of them must wait. */
export function fewestClients({ permits = 1 }: CampaignPlan): number {
  return Math.min(permits + 1, CLIENTS_MAX - 1);
}

/** Draws decisions for one subject; ordinals count within a purpose. */
export class Drawer {
  private readonly ordinals = NO_ORDINALS.slice();

  constructor(
    private readonly decisions: Decisions,
    private readonly subject: number,
    private readonly operation = 0,
  ) {}

  pick(purpose: number, n: number, fallback = 0): number {
    const ordinal = this.ordinals[purpose]!;
    this.ordinals[purpose] = ordinal + 1;
    return this.decisions.decide(this.subject, purpose, this.operation, ordinal, n, fallback);
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
  const operations: OperationPlan[] = [];
  for (let number = 1; number <= plan.operationsEach; number++) {
    const draw = new Drawer(decisions, SUBJECT.client + client, number);
    const { gap, section, renew, mode, nested } = PURPOSE;
    operations.push({
      id: `${id}${number}`,
      gapUs: draw.pick(gap, 4) === 0 ? 0 : onGrid(logUniform(draw, gap, 100, 2_000_000)),
      sectionUs: onGrid(logUniform(draw, section, 1_000, longestUs)),
      renew: draw.pick(renew, 3) === 0,
      mode: plan.readWrite && draw.pick(mode, 2) === 1 ? 'shared' : 'exclusive',
      nested: plan.reentrant === true && draw.pick(nested, 2) === 1,
    });
  }
  return operations;
}

function drawServer(
  plan: CampaignPlan,
  decisions: Decisions,
  id: HostId,
  index: number,
): ServerPlan {
  const draw = new Drawer(decisions, SUBJECT.server + index);
  const { persistence } = plan;
  const steps = REPLICA_LAG_MAX_US / LATENCY_GRID_US;
  const replicaLagUs: number[] = [];
  const replicas = replicasOf(plan, id);
  for (let replica = 1; replica <= replicas; replica++) {
    replicaLagUs.push(draw.pick(PURPOSE['replica-lag'], steps + 1) * LATENCY_GRID_US);
  }
  return { id, persistence, replicaLagUs };
}

/** Replicas whose lag is drawn; what is not a Redis has one by that name. */
function replicasOf({ replicas = 1 }: CampaignPlan, id: HostId): number {
  return serviceOf(id) === 'redis' ? replicas : 1;
}

/** 0–6 faults, each class off in half of the runs. */
function drawFaults(plan: CampaignPlan, decisions: Decisions, clients: number): Fault[] {
  const faults: Fault[] = [];
  const classes = drawClasses(plan.faultClasses, decisions);
  if (classes.length === 0) return faults;
  const count = new Drawer(decisions, SUBJECT.run).pick(PURPOSE['fault-count'], plan.faultsMax + 1);
  for (let number = 1; number <= count; number++) {
    const draw = new Drawer(decisions, SUBJECT.fault + number - 1);
    const faultClass = classes[draw.pick(PURPOSE['fault-class'], classes.length)]!;
    faults.push(drawFault(plan, draw, `f${number}`, faultClass, clients));
  }
  return faults;
}

/** The classes that are on in this run; one that is alone always is. */
function drawClasses(all: readonly FaultClass[], decisions: Decisions): FaultClass[] {
  const purpose = PURPOSE['fault-class'];
  return all.filter((faultClass, index) => {
    if (faultClass === 'interleaving') return false;
    return all.length === 1 || decisions.decide(SUBJECT.class, purpose, index + 1, 0, 2, 0) === 1;
  });
}

type WithoutTrigger<T> = T extends unknown ? Omit<T, 'at'> & { at: Trigger | undefined } : never;

function drawFault(
  plan: CampaignPlan,
  draw: Drawer,
  id: string,
  faultClass: FaultClass,
  clients: number,
): Fault {
  const fault = drawBody(plan, draw, id, faultClass, clients);
  const host = 'host' in fault ? fault.host : fault.client;
  // Set, not spread: a spread costs as much as all the draws.
  fault.at = drawTrigger(plan, draw, faultClass, host, clients);
  return fault as Fault;
}

function drawBody(
  plan: CampaignPlan,
  draw: Drawer,
  id: string,
  faultClass: FaultClass,
  clients: number,
): WithoutTrigger<Fault> {
  const ttlUs = plan.ttlMs * 1_000;
  const size = (maxTtls: number) => sizeAroundTtl(draw, ttlUs, maxTtls);
  const client = () => clientName(draw.pick(PLACE, clients));
  const server = () => plan.servers[draw.pick(PLACE, plan.servers.length)]!;
  const way = () => (draw.pick(PLACE, 2) === 0 ? 'to-server' : 'to-client');
  /** The far end of a link: a lock server mostly, sometimes the resource. */
  const farEnd = () => (draw.pick(PLACE, 5) === 0 ? RESOURCE_ID : server());
  const anyHost = () => (draw.pick(PLACE, 2) === 0 ? client() : server());
  const at = undefined;
  switch (faultClass) {
    case 'pause':
      return { id, at, class: 'pause', host: client(), durationUs: size(3) };
    case 'clock-step': {
      const sign = draw.pick(SIZE, 2) === 0 ? 1 : -1;
      return { id, at, class: 'clock-step', host: anyHost(), byUs: sign * size(3) };
    }
    case 'clock-drift': {
      const { driftPpmMax } = plan;
      const ppm = draw.pick(SIZE, 2 * driftPpmMax + 1) - driftPpmMax;
      return { id, at, class: 'clock-drift', host: anyHost(), ppm, durationUs: size(3) };
    }
    case 'client-crash': {
      const mode = draw.pick(SIZE, 2) === 0 ? 'kill' : 'power';
      const restartAfterUs = draw.pick(SIZE, 2) === 0 ? null : size(2);
      return { id, at, class: 'client-crash', host: client(), mode, restartAfterUs };
    }
    case 'server-crash':
      return { id, at, class: 'server-crash', host: server(), restartAfterUs: size(1) };
    case 'partition': {
      const direction = draw.pick(PLACE, 2) === 0 ? 'both' : way();
      const [from, to, durationUs] = [client(), farEnd(), size(3)];
      return { id, at, class: 'partition', client: from, server: to, direction, durationUs };
    }
    case 'delay': {
      const [from, to, direction] = [client(), farEnd(), way()] as const;
      const [durationUs, byUs] = [size(3), size(2)];
      return { id, at, class: 'delay', client: from, server: to, direction, durationUs, byUs };
    }
    case 'lost-request':
    case 'lost-reply':
    case 'half-open':
      return { id, at, class: faultClass, client: client(), server: farEnd() };
    case 'server-error': {
      const host = server();
      const errors = SERVER_ERRORS[serviceOf(host)!]!;
      const error = errors[draw.pick(SIZE, errors.length)]!;
      return { id, at, class: 'server-error', host, durationUs: size(1), error };
    }
    case 'failover': {
      const host = server();
      const kinds = serviceOf(host) === 'redis' ? replicasOf(plan, host) : LEADER_FAULTS;
      // The only one there is takes no draw.
      const replica = kinds === 1 ? 1 : 1 + draw.pick(SIZE, kinds);
      return { id, at, class: 'failover', host, replica };
    }
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
  const kind = draw.pick(TRIGGER, 5);
  const ofClient = host !== undefined && !plan.servers.includes(host);
  const own = draw.pick(TRIGGER, 5) > 0 && ofClient;
  const client = own ? host : clientName(draw.pick(TRIGGER, clients));
  const operation = `${client}${draw.pick(TRIGGER, plan.operationsEach) + 1}`;
  const atEventOnly = plan.pauseAt === 'event' && faultClass === 'pause';
  if (kind >= 2 && !atEventOnly) {
    const calls = draw.pick(TRIGGER, 5) === 0 ? CALLS_WITH_RETRIES : CALLS_AT_ONCE;
    return { call: { operation, nth: 1 + draw.pick(TRIGGER, calls) } };
  }
  if (kind >= 1) {
    return {
      delivery: { operation, nth: 1 + draw.pick(TRIGGER, DELIVERIES_MAX) },
    };
  }
  const steps = Math.ceil((TIMED_WITHIN_TTLS * plan.ttlMs * 1_000) / LATENCY_GRID_US);
  return { atUs: draw.pick(PURPOSE['fault-time'], steps) * LATENCY_GRID_US };
}
