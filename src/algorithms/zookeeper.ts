/**
 * What a lock sees of a ZooKeeper: its client's session, as Apache Curator and kazoo show it. A
 * service like the others of an environment; every call may be paused on entry (R4).
 *
 * The client keeps one session over many connections, and opens a new one when that has ended. What
 * a call answers when its connection breaks is `CONNECTIONLOSS`: it may have been carried out, and
 * nothing is sent twice. Watches are one-shot, and are told to the callback given with the read
 * that set them.
 */

/** `persistent` but for what they say; a container goes when its last child has gone. */
export type CreateMode =
  | 'persistent'
  | 'ephemeral'
  | 'persistent-sequential'
  | 'ephemeral-sequential'
  | 'container';

export interface ZnodeStat {
  /** Transaction that created it: a candidate for a fencing token. */
  readonly czxid: number;
  readonly mzxid: number;
  readonly version: number;
  /** Session that it ends with; 0: with none. */
  readonly ephemeralOwner: number;
  readonly numChildren: number;
}

/**
 * `changed`: the watch fired, and is gone. `state`: the state of the session changed; with Java the
 * watch is still set and comes back with the connection, with kazoo it is gone.
 */
export type WatchCallback = (event: 'changed' | 'state') => void;

export type ZooKeeperOperation =
  | { readonly type: 'check'; readonly path: string; readonly version: number }
  | {
      readonly type: 'create';
      readonly path: string;
      readonly data: string;
      readonly mode: CreateMode;
    }
  | { readonly type: 'delete'; readonly path: string; readonly version?: number }
  | {
      readonly type: 'setData';
      readonly path: string;
      readonly data: string;
      readonly version?: number;
    };

/**
 * The names of upstream's KeeperException: `NONODE`, `NODEEXISTS`, `NOTEMPTY`, `BADVERSION`,
 * `NOCHILDRENFOREPHEMERALS`, `CONNECTIONLOSS` (may have been carried out), `SESSIONEXPIRED` (was
 * not, or its ephemeral znodes are gone), …
 */
export class ZooKeeperError extends Error {
  override readonly name = 'ZooKeeperError';
  constructor(
    readonly code: string,
    readonly path: string,
  ) {
    super(`${code} for ${path}`);
  }

  /** Whether the request certainly was not carried out. */
  get refused(): boolean {
    return this.code !== 'CONNECTIONLOSS';
  }
}

/**
 * CONNECTED: for the first time. SUSPENDED: no connection; the session may live on. RECONNECTED:
 * with the same session, or after LOST with a new one. LOST: the session has ended, as a server
 * said, or, with Curator, has been out of reach for as long as its timeout.
 */
export type SessionState = 'CONNECTED' | 'SUSPENDED' | 'RECONNECTED' | 'LOST';

export interface SessionOptions {
  /** Timeout to ask for, in milliseconds; a server holds it between 2 and 20 of its ticks. */
  readonly timeoutMs: number;
  /** Whether watches are set again on a new connection: Java yes (the default), kazoo no. */
  readonly restoresWatches?: boolean;
  /**
   * Curator's `simulatedSessionExpirationPercent`: the share of the timeout after which a session
   * that is out of reach is given up as LOST. Absent: only a server's word ends it.
   */
  readonly sessionExpirationPercent?: number;
}

/** The way to one ensemble. */
export interface ZooKeeperClient {
  /** Name of the ensemble, `z1`. */
  readonly server: string;
  /** Begins a session, and answers before it is connected. */
  connect(options: SessionOptions): ZooKeeperSession;
}

export interface Created {
  /** Of a sequential znode with its number. */
  readonly path: string;
  readonly stat: ZnodeStat;
}

/** All calls reject with `ZooKeeperError`. Paths are absolute; `version` absent: any. */
export interface ZooKeeperSession {
  /** 0 while there is none. The owner of the ephemeral znodes created in it. */
  readonly sessionId: number;
  /** As agreed on with the server, in milliseconds. */
  readonly timeoutMs: number;
  create(path: string, data: string, mode: CreateMode): Promise<Created>;
  delete(path: string, version?: number): Promise<void>;
  /** `undefined`: there is none; the watch then waits for its creation. */
  exists(path: string, watch?: WatchCallback): Promise<ZnodeStat | undefined>;
  getData(
    path: string,
    watch?: WatchCallback,
  ): Promise<{ readonly data: string; readonly stat: ZnodeStat }>;
  setData(path: string, data: string, version?: number): Promise<ZnodeStat>;
  /** Names, in no order that means anything. */
  getChildren(path: string, watch?: WatchCallback): Promise<readonly string[]>;
  /** Reads that follow see what was committed before. */
  sync(path: string): Promise<void>;
  /** All or nothing. Rejects with the error of the operation that failed. */
  multi(operations: readonly ZooKeeperOperation[]): Promise<void>;
  /** Runs as an event of this client; the answer ends it. */
  onState(listener: (state: SessionState) => void): () => void;
  /** Ends the session, and with it its ephemeral znodes. No call follows. */
  close(): void;
}
