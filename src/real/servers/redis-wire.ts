/**
 * A few commands to a Redis and their replies, without a client library: to see that a server is
 * ready, what it is, and to tell it whom to follow (Redis documentation, "RESP protocol spec").
 */
import { connect } from 'node:net';
import { ServerTrouble } from './trouble.js';

/** What a server refused, in its words: `NOAUTH Authentication required.` */
export class RedisRefusal extends Error {}

export interface RedisPlace {
  readonly host: string;
  readonly port: number;
}

/** What answers there is no Redis, or says nothing, or is not there: `code` tells which. */
export class RedisSilence extends ServerTrouble {
  constructor(
    readonly code: 'refused' | 'closed' | 'silent' | 'foreign',
    { host, port }: RedisPlace,
    readonly why: string,
  ) {
    const what = code === 'refused' ? `cannot be reached (${why})` : why;
    super(`${host}:${port} ${what}`);
  }
}

export type RedisReply = string | number | null | RedisRefusal | readonly RedisReply[];

const LIMIT_MS = 3_000;

interface Parsed {
  readonly reply: RedisReply;
  /** Where the next one begins. */
  readonly end: number;
}

/** The reply that begins at `at`; `undefined` if it is not complete. */
function parse(text: string, at: number): Parsed | 'foreign' | undefined {
  if (text.length === at) return undefined;
  if (!'+-:$*'.includes(text[at]!)) return 'foreign';
  const end = text.indexOf('\r\n', at);
  if (end < 0) return undefined;
  const line = text.slice(at + 1, end);
  switch (text[at]) {
    case '+':
      return { reply: line, end: end + 2 };
    case '-':
      return { reply: new RedisRefusal(line), end: end + 2 };
    case ':':
      return { reply: Number(line), end: end + 2 };
    case '*':
      return parseAll(text, end + 2, Number(line));
    default: {
      const length = Number(line);
      if (length < 0) return { reply: null, end: end + 2 };
      const after = end + 2 + length;
      if (text.length < after + 2) return undefined;
      return { reply: text.slice(end + 2, after), end: after + 2 };
    }
  }
}

/** So many replies, one after the other, as one array. */
function parseAll(
  text: string,
  from: number,
  count: number,
): { readonly reply: readonly RedisReply[]; readonly end: number } | 'foreign' | undefined {
  const reply: RedisReply[] = [];
  let at = from;
  while (reply.length < count) {
    const parsed = parse(text, at);
    if (parsed === 'foreign' || parsed === undefined) return parsed;
    reply.push(parsed.reply);
    at = parsed.end;
  }
  return { reply, end: at };
}

/** A command as it goes over the wire: text, or the bytes of what a server named. */
export function encode(args: readonly (string | Buffer)[]): Buffer {
  const parts = args.flatMap((arg) => [`$${Buffer.byteLength(arg)}\r\n`, arg, '\r\n']);
  return Buffer.concat([`*${args.length}\r\n`, ...parts].map((part) => Buffer.from(part)));
}

/** The bytes that are said as text in a reply: names of keys need not be text at all. */
export const bytesOf = (reply: string): Buffer => Buffer.from(reply, 'latin1');

/**
 * Sends the commands on a connection of their own; their replies, in order, with one character for
 * each byte.
 *
 * @throws RedisSilence if not all of them come within the limit.
 */
export function askRedis(
  { host, port }: RedisPlace,
  commands: readonly (readonly (string | Buffer)[])[],
  limitMs = LIMIT_MS,
): Promise<readonly RedisReply[]> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host, port });
    const give = (code: RedisSilence['code'], why: string) => {
      socket.destroy();
      reject(new RedisSilence(code, { host, port }, why));
    };
    socket.setTimeout(limitMs, () => give('silent', `did not answer within ${limitMs} ms`));
    socket.setEncoding('latin1');
    const hungUp = (why: string) => {
      // Who is not let in is told why, once, whatever it asks.
      const first = parseAll(text, 0, 1);
      const refusal = first !== undefined && first !== 'foreign' ? first.reply[0] : undefined;
      if (refusal instanceof RedisRefusal) resolve(commands.map(() => refusal));
      else give('closed', why);
    };
    let isConnected = false;
    socket.once('error', ({ message }) => {
      if (isConnected) hungUp(message);
      else give('refused', message);
    });
    socket.once('close', () => hungUp('closed the connection without an answer'));
    socket.once('connect', () => {
      isConnected = true;
      socket.write(Buffer.concat(commands.map(encode)));
    });
    socket.on('data', (chunk: string) => {
      text += chunk;
      const replies = parseAll(text, 0, commands.length);
      if (replies === 'foreign') return give('foreign', 'is no Redis: it answers in another way');
      if (replies === undefined) return;
      resolve(replies.reply);
      socket.destroy();
    });
  });
}

/** One command of which nothing but a plain reply is expected. */
export async function tellRedis(place: RedisPlace, ...args: string[]): Promise<string> {
  const [reply] = await askRedis(place, [args]);
  if (reply instanceof RedisRefusal) {
    throw new ServerTrouble(
      `${place.host}:${place.port} refused ${args.join(' ')}: ${reply.message}`,
    );
  }
  return String(reply);
}

/** A field of `INFO`. */
export function infoField(info: string, field: string): string | undefined {
  return new RegExp(`^${field}:(.*?)\r?$`, 'm').exec(info)?.[1];
}
