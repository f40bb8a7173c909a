/**
 * Records what lies beneath the history — messages, timers, decisions of the nemesis — for the
 * timeline and the viewer. A campaign runs without it; the smallest run is replayed with it.
 */
import type { HistoryRecord } from '../history.js';
import type { MessageFate, TraceMessage, TraceTimer } from '../trace.js';

/** Finds the innermost frame of the code under test on the stack, or on an error's: `file:line`. */
export type Locate = (error?: unknown) => string | undefined;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class TraceRecorder {
  readonly messages: Mutable<TraceMessage>[] = [];
  readonly timers: TraceTimer[] = [];
  /** Where in the code under test a record was caused. */
  readonly places = new Map<HistoryRecord, string>();

  constructor(private readonly locator: Locate | undefined) {}

  locate(): string | undefined {
    return this.locator?.();
  }

  /** Remembers the place of the code that is about to make this record. */
  place(record: HistoryRecord): void {
    const place = this.locate();
    if (place !== undefined) this.places.set(record, place);
  }

  /**
   * A message left; the number returned names it when its fate is known. `place` is that of the
   * code that sent it: a server has none.
   */
  sent(
    from: string,
    to: string,
    sentAtUs: number,
    dueUs: number,
    text: string,
    place: string | undefined = undefined,
  ): number {
    const endedAtUs = undefined;
    this.messages.push({ from, to, sentAtUs, dueUs, endedAtUs, fate: 'in-flight', text, place });
    return this.messages.length - 1;
  }

  /** When a message would arrive if nothing interfered, once its latency is known. */
  due(message: number, dueUs: number): void {
    const known = this.messages[message];
    if (known !== undefined) known.dueUs = dueUs;
  }

  /** A message arrived, or will never arrive. */
  ended(message: number, atUs: number, fate: MessageFate): void {
    const known = this.messages[message];
    if (known === undefined) return;
    known.endedAtUs = atUs;
    known.fate = fate;
  }

  timer(host: string, setAtUs: number, dueUs: number): void {
    this.timers.push({ host, setAtUs, dueUs });
  }
}
