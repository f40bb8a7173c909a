/**
 * A connection to a real Redis that shows every reply with its type, which client libraries hide.
 */
import { connect, type Socket } from 'node:net';
import { fromBytes, toBytes } from '../../../src/sim/servers/redis/lua/bytes.js';
import type { GoldenReply } from './format.js';

/** Reads one reply of RESP2 from `text` (a byte per character) at `at`; undefined if incomplete. */
function parse(text: string, at: number): { reply: GoldenReply; end: number } | undefined {
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd < 0) return undefined;
  const line = text.slice(at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (text[at]) {
    case '+':
      return { reply: { status: fromBytes(line) }, end };
    case '-':
      return { reply: { error: fromBytes(line) }, end };
    case ':':
      return { reply: Number(line), end };
    case '$':
      return parseBulk(text, Number(line), end);
    case '*':
      return parseArray(text, Number(line), end);
    default:
      throw new Error(`not RESP2: ${text.slice(at, at + 40)}`);
  }
}

function parseBulk(text: string, length: number, at: number) {
  if (length < 0) return { reply: null, end: at };
  if (text.length < at + length + 2) return undefined;
  return { reply: fromBytes(text.slice(at, at + length)), end: at + length + 2 };
}

function parseArray(text: string, count: number, at: number) {
  if (count < 0) return { reply: { nil: 'array' } as const, end: at };
  const items: GoldenReply[] = [];
  let end = at;
  while (items.length < count) {
    const item = parse(text, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: items, end };
}

export class Connection {
  private buffer = '';
  private readonly arrived: GoldenReply[] = [];
  private wake: (() => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => this.receive(String(chunk)));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.wake?.());
  }

  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  private receive(chunk: string): void {
    this.buffer += chunk;
    for (;;) {
      const parsed = parse(this.buffer, 0);
      if (parsed === undefined) break;
      this.buffer = this.buffer.slice(parsed.end);
      this.arrived.push(parsed.reply);
    }
    this.wake?.();
  }

  send(args: readonly string[]): void {
    const parts = args.map((arg) => {
      const bytes = toBytes(arg);
      return `$${bytes.length}\r\n${bytes}\r\n`;
    });
    this.socket.write(`*${args.length}\r\n${parts.join('')}`, 'latin1');
  }

  /** The next reply. */
  async next(): Promise<GoldenReply> {
    while (this.arrived.length === 0) {
      if (this.socket.closed) throw new Error('the server closed the connection');
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.arrived.shift()!;
  }

  /** Everything that has arrived and was not taken yet. */
  take(): GoldenReply[] {
    return this.arrived.splice(0);
  }

  async call(...args: string[]): Promise<GoldenReply> {
    this.send(args);
    return this.next();
  }

  close(): void {
    this.socket.destroy();
  }
}
