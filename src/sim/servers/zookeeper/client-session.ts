/**
 * A session as its client's library keeps it: one connection at a time, pings, reconnects, and what
 * the code above hears of all that. The timing is that of the Java client (upstream
 * ClientCnxn.java, 3.8.0), the states are Apache Curator's (ConnectionState.java,
 * ConnectionStateManager.java); kazoo's are the same but for one word (`CONNECTED` each time), and
 * it does not set watches again (`restoresWatches: false`). It is a plain state machine: what
 * happens to the connection comes in, what is to be done goes to the port.
 *
 * That a session has ended is learnt from a server, that is, after a reconnect; until then the
 * client only knows that it hears nothing. Curator does not wait for that: when it has been
 * SUSPENDED for as long as the session's timeout, it gives the session up.
 */
import { ClientWatches } from './client-watches.js';
import { ERROR } from './errors.js';
import {
  PING_XID,
  type Request,
  type RequestBody,
  type Response,
  type Result,
  SET_WATCHES_XID,
  type ServerMessage,
  type WatchEventKind,
} from './messages.js';

/**
 * CONNECTED: for the first time. SUSPENDED: the connection is lost, the session may live on.
 * RECONNECTED: with the same session, or, after LOST, with a new one. LOST: the session is over, or
 * given up. CLOSED: by `close`, for good.
 */
export type ClientState = 'CONNECTED' | 'SUSPENDED' | 'RECONNECTED' | 'LOST' | 'CLOSED';

export interface ClientSessionPort {
  /** This client's clocks, in microseconds. Timeouts go by the monotonic one. */
  monoUs(): number;
  /** Curator measures how long it has been SUSPENDED by this one. */
  wallUs(): number;
  /** Opens a connection to server 1 … n; `opened` or `disconnected` is the answer. */
  open(server: number): void;
  send(request: Request): void;
  /** Closes the connection, or gives up opening it; no `disconnected` follows. */
  hangUp(): void;
  setAlarm(clock: 'mono', atUs: number | undefined): void;
  /** An integer 0 … n − 1: milliseconds before a reconnect. */
  choose(n: number): number;
  stateChanged(state: ClientState): void;
  /** A one-shot watch fired. With every change of state, too, Java's watchers are called. */
  watchFired(event: WatchEventKind, path: string): void;
}

export interface ClientSessionOptions {
  /** Session timeout to ask for; the server has the last word. */
  readonly timeoutMs: number;
  /** Servers in the connection string. */
  readonly servers: number;
  /** Whether watches are set again after a reconnect: Java yes, kazoo no. */
  readonly restoresWatches: boolean;
  /**
   * Curator's `sessionExpirationPercent` of the timeout, after which a SUSPENDED client is LOST;
   * absent: only a server's word counts, as in kazoo and in Java without Curator.
   */
  readonly sessionExpirationPercent?: number;
}

/** `result` is there if `error` is 0, or if it is that of a transaction. */
export type Done = (error: number, result: Result | undefined) => void;

interface Call {
  readonly body: RequestBody;
  readonly done: Done;
  xid: number;
}

type Phase = 'idle' | 'opening' | 'greeting' | 'connected' | 'closed';

/** Before every reconnect the Java client sleeps for less than this (startConnect). */
const RECONNECT_BELOW_MS = 1000;
const NEVER = Number.POSITIVE_INFINITY;

export class ClientSession {
  private phase: Phase = 'idle';
  private id = 0;
  private password = '';
  private agreedMs: number;
  private lastZxid = 0;
  private server = 0;
  private xid = 0;
  private hasBeenConnected = false;
  private isSuspended = false;
  private isClosing = false;
  /** Sent and not answered; and what waits for a connection. */
  private pending: Call[] = [];
  private queued: Call[] = [];
  private readonly watches = new ClientWatches();
  private lastHeardUs = 0;
  private lastSentUs = 0;
  private reconnectAtUs = NEVER;
  /** While SUSPENDED: when to look whether to give up, and since when, on the wall clock. */
  private giveUpAtUs = NEVER;
  private suspendedWallUs = 0;

