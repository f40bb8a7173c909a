/**
 * One server of the ensemble: its tree, its connections, and what those wait for. A connection's
 * requests are answered in their order; one that needs the leader is answered when this server has
 * applied its transaction (upstream CommitProcessor.java of 3.8.0).
 */
import { DataTree } from './data-tree.js';
import { ERROR } from './errors.js';
import type { OperationResult, Response, ServerMessage } from './messages.js';
import type { ZooKeeperPort } from './port.js';
import { type ClientRequest, read, response } from './reads.js';
import type { Session } from './sessions.js';
import type { Transaction } from './transaction.js';

/** A request that waits for a transaction; `session`: a connection that waits to be connected. */
interface Waiting {
  readonly request: ClientRequest | undefined;
  readonly session: Session | undefined;
  /** ∞: the leader is out of reach. */
  zxid: number;
  /** Of a write that the leader refused. */
  error: number;
}

export class Connection {
  /** 0: not connected yet. */
  sessionId = 0;
  /** Agreed on for this connection. */
  timeoutMs = 0;
  readonly waiting: Waiting[] = [];

  constructor(
    readonly number: number,
    readonly member: Member,
  ) {}
}

export class Member {
  tree: DataTree;
  readonly connections = new Map<number, Connection>();
  /** Transactions of the log that it has applied. */
  applied = 0;
  /** Since when the others do not reach it; undefined: they do. */
  cutOffAtMs: number | undefined = undefined;
  /** Refuses clients until it is back with a leader. */
  stopped = false;
  /** Sessions heard of since the leader was last told, with the timeouts of their connections. */
  readonly touched = new Map<number, number>();

  constructor(
    readonly number: number,
    readonly lagUs: number,
    private readonly port: ZooKeeperPort,
    /** Called when the server closes a connection. */
    private readonly closed: (connection: number) => void,
  ) {
    this.tree = this.emptyTree();
  }

  emptyTree(): DataTree {
    return new DataTree((connection, event, path) => {
      this.port.send(connection, { type: 'event', event, path });
    }, undefined);
  }

  /** Applies a transaction and answers whoever waited for it here. */
  apply(transaction: Transaction): void {
    const { sessionId, zxid, type } = transaction;
    const waiter = this.waiterFor(sessionId, zxid);
    // The connection of a session that timed out is gone before its own watches are heard on it:
    // a race in a real server (NIOServerCnxn.java), which this end mostly wins.
    if (type === 'closeSession') this.closeSession(sessionId, waiter);
    const results = this.tree.apply(transaction, waiter?.waiting[0]?.request !== undefined);
    if (waiter !== undefined) {
      this.answer(waiter, waiter.waiting.shift()!, results);
      if (type === 'closeSession') this.close(waiter);
    }
    for (const connection of [...this.connections.values()]) this.drain(connection);
  }

  private waiterFor(sessionId: number, zxid: number): Connection | undefined {
    for (const connection of this.connections.values()) {
      if (connection.waiting[0]?.zxid !== zxid) continue;
      const waits = connection.waiting[0];
      if ((waits.session?.id ?? connection.sessionId) === sessionId && !isSync(waits)) {
        return connection;
      }
    }
    return undefined;
  }

  private answer(connection: Connection, waits: Waiting, results?: OperationResult[]): void {
    const { request, session, error } = waits;
    if (session !== undefined) this.accept(connection, session, connection.timeoutMs);
    else if (error === ERROR.SESSIONMOVED) this.close(connection);
    else this.send(connection, this.responseTo(request!, error, results));
  }

  private responseTo(
    request: ClientRequest,
    error: number,
    results: OperationResult[] | undefined,
  ): Response {
    const { lastZxid } = this.tree;
    if (error !== ERROR.OK || request.type === 'closeSession') {
      return response(request, lastZxid, error);
    }
    const nothing = { path: undefined, data: undefined, children: undefined, stat: undefined };
    if (request.type === 'multi') {
      return response(request, lastZxid, ERROR.OK, { ...nothing, results });
    }
    const { error: own, path, stat } = results![0]!;
    if (own !== ERROR.OK || request.type === 'delete') return response(request, lastZxid, own);
    return response(request, lastZxid, own, { ...nothing, path, stat, results: undefined });
  }

  /** The session is this connection's from now on. */
  accept(connection: Connection, session: Session, timeoutMs: number): void {
    connection.sessionId = session.id;
    connection.timeoutMs = timeoutMs;
    const { id, password } = session;
    this.send(connection, { type: 'connected', sessionId: id, password, timeoutMs });
  }

  /** There is no such session (any more). */
  refuse(connection: Connection): void {
    this.send(connection, { type: 'connected', sessionId: 0, password: '', timeoutMs: 0 });
    this.close(connection);
  }

  /** Answers what has waited long enough, in order. */
  drain(connection: Connection): void {
    const { waiting } = connection;
    while (waiting[0] !== undefined && this.canAnswer(waiting[0])) {
      const { request } = waiting.shift()!;
      this.read(connection, request!);
    }
  }

  private canAnswer(waits: Waiting): boolean {
    return waits.zxid === 0 || (isSync(waits) && waits.zxid <= this.tree.lastZxid);
  }

  /** A request that needs no transaction: now, or after those before it. */
  readOrWait(connection: Connection, request: ClientRequest, zxid: number): void {
    connection.waiting.push({ request, session: undefined, zxid, error: ERROR.OK });
    this.drain(connection);
  }

  private read(connection: Connection, request: ClientRequest): void {
    this.send(connection, read(request, this.tree, connection.number, connection.sessionId));
  }

  send(connection: Connection, message: ServerMessage): void {
    this.port.send(connection.number, message);
  }

  /** Closes all connections of a session but one. */
  closeSession(sessionId: number, except?: Connection): void {
    for (const connection of [...this.connections.values()]) {
      if (connection.sessionId === sessionId && connection !== except) this.close(connection);
    }
  }

  close(connection: Connection): void {
    this.leave(connection);
    this.closed(connection.number);
    this.port.close(connection.number);
  }

  /** The connection ended. */
  leave(connection: Connection): void {
    if (this.connections.delete(connection.number)) this.tree.leave(connection.number);
    connection.waiting.length = 0;
  }

  closeAll(): void {
    this.touched.clear();
    for (const connection of [...this.connections.values()]) this.close(connection);
  }
}

function isSync({ request }: Waiting): boolean {
  return request?.type === 'sync';
}
