/**
 * A connection pooler in front of the simulated PostgreSQL, as pgbouncer is one: clients connect to
 * it, and it lends them connections of its own. In `session` mode a client keeps its connection
 * until it leaves, and `DISCARD ALL` cleans up behind it. In `transaction` mode it gives the
 * connection back whenever it is outside of a transaction, and nothing is cleaned up: session-level
 * advisory locks, SET and LISTEN stay with the connection, and the next query may run on another
 * one (pgbouncer documentation, "Features" and `server_reset_query`).
 */
import type { PostgresMessage, PostgresQuery, PostgresServer, TransactionStatus } from './port.js';

export type PoolMode = 'session' | 'transaction';

export interface PoolerOptions {
  readonly mode: PoolMode;
  /** Connections to the server, at most (`default_pool_size`, 20). */
  readonly poolSize: number;
}

/** What the pooler does with its clients and its server. */
export interface PoolerPort {
  /** A message for a client. */
  send(client: number, message: PostgresMessage): void;
  /** The server behind it; its messages come to `received`. */
  readonly server: Pick<PostgresServer, 'connect' | 'disconnect' | 'execute'>;
}

const RESET = 'DISCARD ALL';

/** A connection to the server. */
interface Link {
  readonly connection: number;
  client: Client | undefined;
  /** Queries sent and not answered. */
  busy: number;
  status: TransactionStatus;
  /** It runs the query that cleans it up. */
  resetting: boolean;
}

interface Client {
  readonly number: number;
  link: Link | undefined;
  /** Queries that wait for a connection. */
  readonly waiting: PostgresQuery[];
}

export class Pooler {
  private readonly clients = new Map<number, Client>();
  private readonly links = new Map<number, Link>();
  /** Free connections: the last to be given back is the next to be lent. */
  private readonly free: Link[] = [];
  /** Clients that wait for one, in order. */
  private readonly queue: Client[] = [];
  private opened = 0;

  constructor(
    private readonly options: PoolerOptions,
    private readonly port: PoolerPort,
  ) {}

  connect(client: number): void {
    this.clients.set(client, { number: client, link: undefined, waiting: [] });
  }

  /** The client left; a connection in the middle of something is closed, not given to another. */
  disconnect(number: number): void {
    const client = this.clients.get(number);
    if (client === undefined) return;
    this.clients.delete(number);
    const at = this.queue.indexOf(client);
    if (at >= 0) this.queue.splice(at, 1);
    const { link } = client;
    if (link === undefined) return;
    link.client = undefined;
    if (link.busy > 0 || link.status !== 'idle') this.drop(link);
    else this.giveBack(link);
  }

  execute(number: number, query: PostgresQuery): void {
    const client = this.clients.get(number);
    if (client === undefined) return;
    if (client.link !== undefined) {
      this.forward(client.link, query);
      return;
    }
    client.waiting.push(query);
    const link = this.free.pop() ?? this.openLink();
    if (link !== undefined) this.lend(link, client);
    else if (!this.queue.includes(client)) this.queue.push(client);
  }

  /** A message of the server on one of the pooler's connections. */
  received(connection: number, message: PostgresMessage): void {
    const link = this.links.get(connection);
    if (link === undefined) return;
    const { client } = link;
    if (client !== undefined) this.port.send(client.number, message);
    if (message.kind === 'closed') this.lost(link);
    if (message.kind !== 'ready') return;
    link.busy -= 1;
    link.status = message.status;
    if (link.busy > 0 || message.status !== 'idle') return;
    if (link.resetting) {
      link.resetting = false;
      this.release(link);
    } else if (this.options.mode === 'transaction' && client !== undefined) {
      client.link = undefined;
      link.client = undefined;
      this.release(link);
    }
  }

  /** The server went: all connections to it are gone, and so are the clients that had one. */
  serverLost(): void {
    for (const link of [...this.links.values()]) {
      if (link.client !== undefined) this.port.send(link.client.number, { kind: 'closed' });
      this.lost(link);
    }
  }

  /** The number of the server's session that a client has now. */
  sessionOf(client: number): number | undefined {
    return this.clients.get(client)?.link?.connection;
  }

  /** The number of the client that has a session of the server now. */
  clientOf(connection: number): number | undefined {
    return this.links.get(connection)?.client?.number;
  }

  private openLink(): Link | undefined {
    if (this.links.size >= this.options.poolSize) return undefined;
    this.opened += 1;
    const link: Link = {
      connection: this.opened,
      client: undefined,
      busy: 0,
      status: 'idle',
      resetting: false,
    };
    this.links.set(link.connection, link);
    this.port.server.connect(link.connection);
    return link;
  }

  private lend(link: Link, client: Client): void {
    link.client = client;
    client.link = link;
    for (const query of client.waiting.splice(0)) this.forward(link, query);
  }

  private forward(link: Link, query: PostgresQuery): void {
    link.busy += 1;
    this.port.server.execute(link.connection, query);
  }

  private giveBack(link: Link): void {
    if (this.options.mode === 'transaction') {
      this.release(link);
      return;
    }
    link.resetting = true;
    this.forward(link, { text: RESET });
  }

  /** Lends it to whoever waits longest. */
  private release(link: Link): void {
    const next = this.queue.shift();
    if (next === undefined) this.free.push(link);
    else this.lend(link, next);
  }

  private drop(link: Link): void {
    this.links.delete(link.connection);
    this.port.server.disconnect(link.connection);
    this.serveQueue();
  }

  /** The server ended the connection; the client that had it is told, and gone. */
  private lost(link: Link): void {
    this.links.delete(link.connection);
    const at = this.free.indexOf(link);
    if (at >= 0) this.free.splice(at, 1);
    if (link.client !== undefined) this.clients.delete(link.client.number);
    this.serveQueue();
  }

  private serveQueue(): void {
    const next = this.queue[0];
    if (next === undefined) return;
    const link = this.openLink();
    if (link === undefined) return;
    this.queue.shift();
    this.lend(link, next);
  }
}

/**
 * A pooler without clients.
 *
 * @throws RangeError for a pool size that is not a whole number from 1 on.
 */
export function createPooler(options: PoolerOptions, port: PoolerPort): Pooler {
  if (!Number.isInteger(options.poolSize) || options.poolSize < 1) {
    throw new RangeError(`poolSize must be a whole number from 1 on: ${options.poolSize}`);
  }
  return new Pooler(options, port);
}