  constructor(
    private readonly options: ClientSessionOptions,
    private readonly port: ClientSessionPort,
  ) {
    this.agreedMs = options.timeoutMs;
  }

  /** 0: none yet. What is the owner of the znodes that it creates. */
  get sessionId(): number {
    return this.id;
  }

  /** Agreed on, in milliseconds; before that, what is asked for. */
  get timeoutMs(): number {
    return this.agreedMs;
  }

  /** Without a word from the server for so long, the connection is given up. */
  get readTimeoutMs(): number {
    return Math.floor((this.agreedMs * 2) / 3);
  }

  get connectTimeoutMs(): number {
    return Math.floor(this.agreedMs / this.options.servers);
  }

  start(): void {
    this.reconnect();
    this.setAlarm();
  }

  private reconnect(): void {
    this.phase = 'opening';
    this.reconnectAtUs = NEVER;
    this.server = (this.server % this.options.servers) + 1;
    this.lastHeardUs = this.port.monoUs();
    this.lastSentUs = this.lastHeardUs;
    this.port.open(this.server);
  }

  /** The connection that was asked for is there. */
  opened(): void {
    if (this.phase !== 'opening') return;
    this.phase = 'greeting';
    const { id: sessionId, password, lastZxid: lastZxidSeen } = this;
    const { timeoutMs } = this.options;
    this.port.send({ type: 'connect', sessionId, password, timeoutMs, lastZxidSeen });
    this.setAlarm();
  }

  /** The connection, or the attempt at one, is gone. */
  disconnected(): void {
    if (this.phase === 'idle' || this.phase === 'closed') return;
    this.lose();
    this.setAlarm();
  }

  /** Sends a request when there is a connection. It is never sent twice. */
  call(body: RequestBody, done: Done): void {
    if (this.phase === 'closed' || this.isClosing) {
      done(ERROR.SESSIONEXPIRED, undefined);
      return;
    }
    const call = { body, done, xid: 0 };
    if (this.phase === 'connected') this.transmit(call);
    else this.queued.push(call);
    this.setAlarm();
  }

  private transmit(call: Call): void {
    this.xid += 1;
    call.xid = this.xid;
    this.pending.push(call);
    this.send({ ...call.body, xid: call.xid });
  }

  private send(request: Request): void {
    this.lastSentUs = this.port.monoUs();
    this.port.send(request);
  }

  received(message: ServerMessage): void {
    if (this.phase !== 'greeting' && this.phase !== 'connected') return;
    this.lastHeardUs = this.port.monoUs();
    if (message.type === 'connected') {
      if (message.sessionId === 0) this.expire();
      else this.establish(message);
    } else if (message.type === 'event') {
      this.watches.fired(message.event, message.path);
      this.port.watchFired(message.event, message.path);
    } else {
      this.answer(message);
    }
    this.setAlarm();
  }

  private establish(message: Extract<ServerMessage, { type: 'connected' }>): void {
    this.phase = 'connected';
    this.id = message.sessionId;
    this.password = message.password;
    this.agreedMs = message.timeoutMs;
    this.isSuspended = false;
    this.giveUpAtUs = NEVER;
    if (!this.watches.isEmpty) {
      this.send({ ...this.watches.request(this.lastZxid), xid: SET_WATCHES_XID });
    }
    for (const call of this.queued.splice(0)) this.transmit(call);
    this.port.stateChanged(this.hasBeenConnected ? 'RECONNECTED' : 'CONNECTED');
    this.hasBeenConnected = true;
  }

  private answer({ xid, zxid, error, result }: Response): void {
    if (zxid > 0) this.lastZxid = Math.max(this.lastZxid, zxid);
    if (xid === PING_XID || xid === SET_WATCHES_XID) return;
    const call = this.pending.shift();
    if (call === undefined) return;
    this.watches.answered(call.body, error);
    call.done(error, result);
    if (call.body.type === 'closeSession') this.end();
  }

