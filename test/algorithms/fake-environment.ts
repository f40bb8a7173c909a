/**
 * A world for one lock at a time: a manual clock, simulated servers, and links on which a
 * test can lose, delay or refuse the next request. Small enough to be checked by reading, and
 * without the simulator's kernel, so that a lock's tests fail for the lock's mistakes alone.
 */
import {
  CallTimeout,
  ConnectionLost,
  type Environment,
  type RedisArgument,
  type RedisConnection,
  type RedisReply,
  ReplyError,
  type Subscription,
} from '../../src/algorithms/environment.js';
import type { RedisServer } from '../../src/sim/servers/redis/port.js';
import { RedisError, type Reply, Status } from '../../src/sim/servers/redis/reply.js';
import { createRedisServer } from '../../src/sim/servers/redis/server.js';
import { FakeCluster, FakeEtcdConnection } from './fake-etcd.js';
import { FakeDatabase, FakePool } from './fake-postgres.js';
import { FakeEnsemble, FakeZooKeeperClient } from './fake-zookeeper.js';
import { readable } from './readable.js';

/** What happens to the next request on a link. Latency is 1 ms each way otherwise. */
export type Strike =
  | 'lost-request'
  | 'lost-reply'
  | 'silence'
  | { readonly error: string }
  | { readonly delayRequestMs: number }
  | { readonly delayReplyMs: number };

const LATENCY_MS = 1;

interface WorldEvent {
  readonly atUs: number;
  readonly run: () => void;
  /** Set for timers of client code: those that a lock must not leave behind. */
  readonly timerOf?: string;
}

export class FakeWorld {
  private nowUs = 0;
  private events: WorldEvent[] = [];
  readonly servers: FakeServer[];
  readonly cluster: FakeCluster;
  readonly database: FakeDatabase;
  readonly ensemble: FakeEnsemble;
  /** One line for each request a server carried out: `2 A r1 SET k A1 NX PX 10000`. */
  readonly log: string[] = [];
  private owners = 0;

  constructor(servers = 1) {
    this.servers = Array.from({ length: servers }, (_, i) => new FakeServer(`r${i + 1}`, this));
    this.cluster = new FakeCluster(this);
    this.database = new FakeDatabase(this);
    this.ensemble = new FakeEnsemble(this);
  }

  get nowMs(): number {
    return this.nowUs / 1000;
  }

  /** Time passes inside a call of the one client there is; what was due meanwhile comes after. */
  pause(ms: number): void {
    this.nowUs += Math.round(ms * 1000);
  }

  client(name: string): FakeClient {
    return new FakeClient(this, name);
  }

  newOwnerId(client: string): string {
    this.owners += 1;
    return `${client}${this.owners}`;
  }

  /** After `delayMs`; events of one instant run in the order of their creation. */
  schedule(delayMs: number, run: () => void, timerOf?: string): () => void {
    const atUs = this.nowUs + Math.max(0, Math.ceil(delayMs * 1000 - 0.001));
    const event: WorldEvent = timerOf === undefined ? { atUs, run } : { atUs, run, timerOf };
    const after = this.events.findIndex((other) => other.atUs > atUs);
    this.events.splice(after === -1 ? this.events.length : after, 0, event);
    return () => {
      this.events = this.events.filter((other) => other !== event);
    };
  }

  /** Timers of that client which have not fired and were not cancelled. */
  timersOf(client: string): number {
    return this.events.filter((event) => event.timerOf === client).length;
  }

  /** Lets the world run until the promise settles; drained after each event. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    for (;;) {
      await drained();
      if (settled) return promise;
      if (!this.next()) throw new Error(`nothing left to happen at ${this.nowMs} ms`);
    }
  }

  /** Lets the world run for so long. */
  async advance(ms: number): Promise<void> {
    const untilUs = this.nowUs + Math.round(ms * 1000);
    await drained();
    while (this.events[0] !== undefined && this.events[0].atUs <= untilUs) {
      this.next();
      await drained();
    }
    this.nowUs = untilUs;
  }

  private next(): boolean {
    const event = this.events.shift();
    if (event === undefined) return false;
    this.nowUs = Math.max(this.nowUs, event.atUs);
    event.run();
    return true;
  }
}

