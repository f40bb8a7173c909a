/**
 * One TCP connection between a client process and a server: two first-in-first-out lanes. Nothing
 * vanishes from the middle of a live one; it ends by a close, a reset, or in silence. Nothing is
 * sent twice, and a caller learns whether its request may have been applied (docs/semantics.md,
 * R7).
 */
import { CallTimeout, ConnectionLost } from '../algorithms/environment.js';
import type { Actor, LeaseId } from '../history.js';
import { USER_TIMEOUT_US } from './limits.js';
import type { Link, Strike } from './link.js';
import type { Process } from './process.js';
import { Lane, type SimEvent } from './queue.js';
import { EVENT_KIND, type Handler } from './world.js';

/** A call: the request on its way, and the promise of its caller. */
export class Request {
  /** What the nemesis has in store for it. */
  strike: Strike | undefined;
  /** Number of the message in the trace, −1 without one. */
  message = -1;
  /** Whose grant it serves, once that is known. */
  actor: Actor | undefined;
  readonly promise: Promise<unknown>;
  resolve!: (reply: unknown) => void;
  reject!: (error: Error) => void;

  constructor(
    readonly body: unknown,
    readonly process: Process,
    readonly connection: Connection,
    readonly operation: string,
    readonly action: 'acquire' | 'renew' | 'release' | undefined,
    readonly sentAtUs: number,
    readonly dueMonoUs: number,
    /** What its caller asked for; without it the user timeout of the connection counts (R7). */
    readonly callTimeoutMs: number | undefined,
    /** How many requests were sent on the connection before it. */
    readonly number: number,
  ) {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }
}

/** A reply on its way back, and what its delivery tells the client about leases (R1, R3). */
export class Response {
  constructor(
    readonly body: unknown,
    /** Number of the message in the trace, −1 without one. */
    readonly message: number,
    /** Leases that it acknowledges. */
    readonly acked: readonly LeaseId[] | undefined = undefined,
    /** Whose lease it says is lost. */
    readonly lost: Actor | undefined = undefined,
  ) {}
}

/** The side that answers. */
export interface Server {
  readonly id: string;
  readonly index: number;
  readonly down: boolean;
  /** Whether it keeps something for a connection until that ends: a session. */
  readonly hasSessions: boolean;
  /** A connection has reached the server: its first request follows. */
  connect(connection: Connection): void;
  receive(request: Request): void;
  /** A reply that says something about leases has reached the client. */
  delivered(response: Response): void;
  /** What a message carries, in words. */
  describeRequest(body: unknown): string;
  describeReply(body: unknown): string;
  /** The connection has ended at the server's end of it. */
  hangup(connection: Connection): void;
}

export class Connection implements Handler {
  readonly toServer: Lane;
  readonly toClient: Lane;
  /** Whether the client still uses it; a closed one only drains. */
  open = true;
  /** Neither end hears the other any more (half-open). */
  private silent = false;
  private serverKnows = false;
  /** Whether it ever reached its server; a connection that was refused sent nothing. */
  private accepted = false;
  /** Whether its server has closed it: what is still on its way there arrives at nobody. */
  private ended = false;
  private readonly pending: Request[] = [];
  /** Which of the requests sent on it, from 0, a message answers; absent: they come in order. */
  answers: ((body: unknown) => number) | undefined;
  private sent = 0;
  /** Offered what arrives first; `true` if it was no reply but a message of a subscription. */
  onPush: ((body: unknown) => boolean) | undefined;
  onClose: (() => void) | undefined;
  /** The server of an ensemble that it is to, from 1. */
  readonly member: number | undefined;
  /** What a client library makes of a reply before its caller gets it: a value, or an error. */
  decode: ((body: unknown) => unknown) | undefined;

  constructor(
    readonly process: Process,
    readonly link: Link,
    readonly server: Server,
    readonly number: number,
  ) {
    const laneId = 1024 + ((link.subject.id * 64 + (link.generation++ & 63)) << 1);
    this.toServer = new Lane(laneId, false, undefined, link.toServer);
    this.toClient = new Lane(laneId + 1, false, process.host, link.toClient);
    process.connections.add(this);
  }

  /** Whether a call on it has not been answered yet. */
  get waiting(): boolean {
    return this.pending.length > 0;
  }

  private get world() {
    return this.process.host.world;
  }

