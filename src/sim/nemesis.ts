/**
 * The nemesis: carries out the scenario's faults, each at its trigger — an instant, an environment
 * call, or the delivery of a message — and says when the last one ends (docs/semantics.md, R4, R7,
 * R8, R10). It decides nothing: faults are data.
 */
import type { ClockDriftFault, ClockStepFault, Fault, HostId } from '../fault.js';
import { PURPOSE } from '../random.js';
import type { ClientHost } from './client.js';
import { Subject } from './decisions.js';
import { RETRANSMISSION_US } from './limits.js';
import { concerned, endOf, isMetByMessages, Preparations } from './preparations.js';
import { Lane, type SimEvent } from './queue.js';
import type { ServiceHost } from './services/service-host.js';
import type { Nemesis, Stage } from './stage.js';
import { enlist, nextNth, type Waiting } from './waiting.js';
import { EVENT_KIND, type Handler, type World } from './world.js';

const TIES = 0x4000_0000;
/** Of the nemesis in addresses; the number of the fault stands in the place of the operation. */
const SUBJECT = 60;

export class PlannedNemesis implements Nemesis, Handler {
  /** When the effect of each fault that has struck ends. */
  private readonly ends = new Map<string, number>();
  private readonly lane = new Lane(0, true);
  /** Each fault decides for itself, so that without it the others go as before (R6). */
  private readonly subjects = new Map<Fault, Subject>();
  private readonly calls = new Map<string, Waiting[]>();
  private readonly deliveries = new Map<string, Waiting[]>();
  private readonly touchedFaults = new Set<string>();
  private readonly preparations: Preparations;
  private stopped = false;
  private stage!: Stage;

  constructor(
    private readonly world: World,
    private readonly faults: readonly Fault[],
  ) {
    this.preparations = new Preparations({
      clocksOf: (host) => this.hostOf(host),
      link: (client, server) => this.stage.link(client, server),
      touch: (fault) => this.touch(fault),
    });
    for (const fault of faults) {
      const subject = new Subject(world.decisions, SUBJECT);
      subject.enter(Number(fault.id.slice(1)));
      this.subjects.set(fault, subject);
      if ('call' in fault.at) enlist(this.calls, fault, fault.at.call);
      else if ('delivery' in fault.at) enlist(this.deliveries, fault, fault.at.delivery);
    }
  }

  begin(stage: Stage): void {
    this.stage = stage;
    for (const fault of this.faults) {
      if ('atUs' in fault.at) this.schedule(fault, fault.at.atUs);
    }
  }

  /**
   * The client's code goes on at `untilUs`, ahead of the world: what the plan does to its clocks
   * and links before then is put in place now, and can be taken back (R4).
   */
  foresee(client: ClientHost, untilUs: number): () => void {
    const undos: (() => void)[] = [];
    for (const fault of this.stopped ? [] : this.faults) {
      if (!('atUs' in fault.at) || fault.at.atUs > untilUs) continue;
      if (concerned(fault) !== client.id) continue;
      undos.push(this.preparations.prepare(fault, fault.at.atUs));
    }
    return () => {
      for (const undo of undos) undo();
    };
  }

  /** The client died before it got to what was foreseen for it: that waits for its own time. */
  private forget(client: ClientHost, diedAtUs: number): void {
    for (const fault of this.faults) {
      if (!('atUs' in fault.at) || fault.at.atUs <= diedAtUs) continue;
      if (concerned(fault) === client.id) this.preparations.withdraw(fault);
    }
  }

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

  get activeUntilUs(): number {
    return Math.max(0, ...this.ends.values());
  }

