/**
 * One connection of a client through a proxy, and its continuation to the server. Whole messages
 * arrive; whoever watches decides when, and whether, each goes on (docs/semantics.md, R7).
 */
import { connect, type Socket } from 'node:net';
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId } from '../../fault.js';
import type { Frame, Framing, Refusal } from './framing.js';

/** Where connections go. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

export type Direction = 'to-server' | 'to-client';

/** Who decides about the messages of all tunnels. */
export interface Watcher {
  request(tunnel: Tunnel, frame: Frame): void;
  /** A heartbeat, or the answer to one, goes on by itself as soon as `go` is called. */
  passing(tunnel: Tunnel, frame: Frame, direction: Direction, go: () => void): void;
  reply(tunnel: Tunnel, frame: Frame): void;
  /** The client has ended its side. */
  hungUp(tunnel: Tunnel): void;
  /** The server has ended its side. */
  dropped(tunnel: Tunnel): void;
}

/** Whose connection it is, and where it goes on. */
export interface Way {
  readonly client: HostId;
  readonly server: HostId;
  /** The pooler that it goes through. */
  readonly pooler: PoolerMode | undefined;
  readonly to: () => Upstream;
}

export interface Tunnel extends Way {
  /** Whether the client's side and the server's side still stand. */
  readonly clientOpen: boolean;
  readonly serverOpen: boolean;
  /** Whether messages come in order, and answers in that of the requests. */
  readonly isOrdered: boolean;
  /** Where it goes on, if it has not yet and not where all others do. */
  lead(to: Upstream): void;
  /** A message goes on to the server. */
  forward(frame: Frame): void;
  /** A message goes on to the client. */
  deliver(frame: Frame): void;
  /** What a server does with a request that has this error for all of them. */
  refusal(error: string, request: Frame): Refusal;
  /** The client is told that the connection is gone: a reset. */
  closeClient(): void;
  /** The server is told that the client is gone. */
  endServer(): void;
  close(): void;
}

export type OpenTunnel = (way: Way, downstream: Socket, watcher: Watcher) => Tunnel;

/** What a proxy says to a server before its client has its turn; neither hears of it. */
export interface Opening {
  readonly bytes: Buffer;
  /** So many replies are to it. */
  readonly replies: number;
}

/** Tunnels of protocols whose messages follow each other. */
export function framed(framing: () => Framing, opening?: Opening): OpenTunnel {
  return (way, downstream, watcher) => new ByteTunnel(way, downstream, watcher, framing(), opening);
}

class ByteTunnel implements Tunnel {
  readonly client: HostId;
  readonly server: HostId;
  readonly pooler: PoolerMode | undefined;
  to: () => Upstream;
  readonly isOrdered = true;
  clientOpen = true;
  serverOpen = true;
  private upstream: Socket | undefined;

  constructor(
    way: Way,
    private readonly downstream: Socket,
    private readonly watcher: Watcher,
    private readonly framing: Framing,
    private readonly opening: Opening | undefined,
  ) {
    ({ client: this.client, server: this.server, pooler: this.pooler, to: this.to } = way);
    downstream.setNoDelay(true);
    downstream.on('data', (bytes: Buffer) => {
      for (const frame of framing.requests(bytes)) {
        if (frame.passes) this.pass('to-server', frame);
        else watcher.request(this, frame);
      }
    });
    downstream.on('error', () => {});
    downstream.on('close', () => {
      if (!this.clientOpen) return;
      this.clientOpen = false;
      watcher.hungUp(this);
    });
  }

  /** What opens a connection passes at once, a heartbeat unless the network holds it. */
  private pass(direction: Direction, frame: Frame): void {
    const go = () => (direction === 'to-server' ? this.forward(frame) : this.deliver(frame));
    if (frame.text === '') go();
    else if (this.serverOpen) this.watcher.passing(this, frame, direction, go);
  }

  /** The way to the server is opened by the first message that goes on there. */
  private open(): Socket {
    const { framing, watcher, opening } = this;
    const { host, port } = this.to();
    const upstream = connect(port, host).setNoDelay(true);
    let toOpening = opening?.replies ?? 0;
    if (opening !== undefined) upstream.write(opening.bytes);
    upstream.on('data', (bytes: Buffer) => {
      for (const frame of framing.replies(bytes)) {
        if (toOpening > 0) toOpening--;
        else if (frame.passes) this.pass('to-client', frame);
        else watcher.reply(this, frame);
      }
    });
    upstream.on('error', () => {});
    upstream.on('close', () => {
      if (!this.serverOpen) return;
      this.serverOpen = false;
      watcher.dropped(this);
    });
    return upstream;
  }

  lead(to: Upstream): void {
    this.to = () => to;
  }

  forward({ bytes }: Frame): void {
    if (!this.serverOpen) return;
    this.upstream ??= this.open();
    this.upstream.write(bytes);
  }

  deliver({ bytes }: Frame): void {
    if (this.clientOpen) this.downstream.write(bytes);
  }

  refusal(error: string, request: Frame): Refusal {
    return this.framing.refusal(error, request);
  }

  /**
   * The client is told that the connection is gone. Not by a reset: a process of Node 20 that has
   * sent one may never come to its end.
   */
  closeClient(): void {
    this.clientOpen = false;
    this.downstream.destroy();
  }

  endServer(): void {
    this.serverOpen = false;
    this.upstream?.destroy();
  }

  close(): void {
    this.endServer();
    if (this.clientOpen) this.closeClient();
  }
}
