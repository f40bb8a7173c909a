/**
 * The hosts of one run and the phases it goes through: faults strike while clients work; then
 * nothing new begins; when the last fault has ended the world is healed, and a probe must get the
 * lock; then it is over (docs/semantics.md, R8, R10).
 */
import type { OptionSpecs, OptionValues } from '../algorithms/option-spec.js';
import { healedHorizonUs, leaseEndUs } from '../bounds.js';
import type { HostId } from '../fault.js';
import type { Actor, Declarations, History } from '../history.js';
import type { ClientPlan, Scenario } from '../scenario.js';
import { ClientHost } from './client.js';
import { ClientRunner, type RunContext } from './client-runner.js';
import { SimEnvironment } from './environment.js';
import { LeaseObserver } from './leases.js';
import { LATENCY_RARE_US, USER_TIMEOUT_US } from './limits.js';
import { Link } from './link.js';
import { PlannedNemesis } from './nemesis.js';
import { Process } from './process.js';
import { Lane } from './queue.js';
import { QueueObserver } from './queues.js';
import { RESOURCE_ID, RESOURCE_INDEX, Resource } from './resource.js';
import { createHost } from './services/hosts.js';
import type { Route } from './services/service-connection.js';
import type { ServiceHost, ServiceWorld } from './services/service-host.js';
import type { SimulateOptions } from './simulate.js';
import { CALM, type Death, type Nemesis, type Stage } from './stage.js';
import { StoreLink } from './store-link.js';
import { EVENT_KIND, type Handler, type World } from './world.js';

/** The client that probes the healed world (R10). */
export const PROBE: HostId = 'P';
const PROBE_INDEX = 26;
/** The longest fault phase, in TTLs: then nothing new begins. */
const FAULT_PHASE_TTLS = 12;

/** The hosts of a run and the phases they go through. */
export class SimulatedRun implements Stage, RunContext, Handler {
  readonly key: string;
  readonly ttlMs: number;
  readonly waitMs: number;
  readonly leases: LeaseObserver;
  private readonly shared: ServiceWorld;
  private readonly nemesis: Nemesis;
  private readonly servers: ServiceHost[];
  private readonly clients: ClientHost[];
  private readonly probe: ClientHost;
  private readonly resource: Resource;
  private readonly runners = new Map<ClientHost, ClientRunner>();
  private readonly progress = new Map<ClientHost, { next: number }>();
  private readonly phases = new Lane(4, true);
  private readonly numbers = { last: 0, next: () => ++this.numbers.last };
  private calls = 0;
  private readonly done = new Set<ClientHost>();
  private phase: 'faults' | 'ending' | 'healed' | 'over' = 'faults';
  private healedAtUs = 0;
  private horizonUs = 0;
  private readonly values: OptionValues<OptionSpecs>;
  readonly declares: Declarations;

  constructor(
    private readonly world: World,
    private readonly scenario: Scenario,
    private readonly options: SimulateOptions,
  ) {
    this.key = scenario.key;
    this.ttlMs = scenario.ttlMs;
    this.waitMs = scenario.waitMs;
    this.values = scenario.options as OptionValues<OptionSpecs>;
    const { declares } = options.algorithm;
    this.declares = typeof declares === 'function' ? declares(this.values) : (declares ?? {});
    this.leases = new LeaseObserver(world);
    this.resource = new Resource(world);
    const { faults } = scenario;
    this.nemesis = faults.length === 0 ? CALM : new PlannedNemesis(world, faults);
    const { fairness, permits } = this.declares;
    const queues = fairness === undefined ? undefined : new QueueObserver(world, scenario.clients);
    const { schema } = options.algorithm;
    const ttlUs = scenario.ttlMs * 1_000;
    const permitTermUs = permits === undefined ? undefined : ttlUs;
    const { leases } = this;
    const lockKey = scenario.key;
    const terms = { ttlUs, permitTermUs, schema };
    const later = { unseen: undefined, sideKeys: undefined };
    this.shared = { world, leases, lockKey, queues, ...terms, ...later };
    this.servers = scenario.servers.map((plan, index) => createHost(this.shared, plan, index));
    this.clients = scenario.clients.map((plan) => this.createClient(plan, clientIndex(plan.id)));
    this.probe = this.createClient(probePlan(), PROBE_INDEX);
  }

  begin(): void {
    this.nemesis.begin(this);
    for (const client of this.clients) this.start(client);
    this.at(FAULT_PHASE_TTLS * this.ttlMs * 1_000, 'ending');
  }

