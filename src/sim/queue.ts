/**
 * The event queue: lanes, and a line of their heads (docs/semantics.md, R5). Everything that can
 * happen waits in a lane; within a lane order is kept, and at one instant only heads of lanes are
 * candidates. Among them the smallest tie priority goes first, then the smallest lane id.
 */
import type { Handler } from './world.js';

/** Something that will happen. `kind` and the rest belong to whoever created it. */
export class SimEvent {
  /** Whether the line of heads has an entry for this event, live or stale. */
  inLine = false;
  cancelled = false;
  /** Whether it waits in its lane; then those before and behind it there. */
  waits = false;
  before: SimEvent | undefined;
  behind: SimEvent | undefined;

  constructor(
    /** When it happens; raised when its lane is held back. */
    public atUs: number,
    readonly tie: number,
    readonly lane: Lane,
    /** Order of creation, unique: makes the order total. */
    readonly seq: number,
    readonly kind: number,
    /** The operation it belongs to, 0 outside of any. */
    readonly operation: number,
    /** When the code that caused it ran; later than the world for code ahead of it (R4). */
    readonly sentAtUs: number,
    /** Hash of the payload as delivered (R14). */
    readonly payloadHash: number,
    /** Who makes it happen, and what that needs; both are forgotten when it is cancelled. */
    public handler: Handler,
    public payload: unknown,
  ) {}
}

/** Something that can hold back a lane: a host ahead of the world, a partition. */
export interface Gate {
  /** Nothing passes before this instant. */
  closedUntilUs: number;
  /** Of a link: what is sent from this instant on is not held any more (R7). */
  healsAtUs?: number;
}

/**
 * A first-in-first-out line of events; timer lanes are kept in order of due time. The events are
 * linked to each other: most lanes hold one at a time, and an array would grow for each anew.
 */
export class Lane {
  head: SimEvent | undefined;
  private tail: SimEvent | undefined;
  /** How many events wait in it. */
  length = 0;
  /** Latest arrival so far: later arrivals in a connection lane are raised to it. */
  lastUs = 0;

  constructor(
    readonly id: number,
    /** Whether it is a timer lane, in order of due time; else it is first in, first out. */
    readonly byDueTime: boolean,
    /** The host that its events happen to, if it can be ahead of the world. */
    readonly host?: Gate,
    /** The link that its events travel on, if it can be cut. */
    private readonly link?: Gate,
  ) {}

  /** The events that wait, in order; the lane may change meanwhile. */
  waiting(): SimEvent[] {
    const events: SimEvent[] = [];
    for (let event = this.head; event !== undefined; event = event.behind) events.push(event);
    return events;
  }

  /** Puts an event at the end, or in a timer lane behind all that are due no later. */
  add(event: SimEvent): void {
    let before = this.tail;
    if (this.byDueTime) {
      while (before !== undefined && before.atUs > event.atUs) before = before.before;
    }
    const behind = before === undefined ? this.head : before.behind;
    event.before = before;
    event.behind = behind;
    if (before === undefined) this.head = event;
    else before.behind = event;
    if (behind === undefined) this.tail = event;
    else behind.before = event;
    event.waits = true;
    this.length++;
  }

  remove(event: SimEvent): void {
    const { before, behind } = event;
    if (before === undefined) this.head = behind;
    else before.behind = behind;
    if (behind === undefined) this.tail = before;
    else behind.before = before;
    event.before = undefined;
    event.behind = undefined;
    event.waits = false;
    this.length--;
  }

  /** The earliest instant at which its head, sent at `sentAtUs`, may be delivered. */
  openAtUs(sentAtUs = 0): number {
    const { link } = this;
    const hostUs = this.host === undefined ? 0 : this.host.closedUntilUs;
    const held = link?.healsAtUs !== undefined && sentAtUs < link.healsAtUs;
    const linkUs = held ? link.closedUntilUs : 0;
    return hostUs > linkUs ? hostUs : linkUs;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  if (a.atUs !== b.atUs) return a.atUs < b.atUs;
  if (a.tie !== b.tie) return a.tie < b.tie;
  return a.lane.id === b.lane.id ? a.seq < b.seq : a.lane.id < b.lane.id;
}

/** So many of the next ones are looked at one by one; what comes is mostly among them. */
const NEAR = 16;

/**
 * Heads of lanes in order, the next one last: taking it costs nothing, and a message that comes
 * passes the few that arrive before it. They are tens; a heap pays for thousands
 * (docs/decisions/0005).
 */
class Line {
  private readonly events: SimEvent[] = [];
  private length = 0;

  add(event: SimEvent): void {
    const { events } = this;
    let at = this.length++;
    const near = Math.max(0, at - NEAR);
    for (; at > near; at--) {
      const next = events[at - 1]!;
      if (isBefore(event, next)) break;
      events[at] = next;
    }
    if (at === near && at > 0) at = this.makeRoom(event, at);
    events[at] = event;
  }

  /** Frees a place among those before `until`, which is free; answers which. */
  private makeRoom(event: SimEvent, until: number): number {
    const { events } = this;
    let from = 0;
    let to = until;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (isBefore(event, events[middle]!)) from = middle + 1;
      else to = middle;
    }
    for (let at = until; at > from; at--) events[at] = events[at - 1]!;
    return from;
  }

  take(): SimEvent | undefined {
    return this.length === 0 ? undefined : this.events[--this.length];
  }
}

/** In the place of a cancelled event's handler: the line keeps the event until its time comes. */
const NOBODY: Handler = { happen: () => false };

export class EventQueue {
  private readonly heads = new Line();
  /** Live events, cancelled ones not counted. */
  size = 0;

  /** Adds an event to its lane. */
  push(event: SimEvent): void {
    if (!Number.isSafeInteger(event.atUs)) {
      throw new RangeError(`an event at ${event.atUs} µs: instants are integers below 2^53`);
    }
    event.lane.add(event);
    this.size++;
    if (event.before === undefined) this.enqueue(event);
  }

  /** The next event, still at the head of its lane: `deliver` or `hold` it. */
  next(): SimEvent | undefined {
    for (;;) {
      const event = this.heads.take();
      if (event === undefined) return undefined;
      event.inLine = false;
      if (!event.cancelled && event.lane.head === event) return event;
    }
  }

  /** Takes the event that `next` returned out of its lane; the one behind becomes a candidate. */
  deliver(event: SimEvent): void {
    const { lane } = event;
    lane.remove(event);
    this.size--;
    this.promote(lane, event.atUs);
  }

  /** Puts the event that `next` returned back, with its whole lane, until `untilUs`. */
  hold(event: SimEvent, untilUs: number): void {
    event.atUs = untilUs;
    this.enqueue(event);
  }

  cancel(event: SimEvent, nowUs: number): void {
    if (event.cancelled) return;
    event.cancelled = true;
    event.handler = NOBODY;
    event.payload = undefined;
    if (!event.waits) return;
    const { lane } = event;
    const wasHead = lane.head === event;
    lane.remove(event);
    this.size--;
    if (wasHead) this.promote(lane, nowUs);
  }

  private promote({ head }: Lane, nowUs: number): void {
    if (head === undefined || head.inLine) return;
    if (head.atUs < nowUs) head.atUs = nowUs;
    this.enqueue(head);
  }

  private enqueue(event: SimEvent): void {
    event.inLine = true;
    this.heads.add(event);
  }
}
