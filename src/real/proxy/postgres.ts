/**
 * Messages of PostgreSQL's protocol 3.0 (PostgreSQL documentation, "Message Flow" and "Message
 * Formats"). A request is what comes up to a Sync, or a simple query; its reply what comes until
 * the server is ready for the next. What opens the connection passes by itself.
 */
import type { PostgresRow } from '../../algorithms/postgres.js';
import type { ErrorFields, PostgresQuery } from '../../sim/servers/postgres/port.js';
import { refusalOf } from '../../sim/servers/postgres/refusals.js';
import { PostgresReply, queryText, replyText } from '../../sim/services/postgres-reply.js';
import { PG_OPTIONS } from '../client/postgres-options.js';
import { type Frame, type Framing, type Refusal, Splitter } from './framing.js';

/** Version 3.0, in the first message that a server takes for the start of a session. */
const PROTOCOL = 196_608;
const typeParser = PG_OPTIONS.types.value.getTypeParser;

/** A message: its letter, what it holds, and where the next one begins. */
interface Message {
  readonly letter: string;
  readonly content: Content;
  readonly end: number;
}

/** Reads the fields of a message in their order. */
class Content {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isOver(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Up to a byte of 0. */
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    const text = this.bytes.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  letter(): string {
    return String.fromCharCode(this.bytes[this.at++]!);
  }

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  skip(bytes: number): void {
    this.at += bytes;
  }

  /** A value with its length before it; −1 is none. */
  value(): string | null {
    const length = this.int32();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }
}

function messageAt(bytes: Buffer, from: number): Message | undefined {
  if (bytes.length < from + 5) return undefined;
  const end = from + 1 + bytes.readInt32BE(from + 1);
  if (bytes.length < end) return undefined;
  const letter = String.fromCharCode(bytes[from]!);
  return { letter, content: new Content(bytes.subarray(from + 5, end)), end };
}

export function postgresFraming(): Framing {
  const [client, server] = [new FromClient(), new FromServer()];
  const requests = new Splitter((bytes) => client.first(bytes));
  const replies = new Splitter((bytes) => server.first(bytes));
  return {
    requests: (bytes) => requests.take(bytes),
    replies: (bytes) => replies.take(bytes),
    refusal,
  };
}

// From the client

class FromClient {
  private hasBegun = false;

  first(bytes: Buffer): Frame | undefined {
    if (!this.hasBegun) return this.beginning(bytes);
    let query: PostgresQuery = { text: '' };
    for (let from = 0; ; ) {
      const message = messageAt(bytes, from);
      if (message === undefined) return undefined;
      const { letter, content, end } = message;
      from = end;
      const whole = bytes.subarray(0, end);
      switch (letter) {
        case 'Q':
          return request(whole, { text: content.text() });
        case 'P':
          query = { ...query, text: statement(content) };
          break;
        case 'B':
          query = { ...query, values: parameters(content) };
          break;
        case 'S':
          return request(whole, query);
        case 'p':
        case 'X':
          return { bytes: whole, text: '', passes: true };
        default:
          break;
      }
    }
  }

  /** Messages without a letter: a wish for encryption, and the one that begins the session. */
  private beginning(bytes: Buffer): Frame | undefined {
    if (bytes.length < 8) return undefined;
    const length = bytes.readInt32BE(0);
    if (bytes.length < length) return undefined;
    this.hasBegun = bytes.readInt32BE(4) === PROTOCOL;
    return { bytes: bytes.subarray(0, length), text: '', passes: true };
  }
}

function request(bytes: Buffer, body: PostgresQuery): Frame {
  return { bytes, text: queryText(body), body };
}

/** Of a Parse message. */
function statement(content: Content): string {
  content.text();
  return content.text();
}

/** Of a Bind message; all of them are sent as text. */
function parameters(content: Content): (string | null)[] {
  content.text();
  content.text();
  content.skip(2 * content.int16());
  return Array.from({ length: content.int16() }, () => content.value());
}

// From the server

/** `INSERT 0 1`: the command and, if there is one, the number. */
const TAG = /^(.*?)(?: (?:\d+ )?(\d+))?$/;

interface Column {
  readonly name: string;
  readonly type: number;
}

class FromServer {
  private hasBegun = false;

