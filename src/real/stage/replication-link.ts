/**
 * What a replica hears its primary through, as late as its plan says. Before it takes its primary's
 * place it is cut off: what the primary says then is lost, while both stay connected, so that the
 * primary goes on counting it among its replicas.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { LOOPBACK, listenOnLoopback } from '../loopback.js';
import type { Upstream } from '../proxy/tunnel.js';

export class ReplicationLink {
  readonly host = LOOPBACK;
  port = 0;
  private readonly listener: Server;
  private readonly sockets = new Set<Socket>();
  private lagMs = 0;
  private isCutOff = false;
  /** What is on its way to the replica, oldest first. */
  private readonly late: (() => void)[] = [];

  private constructor(private readonly primary: Upstream) {
    this.listener = createServer((replica) => this.join(replica));
  }

  /** A way to that server for its replica. */
  static async open(primary: Upstream): Promise<ReplicationLink> {
    const link = new ReplicationLink(primary);
    link.port = await listenOnLoopback(link.listener);
    return link;
  }

  /** What the primary says from now on comes so much later. */
  lag(lagMs: number): void {
    this.lagMs = lagMs;
  }

  /** The replica gets what is on its way and nothing more; the primary hears nothing of it. */
  cutOff(): void {
    this.isCutOff = true;
    while (this.late.length > 0) this.late.shift()!();
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(replica: Socket): void {
    const primary = connect(this.primary);
    const ends = [replica, primary];
    for (const end of ends) {
      this.sockets.add(end);
      end.setNoDelay(true).on('error', () => {});
      end.on('close', () => {
        this.sockets.delete(end);
        for (const other of ends) other.destroy();
      });
    }
    replica.on('data', (bytes) => {
      if (!this.isCutOff) primary.write(bytes);
    });
    primary.on('data', (bytes) => {
      if (this.isCutOff) return;
      if (this.lagMs === 0) replica.write(bytes);
      else this.passLater(() => replica.write(bytes));
    });
  }

  private passLater(pass: () => void): void {
    this.late.push(pass);
    // At the cut all that was on its way was passed.
    const due = () => this.late[0] === pass && this.late.shift()!();
    setTimeout(due, this.lagMs).unref();
  }
}
