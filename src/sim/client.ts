/**
 * The host of a client: its two clocks, its frontier and its operations, and how it pauses and dies
 * (docs/semantics.md, R4, R8).
 */
import type { HostId, OperationId } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import type { ClientPlan } from '../scenario.js';
import { HostClock, WALL_EPOCH_US } from './clock.js';
import { Subject } from './decisions.js';
import { USER_TIMEOUT_US } from './limits.js';
import type { Link } from './link.js';
import { Process, Timer } from './process.js';
import { type Gate, Lane } from './queue.js';
import { EVENT_KIND, type Handler, type World } from './world.js';

const TIES = 0x4000_0000;
/** Bookkeeping of a host takes its place before any event of the same instant. */
const TIE_RECORD = -1;

/** What the nemesis does when a client enters an environment call it waits for. */
export interface CallWatcher {
  operationEntered(client: ClientHost): void;
  called(client: ClientHost): void;
  delivered(client: ClientHost): void;
  foresee(client: ClientHost, untilUs: number): unknown;
}

export class ClientHost implements Gate {
  readonly id: HostId;
  readonly wall = new HostClock(WALL_EPOCH_US);
  readonly mono = new HostClock(0);
  readonly subject: Subject;
  readonly timers: Lane;
  private readonly deferred: Lane;
  /** The frontier F: what this host's code does happens then; nothing reaches it before (R4). */
  closedUntilUs = 0;
  /** The operation in progress, and its number in addresses; empty and 0 outside of any. */
  operation: OperationId = '';
  operationNumber = 0;
  /** Environment calls entered, and messages delivered, in the operation in progress. */
  calls = 0;
  deliveries = 0;
  /** The next call and delivery that a fault waits for. */
  watchedCall = Number.POSITIVE_INFINITY;
  watchedDelivery = Number.POSITIVE_INFINITY;
  process: Process;
  /** Decisions of this host's connections count within its operations. */
  readonly subjects: Subject[] = [];
  /** Its ways to the servers and the resource, by their ids. */
  readonly links = new Map<HostId, Link>();

  constructor(
    readonly world: World,
    readonly plan: ClientPlan,
    readonly index: number,
    private readonly watcher: CallWatcher,
  ) {
    this.id = plan.id;
    this.subject = new Subject(world.decisions, index + 1);
    this.timers = new Lane(8 + index * 2, true, this);
    this.deferred = new Lane(9 + index * 2, true);
    this.process = new Process(this, 1);
  }

  /** Enters an operation of the scenario. */
  enterOperation(id: OperationId): void {
    this.operation = id;
    this.operationNumber = operationNumber(id);
    this.calls = 0;
    this.deliveries = 0;
    for (const subject of this.subjects) subject.enter(this.operationNumber);
    this.subject.enter(this.operationNumber);
    this.watcher.operationEntered(this);
  }

  leaveOperation(): void {
    this.operation = '';
    this.operationNumber = 0;
    this.watchedCall = Number.POSITIVE_INFINITY;
    this.watchedDelivery = Number.POSITIVE_INFINITY;
    for (const subject of this.subjects) subject.enter(0);
    this.subject.enter(0);
  }

  /** Where this host's code is: the present, or its frontier if that is later. */
  get frontierUs(): number {
    const nowUs = this.world.nowUs;
    return this.closedUntilUs > nowUs ? this.closedUntilUs : nowUs;
  }

  /** Adds a record at this host's frontier: at once, or when the world gets there. */
  record(record: HistoryRecord): void {
    this.world.trace?.place(record);
    if (record.atUs <= this.world.nowUs) this.world.record(record);
    else this.later(record.atUs, () => this.world.record(record));
  }

  /** Does something when the world gets to this host's frontier: at once, if it is there. */
  reached(act: () => void): void {
    const atUs = this.frontierUs;
    if (atUs <= this.world.nowUs) act();
    else this.later(atUs, act);
  }

