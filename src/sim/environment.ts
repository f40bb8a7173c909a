/**
 * The simulated environment of one client process: what `src/algorithms/environment.ts` promises,
 * bound to one incarnation by closure. A dead process's ghost may still call it: nothing happens,
 * and its promises never settle (docs/semantics.md, R4, R8).
 */
import {
  type Environment,
  type RedisArgument,
  type RedisConnection,
  type RedisReply,
  ReplyError,
  type Subscription,
} from '../algorithms/environment.js';
import { fold, hashString } from '../digest.js';
import { mix, PURPOSE } from '../random.js';
import type { Process, Timer } from './client.js';
import { Connection, type Server } from './connection.js';
import type { Link } from './link.js';
import { RedisError, type Reply, Status } from './servers/redis/reply.js';

const RANDOM_RANGE = 0x1_0000_0000;
const OWNER_ID = PURPOSE['owner-id'];

/** Remembers who asked for which owner id, so that a key's value tells whose lease it is. */
export interface Owners {
  issued(ownerId: string, process: Process): void;
}

/** Numbers connections over the whole run. */
export interface ConnectionNumbers {
  next(): number;
}

function never<T>(): Promise<T> {
  return new Promise<T>(() => {});
}

/** The environment of one process. */
export class SimEnvironment implements Environment {
  readonly client: string;
  /** Tells incarnations apart in owner ids. */
  private readonly suffix: string;
  readonly redis: readonly RedisConnection[];

  constructor(
    private readonly process: Process,
    links: readonly { link: Link; server: Server }[],
    private readonly owners: Owners,
    numbers: ConnectionNumbers,
  ) {
    this.client = process.host.id;
    this.suffix = process.incarnation === 1 ? '' : `/${process.incarnation}`;
    this.redis = links.map(
      ({ link, server }) => new SimRedisConnection(process, link, server, numbers),
    );
  }

  wallMs(): number {
    const { process } = this;
    process.readClock();
    return process.host.wall.read(process.host.frontierUs) / 1_000;
  }

