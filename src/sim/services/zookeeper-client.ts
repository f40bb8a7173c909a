/**
 * A client of a simulated ZooKeeper, as a lock sees it: sessions that outlive their connections.
 * The session itself is a state machine (servers/zookeeper/client-session.ts); here it gets its
 * connections, its timer, and the callbacks of the watches that were set in it.
 */
import {
  type Created,
  type CreateMode,
  type SessionOptions,
  type SessionState,
  type WatchCallback,
  type ZnodeStat,
  type ZooKeeperClient,
  ZooKeeperError,
  type ZooKeeperOperation,
  type ZooKeeperSession,
} from '../../algorithms/zookeeper.js';
import { PURPOSE } from '../../random.js';
import type { Process, Timer } from '../client.js';
import { Connection } from '../connection.js';
import {
  ClientSession,
  type ClientSessionPort,
  type ClientState,
} from '../servers/zookeeper/client-session.js';
import { ERROR, errorName } from '../servers/zookeeper/errors.js';
import {
  CREATE_MODE,
  type CreateOperation,
  OPEN_ACL_UNSAFE,
  type Operation,
  type Request,
  type RequestBody,
  type Result,
  type ServerMessage,
  type WatchEventKind,
} from '../servers/zookeeper/messages.js';
import { never, type Route } from './service-connection.js';
import { hashRequest } from './zookeeper-hash.js';
import { requestText } from './zookeeper-text.js';

/** Servers of an ensemble, all of them in the connection string. */
export const MEMBERS = 3;

/** A connection to one server of the ensemble. */
export class Channel extends Connection {
  constructor(
    { process, link, host, numbers }: Route,
    /** Number of that server, from 1. */
    readonly member: number,
    private readonly session: SimZooKeeperSession,
  ) {
    super(process, link, host, numbers.next());
  }

  override onPush = (body: unknown): boolean => {
    const message = body as ServerMessage;
    this.process.run(() => this.session.heard(this, message));
    return message.type === 'event';
  };

  override onClose = (): void => this.session.broken(this);
}

export class SimZooKeeperClient implements ZooKeeperClient {
  readonly server: string;

  constructor(private readonly route: Route) {
    this.server = route.host.id;
  }

  connect(options: SessionOptions): ZooKeeperSession {
    const session = new SimZooKeeperSession(this.route, options);
    if (this.route.process.enter()) session.start();
    return session;
  }
}

const MODES: Readonly<Record<CreateMode, number>> = {
  persistent: CREATE_MODE.persistent,
  ephemeral: CREATE_MODE.ephemeral,
  'persistent-sequential': CREATE_MODE.persistentSequential,
  'ephemeral-sequential': CREATE_MODE.ephemeralSequential,
  container: CREATE_MODE.container,
};

/** Which of the three lists of watches a read sets its own in. */
type WatchKind = 'data' | 'child';

class SimZooKeeperSession implements ZooKeeperSession, ClientSessionPort {
  private readonly session: ClientSession;
  private readonly process: Process;
  private channel: Channel | undefined;
  private timer: Timer | undefined;
  private readonly watches: Record<WatchKind, Map<string, WatchCallback[]>> = {
    data: new Map(),
    child: new Map(),
  };
  private listeners: ((state: SessionState) => void)[] = [];
  /** Clients have the servers of the connection string in an order of their own. */
  private offset = 0;

  constructor(
    private readonly route: Route,
    private readonly options: SessionOptions,
  ) {
    const { timeoutMs, restoresWatches = true, sessionExpirationPercent } = options;
    this.process = route.process;
    this.session = new ClientSession(
      {
        timeoutMs,
        servers: MEMBERS,
        restoresWatches,
        ...(sessionExpirationPercent !== undefined && { sessionExpirationPercent }),
      },
      this,
    );
  }

  start(): void {
    const { process } = this;
    this.offset = process.host.subject.decide(PURPOSE.random, MEMBERS, 0);
    process.sessionsOpen += 1;
    this.session.start();
  }

