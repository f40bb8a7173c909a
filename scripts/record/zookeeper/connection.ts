/**
 * One connection of a recording: frames over a socket, what arrived in its order, and the session
 * it has.
 */
import { createConnection, type Socket } from 'node:net';
import {
  PING_XID,
  type RequestBody,
  SET_WATCHES_XID,
  type ServerMessage,
} from '../../../src/sim/servers/zookeeper/messages.js';
import { JuteReader, JuteWriter } from './jute.js';
import { decode, encode, type SessionNumber } from './protocol.js';

export interface RealSession {
  readonly id: bigint;
  readonly password: Buffer;
}

/** What arrived, and when on the monotonic clock. */
export interface Arrival {
  readonly message: ServerMessage | { readonly type: 'closed' };
  readonly atMs: number;
}

/** The monotonic clock, which on Linux is the same for a JVM (System.nanoTime). */
export function monoMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

const PATIENCE_MS = 3000;

export class Connection {
  readonly arrivals: Arrival[] = [];
  /** Requests on their way; `undefined`: the one for a session. */
  private readonly asked: (RequestBody | undefined)[] = [];
  private bytes = Buffer.alloc(0);
  private xid = 0;
  private wake: () => void = () => {};
  closed = false;
  session: RealSession | undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly sessionNumber: SessionNumber,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (data) => this.receive(data));
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.arrive({ type: 'closed' });
    });
  }

  static open(port: number, sessionNumber: SessionNumber): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket, sessionNumber));
      });
    });
  }

  private receive(data: Buffer): void {
    this.bytes = Buffer.concat([this.bytes, data]);
    while (this.bytes.length >= 4) {
      const length = this.bytes.readInt32BE(0);
      if (this.bytes.length < 4 + length) return;
      const frame = this.bytes.subarray(4, 4 + length);
      this.bytes = this.bytes.subarray(4 + length);
      this.read(new JuteReader(frame));
    }
  }

  private read(reader: JuteReader): void {
    if (this.asked.length > 0 && this.asked[0] === undefined) {
      this.asked.shift();
      this.arrive(this.readConnected(reader));
      return;
    }
    this.arrive(decode(reader, () => this.asked.shift()!, this.sessionNumber));
  }

  private readConnected(reader: JuteReader): ServerMessage {
    reader.int();
    const timeoutMs = reader.int();
    const id = reader.long();
    const password = reader.buffer()!;
    if (id === 0n) return { type: 'connected', sessionId: 0, password: '', timeoutMs };
    this.session = { id, password: Buffer.from(password) };
    return { type: 'connected', sessionId: this.sessionNumber(id), password: '', timeoutMs };
  }

  private arrive(message: Arrival['message']): void {
    this.arrivals.push({ message, atMs: monoMs() });
    this.wake();
  }

  connect(session: RealSession | undefined, timeoutMs: number, lastZxidSeen: number): void {
    this.asked.push(undefined);
    const writer = new JuteWriter().int(0).long(lastZxidSeen).int(timeoutMs);
    writer
      .long(session?.id ?? 0n)
      .buffer(session?.password ?? Buffer.alloc(16))
      .bool(false);
    this.socket.write(writer.frame());
  }

  /** The answer is its xid. */
  send(request: RequestBody): number {
    this.asked.push(request);
    let xid = PING_XID;
    if (request.type === 'setWatches') xid = SET_WATCHES_XID;
    else if (request.type !== 'ping') xid = this.xid += 1;
    this.socket.write(encode(request, xid));
    return xid;
  }

  /** Resolves when all that was asked is answered, or the connection is closed. */
  async settled(patienceMs = PATIENCE_MS): Promise<void> {
    const giveUpAtMs = monoMs() + patienceMs;
    while (this.asked.length > 0 && !this.closed) {
      if (monoMs() > giveUpAtMs) throw new Error('no answer');
      await this.arrival(20);
    }
  }

  /** Resolves when the connection is closed. */
  async end(): Promise<void> {
    while (!this.closed) await this.arrival(20);
  }

  private arrival(atMostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, atMostMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  drop(): void {
    this.socket.destroy();
  }
}
