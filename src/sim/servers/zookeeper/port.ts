/**
 * What a simulated ZooKeeper needs of the world, and what the world does to it. It is a whole
 * ensemble as one plain state machine: requests and faults come in, messages and changes go out,
 * and time is what its clocks say. All its servers share one wall and one monotonic clock.
 */
import type { Request, ServerMessage } from './messages.js';

/** A znode as the observer sees it. */
export interface ZnodeState {
  readonly data: string | null;
  /** Session it ends with; 0: with none. */
  readonly ephemeralOwner: number;
  readonly czxid: number;
  readonly version: number;
}

export type SessionState = 'open' | 'closed';

/**
 * Why: a client opened it; a client came back to it; the leader heard from its client (a request or
 * ping, of a follower's clients twice a tick); a new leader restarted its clock; its client closed
 * it; it timed out; the data directory was lost.
 */
export type SessionCause =
  | 'created'
  | 'resumed'
  | 'renewed'
  | 'leader'
  | 'closed'
  | 'expired'
  | 'lost';

/** Why a znode changed: a request, the end of its session, or a lost data directory. */
export type ZnodeCause = 'command' | 'session' | 'lost';

export interface ZooKeeperPort {
  /** Monotonic clock, in microseconds: sessions expire on it (upstream Time.currentElapsedTime). */
  monoUs(): number;
  /** Wall clock, in microseconds: ctime and mtime. */
  wallUs(): number;
  /** Sends a message on a connection; the world keeps their order. */
  send(connection: number, message: ServerMessage): void;
  /** Asks to be woken by `alarm` at that reading of the clock; replaces the earlier request. */
  setAlarm(clock: 'mono', atUs: number | undefined): void;
  /** The server closes a connection, after what it has sent on it. */
  close(connection: number): void;
  /** Told of every session, when the leader has decided. */
  sessionChanged(sessionId: number, state: SessionState, cause: SessionCause): void;
  /** Told of every change of a znode, when it is committed. */
  nodeChanged(
    path: string,
    before: ZnodeState | undefined,
    after: ZnodeState | undefined,
    cause: ZnodeCause,
  ): void;
  /**
   * An integer 0 … n − 1: which follower becomes the leader, and which of the sessions that end in
   * the same tick ends first.
   */
  choose(n: number): number;
}

export interface ZooKeeperServerOptions {
  /** zoo.cfg `tickTime`. Sessions expire on multiples of it. */
  readonly tickTimeMs: number;
  /** Session timeouts are held between these; absent: 2 and 20 ticks, as in upstream. */
  readonly minSessionTimeoutMs?: number;
  readonly maxSessionTimeoutMs?: number;
  /** Servers beside the leader, by how late each applies what is committed, in microseconds. */
  readonly followerLagUs: readonly number[];
  /** zoo.cfg `syncLimit`: ticks after which a server that is cut off stops to serve. */
  readonly syncLimit: number;
  /**
   * What a restart finds. ZooKeeper answers a write when it is on disk, so that nothing is lost
   * unless the data directory is (a container without a volume).
   */
  readonly dataDirectory: 'kept' | 'lost';
  /** System property `znode.container.checkIntervalMs`; upstream: 60,000. */
  readonly containerCheckIntervalMs: number;
}

/** The simulated ensemble: what `createZooKeeperServer(options, port)` returns. */
export interface ZooKeeperServer {
  /** Number of the server that leads, or last did. */
  readonly leader: number;
  /** A client has reached server `member`, from 1; the leader at first is 1. Default: 1. */
  connect(connection: number, member?: number): void;
  /** Applies a request; the response goes to `port.send`, later where a follower lags. */
  execute(connection: number, request: Request): void;
  /** The connection ended: its watches with it. Its session goes on until it times out. */
  disconnect(connection: number): void;
  alarm(): void;
  /** All servers lose power: connections are gone. */
  crash(): void;
  restart(): void;
  /** The leader resigns to `member`: all connections are closed, all sessions' clocks restart. */
  changeLeader(member: number): void;
  /**
   * Cuts `member` off from the other servers, not from its clients: it answers reads from what it
   * has, and after `syncLimit` ticks closes its connections and refuses new ones. A leader that is
   * cut off is replaced then.
   */
  isolate(member: number): void;
  rejoin(member: number): void;
}
