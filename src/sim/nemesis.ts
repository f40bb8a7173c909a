/**
 * The nemesis: carries out the scenario's faults, each at its trigger — an instant, an environment
 * call, or the delivery of a message — and says when the last one ends (docs/semantics.md, R4, R7,
 * R8, R10). It decides nothing: faults are data.
 */
import type { ClockDriftFault, ClockStepFault, Fault, HostId } from '../fault.js';
import { PURPOSE } from '../random.js';
import type { CallWatcher, ClientHost } from './client.js';
import { Subject } from './decisions.js';
import { RETRANSMISSION_US } from './limits.js';
import type { Link } from './link.js';
import { Lane, type SimEvent } from './queue.js';
import type { RedisHost } from './redis-host.js';
import { EVENT_KIND, type Handler, type World } from './world.js';

const TIES = 0x4000_0000;
/** Of the nemesis in addresses; the number of the fault stands in the place of the operation. */
const SUBJECT = 60;

/** A death, as the rest of the run must know it. */
export interface Death {
  readonly atUs: number;
  /** Whether the client's code was ahead of that instant: what it did after it never happened. */
  readonly wasAhead: boolean;
  readonly forEver: boolean;
}

/** What the nemesis can reach. */
export interface Stage {
  client(id: HostId): ClientHost | undefined;
  server(id: HostId): RedisHost | undefined;
  link(client: HostId, server: HostId): Link | undefined;
  links(): Iterable<Link>;
  /** A client died, for ever or until a restart: its operation in progress ends as `info` (R8). */
  died(client: ClientHost, death: Death): void;
  /** Starts a new incarnation of a client that died. */
  restart(client: ClientHost): void;
  /** Whether any client operation is in progress: then a server fault touches it (R13). */
  busy(): boolean;
}

interface Waiting {
  readonly fault: Fault;
  readonly nth: number;
}

export class Nemesis implements CallWatcher, Handler {
  /** When the last effect of a fault that has struck ends. */
  activeUntilUs = 0;
  private readonly lane = new Lane(0, true);
  /** Each fault decides for itself, so that without it the others go as before (R6). */
  private readonly subjects = new Map<Fault, Subject>();
  private readonly calls = new Map<string, Waiting[]>();
  private readonly deliveries = new Map<string, Waiting[]>();
  private readonly touchedFaults = new Set<string>();
  private readonly prepared = new Set<string>();
  private stopped = false;
  private stage!: Stage;

  constructor(
    private readonly world: World,
    private readonly faults: readonly Fault[],
  ) {
    for (const fault of faults) {
      const subject = new Subject(world.decisions, SUBJECT);
      subject.enter(Number(fault.id.slice(1)));
      this.subjects.set(fault, subject);
      if ('call' in fault.at) enlist(this.calls, fault, fault.at.call);
      else if ('delivery' in fault.at) enlist(this.deliveries, fault, fault.at.delivery);
    }
  }

  /** Sets the timed faults. */
  begin(stage: Stage): void {
    this.stage = stage;
    for (const fault of this.faults) {
      if ('atUs' in fault.at) this.schedule(fault, fault.at.atUs);
    }
  }

  /**
   * The client's code goes on at `untilUs`, ahead of the world: what the plan does to its clocks
   * and links before then is put in place now (R4).
   */
  foresee(client: ClientHost, untilUs: number): void {
    if (this.stopped) return;
    for (const fault of this.faults) {
      if (!('atUs' in fault.at) || fault.at.atUs > untilUs) continue;
      const concerned = 'client' in fault ? fault.client : fault.host;
      if (concerned === client.id) this.prepare(fault, fault.at.atUs);
    }
  }

  /** A client enters an operation: its call and delivery faults are now waited for. */
  operationEntered(client: ClientHost): void {
    client.watchedCall = this.stopped ? Infinity : nextNth(this.calls.get(client.operation), 0);
    client.watchedDelivery = this.stopped
      ? Infinity
      : nextNth(this.deliveries.get(client.operation), 0);
  }

  called(client: ClientHost): void {
    const waiting = this.calls.get(client.operation);
    client.watchedCall = nextNth(waiting, client.calls);
    this.strikeAll(waiting, client.calls, client);
  }

  delivered(client: ClientHost): void {
    const waiting = this.deliveries.get(client.operation);
    client.watchedDelivery = nextNth(waiting, client.deliveries);
    this.strikeAll(waiting, client.deliveries, client);
  }

  /** No further fault begins; those that wait for a message are called off. */
  stop(): void {
    this.stopped = true;
    for (const event of this.lane.waiting()) {
      const fault = event.payload as Fault | undefined;
      if (fault !== undefined && !this.prepared.has(fault.id)) this.world.cancel(event);
    }
    for (const link of this.stage.links()) link.disarm();
  }