  monoMs(): number {
    const { process } = this;
    process.readClock();
    return process.host.mono.read(process.host.frontierUs) / 1_000;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const { process } = this;
    if (!process.enter()) return never();
    const delayUs = delayFrom(ms, 'sleep');
    if (signal === undefined) {
      return new Promise((resolve) => {
        process.setTimer(delayUs, resolve);
      });
    }
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const onAbort = () => {
        if (timer !== undefined) process.cancelTimer(timer);
        resolve();
      };
      timer = process.setTimer(delayUs, () => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  after(ms: number, callback: () => void): () => void {
    const { process } = this;
    if (!process.enter()) return () => {};
    const timer = process.setTimer(delayFrom(ms, 'after'), callback);
    return () => process.cancelTimer(timer);
  }

  random(): number {
    const { process } = this;
    if (!process.enter()) return 0;
    const answer = process.host.subject.decide(PURPOSE.random, RANDOM_RANGE, RANDOM_RANGE / 2);
    return answer / RANDOM_RANGE;
  }

  ownerId(): string {
    const { process } = this;
    const { host } = process;
    if (!process.enter()) return '';
    const { operationNumber } = host;
    const ordinal = this.nextOrdinal(operationNumber);
    const subject = host.index + 1;
    const bits = mix(host.world.decisions.key, subject, OWNER_ID, operationNumber, ordinal);
    const ownerId = `${host.operation}-${ordinal}-${digits(bits)}${this.suffix}`;
    this.owners.issued(ownerId, process);
    return ownerId;
  }

  /** Counts owner ids within each operation, and those outside of any (R6). */
  private nextOrdinal(operation: number): number {
    if (operation === 0) return ++this.issuedOutside;
    if (operation !== this.issuedIn) this.issued = 0;
    this.issuedIn = operation;
    return ++this.issued;
  }
  private issued = 0;
  private issuedIn = 0;
  private issuedOutside = 0;
}

const BASE_32 = '0123456789abcdefghjkmnpqrstvwxyz';
const PAIRS = Array.from({ length: 1_024 }, (_, i) => BASE_32[i >> 5]! + BASE_32[i & 31]!);

/**
 * Six digits of 30 bits. An owner id stays below 13 characters with them, up to where V8 joins
 * strings by copying: a longer one it would have to flatten at the first look into it.
 */
function digits(bits: number): string {
  const high = PAIRS[(bits >>> 22) & 1_023]! + PAIRS[(bits >>> 12) & 1_023]!;
  return high + PAIRS[(bits >>> 2) & 1_023]!;
}

/** A duration in milliseconds as whole microseconds, or ∞, rounded up as timers are. */
function delayFrom(ms: number, call: string): number {
  mustBeMs(ms, call);
  return ms <= 0 ? 0 : Math.ceil(ms * 1_000);
}

/** A call timeout in milliseconds, `undefined` if it never ends a call (R7). */
function callTimeoutFrom(ms: number, call: string): number | undefined {
  mustBeMs(ms, call);
  if (ms > 0) return ms === Number.POSITIVE_INFINITY ? undefined : ms;
  throw new RangeError(`${call}: ${ms} ms; a call timeout is longer than that, or Infinity`);
}

function mustBeMs(ms: unknown, call: string): void {
  if (typeof ms === 'number' && !Number.isNaN(ms)) return;
  const shown = typeof ms === 'string' ? JSON.stringify(ms) : String(ms);
  throw new TypeError(`${call}: ${shown} is not a number of milliseconds`);
}

class SimRedisConnection implements RedisConnection {
  readonly server: string;

  constructor(
    private readonly process: Process,
    private readonly link: Link,
    private readonly host: Server,
    private readonly numbers: ConnectionNumbers,
    private readonly callTimeoutMs?: number,
  ) {
    this.server = host.id;
  }

  call(...words: [command: string, ...args: RedisArgument[]]): Promise<RedisReply> {
    return this.send(toTexts(words));
  }

  eval(
    script: string,
    keys: readonly string[],
    args: readonly RedisArgument[] = [],
  ): Promise<RedisReply> {
    const words = new Array<string>(3 + keys.length + args.length);
    words[0] = 'EVAL';
    words[1] = script;
    words[2] = String(keys.length);
    let at = 3;
    for (const key of keys) words[at++] = key;
    for (const arg of args) words[at++] = typeof arg === 'string' ? arg : String(arg);
    return this.send(words);
  }

  subscribe(channel: string, onMessage: (message: string) => void): Promise<Subscription> {
    const { process } = this;
    if (!process.enter()) return never();
    const connection = this.open();
    connection.onPush = (body) => {
      if (!Array.isArray(body) || body[0] !== 'message') return false;
      process.run(() => onMessage(String(body[2])));
      return true;
    };
    const lost = new Promise<void>((resolve) => {
      connection.onClose = resolve;
    });
    const words = ['SUBSCRIBE', channel];
    const subscription: Subscription = { close: () => connection.close(), lost };
    return connection.send(words, hashWords(words), words.join(' ')).then(() => subscription);
  }

  within(callTimeoutMs: number): RedisConnection {
    const { process, link, host, numbers } = this;
    const orNone = callTimeoutFrom(callTimeoutMs, 'within');
    return new SimRedisConnection(process, link, host, numbers, orNone);
  }

  close(): void {
    if (this.process.enter()) this.link.connection?.close();
  }

  private send(words: readonly string[]): Promise<RedisReply> {
    const { process } = this;
    if (!process.enter()) return never();
    if (process.releasing !== undefined) process.releaseLeaves();
    const { link } = this;
    let connection = link.connection;
    if (connection === undefined || !connection.open || connection.process !== process) {
      connection = this.open();
      link.connection = connection;
    }
    const text = process.host.world.trace === undefined ? '' : words.join(' ');
    const hash = hashWords(words);
    return connection.send(words, hash, text, this.callTimeoutMs) as Promise<RedisReply>;
  }

  private open(): Connection {
    const connection = new Connection(this.process, this.link, this.host, this.numbers.next());
    connection.decode = toClientReply;
    return connection;
  }
}

/** Turns the numbers among the arguments into text, in place: the array is the caller's own. */
function toTexts(args: RedisArgument[]): string[] {
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (typeof arg !== 'string') args[index] = String(arg);
  }
  return args as string[];
}

/** What a client library makes of a reply: a status is its text, an error rejects. */
function toClientReply(reply: unknown): RedisReply | ReplyError {
  if (typeof reply === 'number' || typeof reply === 'string' || reply === null) return reply;
  if (reply instanceof Status) return reply.text;
  if (reply instanceof RedisError) return new ReplyError(reply.text);
  if (Array.isArray(reply)) return (reply as Reply[]).map(nestedReply);
  return reply as RedisReply;
}

function nestedReply(reply: Reply): RedisReply {
  if (reply instanceof Status || reply instanceof RedisError) return reply.text;
  if (Array.isArray(reply)) return (reply as Reply[]).map(nestedReply);
  return reply as RedisReply;
}

let hashedWords: readonly string[] = [];
let hashedTo = 0;

/** Hash of a command. The one hashed last is known: a lock sends the same to several servers. */
export function hashWords(words: readonly string[]): number {
  if (sameWords(words, hashedWords)) return hashedTo;
  let h = words.length;
  for (const word of words) h = fold(h, hashString(word));
  hashedWords = words;
  hashedTo = h;
  return h;
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  // From the end: what differs between two commands of one kind is mostly an argument.
  for (let index = a.length - 1; index >= 0; index--) if (a[index] !== b[index]) return false;
  return true;
}