  /** Sends a request from the process's frontier; the caller has entered. */
  send(body: unknown, hash: number, text: string, callTimeoutMs?: number): Promise<unknown> {
    const { process } = this;
    const { host, action } = process;
    const { operation } = host;
    const sentAtUs = host.frontierUs;
    const timeoutUs =
      callTimeoutMs === undefined ? USER_TIMEOUT_US : Math.round(callTimeoutMs * 1_000);
    const dueMonoUs = host.mono.read(sentAtUs) + timeoutUs;
    const request = new Request(
      body,
      process,
      this,
      operation,
      action,
      sentAtUs,
      dueMonoUs,
      callTimeoutMs,
      this.sent++,
    );
    this.pending.push(request);
    process.deadlines.arm(dueMonoUs, sentAtUs);
    if (!this.silent) this.transmit(request, hash, text);
    return request.promise;
  }

  private transmit(request: Request, hash: number, text: string): void {
    const { world, link } = this;
    const { host } = this.process;
    const { sentAtUs } = request;
    const atUs = this.arrivalUs(this.toServer, 'to-server', sentAtUs);
    const { trace } = world;
    if (trace !== undefined) {
      const place = trace.locate();
      const dueUs = Math.max(sentAtUs, atUs - link.delayedByUs);
      request.message = trace.sent(host.id, this.server.id, sentAtUs, dueUs, text, place);
    }
    request.strike = link.takeStrike();
    const tie = link.tie('to-server');
    const { request: kind } = EVENT_KIND;
    const { operationNumber } = host;
    world.schedule(this.toServer, this, kind, atUs, tie, operationNumber, sentAtUs, hash, request);
  }

  /** Sends a reply or a push from the server. */
  respond(response: Response, hash: number): void {
    if (this.silent) return;
    const { world } = this;
    const atUs = this.arrivalUs(this.toClient, 'to-client', world.nowUs);
    world.trace?.due(response.message, Math.max(world.nowUs, atUs - this.link.delayedByUs));
    const tie = this.link.tie('to-client');
    const { operationNumber } = this.process.host;
    world.schedule(
      this.toClient,
      this,
      EVENT_KIND.reply,
      atUs,
      tie,
      operationNumber,
      world.nowUs,
      hash,
      response,
    );
  }

  /**
   * The client closes: its pending calls reject now, the server hears of it behind the requests.
   */
  close(): void {
    if (!this.open) return;
    const { host, connections } = this.process;
    this.leave();
    // If the process dies before the world gets here, it never closed it (R4).
    connections.add(this);
    host.reached(() => connections.delete(this));
    this.sendHangup(host.frontierUs);
    this.rejectAll(true);
  }

  /** The process died: the machine says goodbye for it, unless it lost power (R8). */
  ownerDied(): void {
    this.leave();
    this.pending.length = 0;
    this.onPush = undefined;
    this.onClose = undefined;
  }

  /** Behind what was sent before, the server is told that the client is gone. */
  sendHangup(atUs: number): void {
    const onItsWay = this.server.hasSessions && this.toServer.length > 0;
    if (this.silent || !(this.serverKnows || onItsWay)) return;
    const arrivesUs = this.arrivalUs(this.toServer, 'to-server', atUs);
    const tie = this.link.tie('to-server');
    this.world.schedule(this.toServer, this, EVENT_KIND.hangup, arrivesUs, tie, 0, atUs);
  }

  /** The server ends it: what it sent before still arrives, then the client is told. */
  closeByServer(): void {
    this.serverKnows = false;
    this.ended = true;
    if (this.silent || !this.open) return;
    const { world } = this;
    const atUs = this.arrivalUs(this.toClient, 'to-client', world.nowUs);
    world.schedule(this.toClient, this, EVENT_KIND.closed, atUs, this.link.tie('to-client'));
  }

  happen(event: SimEvent): boolean {
    switch (event.kind) {
      case EVENT_KIND.request:
        return this.arriveAtServer(event.payload as Request);
      case EVENT_KIND.reply:
        return this.arriveAtClient(event.payload as Response);
      case EVENT_KIND.closed:
        return this.lose();
      default:
        this.hangup();
        return false;
    }
  }

