/**
 * A proxy before one server for one client: connections that it accepts are that client's, whoever
 * asks on them. While its server is down it refuses connections, as the server would.
 */

import { createServer, type Server, type Socket } from 'node:net';
import type { PoolerMode } from '../../algorithms/postgres-connection.js';
import type { HostId } from '../../fault.js';
import { LOOPBACK, listenOnLoopback } from '../loopback.js';
import type { OpenTunnel, Tunnel, Upstream, Watcher } from './tunnel.js';

export class ClientProxy {
  readonly host = LOOPBACK;
  port = 0;
  readonly tunnels: Tunnel[] = [];
  private listener: Server | undefined;

  constructor(
    readonly client: HostId,
    readonly server: HostId,
    /** Where its server is; another one after a failover. */
    public upstream: Upstream,
    private readonly open: OpenTunnel,
    private readonly watcher: Watcher,
    /** The pooler that is between it and its server. */
    readonly pooler?: PoolerMode,
  ) {}

  /** Accepts connections, at the port it had before if it had one. */
  async listen(): Promise<void> {
    this.listener = createServer((socket) => this.accept(socket));
    this.port = await listenOnLoopback(this.listener, this.port);
  }

  /** Refuses connections from now on; those that stand are not touched. */
  refuse(): void {
    this.listener?.close();
    this.listener = undefined;
  }

  close(): void {
    this.refuse();
    for (const tunnel of this.tunnels) tunnel.close();
  }

  private accept(socket: Socket): void {
    const { client, server, pooler, watcher } = this;
    const to = () => this.upstream;
    this.tunnels.push(this.open({ client, server, pooler, to }, socket, watcher));
  }
}