  // What a lock calls.

  get sessionId(): number {
    return this.session.sessionId;
  }

  get timeoutMs(): number {
    return this.session.timeoutMs;
  }

  async create(path: string, data: string, mode: CreateMode): Promise<Created> {
    const answer = await this.ask(toCreate(path, data, mode), path);
    return { path: answer.path!, stat: answer.stat! };
  }

  async delete(path: string, version = -1): Promise<void> {
    await this.ask({ type: 'delete', path, version }, path);
  }

  exists(path: string, watch?: WatchCallback): Promise<ZnodeStat | undefined> {
    const body = { type: 'exists', path, watch: watch !== undefined } as const;
    return this.call(body, (error, answer, resolve, reject) => {
      if (error !== ERROR.OK && error !== ERROR.NONODE) return reject(failure(error, path));
      this.watch('data', path, watch);
      resolve(answer?.stat);
    });
  }

  getData(path: string, watch?: WatchCallback): Promise<{ data: string; stat: ZnodeStat }> {
    const body = { type: 'getData', path, watch: watch !== undefined } as const;
    return this.call(body, (error, answer, resolve, reject) => {
      if (error !== ERROR.OK) return reject(failure(error, path));
      this.watch('data', path, watch);
      resolve({ data: answer!.data ?? '', stat: answer!.stat! });
    });
  }

  async setData(path: string, data: string, version = -1): Promise<ZnodeStat> {
    return (await this.ask({ type: 'setData', path, data, version }, path)).stat!;
  }

  getChildren(path: string, watch?: WatchCallback): Promise<readonly string[]> {
    const body = { type: 'getChildren', path, watch: watch !== undefined } as const;
    return this.call(body, (error, answer, resolve, reject) => {
      if (error !== ERROR.OK) return reject(failure(error, path));
      this.watch('child', path, watch);
      resolve(answer!.children!);
    });
  }

  async sync(path: string): Promise<void> {
    await this.ask({ type: 'sync', path }, path);
  }

  multi(operations: readonly ZooKeeperOperation[]): Promise<void> {
    const body = { type: 'multi', operations: operations.map(toOperation) } as const;
    return this.call(body, (error, answer, resolve, reject) => {
      const failedAt = answer?.results?.findIndex((one) => one.error !== ERROR.OK) ?? -1;
      const first = operations[Math.max(failedAt, 0)]?.path ?? '/';
      if (failedAt >= 0) reject(failure(answer!.results![failedAt]!.error, first));
      else if (error !== ERROR.OK) reject(failure(error, first));
      else resolve(undefined);
    });
  }

  onState(listener: (state: SessionState) => void): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  close(): void {
    if (this.process.enter()) this.session.close();
  }

  /** A call whose answer is a result or an error. */
  private ask(body: RequestBody, path: string): Promise<Result> {
    return this.call(body, (error, answer, resolve, reject) => {
      if (error === ERROR.OK) resolve(answer ?? NOTHING);
      else reject(failure(error, path));
    });
  }

  private call<T>(
    body: RequestBody,
    done: (
      error: number,
      answer: Result | undefined,
      resolve: (value: T) => void,
      reject: (error: Error) => void,
    ) => void,
  ): Promise<T> {
    if (!this.process.enter()) return never();
    return new Promise((resolve, reject) => {
      this.session.call(body, (error, answer) => done(error, answer, resolve, reject));
    });
  }

  private watch(kind: WatchKind, path: string, callback: WatchCallback | undefined): void {
    if (callback === undefined) return;
    const callbacks = this.watches[kind].get(path);
    if (callbacks === undefined) this.watches[kind].set(path, [callback]);
    else callbacks.push(callback);
  }

  // What its connections tell.

  heard(channel: Channel, message: ServerMessage): void {
    if (channel === this.channel) this.session.received(message);
  }

  broken(channel: Channel): void {
    if (channel !== this.channel) return;
    this.channel = undefined;
    this.session.disconnected();
  }

  // What the state machine asks for.

