/**
 * The world of one run: virtual time, the event queue, the history and the digest, and the loop
 * that delivers events one by one. Client code runs only inside `wake`: the event's host is then
 * the one that is running, until all its microtasks have run (docs/semantics.md, R4, R5, D3, D5).
 */

import { Digest } from '../digest.js';
import type { Finding, FindingKind } from '../finding.js';
import type { HistoryRecord } from '../history.js';
import type { Decisions } from './decisions.js';
import type { EventLog } from './event-log.js';
import { LIMITS } from './limits.js';
import { EventQueue, type Lane, SimEvent } from './queue.js';
import type { Locate, TraceRecorder } from './trace-recorder.js';

/** Calls `then` once all microtasks, and all that they cause, have run. The port to the host. */
export type Settle = (then: () => void) => void;

/** What happens when an event is delivered; `true` if client code ran and must be drained. */
export interface Handler {
  happen(event: SimEvent): boolean;
}

/** Code of a client that can be running: a process. */
export interface Runner {
  readonly name: string;
  /** Whether it has not died; what a ghost does is nobody's (R8). */
  readonly alive: boolean;
}

/** Kinds of events, for the digest and for the statistics of a campaign. */
export const EVENT_KIND = {
  start: 0,
  request: 1,
  reply: 2,
  closed: 3,
  hangup: 4,
  timer: 5,
  alarm: 6,
  fault: 7,
  phase: 8,
  /** Not events: bookkeeping that takes its place in world time. Neither counted nor digested. */
  record: 9,
  internal: 10,
} as const;
export const EVENT_KIND_NAMES = Object.keys(EVENT_KIND).slice(0, EVENT_KIND.record);

/**
 * Nine events of ten are messages, and connections alone make those happen. They are called from a
 * place of their own: the engine then knows what it calls, which it does not among many handlers.
 */
function happens(event: SimEvent): boolean {
  const { kind } = event;
  const isMessage = kind >= EVENT_KIND.request && kind <= EVENT_KIND.hangup;
  return isMessage ? event.handler.happen(event) : event.handler.happen(event);
}

let active: World | undefined;

/** The world whose events are being delivered on this thread, for the guards of the host (D8). */
export function activeWorld(): World | undefined {
  return active;
}

export class World {
  nowUs = 0;
  readonly queue = new EventQueue();
  readonly digest = new Digest();
  readonly records: HistoryRecord[] = [];
  readonly findings: Finding[] = [];
  /** Delivered events, in all and by kind. */
  events = 0;
  readonly eventsByKind = new Uint32Array(EVENT_KIND.record);
  /** The limit that ended the run, in words. */
  limit: string | undefined;
  /** The client code that is running now; nothing else may call its environment (D3). */
  running: Runner | undefined;
  /** Finds the place in the code under test. */
  locate: Locate | undefined;
  /** Told of every environment call. */
  onCall: ((client: string, atUs: number) => void) | undefined;
  /** Writes down every event and record, to find the first one in which two runs differ (D15). */
  log: EventLog | undefined;

  private seq = 0;
  private finished: (() => void) | undefined;
  private failed: ((error: unknown) => void) | undefined;

  constructor(
    readonly decisions: Decisions,
    private readonly settle: Settle,
    readonly trace: TraceRecorder | undefined,
  ) {}

  /** Creates an event and puts it into its lane. */
  schedule(
    lane: Lane,
    handler: Handler,
    kind: number,
    atUs: number,
    tie: number,
    operation = 0,
    sentAtUs = this.nowUs,
    payloadHash = 0,
    payload: unknown = undefined,
  ): SimEvent {
    const event = new SimEvent(
      atUs,
      tie,
      lane,
      this.seq++,
      kind,
      operation,
      sentAtUs,
      payloadHash,
      handler,
      payload,
    );
    this.queue.push(event);
    if (this.queue.size > LIMITS.pending) this.stop(`${LIMITS.pending} events pending`);
    return event;
  }

  cancel(event: SimEvent): void {
    this.queue.cancel(event, this.nowUs);
  }

  /** Adds a record to the history at the present position. */
  record(record: HistoryRecord): void {
    this.log?.record(record);
    this.records.push(record);
  }

  /** `place` is where the code under test did it; by default, where it is now. */
  find(kind: FindingKind, message: string, host?: string, place = this.locate?.()): void {
    this.findings.push({
      kind,
      message,
      atUs: this.nowUs,
      ...(host === undefined ? {} : { host }),
      ...(place === undefined ? {} : { place }),
    });
  }

  /** Ends the run because a limit was hit. */
  stop(limit: string): void {
    this.limit ??= limit;
  }

  /** Runs until `end` is called or nothing is left; resolves then. Rejects if the kernel throws. */
  async run(): Promise<void> {
    if (active !== undefined) throw new Error('two simulations at once on one thread');
    active = this;
    try {
      await new Promise<void>((resolve, reject) => {
        this.finished = resolve;
        this.failed = reject;
        this.loop();
      });
    } finally {
      active = undefined;
    }
  }

  /** Ends the run after the event in hand. */
  end(): void {
    this.ended = true;
  }
  private ended = false;

  private readonly loop = (): void => {
    this.running = undefined;
    try {
      this.deliverUntilDrain();
    } catch (error) {
      this.failed?.(error);
    }
  };

  /** Delivers events until one of them runs client code, or the run is over. */
  private deliverUntilDrain(): void {
    while (!this.ended && this.limit === undefined) {
      const event = this.queue.next();
      if (event === undefined) break;
      const openUs = event.lane.openAtUs(event.sentAtUs);
      if (openUs > event.atUs) {
        this.queue.hold(event, openUs);
        continue;
      }
      this.queue.deliver(event);
      this.nowUs = event.atUs;
      if (event.kind < EVENT_KIND.record) this.count(event);
      if (happens(event)) {
        this.settle(this.loop);
        return;
      }
    }
    this.finished?.();
  }

  private count(event: SimEvent): void {
    const digest = this.digest;
    digest.number(event.atUs);
    // Kinds take 4 bits, lanes 18 and operations the rest; more operations wrap around.
    const { operation } = event;
    digest.word((event.lane.id << 4) ^ event.kind ^ (operation << 22) ^ (operation >>> 10));
    digest.word(event.payloadHash);
    this.log?.event(event);
    this.eventsByKind[event.kind]!++;
    if (++this.events >= LIMITS.events) this.stop(`${LIMITS.events} events`);
  }
}