  /** The connection failed: nobody knows what of the requests on it was carried out. */
  private lose(): void {
    const { isClosing } = this;
    this.phase = 'idle';
    this.reconnectAtUs = this.port.monoUs() + this.port.choose(RECONNECT_BELOW_MS) * 1000;
    if (!this.options.restoresWatches) this.watches.clear();
    this.fail(ERROR.CONNECTIONLOSS);
    if (isClosing) this.end();
    else if (this.hasBeenConnected && !this.isSuspended && this.id !== 0) this.suspend();
  }

  private suspend(): void {
    this.isSuspended = true;
    this.suspendedWallUs = this.port.wallUs();
    this.giveUpAtUs = this.port.monoUs() + this.patienceUs();
    this.port.stateChanged('SUSPENDED');
  }

  /** Curator's, while SUSPENDED; ∞: it waits for a server's word. */
  private patienceUs(): number {
    const { sessionExpirationPercent } = this.options;
    if (sessionExpirationPercent === undefined) return NEVER;
    return Math.floor((this.agreedMs * sessionExpirationPercent) / 100) * 1000;
  }

  private takeCalls(): Call[] {
    return [...this.pending.splice(0), ...this.queued.splice(0)];
  }

  private fail(error: number): void {
    for (const { done } of this.takeCalls()) done(error, undefined);
  }

  /** The session is over, or given up: a new one begins. */
  private expire(): void {
    this.port.hangUp();
    this.phase = 'idle';
    this.id = 0;
    this.password = '';
    this.lastZxid = 0;
    this.xid = 0;
    this.agreedMs = this.options.timeoutMs;
    this.isSuspended = false;
    this.giveUpAtUs = NEVER;
    this.watches.clear();
    this.reconnectAtUs = this.port.monoUs();
    const calls = this.takeCalls();
    this.port.stateChanged('LOST');
    for (const { done } of calls) done(ERROR.SESSIONEXPIRED, undefined);
  }

  /** Ends the session, if a server can be told; else it is left to time out. */
  close(): void {
    if (this.isClosing || this.phase === 'closed') return;
    if (this.phase === 'connected') {
      this.transmit({ body: { type: 'closeSession' }, done: () => {}, xid: 0 });
      this.isClosing = true;
    } else {
      this.end();
    }
    this.setAlarm();
  }

  private end(): void {
    if (this.phase === 'closed') return;
    if (this.phase !== 'idle') this.port.hangUp();
    this.phase = 'closed';
    this.fail(ERROR.SESSIONEXPIRED);
    this.port.stateChanged('CLOSED');
  }

  alarm(): void {
    const nowUs = this.port.monoUs();
    if (nowUs >= this.giveUpAtUs) this.considerGivingUp(nowUs);
    if (this.phase === 'idle' && nowUs >= this.reconnectAtUs) {
      this.reconnect();
    } else if (this.phase !== 'idle' && this.phase !== 'closed') {
      if (nowUs >= this.deadlineUs()) {
        this.port.hangUp();
        this.lose();
      } else if (this.phase === 'connected' && nowUs >= this.pingAtUs()) {
        this.send({ type: 'ping', xid: PING_XID });
      }
    }
    this.setAlarm();
  }

  private considerGivingUp(nowUs: number): void {
    const leftUs = this.patienceUs() - (this.port.wallUs() - this.suspendedWallUs);
    if (leftUs > 0) this.giveUpAtUs = nowUs + leftUs;
    else this.expire();
  }

  private deadlineUs(): number {
    const patienceMs = this.phase === 'connected' ? this.readTimeoutMs : this.connectTimeoutMs;
    return this.lastHeardUs + patienceMs * 1000;
  }

  /** When nothing was sent for half of the time to read: a third of the session's timeout. */
  private pingAtUs(): number {
    return this.lastSentUs + Math.floor(this.readTimeoutMs / 2) * 1000;
  }

  private setAlarm(): void {
    let atUs = NEVER;
    if (this.phase === 'idle') atUs = this.reconnectAtUs;
    else if (this.phase !== 'closed') atUs = this.deadlineUs();
    if (this.phase === 'connected') atUs = Math.min(atUs, this.pingAtUs());
    if (this.phase !== 'closed') atUs = Math.min(atUs, this.giveUpAtUs);
    this.port.setAlarm('mono', atUs === NEVER ? undefined : atUs);
  }
}
