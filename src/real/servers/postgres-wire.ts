/**
 * The first words with a PostgreSQL, without a client library: whether it speaks to us as we are,
 * wants a password or TLS, of which version it is, and whether it can be written to (PostgreSQL
 * documentation, "Frontend/Backend Protocol", Start-up).
 */
import { connect } from 'node:net';

/** What the server says to somebody who brings no password. */
export interface PostgresGreeting {
  readonly wants: 'nothing' | 'a password';
  /** What it reports of itself once we are in, such as `server_version`. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Why we are not let in: an SQLSTATE and a sentence. */
  readonly refusal?: { readonly code: string; readonly message: string };
}

/** What answers is no PostgreSQL, says nothing, or is not there. */
export class PostgresSilence extends Error {
  constructor(
    readonly code: 'refused' | 'closed' | 'silent' | 'foreign',
    message: string,
  ) {
    super(message);
  }
}

export interface PostgresPlace {
  readonly host: string;
  readonly port: number;
}

const LIMIT_MS = 3_000;
const PROTOCOL = 196_608;

function startup(user: string, database: string): Buffer {
  const pairs = ['user', user, 'database', database, ''].map((text) => `${text}\0`).join('');
  const head = Buffer.alloc(8);
  head.writeInt32BE(8 + Buffer.byteLength(pairs), 0);
  head.writeInt32BE(PROTOCOL, 4);
  return Buffer.concat([head, Buffer.from(pairs)]);
}

interface Message {
  readonly kind: string;
  readonly body: Buffer;
}

/** The whole messages at the beginning of what came, and whether it can be PostgreSQL at all. */
function messagesIn(input: Buffer): Message[] | 'foreign' {
  const messages: Message[] = [];
  for (let at = 0; input.length >= at + 5; ) {
    const kind = String.fromCharCode(input[at]!);
    const length = input.readInt32BE(at + 1);
    if (!'RSKZEN'.includes(kind) || length < 4 || length > 65_536) return 'foreign';
    if (input.length < at + 1 + length) break;
    messages.push({ kind, body: input.subarray(at + 5, at + 1 + length) });
    at += 1 + length;
  }
  return messages;
}

/** The greeting that messages make; `undefined` as long as it is not over. */
function greetingIn(messages: readonly Message[]): PostgresGreeting | undefined {
  const parameters = new Map<string, string>();
  for (const { kind, body } of messages) {
    if (kind === 'R' && body.readInt32BE(0) !== 0) return { wants: 'a password', parameters };
    if (kind === 'Z') return { wants: 'nothing', parameters };
    if (kind === 'S') {
      const [name, value] = body.toString('utf8').split('\0');
      parameters.set(name!, value!);
    }
    if (kind === 'E') {
      const fields = new Map(
        body
          .toString('utf8')
          .split('\0')
          .map((field) => [field[0], field.slice(1)]),
      );
      const refusal = { code: fields.get('C') ?? '', message: fields.get('M') ?? '' };
      return { wants: 'nothing', parameters, refusal };
    }
  }
  return undefined;
}

/** @throws PostgresSilence if no greeting comes within the limit. */
export function greetPostgres(
  { host, port }: PostgresPlace,
  { user, database }: { readonly user: string; readonly database: string },
  limitMs = LIMIT_MS,
): Promise<PostgresGreeting> {
  return new Promise((resolve, reject) => {
    let input = Buffer.alloc(0);
    const socket = connect({ host, port });
    const give = (code: PostgresSilence['code'], why: string) => {
      socket.destroy();
      reject(new PostgresSilence(code, why));
    };
    socket.setTimeout(limitMs, () => give('silent', `did not answer within ${limitMs} ms`));
    let isConnected = false;
    socket.once('error', ({ message }) => give(isConnected ? 'closed' : 'refused', message));
    socket.once('close', () => give('closed', 'closed the connection without an answer'));
    socket.once('connect', () => {
      isConnected = true;
      socket.write(startup(user, database));
    });
    socket.on('data', (data) => {
      input = Buffer.concat([input, data]);
      const messages = messagesIn(input);
      if (messages === 'foreign')
        return give('foreign', 'is no PostgreSQL: it answers in another way');
      const greeting = greetingIn(messages);
      if (greeting === undefined) return;
      resolve(greeting);
      socket.destroy();
    });
  });
}
