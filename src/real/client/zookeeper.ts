/**
 * A client of a real ZooKeeper, as a lock sees it. Its bytes are those of node-zookeeper-client;
 * its session is the simulated one's (`LibrarySession`), with the timing of the Java client and the
 * states of Curator. The library's own session has neither: it does not notice a server that fell
 * silent, knows no LOST, no container, and fails at an error that came after ZooKeeper 3.4.
 */
import { Socket } from 'node:net';
import type {
  SessionOptions,
  ZooKeeperClient,
  ZooKeeperSession,
} from '../../algorithms/zookeeper.js';
import type { Request, RequestBody, ServerMessage } from '../../sim/servers/zookeeper/messages.js';
import { LibrarySession, MEMBERS } from '../../sim/services/zookeeper-session.js';
import { requestText } from '../../sim/services/zookeeper-text.js';
import type { Address, ClientCalls } from './client-calls.js';
import { decode, decodeConnected } from './zookeeper-answers.js';
import { encode } from './zookeeper-requests.js';

/** The way to one ensemble, through one of its servers. Nothing is opened yet. */
export function zookeeperClient(calls: ClientCalls, address: Address): ZooKeeperClient {
  return {
    server: address.server,
    connect(options: SessionOptions): ZooKeeperSession {
      const session = new RealZooKeeperSession(calls, address, options);
      session.start();
      return session;
    },
  };
}

/** One connection: frames in both directions, and which answer is to what. */
class Wire {
  readonly socket = new Socket();
  private received = Buffer.alloc(0);
  private isGreeted = false;
  private readonly types = new Map<number, RequestBody['type']>();

  send(request: Request): void {
    if (request.type !== 'connect') this.types.set(request.xid, request.type);
    this.socket.write(encode(request));
  }

  /** The messages that are whole with these bytes. */
  *receive(bytes: Buffer): Generator<ServerMessage> {
    this.received = Buffer.concat([this.received, bytes]);
    while (this.received.length >= 4) {
      const end = 4 + this.received.readInt32BE();
      if (this.received.length < end) return;
      const frame = this.received.subarray(4, end);
      this.received = this.received.subarray(end);
      const message = this.isGreeted ? decode(frame, this.typeOf) : decodeConnected(frame);
      this.isGreeted = true;
      if (message !== undefined) yield message;
    }
  }

  private readonly typeOf = (xid: number): RequestBody['type'] | undefined => {
    const type = this.types.get(xid);
    this.types.delete(xid);
    return type;
  };
}

class RealZooKeeperSession extends LibrarySession {
  private wire: Wire | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly calls: ClientCalls,
    private readonly address: Address,
    options: SessionOptions,
  ) {
    super(options);
  }

  start(): void {
    this.calls.enter();
    // In which order it tries the servers is of no matter here, but was drawn first.
    this.calls.choose?.(MEMBERS, 0);
    this.session.start();
  }

  protected enter(): boolean {
    this.calls.enter();
    return true;
  }

  protected ended(): void {}

  // What the state machine asks for.

  monoUs(): number {
    return Math.floor(performance.now() * 1_000);
  }

  wallUs(): number {
    return Date.now() * 1_000;
  }

  /** Whichever server of its ensemble the session wants: the address stands for all of them. */
  open(): void {
    const wire = new Wire();
    const { socket } = wire;
    const { host, port } = this.address;
    this.wire = wire;
    const isCurrent = () => wire === this.wire;
    socket.setNoDelay(true);
    socket.on('connect', () => {
      if (isCurrent()) this.calls.event(() => this.session.opened());
    });
    socket.on('data', (bytes: Buffer) => {
      for (const message of wire.receive(bytes)) {
        if (isCurrent()) this.calls.event(() => this.session.received(message));
      }
    });
    // After an error comes the close.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (!isCurrent()) return;
      this.wire = undefined;
      this.calls.event(() => this.session.disconnected());
    });
    socket.connect(port, host);
  }

  send(request: Request): void {
    this.calls.sends(this.address.server, requestText(request));
    this.wire?.send(request);
  }

  hangUp(): void {
    const { wire } = this;
    this.wire = undefined;
    wire?.socket.destroySoon();
  }

  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    clearTimeout(this.timer);
    if (atUs === undefined) return;
    const delayMs = Math.max(0, Math.ceil((atUs - this.monoUs()) / 1_000));
    this.timer = setTimeout(() => this.calls.event(() => this.session.alarm()), delayMs);
  }

  choose(n: number): number {
    return this.calls.choose?.(n, n >> 1) ?? Math.floor(Math.random() * n);
  }
}
