/**
 * A connection to a simulated Redis, as a lock sees it: commands as words, replies as a client
 * library hands them out (docs/semantics.md, R7).
 */
import {
  type RedisArgument,
  type RedisConnection,
  type RedisReply,
  ReplyError,
  type Subscription,
} from '../../algorithms/environment.js';
import { fold, hashString } from '../../digest.js';
import { RedisError, type Reply, Status } from '../servers/redis/reply.js';
import { callWords, evalWords } from './redis-words.js';
import { callTimeoutFrom, never, ServiceConnection } from './service-connection.js';

export class SimRedisConnection extends ServiceConnection implements RedisConnection {
  call(...words: [command: string, ...args: RedisArgument[]]): Promise<RedisReply> {
    return this.command(callWords(words));
  }

  eval(
    script: string,
    keys: readonly string[],
    args: readonly RedisArgument[] = [],
  ): Promise<RedisReply> {
    return this.command(evalWords(script, keys, args));
  }

  subscribe(channel: string, onMessage: (message: string) => void): Promise<Subscription> {
    const { process } = this.route;
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
    return connection
      .send(words, hashWords(words), words.join(' '), this.callTimeoutMs)
      .then(() => subscription);
  }

  within(callTimeoutMs: number): RedisConnection {
    return new SimRedisConnection(this.route, callTimeoutFrom(callTimeoutMs, 'within'));
  }

  protected readonly decode = toClientReply;

  protected textOf(body: unknown): string {
    return (body as readonly string[]).join(' ');
  }

  private command(words: readonly string[]): Promise<RedisReply> {
    return this.send(words, hashWords(words)) as Promise<RedisReply>;
  }
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