  first(bytes: Buffer): Frame | undefined {
    const opening = messageAt(bytes, 0);
    if (opening === undefined) return undefined;
    const { letter, end } = opening;
    if (!this.hasBegun || letter === 'S') {
      this.hasBegun ||= letter === 'Z';
      return { bytes: bytes.subarray(0, end), text: '', passes: true };
    }
    const reply = new ReplyReader();
    for (let from = 0; ; ) {
      const message = messageAt(bytes, from);
      if (message === undefined) return undefined;
      from = message.end;
      const isWhole = reply.read(message);
      // Between replies it is nobody's answer.
      const isNews = from === end && letter === 'A';
      if (!isWhole && !isNews) continue;
      const frame = { bytes: bytes.subarray(0, from), text: replyText(reply.reply) };
      return isNews ? { ...frame, isNews } : frame;
    }
  }
}

/** Puts a reply together, as the model of the server does. */
class ReplyReader {
  readonly reply = new PostgresReply();
  private columns: readonly Column[] = [];
  private rows: PostgresRow[] = [];

  /** Whether the reply is whole with this message. */
  read({ letter, content }: Message): boolean {
    const { reply } = this;
    switch (letter) {
      case 'T':
        this.columns = Array.from({ length: content.int16() }, () => column(content));
        return false;
      case 'D':
        this.rows.push(row(content, this.columns));
        return false;
      case 'C':
        reply.results.push({ kind: 'result', ...tag(content.text()), rows: this.rows });
        this.rows = [];
        return false;
      case 'N':
        reply.notices.push(fieldsOf(content));
        return false;
      case 'A':
        content.skip(4);
        reply.notifications.push({ channel: content.text(), payload: content.text() });
        return false;
      case 'E':
        reply.error = fieldsOf(content);
        return reply.error.severity === 'FATAL';
      default:
        return letter === 'Z';
    }
  }
}

function column(content: Content): Column {
  const name = content.text();
  content.skip(6);
  const type = content.int32();
  content.skip(8);
  return { name, type };
}

function row(content: Content, columns: readonly Column[]): PostgresRow {
  content.skip(2);
  const entries = columns.map(({ name, type }) => {
    const text = content.value();
    return [name, text === null ? null : typeParser(type)(text)] as const;
  });
  return Object.fromEntries(entries);
}

function tag(text: string): { readonly command: string; readonly rowCount: number | undefined } {
  const [, command = '', count] = TAG.exec(text) ?? [];
  return { command, rowCount: count === undefined ? undefined : Number(count) };
}

/** Letters of fields in errors and notices ("Error and Notice Message Fields"). */
function fieldsOf(content: Content): ErrorFields {
  const fields = new Map<string, string>();
  for (let letter = content.letter(); letter !== '\0'; letter = content.letter()) {
    fields.set(letter, content.text());
  }
  const severity = fields.get('V') ?? fields.get('S') ?? 'ERROR';
  return {
    severity: severity === 'PANIC' ? 'FATAL' : (severity as ErrorFields['severity']),
    code: fields.get('C') ?? '',
    message: fields.get('M') ?? '',
    detail: fields.get('D'),
    table: fields.get('t'),
    constraint: fields.get('n'),
  };
}

// Errors that a story has

/** An error of a statement comes from the server itself, which knows its transaction. */
function refusal(error: string): Refusal {
  const { severity, code, message } = refusalOf(error);
  const text = `${severity}: ${code}: ${message}`;
  if (severity === 'FATAL') {
    const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${message}`, ''];
    return { reply: { bytes: encoded('E', `${fields.join('\0')}\0`), text }, ends: true };
  }
  const raise = `RAISE EXCEPTION USING ERRCODE = '${code}', MESSAGE = $m$${message}$m$`;
  return { instead: { bytes: encoded('Q', `DO $d$ BEGIN ${raise}; END $d$\0`), text } };
}

function encoded(letter: string, content: string): Buffer {
  const head = Buffer.from(`${letter}    `);
  head.writeInt32BE(4 + Buffer.byteLength(content), 1);
  return Buffer.concat([head, Buffer.from(content)]);
}