  history(): History {
    const { world } = this;
    for (const client of this.clients) this.recordPending(client);
    const ended = world.limit === undefined;
    const { sideKeys } = this.shared;
    const records = sideKeys?.withoutNotes(world.records) ?? world.records;
    const unseen = this.shared.unseen?.ofGranted(this.leases.grants, records, sideKeys);
    return {
      world: this.describe(),
      records,
      healedAtUs: this.phase === 'over' || this.phase === 'healed' ? this.healedAtUs : world.nowUs,
      endUs: ended ? Math.max(this.horizonUs, world.nowUs) : world.nowUs,
      ...(world.limit === undefined ? {} : { limit: world.limit }),
      ...(unseen === undefined ? {} : { unseen }),
    };
  }

  // Phases: faults, then nothing new, then healed, then over.

  happen(event: { payload: unknown }): boolean {
    this.turn(event.payload as 'ending' | 'healed' | 'over');
    return false;
  }

  private turn(phase: 'ending' | 'healed' | 'over'): void {
    const { world } = this;
    if (phase === 'ending' && this.phase === 'faults') {
      this.phase = 'ending';
      this.nemesis.stop();
      this.at(
        Math.max(world.nowUs, this.nemesis.activeUntilUs, this.furthestFrontierUs()),
        'healed',
      );
    } else if (phase === 'healed') {
      this.phase = 'healed';
      this.healedAtUs = world.nowUs;
      this.horizonUs = healedHorizonUs(this.describe(), world.nowUs, this.latestEndUs());
      this.start(this.probe);
      this.at(this.horizonUs, 'over');
    } else if (phase === 'over') {
      this.phase = 'over';
      this.findLeftOvers();
      world.end();
    }
  }

  private at(atUs: number, phase: 'ending' | 'healed' | 'over'): void {
    this.world.schedule(this.phases, this, EVENT_KIND.phase, atUs, 0, 0, atUs, 0, phase);
  }

  private furthestFrontierUs(): number {
    return Math.max(...this.clients.map((client) => client.frontierUs));
  }

  /** When the last lease that stands now ends if nobody extends it; Infinity if one never does. */
  private latestEndUs(): number {
    let latestUs = this.world.nowUs;
    for (const { record, actor, prolongedToUs } of this.leases.standing()) {
      if (record.termUs === 'none') return Number.POSITIVE_INFINITY;
      if (record.termUs === 'session') {
        // A living holder ends it; of a dead one the server finds out (R7).
        if (this.lives(actor)) continue;
        latestUs = Math.max(latestUs, this.world.nowUs + USER_TIMEOUT_US);
        continue;
      }
      const endUs = leaseEndUs(record.atUs, record.termUs, this.stepsUs());
      latestUs = Math.max(latestUs, endUs, prolongedToUs);
    }
    return latestUs;
  }

  private lives({ host, incarnation }: Actor): boolean {
    const process = this.client(host)?.process;
    return process?.alive === true && process.incarnation === incarnation;
  }

  private stepsUs(): number {
    let sumUs = 0;
    for (const fault of this.scenario.faults) {
      if (fault.class === 'clock-step') sumUs += Math.abs(fault.byUs);
    }
    return sumUs;
  }

  private describe(): History['world'] {
    const { scenario } = this;
    const { invariants } = this.options.workload;
    let longestRetryUs = 0;
    for (const { process } of [...this.clients, this.probe]) {
      longestRetryUs = Math.max(longestRetryUs, process.longestRetryUs);
    }
    return {
      key: this.key,
      ttlMs: this.ttlMs,
      waitMs: this.waitMs,
      clients: scenario.clients.map((client) => client.id),
      servers: scenario.servers.map((server) => server.id),
      probe: PROBE,
      declares: this.declares,
      fenced: true,
      invariants,
      longestLatencyUs: LATENCY_RARE_US,
      longestSectionUs: scenario.longestSectionUs,
      longestRetryUs,
      largestClockStepUs: this.stepsUs(),
    };
  }

  // Clients.

  private createClient(plan: ClientPlan, index: number): ClientHost {
    const client = new ClientHost(this.world, plan, index, this.nemesis);
    for (const { id, index } of this.servers) client.links.set(id, new Link(client, index));
    client.links.set(RESOURCE_ID, new Link(client, RESOURCE_INDEX));
    this.progress.set(client, { next: 0 });
    return client;
  }

  /** Runs the client's process, from its next operation on. */
  private start(client: ClientHost): void {
    const { process } = client;
    const handler: Handler = {
      happen: () =>
        process.run(() => {
          const runner = this.createRunner(client, process);
          this.runners.set(client, runner);
          const progress = this.progress.get(client)!;
          runner.operations(client.plan.operations, progress).then(() => {
            if (process.alive) client.reached(() => this.clientDone(client));
          });
        }),
    };
    const { world } = this;
    world.schedule(client.timers, handler, EVENT_KIND.start, world.nowUs, 0);
  }

