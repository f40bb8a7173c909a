/**
 * A TCP proxy that can stop to pass on anything, in both directions, and go on later. While it is
 * held it accepts nothing new.
 */
import { createConnection, createServer, type Server, type Socket } from 'node:net';

export class TcpProxy {
  private readonly sockets = new Set<Socket>();
  private held = false;

  private constructor(private readonly server: Server) {}

  static listen(from: number, to: number): Promise<TcpProxy> {
    return new Promise((resolve, reject) => {
      const server = createServer((client) => proxy.join(client, to));
      const proxy = new TcpProxy(server);
      server.once('error', reject);
      server.listen(from, '127.0.0.1', () => resolve(proxy));
    });
  }

  private join(client: Socket, port: number): void {
    if (this.held) {
      client.destroy();
      return;
    }
    const target = createConnection({ port, host: '127.0.0.1' });
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }

  hold(held: boolean): void {
    this.held = held;
    for (const socket of this.sockets) {
      if (held) socket.pause();
      else socket.resume();
    }
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