function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** One Redis whose wall clock is the world's. It has no replicas, but can answer as if. */
export class FakeServer {
  /** How many replicas a WAIT is told of, and how many are connected; absent: the same. */
  replicas = 0;
  connectedReplicas: number | undefined;
  private readonly redis: RedisServer;
  private reply: Reply | undefined;
  /** Who listens on the other connections. */
  private readonly listeners = new Map<number, (message: string) => void>();
  private connections = 1;

  constructor(
    readonly id: string,
    world: FakeWorld,
  ) {
    const nowUs = () => Math.round(world.nowMs * 1000);
    this.redis = createRedisServer(
      { persistence: 'always', replicaLagUs: [] },
      {
        wallUs: nowUs,
        monoUs: nowUs,
        send: (connection, reply) => {
          if (connection === 1) this.reply = reply;
          else if (Array.isArray(reply) && reply[0] === 'message') {
            world.schedule(LATENCY_MS, () => this.listeners.get(connection)?.(String(reply[2])));
          }
        },
        setAlarm: () => {}, // keys that have expired are dropped when somebody looks
        keyChanged: () => {},
        resume: (_connection: number, apply: () => void) => apply(),
        choose: () => 0,
      },
    );
    this.redis.connect(1);
  }

  /** Carries out a command; throws `ReplyError`. */
  execute(...words: string[]): RedisReply {
    if (words[0] === 'WAIT') return this.replicas;
    if (words[0] === 'INFO') {
      return `# Replication\r\nconnected_slaves:${this.connectedReplicas ?? this.replicas}\r\n`;
    }
    this.redis.execute(1, words);
    const { reply } = this;
    if (reply instanceof RedisError) throw new ReplyError(reply.text);
    return reply instanceof Status ? reply.text : (reply as RedisReply);
  }

  /** A connection that listens to a channel; answers how to end it. */
  listen(channel: string, onMessage: (message: string) => void): () => void {
    this.connections += 1;
    const number = this.connections;
    this.listeners.set(number, onMessage);
    this.redis.connect(number);
    this.redis.execute(number, ['SUBSCRIBE', channel]);
    return () => {
      this.listeners.delete(number);
      this.redis.disconnect(number);
    };
  }

  /** How many connections listen to a channel. */
  listenersOf(channel: string): number {
    return (this.execute('PUBSUB', 'NUMSUB', channel) as [string, number])[1];
  }

  get(key: string): string | null {
    return this.execute('GET', key) as string | null;
  }

  /** Milliseconds left, or Infinity. */
  ttlMs(key: string): number | undefined {
    const leftMs = this.execute('PTTL', key) as number;
    return leftMs === -2 ? undefined : leftMs === -1 ? Number.POSITIVE_INFINITY : leftMs;
  }

  set(key: string, value: string, ttlMs?: number): void {
    this.execute('SET', key, value, ...(ttlMs === undefined ? [] : ['PX', String(ttlMs)]));
  }

  flush(): void {
    this.execute('FLUSHALL');
  }
}

export class FakeClient implements Environment {
  readonly redis: readonly FakeConnection[];
  readonly etcd: readonly FakeEtcdConnection[];
  readonly postgres: readonly FakePool[];
  readonly zookeeper: readonly FakeZooKeeperClient[];
  /** What `random` answers. */
  nextRandom = 0.5;
  /** Pauses that strike when the next calls of that name are entered, in milliseconds. */
  readonly pausesMs: Record<'monoMs' | 'after', number[]> = { monoMs: [], after: [] };

  constructor(
    private readonly world: FakeWorld,
    readonly client: string,
  ) {
    this.redis = world.servers.map((server) => new FakeConnection(world, client, server));
    this.etcd = [new FakeEtcdConnection(world, client, world.cluster)];
    this.postgres = [new FakePool({ world, client, database: world.database, strikes: [] })];
    this.zookeeper = [new FakeZooKeeperClient(world, client, world.ensemble)];
  }

  /** How far the wall clock is ahead; a lock may look at it only where a test says so. */
  wallAheadMs: number | undefined;

  wallMs(): number {
    if (this.wallAheadMs === undefined) throw new Error('no lock may look at the wall clock');
    return this.world.nowMs + this.wallAheadMs;
  }

  monoMs(): number {
    this.enter('monoMs');
    return this.world.nowMs;
  }

  private enter(call: 'monoMs' | 'after'): void {
    this.world.pause(this.pausesMs[call].shift() ?? 0);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.world.schedule(ms, resolve, this.client);
      signal?.addEventListener('abort', () => {
        cancel();
        resolve();
      });
    });
  }

  after(ms: number, callback: () => void): () => void {
    this.enter('after');
    return this.world.schedule(ms, callback, this.client);
  }

  random(): number {
    return this.nextRandom;
  }

  ownerId(): string {
    return this.world.newOwnerId(this.client);
  }
}