  private arriveAtServer(request: Request): boolean {
    const { trace } = this.world;
    if (this.ended || this.server.down) {
      trace?.ended(request.message, this.world.nowUs, 'receiver-down');
      if (!this.ended) this.closeByServer();
      return false;
    }
    this.accepted = true;
    const { strike } = request;
    if (strike !== undefined && strike !== 'lost-reply') {
      trace?.ended(request.message, this.world.nowUs, 'lost');
      this.cut(strike === 'half-open');
      return false;
    }
    trace?.ended(request.message, this.world.nowUs, 'delivered');
    if (!this.serverKnows) this.server.connect(this);
    this.serverKnows = true;
    this.server.receive(request);
    if (strike !== undefined) this.cut(false);
    return false;
  }

  private arriveAtClient(response: Response): boolean {
    const { world, process } = this;
    if (!this.open || !process.alive) {
      world.trace?.ended(response.message, world.nowUs, 'receiver-down');
      return false;
    }
    world.trace?.ended(response.message, world.nowUs, 'delivered');
    process.begin();
    if (response.acked !== undefined || response.lost !== undefined) {
      this.server.delivered(response);
    }
    process.host.delivered();
    if (this.onPush?.(response.body)) return true;
    const call = this.answered(response.body);
    if (call === undefined) return true;
    const reply = this.decode === undefined ? response.body : this.decode(response.body);
    if (reply instanceof Error) call.reject(reply);
    else call.resolve(reply);
    return true;
  }

  /** Takes the request that a message answers from those that wait. */
  private answered(body: unknown): Request | undefined {
    if (this.answers === undefined) return this.pending.shift();
    const number = this.answers(body);
    const at = this.pending.findIndex((request) => request.number === number);
    return at < 0 ? undefined : this.pending.splice(at, 1)[0];
  }

  /** Everything in flight is gone; both ends see a reset, or neither sees anything (`silent`). */
  private cut(silent: boolean): void {
    for (const lane of [this.toServer, this.toClient]) {
      for (const event of lane.waiting()) this.drop(event);
    }
    this.hangup();
    if (silent) this.silent = true;
    else this.closeByServer();
  }

  private drop(event: SimEvent): void {
    const { world } = this;
    const payload = event.payload as { message: number } | undefined;
    world.cancel(event);
    if (payload !== undefined) world.trace?.ended(payload.message, world.nowUs, 'lost');
  }

  private hangup(): void {
    if (!this.serverKnows) return;
    this.serverKnows = false;
    this.server.hangup(this);
  }

  /** The client learns that the connection is gone. */
  private lose(): boolean {
    if (!this.open || !this.process.alive) return false;
    return this.process.run(() => {
      this.leave();
      this.process.host.delivered();
      this.rejectAll(this.accepted);
    });
  }

  private leave(): void {
    this.open = false;
    this.process.connections.delete(this);
    if (this.link.connection === this) this.link.connection = undefined;
  }

  /** All calls that wait learn that the connection is gone; `sent`: they may have been applied. */
  private rejectAll(sent: boolean): void {
    if (this.pending.length > 0) {
      const error = new ConnectionLost(sent);
      for (const call of this.pending.splice(0)) call.reject(error);
    }
    this.onClose?.();
  }

  /** Of the calls that can time out, the one that is due first. */
  earliestDue(): Request | undefined {
    let earliest: Request | undefined;
    for (const call of this.pending) {
      // Half-open is silent for ever: only a timeout of its own ends such a call (R7).
      if (this.silent && call.callTimeoutMs === undefined) continue;
      if (earliest === undefined || call.dueMonoUs < earliest.dueMonoUs) earliest = call;
    }
    return earliest;
  }

  /**
   * A call was not answered in time: it fails, and the connection ends with it, unless answers say
   * which call they are for: then a timeout of its own ends that call alone.
   */
  expire(call: Request): boolean {
    return this.process.run(() => {
      const { callTimeoutMs } = call;
      if (this.answers !== undefined && callTimeoutMs !== undefined) {
        this.pending.splice(this.pending.indexOf(call), 1);
        call.reject(new CallTimeout(callTimeoutMs));
        return;
      }
      this.leave();
      this.sendHangup(this.world.nowUs);
      this.pending.splice(this.pending.indexOf(call), 1);
      const late = callTimeoutMs === undefined;
      call.reject(late ? new ConnectionLost(true) : new CallTimeout(callTimeoutMs));
      this.rejectAll(true);
    });
  }

  private arrivalUs(lane: Lane, direction: 'to-server' | 'to-client', leavesUs: number): number {
    const atUs = leavesUs + this.link.latencyUs(direction, leavesUs);
    if (atUs > lane.lastUs) lane.lastUs = atUs;
    return lane.lastUs;
  }
}
