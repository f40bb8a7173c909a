/**
 * One connection to a real PostgreSQL: a `Client` of `pg`, which opens on first use. It ends with
 * the first call that was not answered in time, as by R7 of docs/semantics.md, and whoever waits
 * then learns whether the query had left.
 */
import { Socket } from 'node:net';
import { Client } from 'pg';
import { CallTimeout, ConnectionLost } from '../../algorithms/environment.js';
import {
  PostgresError,
  type PostgresNotice,
  type PostgresNotification,
  type PostgresParameter,
  type PostgresResult,
} from '../../algorithms/postgres.js';
import { queryText } from '../../sim/services/postgres-reply.js';
import { limitCall } from './call-limit.js';
import type { Address, ClientCalls } from './client-calls.js';
import { valuesOf } from './client-options.js';
import { PG_OPTIONS } from './postgres-options.js';
import { createQuery, toClientError } from './postgres-query.js';

/** Where a database is, and who asks; the defaults are those of a new installation. */
export interface PostgresAddress extends Address {
  /** Default `postgres`. */
  readonly user?: string;
  /** Default: none. */
  readonly password?: string;
  /** Default `postgres`. */
  readonly database?: string;
}

/** A query that was not answered yet. */
interface Waiting {
  isSent: boolean;
  reject(error: Error): void;
}

export class PostgresSession {
  isOpen = true;
  onNotification: ((notification: PostgresNotification) => void) | undefined;
  onNotice: ((notice: PostgresNotice) => void) | undefined;
  onEnd: (() => void) | undefined;
  private hasBegun = false;
  private readonly waiting = new Set<Waiting>();
  /** Ours, so that it can be closed behind what was written to it. */
  private readonly socket = new Socket();
  private readonly client: Client;

  constructor(
    private readonly calls: ClientCalls,
    private readonly address: PostgresAddress,
    private readonly onClosed: () => void,
  ) {
    const { host, port, user = 'postgres', database = 'postgres', password } = address;
    this.client = new Client({
      ...valuesOf(PG_OPTIONS),
      host,
      port,
      user,
      database,
      ...(password !== undefined && { password }),
      stream: () => this.socket,
    });
  }

  private begin(): void {
    this.hasBegun = true;
    const { client, calls } = this;
    client.on('error', () => this.lose());
    client.on('end', () => this.lose());
    client.on('notice', ({ severity, code = '00000', message = '' }) => {
      const { onNotice } = this;
      if (onNotice === undefined) return;
      const kind = severity === 'WARNING' ? severity : 'NOTICE';
      calls.event(() => onNotice({ severity: kind, code, message }));
    });
    client.on('notification', ({ channel, payload = '' }) => {
      const { onNotification } = this;
      if (onNotification !== undefined) calls.event(() => onNotification({ channel, payload }));
    });
    client.connect((error: unknown) => {
      if (error !== null && error !== undefined) this.refused(toClientError(error as Error));
    });
  }

  /** The server has said why it does not let us in, which answers the first query; or nothing. */
  private refused(error: Error): void {
    if (error instanceof PostgresError) {
      for (const first of this.waiting) {
        this.waiting.delete(first);
        first.reject(error);
        break;
      }
    }
    this.lose();
  }

  /** Sends a query; the caller has entered. */
  run(
    text: string,
    values: readonly PostgresParameter[] | undefined,
    callTimeoutMs: number | undefined,
  ): Promise<PostgresResult> {
    if (!this.hasBegun) this.begin();
    const { calls, waiting } = this;
    const { server } = this.address;
    const shown = queryText(values === undefined ? { text } : { text, values });
    return new Promise((resolve, reject) => {
      const call: Waiting = { isSent: false, reject };
      waiting.add(call);
      const clear = limitCall(callTimeoutMs, () => {
        if (waiting.delete(call)) reject(new CallTimeout(callTimeoutMs!));
        this.close();
      });
      call.reject = (error) => {
        clear();
        reject(error);
      };
      this.client.query(
        createQuery(text, values, {
          sent: () => {
            call.isSent = true;
            calls.sends(server, shown);
          },
          answered: (result) => {
            clear();
            if (waiting.delete(call)) resolve(result);
          },
          // Of a connection that is lost `pg` tells each query too, after us.
          failed: (error) => {
            if (waiting.delete(call)) call.reject(error);
          },
        }),
      );
    });
  }

  /** This side closes; the server hears of it behind the queries that were written. */
  close(): void {
    if (!this.isOpen) return;
    this.socket.destroySoon();
    this.lose();
  }

  private lose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (!this.socket.writableEnded) this.socket.destroy();
    this.onClosed();
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const { isSent, reject } of waiting) reject(new ConnectionLost(isSent));
    const { onEnd } = this;
    if (onEnd !== undefined) this.calls.event(onEnd);
  }
}