  stop(): void {
    this.stopped = true;
    for (const event of this.lane.waiting()) {
      const fault = event.payload as Fault | undefined;
      if (fault !== undefined && !this.preparations.has(fault)) this.world.cancel(event);
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

  /**
   * A call of a client that is ahead of the world triggers a fault. What the client's code will
   * notice is put in place at once, the rest happens when the world gets to the call. If the client
   * dies before that, the call never happened, and the fault neither: all of it is undone (R4).
   */
  private strikeAhead(fault: Fault, client: ClientHost): void {
    const atUs = client.frontierUs;
    if (concerned(fault) === client.id) return this.strikeOwnAhead(fault, client, atUs);
    const target = 'host' in fault ? this.stage.client(fault.host) : undefined;
    const event = this.schedule(fault, Math.max(atUs, target?.frontierUs ?? 0));
    const cancel = () => this.world.cancel(event);
    client.later(atUs, () => {}, cancel);
  }

  private strikeOwnAhead(fault: Fault, client: ClientHost, atUs: number): void {
    this.ends.set(fault.id, endOf(fault, atUs));
    const undo = this.foretell(fault, client, atUs);
    // The pause itself is made below: the code that is running goes on behind it.
    const isPause = fault.class === 'pause';
    const act = () => (isPause ? this.mark(fault, atUs, 'start') : this.strike(fault, atUs));
    client.later(atUs, act, () => {
      this.ends.delete(fault.id);
      undo?.();
    });
    if (isPause && client.process.alive) client.pause(fault.durationUs);
    if (!isMetByMessages(fault)) client.later(atUs, () => this.touch(fault));
  }

  /** What the code of a client ahead of the world notices of a fault; returns how to undo it. */
  private foretell(fault: Fault, client: ClientHost, atUs: number): (() => void) | undefined {
    switch (fault.class) {
      case 'pause':
        return this.foresee(client, atUs + fault.durationUs);
      case 'clock-step':
      case 'clock-drift':
      case 'delay':
      case 'lost-request':
      case 'lost-reply':
      case 'half-open':
        return this.preparations.prepare(fault, atUs);
      case 'client-crash':
        client.process.doom();
        return undefined;
      default:
        return undefined;
    }
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
      if (client.frontierUs > this.world.nowUs) this.strikeAhead(fault, client);
      else if (own) this.strike(fault, client.frontierUs);
      else this.strikeWhenThere(fault, client.frontierUs);
    }
  }

  private tie(fault: Fault): number {
    return this.subjects.get(fault)!.decide(PURPOSE['tie-fault'], TIES, 0);
  }

  private schedule(fault: Fault, atUs: number): SimEvent {
    const tie = this.tie(fault);
    return this.world.schedule(this.lane, this, EVENT_KIND.fault, atUs, tie, 0, atUs, 0, fault);
  }

  private strike(fault: Fault, atUs: number): void {
    this.mark(fault, atUs, 'start');
    this.preparations.prepare(fault, atUs);
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
        // Armed by now: the next request on its link meets it.
        return;
      case 'server-error':
        return this.serverError(fault, atUs);
      case 'failover': {
        const server = this.stage.server(fault.host);
        if (server === undefined || server.down) return;
        const untilUs = server.promote(fault.replica);
        if (untilUs > atUs) this.endsAt(fault, untilUs, () => server.healed());
        this.touchIfBusy(fault);
        return;
      }
      default:
        throw new TypeError(`there is no fault class ${(fault satisfies never as Fault).class}`);
    }
  }

  private pause(host: HostId, fault: Extract<Fault, { class: 'pause' }>): void {
    const client = this.stage.client(host);
    if (client === undefined || !client.process.canDie) return;
    // Who is paused until it dies needs no longer pause.
    if (client.process.alive) this.ends.set(fault.id, client.pause(fault.durationUs).untilUs);
    if (client.operation !== '') this.touch(fault);
  }

  private stepped(fault: ClockStepFault, atUs: number): void {
    const host = this.hostOf(fault.host);
    if (host === undefined) return;
    this.recordClock(fault.host, 'wall', atUs);
    this.stage.server(fault.host)?.clockChanged();
    this.touchIfBusy(fault);
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
    if (client === undefined || !client.process.canDie) return;
    if (client.operation !== '') this.touch(fault);
    const wasAhead = client.die(atUs, fault.mode);
    if (wasAhead) this.forget(client, atUs);
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
    this.ends.set(fault.id, atUs);
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
    const localUs = host[clock].sinceStart(atUs);
    const ratePpm = host[clock].rateAt(atUs);
    const record = { type: 'clock', atUs, host: hostId, clock, localUs, ratePpm } as const;
    const client = this.stage.client(hostId);
    if (client === undefined) this.world.record(record);
    else client.record(record);
  }

  private hostOf(id: HostId): ClientHost | ServiceHost | undefined {
    return this.stage.client(id) ?? this.stage.server(id);
  }
}
