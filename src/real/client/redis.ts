/**
 * A lock's connection to a real Redis, over ioredis. It opens on first use and again after it was
 * lost; nothing is sent twice and nothing waits for a connection to come back (docs/semantics.md,
 * R7): the library would do all of that by default.
 */
import type {
  RedisArgument,
  RedisConnection,
  RedisReply,
  Subscription,
} from '../../algorithms/environment.js';
import { callWords, evalWords } from '../../sim/services/redis-words.js';
import { callTimeoutFrom } from '../../sim/services/service-connection.js';
import type { Address, ClientCalls } from './client-calls.js';
import { RedisSession } from './redis-session.js';

/** The way to one server. Nothing is opened yet. */
export function redisConnection(calls: ClientCalls, address: Address): RedisConnection {
  return new RealRedisConnection(new Way(calls, address));
}

/** What connections to one server share that were made by `within`. */
class Way {
  /** The session in use. */
  private session: RedisSession | undefined;

  constructor(
    readonly calls: ClientCalls,
    readonly address: Address,
  ) {}

  current(): RedisSession {
    if (this.session !== undefined) return this.session;
    const session: RedisSession = new RedisSession(this.calls, this.address, () => {
      if (this.session === session) this.session = undefined;
    });
    this.session = session;
    return session;
  }

  close(): void {
    this.session?.close();
  }
}

class RealRedisConnection implements RedisConnection {
  readonly server: string;

  constructor(
    private readonly way: Way,
    private readonly callTimeoutMs?: number,
  ) {
    this.server = way.address.server;
  }

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

  async subscribe(channel: string, onMessage: (message: string) => void): Promise<Subscription> {
    const { calls, address } = this.way;
    calls.enter();
    const session = new RedisSession(calls, address, () => {});
    session.onMessage = onMessage;
    const lost = new Promise<void>((resolve) => {
      session.onEnd = resolve;
    });
    await session.run(['SUBSCRIBE', channel], this.callTimeoutMs);
    return { close: () => session.close(), lost };
  }

  within(callTimeoutMs: number): RedisConnection {
    return new RealRedisConnection(this.way, callTimeoutFrom(callTimeoutMs, 'within'));
  }

  close(): void {
    this.way.calls.enter();
    this.way.close();
  }

  private command(words: readonly string[]): Promise<RedisReply> {
    this.way.calls.enter();
    return this.way.current().run(words, this.callTimeoutMs);
  }
}