interface PendingCall {
  readonly reject: (error: Error) => void;
  readonly cancelTimer: () => void;
}

/** One connection with first-in-first-out lanes; it opens again by itself after a loss. */
export class FakeConnection implements RedisConnection {
  readonly server: string;
  private readonly link: {
    strikes: Strike[];
    pending: Set<PendingCall>;
    arrivesAtMs: number;
    subscriptionDelayMs: number;
  };

  constructor(
    private readonly world: FakeWorld,
    private readonly client: string,
    private readonly target: FakeServer,
    private readonly callTimeoutMs?: number,
    link?: FakeConnection['link'],
  ) {
    this.server = target.id;
    this.link = link ?? {
      strikes: [],
      pending: new Set(),
      arrivesAtMs: 0,
      subscriptionDelayMs: 0,
    };
  }

  /** What happens to the next requests, in order. */
  strike(...strikes: Strike[]): void {
    this.link.strikes.push(...strikes);
  }

  within(callTimeoutMs: number): RedisConnection {
    return new FakeConnection(this.world, this.client, this.target, callTimeoutMs, this.link);
  }

  call(command: string, ...args: RedisArgument[]): Promise<RedisReply> {
    return this.send([command, ...args].map(String));
  }

  eval(
    script: string,
    keys: readonly string[],
    args: readonly RedisArgument[] = [],
  ): Promise<RedisReply> {
    return this.send(['EVAL', script, keys.length, ...keys, ...args].map(String));
  }

  /** What holds up requests holds up nobody who subscribes, on a connection of his own. */
  subscribe(channel: string, onMessage: (message: string) => void): Promise<Subscription> {
    const { world, target, link } = this;
    return new Promise((resolve) => {
      world.schedule(LATENCY_MS + link.subscriptionDelayMs, () => {
        const end = target.listen(channel, onMessage);
        const lost = new Promise<void>(() => {});
        world.schedule(LATENCY_MS, () => resolve({ close: end, lost }));
      });
    });
  }

  /** How much longer a subscription takes to arrive. */
  delaySubscriptions(byMs: number): void {
    this.link.subscriptionDelayMs = byMs;
  }

  close(): void {
    const { pending } = this.link;
    this.link.pending = new Set();
    this.link.arrivesAtMs = 0;
    for (const call of pending) {
      call.cancelTimer();
      call.reject(new ConnectionLost(true));
    }
  }

  private send(words: readonly string[]): Promise<RedisReply> {
    const { world, link, client, target } = this;
    return new Promise((resolve, reject) => {
      const strike = link.strikes.shift();
      const cancelTimer =
        this.callTimeoutMs === undefined
          ? () => {}
          : world.schedule(this.callTimeoutMs, () => {
              reject(new CallTimeout(this.callTimeoutMs!));
              this.close();
            });
      const call: PendingCall = { reject, cancelTimer };
      const { pending } = link;
      pending.add(call);
      const settle = (act: () => void): void => {
        if (!pending.delete(call)) return;
        cancelTimer();
        act();
      };
      const latencyMs = LATENCY_MS + extraMs(strike, 'delayRequestMs');
      link.arrivesAtMs = Math.max(link.arrivesAtMs, world.nowMs + latencyMs);
      world.schedule(link.arrivesAtMs - world.nowMs, () => {
        if (strike === 'silence') return;
        if (strike === 'lost-request') return this.close();
        let answer: () => void;
        if (typeof strike === 'object' && 'error' in strike) {
          answer = () => reject(new ReplyError(strike.error));
        } else {
          const reply = target.execute(...words);
          world.log.push(`${world.nowMs} ${client} ${target.id} ${readable(words)}`);
          answer = () => resolve(reply);
        }
        if (strike === 'lost-reply') return this.close();
        world.schedule(LATENCY_MS + extraMs(strike, 'delayReplyMs'), () => settle(answer));
      });
    });
  }
}

function extraMs(strike: Strike | undefined, kind: 'delayRequestMs' | 'delayReplyMs'): number {
  if (typeof strike !== 'object') return 0;
  return (strike as Partial<Record<typeof kind, number>>)[kind] ?? 0;
}
