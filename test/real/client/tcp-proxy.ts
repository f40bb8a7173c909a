/**
 * A TCP proxy in front of a server, for one client: it can cut its connections before or after a
 * request got through, or fall silent, as the faults of docs/semantics.md, R7, do.
 */
import {
  type AddressInfo,
  createConnection,
  createServer,
  type Server,
  type Socket,
} from 'node:net';

export type Strike = 'lost-request' | 'lost-reply' | 'half-open';

/** A server has applied a request by then, of however many pieces it and its answer are. */
const APPLIED_AFTER_MS = 100;

const GOODBYE_ROUNDS = 10;
const GOODBYE_ROUND_MS = 10;

export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  /** What becomes of the next bytes from the client. */
  private strike: Strike | undefined;
  private refuses = false;
  /** Connections made so far. */
  accepted = 0;

  private constructor(
    private readonly server: Server,
    readonly port: number,
    private readonly answersAtEnd: boolean,
  ) {}

  /**
   * In front of what listens on that port of this machine.
   *
   * @param answersAtEnd whether it says nothing before a request was applied.
   */
  static async before(target: number, answersAtEnd: boolean): Promise<TcpProxy> {
    const server = createServer((client) => proxy.join(client, target));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const proxy: TcpProxy = new TcpProxy(
      server,
      (server.address() as AddressInfo).port,
      answersAtEnd,
    );
    return proxy;
  }

  private join(client: Socket, target: number): void {
    if (this.refuses) {
      client.resetAndDestroy();
      return;
    }
    this.accepted += 1;
    const server = createConnection(target, '127.0.0.1');
    const reset = () => {
      client.resetAndDestroy();
      server.destroy();
    };
    let isSilent = false;
    let cutsReply = false;
    client.on('data', (bytes) => {
      const { strike } = this;
      this.strike = undefined;
      if (strike === 'lost-request') reset();
      if (strike === 'half-open') isSilent = true;
      if (strike === 'lost-reply') {
        cutsReply = true;
        if (!this.answersAtEnd) setTimeout(reset, APPLIED_AFTER_MS);
      }
      if (!isSilent && !server.destroyed) server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (cutsReply && this.answersAtEnd) reset();
      if (!cutsReply && !isSilent && !client.destroyed) client.write(bytes);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => {});
      one.on('end', () => {
        if (!isSilent) other.end();
      });
      one.on('close', () => {
        this.sockets.delete(one);
        if (!isSilent) other.destroy();
      });
    }
  }

  /** The next bytes that come from the client are struck. */
  strikeNext(strike: Strike): void {
    this.strike = strike;
  }

  /** Ends all connections. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Whether connections are reset as soon as they are made. */
  refuse(refuses: boolean): void {
    this.refuses = refuses;
  }

  /** What is on its way still arrives, if its sender has closed. */
  async close(): Promise<void> {
    this.server.close();
    for (let round = 0; round < GOODBYE_ROUNDS && this.sockets.size > 0; round++) {
      await new Promise((resolve) => setTimeout(resolve, GOODBYE_ROUND_MS));
    }
    this.cut();
  }
}
