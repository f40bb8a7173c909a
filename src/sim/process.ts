/**
 * The process of a client, one for each incarnation (docs/semantics.md, R8), and its timers. Every
 * call of client code to its environment passes `Process.enter`, where the nemesis may strike.
 */
import { FAR_US } from '../bounds.js';
import { PURPOSE } from '../random.js';
import { CallDeadlines } from './call-deadlines.js';
import type { ClientHost } from './client.js';
import type { Connection } from './connection.js';
import { LATENCY_GRID_US, LIMITS } from './limits.js';
import type { SimEvent } from './queue.js';
import { EVENT_KIND, type Handler, type Runner } from './world.js';

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
  /** With a trace: where it called its environment last, and where it set the timers that wait. */
  lastPlace: string | undefined;
  readonly timerPlaces = new Map<Timer, string>();
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
    if (world.trace !== undefined) this.lastPlace = world.trace.locate() ?? this.lastPlace;
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
      const { world } = this.host;
      const message = `a callback of client ${this.name} threw ${what}`;
      world.find('threw', message, this.name, world.locate?.(error));
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
    if (counts && this.lastPlace !== undefined) this.timerPlaces.set(timer, this.lastPlace);
    const tie = this.host.tie(PURPOSE['tie-timer']);
    const { timer: kind } = EVENT_KIND;
    timer.event = world.schedule(timers, timer, kind, dueUs, tie, of, fromUs, 0, timer);
    return timer;
  }

  timerOver(timer: Timer): void {
    if (!timer.isCounted) return;
    this.timersPending--;
    if (this.timerPlaces.size > 0) this.timerPlaces.delete(timer);
  }

  cancelTimer(timer: Timer): void {
    if (timer.over) return;
    timer.over = true;
    this.timerOver(timer);
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
    this.process.timerOver(this);
    return this.process.run(this.callback);
  }
}
