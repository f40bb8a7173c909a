/**
 * An etcd cluster for the small world of a lock's tests: the simulated server on the world's clock,
 * and connections that take 1 ms each way, whose requests or answers a test can hold up.
 */
import { CallTimeout } from '../../src/algorithms/environment.js';
import type { EtcdOperation, EtcdTxn, EtcdWatchNews } from '../../src/algorithms/etcd.js';
import type { EtcdConnection } from '../../src/algorithms/etcd-connection.js';
import type { EtcdMessage, EtcdRequest } from '../../src/sim/servers/etcd/messages.js';
import type { EtcdServer } from '../../src/sim/servers/etcd/port.js';
import { createEtcdServer } from '../../src/sim/servers/etcd/server.js';
import { requestText } from '../../src/sim/services/etcd-text.js';
import { toClientAnswer, toOperation, toTxn } from '../../src/sim/services/etcd-translation.js';
import type { FakeWorld } from './fake-environment.js';

const LATENCY_MS = 1;

export class FakeCluster {
  readonly server: EtcdServer;
  private readonly ends = new Map<number, (message: EtcdMessage) => void>();
  private cancelAlarm = () => {};

  constructor(readonly world: FakeWorld) {
    this.server = createEtcdServer(
      { heartbeatMs: 100, electionMs: 1_000 },
      {
        monoUs: () => Math.round(world.nowMs * 1_000),
        send: (connection, message) => this.ends.get(connection)?.(message),
        setAlarm: (_clock, atUs) => {
          this.cancelAlarm();
          if (atUs === undefined) return;
          this.cancelAlarm = world.schedule(atUs / 1_000 - world.nowMs, () => this.server.alarm());
        },
        leaseChanged: () => {},
        keyChanged: () => {},
        choose: () => 0,
      },
    );
  }

  /** A connection whose messages go to `end`; answers its number. */
  connect(end: (message: EtcdMessage) => void): number {
    const number = this.ends.size + 1;
    this.ends.set(number, end);
    this.server.connect(number);
    return number;
  }

  /** The keys from `job/` on, read past all connections. */
  keys(): string[] {
    let keys: string[] = [];
    const connection = this.connect(({ body }) => {
      if (body.type === 'range') keys = body.kvs.map(({ key }) => key);
    });
    const all = toOperation({ type: 'range', key: '\0', rangeEnd: '\0' });
    this.server.execute(connection, all);
    return keys;
  }
}

interface FakeLink {
  readonly number: number;
  sent: number;
  readonly calls: Map<number, (body: EtcdMessage) => void>;
  readonly watchers: Map<number, (news: EtcdWatchNews) => void>;
  /** Until when what is sent to the server is held. */
  heldUntilMs: number;
}

export class FakeEtcdConnection implements EtcdConnection {
  readonly server = 'e1';
  private readonly link: FakeLink;

  constructor(
    private readonly world: FakeWorld,
    private readonly client: string,
    private readonly cluster: FakeCluster,
    private readonly callTimeoutMs?: number,
    link?: FakeLink,
  ) {
    this.link = link ?? this.connect();
  }

  private connect(): FakeLink {
    const { world } = this;
    const calls: FakeLink['calls'] = new Map();
    const watchers: FakeLink['watchers'] = new Map();
    const number = this.cluster.connect((message) => {
      world.schedule(LATENCY_MS, () => {
        const { call, body } = message;
        if (call !== undefined) calls.get(call)?.(message);
        else if (body.type === 'watch') watchers.get(body.watchId)?.(body);
      });
    });
    return { number, sent: 0, calls, watchers, heldUntilMs: 0 };
  }

  /** For so long nothing that this client sends arrives; what the server sends does. */
  hold(ms: number): void {
    this.link.heldUntilMs = this.world.nowMs + ms;
  }

  within(callTimeoutMs: number): EtcdConnection {
    return new FakeEtcdConnection(this.world, this.client, this.cluster, callTimeoutMs, this.link);
  }

  private ask<T>(request: EtcdRequest): Promise<T> {
    const { world, link, cluster, client, callTimeoutMs } = this;
    const call = link.sent++;
    return new Promise((resolve, reject) => {
      let cancelTimer = () => {};
      if (callTimeoutMs !== undefined && callTimeoutMs !== Number.POSITIVE_INFINITY) {
        cancelTimer = world.schedule(callTimeoutMs, () => {
          link.calls.delete(call);
          reject(new CallTimeout(callTimeoutMs));
        });
      }
      link.calls.set(call, (message) => {
        cancelTimer();
        link.calls.delete(call);
        const answer = toClientAnswer(message);
        if (answer instanceof Error) reject(answer);
        else resolve(answer as T);
      });
      const arrivesAtMs = Math.max(world.nowMs, link.heldUntilMs) + LATENCY_MS;
      world.schedule(arrivesAtMs - world.nowMs, () => {
        world.log.push(`${world.nowMs} ${client} e1 ${requestText(request)}`);
        cluster.server.execute(link.number, request);
      });
    });
  }

  private operate<T>(operation: EtcdOperation): Promise<T> {
    return this.ask(toOperation(operation));
  }

  grant = (ttlMs: number, id = 0) =>
    this.ask<never>({ type: 'leaseGrant', id, ttlSeconds: Math.ceil(ttlMs / 1_000) });
  keepAlive = (id: number) => this.ask<never>({ type: 'leaseKeepAlive', id });
  revoke = (id: number) => this.ask<never>({ type: 'leaseRevoke', id });
  timeToLive = (id: number) => this.ask<never>({ type: 'leaseTimeToLive', id, keys: false });
  put = (key: string, value: string, options = {}) =>
    this.operate<never>({ type: 'put', key, value, ...options });
  range = (key: string, options = {}) => this.operate<never>({ type: 'range', key, ...options });
  delete = (key: string, options = {}) =>
    this.operate<never>({ type: 'deleteRange', key, ...options });
  txn = (txn: EtcdTxn) => this.ask<never>(toTxn(txn));

  watch: EtcdConnection['watch'] = async (key, { startRevision = 0 }, onNews) => {
    const { watchers } = this.link;
    const watchId = watchers.size + 1;
    watchers.set(watchId, onNews);
    const all = { rangeEnd: '', prevKv: false, noPut: false, noDelete: false } as const;
    await this.ask({ type: 'watchCreate', key, ...all, startRevision, watchId });
    return { cancel: () => watchers.set(watchId, () => {}), lost: new Promise(() => {}) };
  };

  close(): void {
    throw new Error('no built-in lock closes its connection');
  }
}
