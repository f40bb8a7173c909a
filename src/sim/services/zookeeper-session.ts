/**
 * The session of a client library over its state machine: the calls that a lock makes, the
 * callbacks of the watches that they set, and word of every change of state. How bytes get to a
 * server, and what time it is, is the business of whoever lets it run.
 */
import {
  type Created,
  type CreateMode,
  type SessionOptions,
  type SessionState,
  type WatchCallback,
  type ZnodeStat,
  ZooKeeperError,
  type ZooKeeperOperation,
  type ZooKeeperSession,
} from '../../algorithms/zookeeper.js';
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
  type WatchEventKind,
} from '../servers/zookeeper/messages.js';

/** Servers of an ensemble, all of them in the connection string. */
export const MEMBERS = 3;

const MODES: Readonly<Record<CreateMode, number>> = {
  persistent: CREATE_MODE.persistent,
  ephemeral: CREATE_MODE.ephemeral,
  'persistent-sequential': CREATE_MODE.persistentSequential,
  'ephemeral-sequential': CREATE_MODE.ephemeralSequential,
  container: CREATE_MODE.container,
};

/** Which of the three lists of watches a read sets its own in. */
type WatchKind = 'data' | 'child';

export abstract class LibrarySession implements ZooKeeperSession, ClientSessionPort {
  protected readonly session: ClientSession;
  private readonly watches: Record<WatchKind, Map<string, WatchCallback[]>> = {
    data: new Map(),
    child: new Map(),
  };
  private listeners: ((state: SessionState) => void)[] = [];

  constructor(private readonly options: SessionOptions) {
    const { timeoutMs, restoresWatches = true, sessionExpirationPercent } = options;
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

  /** A call of the lock begins; `false`: nobody is there any more to make it. */
  protected abstract enter(): boolean;
  /** It was closed by `close`. */
  protected abstract ended(): void;
  abstract monoUs(): number;
  abstract wallUs(): number;
  abstract open(server: number): void;
  abstract send(request: Request): void;
  abstract hangUp(): void;
  abstract setAlarm(clock: 'mono', atUs: number | undefined): void;
  abstract choose(n: number): number;

  get sessionId(): number {
    return this.session.sessionId;
  }

  get timeoutMs(): number {
    return this.session.timeoutMs;
  }

  create(path: string, data: string, mode: CreateMode): Promise<Created> {
    return this.call(toCreate(path, data, mode), (error, answer, resolve, reject) => {
      if (error !== ERROR.OK) return reject(failure(error, path));
      resolve({ path: answer!.path!, stat: answer!.stat! });
    });
  }

  delete(path: string, version = -1): Promise<void> {
    return this.call({ type: 'delete', path, version }, (error, _answer, resolve, reject) => {
      if (error === ERROR.OK) resolve();
      else reject(failure(error, path));
    });
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
      else resolve();
    });
  }

  onState(listener: (state: SessionState) => void): () => void {
    this.listeners.push(listener);
    return () => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    };
  }

  close(): void {
    if (this.enter()) this.session.close();
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
    if (!this.enter()) return new Promise(() => {});
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

  stateChanged(state: ClientState): void {
    if (state === 'CLOSED') {
      this.ended();
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