  /**
   * Does something at an instant that this host has reached before the world; `undo` takes back
   * what was done for it already, if the host dies before.
   */
  later(atUs: number, act: () => void, undo?: () => void): void {
    const handler: Deed = {
      happen() {
        act();
        return false;
      },
      undo,
    };
    this.world.schedule(this.deferred, handler, EVENT_KIND.record, atUs, TIE_RECORD, 0, atUs);
  }

  /** The host stops from `fromUs` for `durationUs`; returns the interval in force. */
  pause(durationUs: number): { fromUs: number; untilUs: number } {
    const fromUs = this.frontierUs;
    const untilUs = fromUs + durationUs;
    const { id: host } = this;
    const { incarnation } = this.process;
    this.record({ type: 'host', atUs: fromUs, host, incarnation, state: 'paused' });
    this.advance(untilUs);
    this.record({ type: 'host', atUs: untilUs, host, incarnation, state: 'resumed' });
    return { fromUs, untilUs };
  }

  /** This host's code goes on at that instant, ahead of the world. */
  advance(untilUs: number): void {
    this.watcher.foresee(this, untilUs);
    this.closedUntilUs = untilUs;
  }

  /** A message reached this host's code. */
  delivered(): void {
    if (++this.deliveries === this.watchedDelivery) this.watcher.delivered(this);
  }

  called(): void {
    this.watcher.called(this);
  }

  tie(purpose: number): number {
    return this.subject.decide(purpose, TIES, 0);
  }

  /** The rate of the monotonic clock changed: waiting timers are due at other instants now. */
  reviseTimers(): void {
    const { world } = this;
    for (const event of this.timers.waiting()) {
      const timer = event.payload;
      if (!(timer instanceof Timer)) continue;
      world.cancel(event);
      timer.event = world.schedule(
        this.timers,
        timer,
        EVENT_KIND.timer,
        this.mono.when(timer.dueMonoUs, world.nowUs),
        event.tie,
        event.operation,
        event.sentAtUs,
        0,
        timer,
      );
    }
    this.process.deadlines.clockChanged();
  }

  /**
   * The process dies at `atUs`. What it did at or after that instant, ahead of the world, never
   * happened (R8). Returns whether it was ahead of that instant.
   */
  die(atUs: number, mode: 'kill' | 'power'): boolean {
    const { process } = this;
    process.dies();
    const ahead = this.closedUntilUs > atUs;
    if (ahead) this.undoFrom(atUs);
    this.closedUntilUs = atUs;
    for (const event of this.timers.waiting()) this.world.cancel(event);
    for (const connection of process.connections) {
      if (ahead) this.dropFrom(connection.toServer, atUs);
      connection.ownerDied();
      if (mode === 'kill') connection.sendHangup(atUs);
      // Nobody says goodbye: the server finds out when nothing is acknowledged any more (R7).
      else if (connection.server.hasSessions) connection.sendHangup(atUs + USER_TIMEOUT_US);
    }
    const { incarnation } = process;
    this.record({ type: 'host', atUs, host: this.id, incarnation, state: 'dead' });
    return ahead;
  }

  private undoFrom(atUs: number): void {
    // What was done last is taken back first.
    for (const event of this.deferred.waiting().reverse()) {
      if (event.sentAtUs < atUs) continue;
      const { undo } = event.handler as Deed;
      this.world.cancel(event);
      undo?.();
    }
  }

  private dropFrom(lane: Lane, atUs: number): void {
    // Nor does what is sent from here on wait behind it.
    lane.lastUs = 0;
    for (const event of lane.waiting()) {
      if (event.sentAtUs >= atUs) this.world.cancel(event);
      else lane.lastUs = event.atUs;
    }
  }
}

/** What waits for the world to reach the frontier of a host, and how it is taken back. */
interface Deed extends Handler {
  readonly undo: (() => void) | undefined;
}

/** Number of an operation in addresses: the digits of its id; the client is in the subject. */
export function operationNumber(id: OperationId): number {
  return Number(id.slice(1));
}