  happen(event: SimEvent): boolean {
    const fault = event.payload as Fault;
    if ('atUs' in fault.at) this.strike(fault, this.world.nowUs);
    else this.strikeWhenThere(fault, this.world.nowUs);
    return false;
  }

  /** A fault that something triggers acts at the frontier of a host that is ahead (R4). */
  private strikeWhenThere(fault: Fault, triggeredAtUs: number): void {
    const target = 'host' in fault ? this.stage.client(fault.host) : undefined;
    const atUs = Math.max(triggeredAtUs, target?.frontierUs ?? 0);
    if (atUs === this.world.nowUs) this.strike(fault, atUs);
    else this.schedule(fault, atUs);
  }

  private strikeAll(
    waiting: readonly Waiting[] | undefined,
    nth: number,
    client: ClientHost,
  ): void {
    if (waiting === undefined || this.stopped) return;
    for (const entry of waiting) {
      if (entry.nth !== nth) continue;
      const { fault } = entry;
      const own = 'host' in fault && fault.host === client.id;
      if (own) this.strike(fault, client.frontierUs);
      else this.strikeWhenThere(fault, client.frontierUs);
    }
  }

  private tie(fault: Fault): number {
    return this.subjects.get(fault)!.decide(PURPOSE['tie-fault'], TIES, 0);
  }

  private schedule(fault: Fault, atUs: number): void {
    const tie = this.tie(fault);
    this.world.schedule(this.lane, this, EVENT_KIND.fault, atUs, tie, 0, atUs, 0, fault);
  }

  /** Changes clocks and links from `atUs` on, once. */
  private prepare(fault: Fault, atUs: number): void {
    if (this.prepared.has(fault.id)) return;
    this.prepared.add(fault.id);
    if (fault.class === 'clock-step') this.stepClock(fault, atUs);
    if (fault.class === 'clock-drift') this.driftClock(fault, atUs);
    if (fault.class === 'delay') this.delay(fault, atUs);
  }

  private strike(fault: Fault, atUs: number): void {
    this.mark(fault, atUs, 'start');
    this.prepare(fault, atUs);
    switch (fault.class) {
      case 'pause':
        return this.pause(fault.host, fault);
      case 'clock-step':
        return this.stepped(fault, atUs);
      case 'clock-drift':
        return this.drifts(fault, atUs);
      case 'client-crash':
        return this.crashClient(fault, atUs);
      case 'server-crash':
        return this.crashServer(fault, atUs);
      case 'partition':
        return this.partition(fault, atUs);
      case 'delay':
        return this.endsAt(fault, atUs + fault.durationUs);
      case 'lost-request':
      case 'lost-reply':
      case 'half-open':
        this.stage.link(fault.client, fault.server)?.arm(fault.class, () => this.touch(fault));
        return;
      case 'server-error':
        return this.serverError(fault, atUs);
      case 'failover': {
        const server = this.stage.server(fault.host);
        if (server === undefined || server.down) return;
        server.promote(fault.replica);
        this.touchIfBusy(fault);
        return;
      }
    }
  }

  private pause(host: HostId, fault: Extract<Fault, { class: 'pause' }>): void {
    const client = this.stage.client(host);
    if (client === undefined || !client.process.alive) return;
    const { untilUs } = client.pause(fault.durationUs);
    this.activeUntilUs = Math.max(this.activeUntilUs, untilUs);
    if (client.operation !== '') this.touch(fault);
  }

  private stepClock(fault: ClockStepFault, atUs: number): void {
    this.hostOf(fault.host)?.wall.step(atUs, fault.byUs);
  }

  private stepped(fault: ClockStepFault, atUs: number): void {
    const host = this.hostOf(fault.host);
    if (host === undefined) return;
    this.recordClock(fault.host, 'wall', atUs);
    this.stage.server(fault.host)?.clockChanged();
    this.touchIfBusy(fault);
  }

  private driftClock(fault: ClockDriftFault, atUs: number): void {
    const host = this.hostOf(fault.host);
    if (host === undefined) return;
    for (const clock of [host.wall, host.mono]) {
      clock.setRate(atUs, fault.ppm);
      clock.setRate(atUs + fault.durationUs, 0);
    }
  }

  private drifts(fault: ClockDriftFault, atUs: number): void {
    if (this.hostOf(fault.host) === undefined) return;
    const changed = (whenUs: number) => {
      this.recordClock(fault.host, 'wall', whenUs);
      this.recordClock(fault.host, 'mono', whenUs);
      this.stage.server(fault.host)?.clockChanged();
      this.stage.client(fault.host)?.reviseTimers();
    };
    changed(atUs);
    this.touchIfBusy(fault);
    this.endsAt(fault, atUs + fault.durationUs, () => changed(this.world.nowUs));
  }

