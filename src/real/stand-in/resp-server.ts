/**
 * ioredis-mock behind the protocol of Redis, on a port of loopback: a client of the mock for each
 * connection, all on the same data. Commands of a connection are played one after the other.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { LOOPBACK, listenOnLoopback } from '../loopback.js';
import { respFraming } from '../proxy/resp.js';

/** As much of a client of ioredis-mock as is used here. */
export interface MockClient {
  on(event: 'message', listener: (channel: string, message: string) => void): unknown;
  subscribe(channel: string): Promise<unknown>;
  disconnect(): void;
}

/** No call of the mock waits for anything; one that has not answered by then never will. */
const PATIENCE_MS = 2_000;
/** Replies that a Redis gives without their length. */
const STATUSES: ReadonlySet<unknown> = new Set(['OK', 'PONG', 'QUEUED']);

export class RespServer {
  readonly host = LOOPBACK;
  port = 0;
  private readonly listener: Server;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly connect: () => MockClient) {
    this.listener = createServer((socket) => this.serve(socket));
  }

  async listen(): Promise<void> {
    this.port = await listenOnLoopback(this.listener);
  }

  close(): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private serve(socket: Socket): void {
    const mock = this.connect();
    const framing = respFraming();
    let before: Promise<unknown> = Promise.resolve();
    this.sockets.add(socket);
    mock.on('message', (channel, message) => {
      socket.write(encoded(['message', channel, message]));
    });
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('close', () => {
      this.sockets.delete(socket);
      mock.disconnect();
    });
    socket.on('data', (bytes: Buffer) => {
      for (const { body } of framing.requests(bytes)) {
        before = before.then(async () => {
          const reply = await answer(mock, body as readonly string[]);
          if (!socket.destroyed) socket.write(encoded(reply));
        });
      }
    });
  }
}

/** What the mock makes of a command: a value, or an error. */
async function answer(mock: MockClient, [name = '', ...args]: readonly string[]): Promise<unknown> {
  const method = name.toLowerCase();
  const call = (mock as unknown as Record<string, unknown>)[method];
  if (typeof call !== 'function') return new Error(`ERR unknown command '${name}'`);
  let late: NodeJS.Timeout | undefined;
  try {
    const silent = new Promise<Error>((resolve) => {
      late = setTimeout(() => resolve(new Error('ERR ioredis-mock does not answer')), PATIENCE_MS);
    });
    const value = await Promise.race([
      (call as (...all: string[]) => unknown).apply(mock, args),
      silent,
    ]);
    return method === 'subscribe' ? ['subscribe', args[0], value] : value;
  } catch (error) {
    return error;
  } finally {
    clearTimeout(late);
  }
}

/** A value as a Redis would send it. */
function encoded(value: unknown): string {
  if (value === null || value === undefined || value === false) return '$-1\r\n';
  if (STATUSES.has(value)) return `+${String(value)}\r\n`;
  if (value instanceof Error) return `-${errorText(value)}\r\n`;
  if (Array.isArray(value)) return `*${value.length}\r\n${value.map(encoded).join('')}`;
  if (value === true) return ':1\r\n';
  if (Number.isInteger(value)) return `:${String(value)}\r\n`;
  // A hash, as its clients get it.
  if (isRecord(value)) return encoded(Object.entries(value).flat());
  const text = String(value);
  return `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value);
}

/** One line that begins with a word in capital letters. */
function errorText({ message }: Error): string {
  const line = message.replaceAll(/\s+/g, ' ');
  return /^[A-Z]{3,} /.test(line) ? line : `ERR ${line}`;
}
