/**
 * A client: the host with its two clocks, its frontier and its operations, and the process that
 * runs on it, one for each incarnation (docs/semantics.md, R4, R8). Every call of client code to
 * its environment passes `Process.enter`, where the nemesis may strike.
 */
import { FAR_US } from '../bounds.js';
import type { HostId, OperationId } from '../fault.js';
import type { HistoryRecord } from '../history.js';
import { PURPOSE } from '../random.js';
import type { ClientPlan } from '../scenario.js';
import { CallDeadlines } from './call-deadlines.js';
import { HostClock, WALL_EPOCH_US } from './clock.js';
import type { Connection } from './connection.js';
import { Subject } from './decisions.js';
import { LATENCY_GRID_US, LIMITS, USER_TIMEOUT_US } from './limits.js';
import type { Link } from './link.js';
import { type Gate, Lane, type SimEvent } from './queue.js';
import { EVENT_KIND, type Handler, type Runner, type World } from './world.js';

const TIES = 0x4000_0000;
/** Bookkeeping of a host takes its place before any event of the same instant. */
const TIE_RECORD = -1;

/** What the nemesis does when a client enters an environment call it waits for. */
export interface CallWatcher {
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

/** One incarnation of a client's process (R8). */
export class Process implements Runner {
  readonly name: string;
  alive = true;
  /** It dies at the frontier, and the world has not got there. */
  private doomed = false;
  readonly connections = new Set<Connection>();
  readonly deadlines = new CallDeadlines(this);
  /** Timers that are waiting, for the end of the run (R9) and the finding of left-over ones. */
  timersPending = 0;
  /** Open sessions of client libraries: they may bring news. */
  sessionsOpen = 0;
  /** Longest sleep asked for during an acquire: the retry delay of R10's bound. */
  longestRetryUs = 0;
  /** What the workload is calling, if anything: tells what a request is for. */
  action: 'acquire' | 'renew' | 'release' | undefined;
  /** Set by the runner: the grant whose release has not left yet. */
  releasing: number | undefined;
  private segmentCalls = 0;
  private clockReads = 0;
  private busyUs = 0;

  constructor(
    readonly host: ClientHost,
    readonly incarnation: number,
  ) {
    this.name = incarnation === 1 ? host.id : `${host.id}/${incarnation}`;
  }

  /**
   * Every environment call comes here first. Returns whether this process may go on; `false` for
   * the ghost of a dead one, whose calls have no effect. The nemesis may pause or kill it here.
   */
  enter(): boolean {
    const { host } = this;
    const { world } = host;
    if (!this.alive) return false;
    if (world.running !== this) {
      const running = world.running === undefined ? 'nobody' : `client ${world.running.name}`;
      world.find(
        'shared-memory',
        `the environment of client ${this.name} was called while ${running} was running; ` +
          'clients share nothing but the network',
        this.name,
      );
      return false;
    }
    if (++this.segmentCalls > LIMITS.callsPerSegment) {
      this.endHere(
        `${LIMITS.callsPerSegment} environment calls without waiting, client ${this.name}`,
      );
    }
    world.onCall?.(this.name, host.frontierUs);
    if (++host.calls === host.watchedCall) host.called();
    return this.alive;
  }

  /** It will die at the frontier of its host: its code is a ghost's from here on (R8). */
  doom(): void {
    this.alive = false;
    this.doomed = true;
  }

  dies(): void {
    this.alive = false;
    this.doomed = false;
  }

  /** Whether it lives, if only until the world has got to the death that awaits it. */
  get canDie(): boolean {
    return this.alive || this.doomed;
  }

  /** The first message of a release leaves: from here on the grant is not in term (R1). */
  releaseLeaves(): void {
    const grant = this.releasing;
    if (grant === undefined) return;
    this.releasing = undefined;
    this.host.record({ type: 'release-sent', atUs: this.host.frontierUs, grant });
  }

  /** A clock read: repeated ones in one segment make time pass, so that busy waiting ends (R4). */
  readClock(): boolean {
    if (!this.enter()) return false;
    if (++this.clockReads <= LIMITS.clockReadsPerSegment) return true;
    const { host } = this;
    host.advance(host.frontierUs + 1_000);
    this.busyUs += 1_000;
    if (this.busyUs <= LIMITS.busyWaitUs) return true;
    host.world.find('busy-wait', `client ${this.name} waits in a loop for a clock`, this.name);
    return this.endHere(`busy wait of client ${this.name}`);
  }

  /** Ends the run, and throws into code that would otherwise go on calling for ever. */
  private endHere(limit: string): never {
    this.host.world.stop(limit);
    this.alive = false;
    throw new Error(`the run has ended: ${limit}`);
  }

  /** Runs client code as this process; the caller returns `true` from `happen`. */
  run(code: () => void): boolean {
    if (!this.alive) return false;
    this.begin();
    try {
      code();
    } catch (error) {
      if (this.host.world.limit !== undefined) return true;
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.host.world.find('threw', `a callback of client ${this.name} threw ${what}`, this.name);
    }
    return true;
  }

  /** A segment of this process's code begins (R4). */
  begin(): void {
    this.host.world.running = this;
    this.segmentCalls = 0;
    this.clockReads = 0;
    this.busyUs = 0;
  }

  /**
   * Calls back after `wantedUs` of the host's monotonic clock; the caller has entered. Timers are
   * as coarse as the grid of latencies, so that clients still meet at the same instant (R5).
   * Nobody waits for one that is not counted: it keeps a client library's session alive.
   */
  setTimer(wantedUs: number, callback: () => void, isCounted = true): Timer {
    const { world, timers, operationNumber: of, frontierUs: fromUs, mono } = this.host;
    const delayUs = Math.ceil(wantedUs / LATENCY_GRID_US) * LATENCY_GRID_US;
    const fires = delayUs <= FAR_US;
    const counts = fires && isCounted;
    if (counts) this.timersPending++;
    if (counts && this.action === 'acquire' && delayUs > this.longestRetryUs) {
      this.longestRetryUs = delayUs;
    }
    const dueMonoUs = fires ? mono.read(fromUs) + delayUs : Number.POSITIVE_INFINITY;
    const dueUs = mono.when(dueMonoUs, fromUs);
    world.trace?.timer(this.host.id, fromUs, dueUs);
    const timer = new Timer(this, dueMonoUs, callback, counts);
    const tie = this.host.tie(PURPOSE['tie-timer']);
    const { timer: kind } = EVENT_KIND;
    timer.event = world.schedule(timers, timer, kind, dueUs, tie, of, fromUs, 0, timer);
    return timer;
  }

  cancelTimer(timer: Timer): void {
    if (timer.over) return;
    timer.over = true;
    if (timer.isCounted) this.timersPending--;
    this.host.world.cancel(timer.event);
  }
}

/** A timer of client code, due on the monotonic clock of its host. */
export class Timer implements Handler {
  /** Fired or cancelled. */
  over = false;
  /** Its entry in the queue. */
  event!: SimEvent;

  constructor(
    private readonly process: Process,
    /** ∞: it never fires, and nobody waits for it. */
    readonly dueMonoUs: number,
    private readonly callback: () => void,
    readonly isCounted: boolean,
  ) {}

  happen(): boolean {
    this.over = true;
    if (this.isCounted) this.process.timersPending--;
    return this.process.run(this.callback);
  }
}

/** Number of an operation in addresses: the digits of its id; the client is in the subject. */
export function operationNumber(id: OperationId): number {
  return Number(id.slice(1));
}
