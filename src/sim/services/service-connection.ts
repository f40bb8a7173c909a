/**
 * A client's way to one server of a service: it opens a connection when it has something to send,
 * and again after it was lost; nothing is sent twice (docs/semantics.md, R7). What is said on it is
 * the business of each service's own class.
 */

import { Connection } from '../connection.js';
import type { Link } from '../link.js';
import type { Process } from '../process.js';
import type { ServiceHost } from './service-host.js';

/** Numbers connections over the whole run. */
export interface ConnectionNumbers {
  next(): number;
}

/** One end of a way to a server, and the other. */
export interface Route {
  readonly process: Process;
  readonly link: Link;
  readonly host: ServiceHost;
  readonly numbers: ConnectionNumbers;
}

export function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

export abstract class ServiceConnection {
  readonly server: string;

  constructor(
    protected readonly route: Route,
    /** Absent: only the user timeout of the connection ends a call. */
    protected readonly callTimeoutMs?: number,
  ) {
    this.server = route.host.id;
  }

  /** What a client library makes of a message: a value, or an error. */
  protected abstract decode(body: unknown): unknown;
  /** What a trace shows of a request. */
  protected abstract textOf(body: unknown): string;

  close(): void {
    const { process, link } = this.route;
    if (process.enter()) link.connection?.close();
  }

  /** Sends a request on the connection in use. */
  protected send(body: unknown, hash: number): Promise<unknown> {
    const connection = this.enter();
    if (connection === undefined) return never();
    const shown = this.route.process.host.world.trace === undefined ? '' : this.textOf(body);
    return connection.send(body, hash, shown, this.callTimeoutMs);
  }

  /** A call enters: the connection in use, or a new one. A ghost gets none. */
  protected enter(): Connection | undefined {
    const { process, link } = this.route;
    if (!process.enter()) return undefined;
    if (process.releasing !== undefined) process.releaseLeaves();
    let connection = link.connection;
    if (connection === undefined || !connection.open || connection.process !== process) {
      connection = this.open();
      link.connection = connection;
    }
    return connection;
  }

  /** A connection of its own. */
  protected open(): Connection {
    const { process, link, host, numbers } = this.route;
    const connection = new Connection(process, link, host, numbers.next());
    connection.decode = this.decode;
    return connection;
  }
}

/** A call timeout in milliseconds, `undefined` if it never ends a call (R7). */
export function callTimeoutFrom(ms: number, call: string): number | undefined {
  mustBeMs(ms, call);
  if (ms > 0) return ms === Number.POSITIVE_INFINITY ? undefined : ms;
  throw new RangeError(`${call}: ${ms} ms; a call timeout is longer than that, or Infinity`);
}

export function mustBeMs(ms: unknown, call: string): void {
  if (typeof ms === 'number' && !Number.isNaN(ms)) return;
  const shown = typeof ms === 'string' ? JSON.stringify(ms) : String(ms);
  throw new TypeError(`${call}: ${shown} is not a number of milliseconds`);
}
