/**
 * One connection to a real Redis: a client of `ioredis` that is never used again once it was lost.
 * It ends with the first call that was not answered in time, as by R7 of docs/semantics.md, and
 * whoever waits then learns whether the command had left.
 */
import { Command, Redis } from 'ioredis';
import {
  CallTimeout,
  ConnectionLost,
  type RedisReply,
  ReplyError,
} from '../../algorithms/environment.js';
import { USER_TIMEOUT_US } from '../../sim/limits.js';
import { limitCall } from './call-limit.js';
import type { Address, ClientCalls } from './client-calls.js';
import { valuesOf } from './client-options.js';
import { IOREDIS_OPTIONS } from './redis-options.js';

/** A proxy takes bytes that its server does not get, so the kernel's own limit would not come. */
const USER_TIMEOUT_MS = USER_TIMEOUT_US / 1_000;

/** A command that was not answered yet. */
interface Waiting {
  readonly words: readonly string[];
  isSent: boolean;
  resolve(reply: RedisReply): void;
  reject(error: Error): void;
}

/** Its reply is what the server said: the library makes an object of that to HGETALL. */
class PlainCommand extends Command {
  override transformReply(reply: unknown): never {
    return plain(reply) as never;
  }
}

export class RedisSession {
  isOpen = true;
  onMessage: ((message: string) => void) | undefined;
  onEnd: (() => void) | undefined;
  private isReady = false;
  /** In the order of their calls. */
  private readonly waiting = new Set<Waiting>();
  private readonly redis: Redis;

  constructor(
    private readonly calls: ClientCalls,
    private readonly address: Address,
    private readonly onClosed: () => void,
  ) {
    const { host, port } = address;
    const redis = new Redis({ ...valuesOf(IOREDIS_OPTIONS), host, port });
    this.redis = redis;
    // Calls are told what became of them; without a listener the library would print it as well.
    redis.on('error', () => {});
    redis.on('close', () => this.lose());
    redis.on('message', (_channel, message) => {
      const { onMessage } = this;
      if (onMessage !== undefined) calls.event(() => onMessage(message));
    });
    redis.connect().then(
      () => this.ready(),
      () => this.lose(),
    );
  }

  private ready(): void {
    if (!this.isOpen) return;
    this.isReady = true;
    // What the server ended is lost from then on, not when this side has closed too.
    this.redis.stream.once('end', () => this.lose());
    for (const call of this.waiting) this.transmit(call);
  }

  /** Sends a command, as soon as the connection is there; the caller has entered. */
  run(words: readonly string[], callTimeoutMs: number | undefined): Promise<RedisReply> {
    const { waiting } = this;
    return new Promise((resolve, reject) => {
      const late = () => {
        waiting.delete(call);
        const isOwn = callTimeoutMs !== undefined;
        reject(isOwn ? new CallTimeout(callTimeoutMs) : new ConnectionLost(call.isSent));
        this.close();
      };
      const over = limitCall(callTimeoutMs ?? USER_TIMEOUT_MS, late);
      const call: Waiting = {
        words,
        isSent: false,
        resolve: (reply) => {
          over();
          resolve(reply);
        },
        reject: (error) => {
          over();
          reject(error);
        },
      };
      waiting.add(call);
      if (this.isReady) this.transmit(call);
    });
  }

  private transmit(call: Waiting): void {
    const { redis, waiting } = this;
    if (!redis.stream.writable) {
      this.lose();
      return;
    }
    const [name, ...args] = call.words;
    call.isSent = true;
    this.calls.sends(this.address.server, call.words.join(' '));
    const command = new PlainCommand(nameFor(name!), args);
    redis.sendCommand(command);
    command.promise.then(
      (reply: RedisReply) => {
        if (waiting.delete(call)) call.resolve(reply);
      },
      (error: Error) => {
        // All else that the library says of a command is that its connection is gone.
        if (!isReplyError(error)) this.close();
        else if (waiting.delete(call)) call.reject(new ReplyError(error.message));
      },
    );
  }

  /** This side closes; the server hears of it behind the commands that were written. */
  close(): void {
    if (!this.isOpen) return;
    const { redis, isReady } = this;
    if (isReady) redis.stream.destroySoon();
    else if (redis.stream === undefined) redis.disconnect();
    else redis.stream.destroy();
    this.lose();
  }

  private lose(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onMessage = undefined;
    this.onClosed();
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const { isSent, reject } of waiting) reject(new ConnectionLost(isSent));
    this.onEnd?.();
  }
}

/** The library knows a command that subscribes by its small letters alone. */
function nameFor(name: string): string {
  return Command.checkFlag('ENTER_SUBSCRIBER_MODE', name) ? name.toLowerCase() : name;
}

/** A reply as text, and numbers; an error among others is its text (docs/semantics.md, R7). */
function plain(reply: unknown): RedisReply {
  if (Buffer.isBuffer(reply)) return reply.toString();
  if (Array.isArray(reply)) return reply.map(plain);
  return reply instanceof Error ? reply.message : (reply as number | null);
}

/** What the library throws for a reply that is an error; its class is not part of its types. */
function isReplyError(error: Error): boolean {
  return error.name === 'ReplyError';
}
