/**
 * A connection to a real PostgreSQL that hides nothing: every message is kept, in order (PostgreSQL
 * documentation, "Frontend/Backend Protocol").
 */
import { connect, type Socket } from 'node:net';

export type RawValue = string | number | boolean | null;

export type RawMessage =
  | { readonly kind: 'result'; readonly tag: string; readonly rows: Record<string, RawValue>[] }
  | { readonly kind: 'error' | 'notice'; readonly fields: ReadonlyMap<string, string> }
  | { readonly kind: 'notification'; readonly channel: string; readonly payload: string }
  | { readonly kind: 'ready'; readonly status: 'idle' | 'transaction' | 'failed' }
  | { readonly kind: 'closed' };

/** Types whose values are no text to a client: boolean, integer, double precision. */
const BOOLEAN = 16;
const NUMBERS = new Set([21, 23, 26, 701]);

interface Column {
  readonly name: string;
  readonly type: number;
}

const STATUS = { I: 'idle', T: 'transaction', E: 'failed' } as const;

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

function packet(kind: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(4);
  head.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), head, body]);
}

function int(bytes: 2 | 4, value: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeIntBE(value, 0, bytes);
  return buffer;
}

export class Connection {
  readonly messages: RawMessage[] = [];
  processId = 0;
  /** Queries without their `ready`. */
  busy = 0;
  closed = false;
  private input = Buffer.alloc(0);
  private columns: Column[] = [];
  private rows: Record<string, RawValue>[] = [];
  private waiting: (() => void)[] = [];

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => this.receive(data));
    socket.on('error', () => this.end());
    socket.on('close', () => this.end());
  }

  static async open(path: string, database = 'postgres'): Promise<Connection> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
    const connection = new Connection(socket);
    connection.busy = 1;
    const options = ['user', 'postgres', 'database', database, 'client_encoding', 'UTF8', ''];
    const body = Buffer.concat([int(4, 196_608), ...options.map(text)]);
    socket.write(Buffer.concat([int(4, body.length + 4), body]));
    await connection.idle();
    if (connection.closed) throw new Error('the server closed the connection');
    connection.messages.length = 0;
    return connection;
  }

  private end(): void {
    if (this.closed) return;
    this.closed = true;
    this.busy = 0;
    this.messages.push({ kind: 'closed' });
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Resolves when all queries have been answered. */
  async idle(): Promise<void> {
    while (this.busy > 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  close(): void {
    this.socket.end(packet('X'));
    this.socket.destroy();
    this.closed = true;
  }

  /** Without values a simple query, with values an extended one. */
  send(query: string, values?: readonly RawValue[]): void {
    this.busy += 1;
    if (values === undefined) {
      this.socket.write(packet('Q', text(query)));
      return;
    }
    const params = values.flatMap((value) => {
      if (value === null) return [int(4, -1)];
      const bytes = Buffer.from(String(value));
      return [int(4, bytes.length), bytes];
    });
    this.socket.write(
      Buffer.concat([
        packet('P', text(''), text(query), int(2, 0)),
        packet('B', text(''), text(''), int(2, 0), int(2, values.length), ...params, int(2, 0)),
        packet('D', Buffer.from('P'), text('')),
        packet('E', text(''), int(4, 0)),
        packet('S'),
      ]),
    );
  }

  /** One query, its rows; throws if it fails. */
  async query(sql: string): Promise<Record<string, RawValue>[]> {
    this.messages.length = 0;
    this.send(sql);
    await this.idle();
    const messages = this.messages.splice(0);
    const failed = messages.find(({ kind }) => kind === 'error');
    if (failed?.kind === 'error') throw new Error(`${sql}: ${failed.fields.get('M')}`);
    return messages.flatMap((message) => (message.kind === 'result' ? message.rows : []));
  }

  private receive(data: Buffer): void {
    this.input = Buffer.concat([this.input, data]);
    while (this.input.length >= 5) {
      const length = this.input.readInt32BE(1) + 1;
      if (this.input.length < length) break;
      const kind = String.fromCharCode(this.input[0]!);
      this.message(kind, this.input.subarray(5, length));
      this.input = this.input.subarray(length);
    }
    this.wake();
  }

  private message(kind: string, body: Buffer): void {
    switch (kind) {
      case 'K':
        this.processId = body.readInt32BE(0);
        return;
      case 'T':
        this.columns = readColumns(body);
        return;
      case 'D':
        this.rows.push(readRow(body, this.columns));
        return;
      case 'C':
        this.messages.push({
          kind: 'result',
          tag: body.toString('utf8', 0, body.length - 1),
          rows: this.rows,
        });
        this.rows = [];
        return;
      case 'E':
      case 'N':
        this.rows = [];
        this.messages.push({ kind: kind === 'E' ? 'error' : 'notice', fields: readFields(body) });
        return;
      case 'A': {
        const [channel, payload] = body.toString('utf8', 4).split('\0');
        this.messages.push({ kind: 'notification', channel: channel!, payload: payload! });
        return;
      }
      case 'Z':
        this.busy -= 1;
        this.messages.push({ kind: 'ready', status: STATUS[String.fromCharCode(body[0]!) as 'I'] });
        return;
      default:
        return;
    }
  }
}

function readColumns(body: Buffer): Column[] {
  const columns: Column[] = [];
  let at = 2;
  for (let count = body.readInt16BE(0); count > 0; count--) {
    const end = body.indexOf(0, at);
    columns.push({ name: body.toString('utf8', at, end), type: body.readInt32BE(end + 7) });
    at = end + 19;
  }
  return columns;
}

function readRow(body: Buffer, columns: readonly Column[]): Record<string, RawValue> {
  const row: Record<string, RawValue> = {};
  let at = 2;
  for (const { name, type } of columns) {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) {
      row[name] = null;
      continue;
    }
    const value = body.toString('utf8', at, at + length);
    at += length;
    row[name] = NUMBERS.has(type) ? Number(value) : type === BOOLEAN ? value === 't' : value;
  }
  return row;
}

function readFields(body: Buffer): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of body.toString('utf8').split('\0')) {
    if (part !== '') fields.set(part[0]!, part.slice(1));
  }
  return fields;
}
