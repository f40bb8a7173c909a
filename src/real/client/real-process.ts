/**
 * A client process of the operating system, as the runner of a client and the connections of its
 * lock see it: it counts the calls to the environment, stops or ends itself at the one that a story
 * names, and tells what happened (docs/semantics.md, R4, R8).
 */
import { FAR_US } from '../../bounds.js';
import type { Fault, HostId, OperationId } from '../../fault.js';
import type { FindingKind } from '../../finding.js';
import type { Action, HistoryRecord } from '../../history.js';
import { PURPOSE } from '../../random.js';
import type { RunnerHost, RunnerProcess } from '../../sim/client-process.js';
import { type Decisions, Subject } from '../../sim/decisions.js';
import type { ClientCalls } from './client-calls.js';
import { ClientClock, sinceUs } from './client-clock.js';
import type { ClientClockState, ClientJob } from './job.js';
import type { Journal } from './journal.js';

/** The host of a client: what it does happens now. */
export class RealHost implements RunnerHost {
  readonly id: HostId;
  operation: OperationId = '';
  operationNumber = 0;
  /** Calls to the environment in the operation in progress. */
  calls = 0;
  readonly subject: Subject;
  readonly world: RunnerHost['world'];

  constructor(
    client: HostId,
    index: number,
    decisions: Decisions,
    readonly startNs: bigint,
    private readonly journal: Journal,
  ) {
    this.id = client;
    this.subject = new Subject(decisions, index + 1);
    const find = (kind: FindingKind, message: string) =>
      journal.say({ line: 'found', kind, message });
    this.world = { nowUs: Number.POSITIVE_INFINITY, find };
  }

  get frontierUs(): number {
    return sinceUs(this.startNs);
  }

  enterOperation(id: OperationId): void {
    this.operation = id;
    this.operationNumber = Number(id.slice(1));
    this.calls = 0;
    this.subject.enter(this.operationNumber);
  }

  leaveOperation(): void {
    this.operation = '';
    this.operationNumber = 0;
    this.subject.enter(0);
  }

  record(record: HistoryRecord): void {
    this.journal.say({ line: 'record', record });
  }

  reached(act: () => void): void {
    act();
  }
}

export class RealProcess implements RunnerProcess<NodeJS.Timeout>, ClientCalls {
  readonly name: string;
  readonly incarnation: number;
  readonly alive = true;
  action: Action | undefined;
  releasing: number | undefined;
  private clockState: ClientClockState;
  readonly clock: ClientClock;

  constructor(
    readonly host: RealHost,
    private readonly job: ClientJob,
    clock: ClientClockState,
    private readonly journal: Journal,
  ) {
    const { incarnation } = job;
    this.incarnation = incarnation;
    this.name = incarnation === 1 ? host.id : `${host.id}/${incarnation}`;
    this.clockState = clock;
    this.clock = new ClientClock(host.startNs, clock);
  }

  enter(): boolean {
    const { host, job } = this;
    host.calls++;
    for (const fault of job.faults) {
      if (!('call' in fault.at)) continue;
      const { operation, nth } = fault.at.call;
      if (operation === host.operation && nth === host.calls) this.strike(fault);
    }
    return true;
  }

  choose(n: number, usual: number): number {
    if (!this.job.isAwaited) return Math.floor(Math.random() * n);
    return this.host.subject.decide(PURPOSE.random, n, usual);
  }

  /** What a fault does to this process, done by itself: it has taken effect when this returns. */
  strike(fault: Fault): void {
    // What it does to others is done from outside.
    if (!('host' in fault) || fault.host !== this.host.id) return;
    this.journal.say({ line: 'strikes', atUs: this.host.frontierUs, fault: fault.id });
    this.journal.flush();
    switch (fault.class) {
      case 'pause':
        process.kill(process.pid, 'SIGSTOP');
        return;
      case 'client-crash':
        process.kill(process.pid, 'SIGKILL');
        return;
      case 'clock-step':
        this.setClock({
          ...this.clockState,
          wallOffsetUs: this.clockState.wallOffsetUs + fault.byUs,
        });
        return;
      default:
        // Carried out from outside, by whoever holds the connections and the servers.
        return;
    }
  }

  setClock(state: ClientClockState): void {
    this.clockState = state;
    this.clock.set(state);
    const { host, clock } = this;
    const { frontierUs: atUs, id } = host;
    const { ratePpm } = state;
    const common = { type: 'clock', atUs, host: id, ratePpm } as const;
    host.record({ ...common, clock: 'wall', localUs: Math.round(clock.wallSinceStartUs()) });
    host.record({ ...common, clock: 'mono', localUs: Math.round(clock.readMonoUs()) });
  }

  sends(server: HostId, text: string): void {
    const { host, action, releasing } = this;
    const atUs = host.frontierUs;
    if (releasing !== undefined) {
      this.releasing = undefined;
      host.record({ type: 'release-sent', atUs, grant: releasing });
    }
    const { operation } = host;
    this.journal.say({ line: 'sent', atUs, server, text, operation, action });
    this.journal.beforeRequest();
  }

  issued(ownerId: string): void {
    this.journal.say({ line: 'issued', ownerId, operation: this.host.operation });
  }

  event(code: () => void): void {
    try {
      code();
    } catch (error) {
      const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      this.host.world.find('threw', `a callback of client ${this.name} threw ${what}`);
    }
  }

  setTimer(wantedUs: number, callback: () => void): NodeJS.Timeout {
    const ms = wantedUs <= FAR_US ? this.clock.trueMs(wantedUs) : Number.POSITIVE_INFINITY;
    // Longer than a timer of Node can wait is never, within a run.
    const timer = setTimeout(() => this.event(callback), Math.min(Math.ceil(ms), 2 ** 31 - 1));
    return timer;
  }

  cancelTimer(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
  }
}