  private crashClient(fault: Extract<Fault, { class: 'client-crash' }>, atUs: number): void {
    const client = this.stage.client(fault.host);
    if (client === undefined || !client.process.alive) return;
    if (client.operation !== '') this.touch(fault);
    const wasAhead = client.die(atUs, fault.mode);
    this.stage.died(client, { atUs, wasAhead, forEver: fault.restartAfterUs === null });
    if (fault.restartAfterUs === null) return;
    this.endsAt(fault, atUs + fault.restartAfterUs, () => {
      if (fault.mode === 'power') {
        client.mono.reset(this.world.nowUs);
        this.recordClock(client.id, 'mono', this.world.nowUs);
      }
      this.stage.restart(client);
    });
  }

  private crashServer(fault: Extract<Fault, { class: 'server-crash' }>, atUs: number): void {
    const server = this.stage.server(fault.host);
    if (server === undefined || server.down) return;
    this.touchIfBusy(fault);
    server.crash();
    this.endsAt(fault, atUs + fault.restartAfterUs, () => server.restart());
  }

  private partition(fault: Extract<Fault, { class: 'partition' }>, atUs: number): void {
    const link = this.stage.link(fault.client, fault.server);
    if (link === undefined) return;
    const healsUs = atUs + fault.durationUs;
    const gates =
      fault.direction === 'both'
        ? [link.toServer, link.toClient]
        : [fault.direction === 'to-server' ? link.toServer : link.toClient];
    for (const gate of gates) {
      gate.healsAtUs = Math.max(gate.healsAtUs ?? 0, healsUs);
      gate.closedUntilUs = Math.max(gate.closedUntilUs, healsUs + RETRANSMISSION_US);
    }
    if (link.client.operation !== '') this.touch(fault);
    this.endsAt(fault, healsUs);
  }

  private delay(fault: Extract<Fault, { class: 'delay' }>, atUs: number): void {
    this.stage.link(fault.client, fault.server)?.delay(fault.direction, {
      fromUs: atUs,
      untilUs: atUs + fault.durationUs,
      byUs: fault.byUs,
      touched: () => this.touch(fault),
    });
  }

  private serverError(fault: Extract<Fault, { class: 'server-error' }>, atUs: number): void {
    const server = this.stage.server(fault.host);
    if (server === undefined) return;
    const error = { text: fault.error, touched: () => this.touch(fault) };
    server.error = error;
    this.endsAt(fault, atUs + fault.durationUs, () => {
      if (server.error === error) server.error = undefined;
    });
  }

  private endsAt(fault: Fault, atUs: number, undo?: () => void): void {
    this.activeUntilUs = Math.max(this.activeUntilUs, atUs);
    const handler: Handler = {
      happen: () => {
        this.mark(fault, this.world.nowUs, 'end');
        undo?.();
        return false;
      },
    };
    const tie = this.tie(fault);
    this.world.schedule(this.lane, handler, EVENT_KIND.fault, atUs, tie, 0, atUs);
  }

  private touchIfBusy(fault: Fault): void {
    const client = 'host' in fault ? this.stage.client(fault.host) : undefined;
    if (client === undefined ? this.stage.busy() : client.operation !== '') this.touch(fault);
  }

  private touch(fault: Fault): void {
    if (this.touchedFaults.has(fault.id)) return;
    this.touchedFaults.add(fault.id);
    this.mark(fault, this.world.nowUs, 'touched');
  }

  private mark(fault: Fault, atUs: number, edge: 'start' | 'touched' | 'end'): void {
    const record = { type: 'fault', atUs, fault: fault.id, class: fault.class, edge } as const;
    const host = 'host' in fault ? this.stage.client(fault.host) : undefined;
    if (host === undefined || atUs <= this.world.nowUs) this.world.record(record);
    else host.later(atUs, () => this.world.record(record));
  }

  private recordClock(hostId: HostId, clock: 'wall' | 'mono', atUs: number): void {
    const host = this.hostOf(hostId);
    if (host === undefined) return;
    const localUs = host[clock].read(atUs);
    const ratePpm = host[clock].rateAt(atUs);
    const record = { type: 'clock', atUs, host: hostId, clock, localUs, ratePpm } as const;
    const client = this.stage.client(hostId);
    if (client === undefined) this.world.record(record);
    else client.record(record);
  }

  private hostOf(id: HostId): ClientHost | RedisHost | undefined {
    return this.stage.client(id) ?? this.stage.server(id);
  }
}

function enlist(
  waiting: Map<string, Waiting[]>,
  fault: Fault,
  place: { operation: string; nth: number },
): void {
  const list = waiting.get(place.operation);
  const entry = { fault, nth: place.nth };
  if (list === undefined) waiting.set(place.operation, [entry]);
  else list.push(entry);
}

/** The smallest number waited for that is greater than `after`. */
function nextNth(waiting: readonly Waiting[] | undefined, after: number): number {
  let next = Number.POSITIVE_INFINITY;
  if (waiting !== undefined) {
    for (const { nth } of waiting) if (nth > after && nth < next) next = nth;
  }
  return next;
}