  private createRunner(client: ClientHost, process: Process): ClientRunner {
    const { algorithm, workload } = this.options;
    const { numbers } = this;
    const routes = this.servers.map((host): Route => {
      return { process, link: client.links.get(host.id)!, host, numbers };
    });
    const environment = new SimEnvironment(process, routes, this.leases);
    const store = new StoreLink(
      process,
      client.links.get(RESOURCE_ID)!,
      this.resource,
      this.numbers,
    );
    const lock = algorithm.create(environment, this.values);
    const probing = client === this.probe;
    return new ClientRunner(process, environment, lock, workload, this, store, probing);
  }

  /** A client has nothing more to do, for now: it has been through its plan, or is dead. */
  private clientDone(client: ClientHost): void {
    this.done.add(client);
    if (client === this.probe && this.onlyHeartbeatsFollow()) this.turn('over');
    if (this.phase !== 'faults') return;
    if (this.clients.every((one) => this.done.has(one))) this.turn('ending');
  }

  /**
   * Whether nothing is left to happen but heartbeats of open sessions, which would go on until the
   * horizon: nobody works, waits, or has a lease or a timer.
   */
  private onlyHeartbeatsFollow(): boolean {
    const hosts = [...this.clients, this.probe];
    if (!hosts.some(({ process }) => process.sessionsOpen > 0)) return false;
    for (const _lease of this.leases.standing()) return false;
    return hosts.every(
      ({ process, operation }) =>
        !process.alive || (operation === '' && process.timersPending === 0),
    );
  }

  died(client: ClientHost, death: Death): void {
    this.runners.get(client)?.died(death);
    client.leaveOperation();
    if (death.forEver) this.clientDone(client);
  }

  // What the nemesis and the runners ask (Stage, RunContext).

  client(id: HostId): ClientHost | undefined {
    return this.clients.find((client) => client.id === id);
  }

  server(id: HostId): ServiceHost | undefined {
    return this.servers.find((server) => server.id === id);
  }

  link(client: HostId, server: HostId): Link | undefined {
    return this.client(client)?.links.get(server);
  }

  links(): readonly Link[] {
    const links: Link[] = [];
    for (const client of this.clients) links.push(...client.links.values());
    links.push(...this.probe.links.values());
    return links;
  }

  restart(client: ClientHost): void {
    const { world } = this;
    client.process = new Process(client, client.process.incarnation + 1);
    const { incarnation } = client.process;
    world.record({
      type: 'host',
      atUs: world.nowUs,
      host: client.id,
      incarnation,
      state: 'restarted',
    });
    this.done.delete(client);
    this.start(client);
  }

  busy(): boolean {
    return this.clients.some((client) => client.operation !== '');
  }

  nextCall(): number {
    return ++this.calls;
  }

  mayBegin(): boolean {
    return this.phase !== 'ending' && (this.phase === 'faults' || this.probing());
  }

  private probing(): boolean {
    return this.world.running === this.probe.process;
  }

  // The end of the run.

  private recordPending(client: ClientHost): void {
    const { process } = client;
    let requests = 0;
    for (const connection of process.connections) requests += connection.toServer.length;
    if (requests === 0 && process.timersPending === 0) return;
    this.world.record({
      type: 'pending',
      atUs: this.world.nowUs,
      client: client.id,
      incarnation: process.incarnation,
      requests,
      timers: process.timersPending,
    });
  }

  /** An operation that waits for nothing the world could bring will never settle (D5). */
  private findStuck(client: ClientHost): void {
    const { process } = client;
    const waits = [...process.connections].some((connection) => connection.waiting);
    if (waits || process.timersPending > 0 || process.sessionsOpen > 0) return;
    const message =
      `${client.operation} of client ${client.id} never settles: ` +
      'it waits for no timer, no message and no other client';
    this.world.find('never-settles', message, client.id, process.lastPlace);
  }

  private findLeftOvers(): void {
    for (const client of [...this.clients, this.probe]) {
      const { process } = client;
      if (!process.alive) continue;
      if (client.operation !== '') {
        this.findStuck(client);
        continue;
      }
      if (process.timersPending === 0) continue;
      this.world.find(
        'left-over-timers',
        `client ${client.id} has ${timers(process.timersPending)} left after its last operation`,
        client.id,
        process.timerPlaces.values().next().value,
      );
    }
  }
}

function timers(count: number): string {
  return count === 1 ? '1 timer' : `${count} timers`;
}

/** Number of a client in addresses: A is 0, and the probe comes after all. */
export function clientIndex(id: HostId): number {
  return id === PROBE ? PROBE_INDEX : id.charCodeAt(0) - 65;
}

/** The one operation of the client that probes the healed world. */
export function probePlan(): ClientPlan {
  const plain = { renew: false, mode: 'exclusive', nested: false } as const;
  return { id: PROBE, operations: [{ id: 'P1', gapUs: 0, sectionUs: 0, ...plain }] };
}
