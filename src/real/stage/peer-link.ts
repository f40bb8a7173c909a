/**
 * A way on which the servers of one cluster reach one of them, so that a server can be cut off from
 * its peers and not from its clients. What is held is silence: nothing is refused or reset, as
 * where packets are lost, and what was held goes on afterwards.
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { LOOPBACK, listenOnLoopback } from '../loopback.js';
import type { Upstream } from '../proxy/tunnel.js';

/** What a connection begins with. */
export interface Greeting {
  /** What goes on in place of the bytes that came. */
  readonly bytes: Buffer;
  /** Who says so; absent: it is not said. */
  readonly from?: string;
}

/** What the first bytes of a connection say; undefined as long as they are too few. */
export type ReadGreeting = (bytes: Buffer) => Greeting | undefined;

/** By who is at the other end of a connection. */
export type IsHeld = (from: string | undefined) => boolean;

const NOBODY: IsHeld = () => false;

/**
 * A peer that finds nobody listening tries again; here it finds this link, and would take a
 * connection that ends at once for a peer that ends it.
 */
const PATIENCE_MS = 1_000;
const AGAIN_MS = 10;

export class PeerLink {
  readonly host = LOOPBACK;
  port = 0;
  private readonly listener: Server;
  private readonly ways = new Set<PeerWay>();
  private isHeld = NOBODY;

  private constructor(
    private readonly to: Upstream,
    private readonly readGreeting: ReadGreeting | undefined,
  ) {
    this.listener = createServer((dialer) => this.join(dialer));
  }

  /** A way to that server; without `readGreeting` connections go on from their first byte. */
  static async open(to: Upstream, readGreeting?: ReadGreeting): Promise<PeerLink> {
    const link = new PeerLink(to, readGreeting);
    link.port = await listenOnLoopback(link.listener);
    return link;
  }

  /** From now on nothing passes between the server and these, in either direction. */
  hold(isHeld: IsHeld): void {
    this.isHeld = isHeld;
    for (const way of this.ways) way.look();
  }

  release(): void {
    this.hold(NOBODY);
  }

  close(): void {
    this.listener.close();
    for (const way of this.ways) way.close();
  }

  private join(dialer: Socket): void {
    const isHeld: IsHeld = (from) => this.isHeld(from);
    const way = new PeerWay(dialer, this.to, this.readGreeting, isHeld, () =>
      this.ways.delete(way),
    );
    this.ways.add(way);
    way.begin();
  }
}

/** One connection of a peer. */
class PeerWay {
  private target: Socket | undefined;
  private greeting: Greeting | undefined;
  private begun: Buffer = Buffer.alloc(0);
  private isConnected = false;
  private hasEnded = false;
  private isOver = false;
  private readonly patientUntilMs = performance.now() + PATIENCE_MS;

  constructor(
    private readonly dialer: Socket,
    private readonly to: Upstream,
    private readonly readGreeting: ReadGreeting | undefined,
    private readonly isHeld: IsHeld,
    private readonly ended: () => void,
  ) {}

  begin(): void {
    this.dialer.setNoDelay(true).on('error', () => {});
    this.dialer.on('close', () => this.ends());
    this.dialer.on('data', (bytes: Buffer) => this.heard(bytes));
    if (this.readGreeting === undefined) this.greeted({ bytes: this.begun });
  }

  private heard(bytes: Buffer): void {
    if (!this.isConnected) this.begun = Buffer.concat([this.begun, bytes]);
    if (this.target !== undefined) this.target.write(bytes);
    if (this.greeting !== undefined) return;
    const greeting = this.readGreeting!(this.begun);
    if (greeting !== undefined) this.greeted(greeting);
  }

  private greeted(greeting: Greeting): void {
    this.greeting = greeting;
    this.begun = greeting.bytes;
    this.look();
  }

  /** Goes on, or stops, as is wanted now. */
  look(): void {
    if (this.greeting === undefined || this.isOver) return;
    const ends = [this.dialer, ...(this.target === undefined ? [] : [this.target])];
    if (this.isHeld(this.greeting.from)) {
      for (const end of ends) end.pause();
      return;
    }
    if (this.hasEnded) {
      this.close();
      return;
    }
    if (this.target === undefined) this.goOn();
    for (const end of ends) end.resume();
  }

  private goOn(): void {
    const target = connect(this.to);
    this.target = target;
    target.setNoDelay(true).on('error', () => {});
    target.on('connect', () => {
      this.isConnected = true;
    });
    target.on('close', () => {
      if (this.isConnected || performance.now() > this.patientUntilMs) this.ends();
      else setTimeout(() => this.again(), AGAIN_MS);
    });
    target.on('data', (bytes: Buffer) => this.dialer.write(bytes));
    if (this.begun.length > 0) target.write(this.begun);
  }

  /** That one end is closed the other does not hear either while it is held. */
  private ends(): void {
    this.hasEnded = true;
    if (this.greeting === undefined || !this.isHeld(this.greeting.from)) this.close();
  }

  /** It did not listen yet. */
  private again(): void {
    this.target = undefined;
    this.look();
  }

  close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.dialer.destroy();
    this.target?.destroy();
    this.ended();
  }
}