  monoUs(): number {
    const { host } = this.process;
    return host.mono.read(host.frontierUs);
  }

  wallUs(): number {
    const { host } = this.process;
    return host.wall.read(host.frontierUs);
  }

  open(server: number): void {
    const member = ((server - 1 + this.offset) % MEMBERS) + 1;
    this.channel = new Channel(this.route, member, this);
    this.session.opened();
  }

  send(request: Request): void {
    const { process, channel } = this;
    if (process.releasing !== undefined && !isOfSession(request)) process.releaseLeaves();
    const text = process.host.world.trace === undefined ? '' : requestText(request);
    // What the answer is, or that none will come, the state machine is told.
    channel?.send(request, hashRequest(request), text).catch(() => {});
  }

  hangUp(): void {
    const { channel } = this;
    this.channel = undefined;
    channel?.close();
  }

  /** A timer that is due earlier stays: waking up for nothing costs less than a new one. */
  setAlarm(_clock: 'mono', atUs: number | undefined): void {
    const { timer, process } = this;
    if (timer !== undefined && atUs !== undefined && timer.dueMonoUs <= atUs) return;
    if (timer !== undefined) process.cancelTimer(timer);
    this.timer = undefined;
    if (atUs === undefined) return;
    const delayUs = Math.max(0, atUs - this.monoUs());
    this.timer = process.setTimer(delayUs, this.alarm, false);
  }

  private readonly alarm = (): void => {
    this.timer = undefined;
    this.session.alarm();
  };

  choose(n: number): number {
    return this.process.host.subject.decide(PURPOSE.random, n, n >> 1);
  }

  stateChanged(state: ClientState): void {
    if (state === 'CLOSED') {
      this.process.sessionsOpen -= 1;
      return;
    }
    for (const listener of this.listeners.slice()) listener(state);
    if (state !== 'CONNECTED') this.tellWatchers(state);
  }

  /** Watchers are told of every state; their watches are gone where nobody sets them again. */
  private tellWatchers(state: SessionState): void {
    const told: WatchCallback[] = [];
    const { restoresWatches = true } = this.options;
    for (const watches of [this.watches.data, this.watches.child]) {
      for (const callbacks of watches.values()) told.push(...callbacks);
      if (state === 'LOST' || !restoresWatches) watches.clear();
    }
    for (const callback of told) callback('state');
  }

  watchFired(event: WatchEventKind, path: string): void {
    const told: WatchCallback[] = [];
    if (event !== 'NodeChildrenChanged') take(this.watches.data, path, told);
    if (event === 'NodeDeleted' || event === 'NodeChildrenChanged') {
      take(this.watches.child, path, told);
    }
    for (const callback of told) callback('changed');
  }
}

const NOTHING: Result = {
  path: undefined,
  data: undefined,
  children: undefined,
  stat: undefined,
  results: undefined,
};

function take(watches: Map<string, WatchCallback[]>, path: string, into: WatchCallback[]): void {
  into.push(...(watches.get(path) ?? []));
  watches.delete(path);
}

function failure(error: number, path: string): ZooKeeperError {
  return new ZooKeeperError(errorName(error), path);
}

/** Whether a request is the session's own business, and none of the code that uses it. */
function isOfSession({ type }: Request): boolean {
  return type === 'connect' || type === 'ping' || type === 'setWatches';
}

function toCreate(path: string, data: string, mode: CreateMode): CreateOperation {
  const type = mode === 'container' ? 'createContainer' : 'create2';
  return { type, path, data, acl: OPEN_ACL_UNSAFE, flags: MODES[mode] };
}

function toOperation(operation: ZooKeeperOperation): Operation {
  switch (operation.type) {
    case 'create':
      return toCreate(operation.path, operation.data, operation.mode);
    case 'delete':
    case 'check':
      return { type: operation.type, path: operation.path, version: operation.version ?? -1 };
    case 'setData': {
      const { type, path, data, version = -1 } = operation;
      return { type, path, data, version };
    }
  }
}
