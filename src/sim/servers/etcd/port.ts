/**
 * What a simulated etcd needs of the world, and what the world does to it. The server is a plain
 * state machine: requests and faults come in, messages and news of keys and leases go out, and time
 * is what its leader's monotonic clock says. It knows nothing of latencies, queues or clients.
 */
import type { Struck } from '../../../fault.js';
import type { EtcdMessage, EtcdRequest, KeyValue } from './messages.js';

/** A lease as the observer sees it. */
export interface LeaseState {
  readonly id: number;
  /** As granted: at least the server's minimum. */
  readonly ttlSeconds: number;
  /** When the leader takes it for ended, on its monotonic clock; ∞ while there is no leader. */
  readonly expiresAtUs: number;
  readonly keys: readonly string[];
}

/**
 * What happened to a lease: a grant; a keep-alive, be it one at a leader that was cut off, whose
 * word counts only with its client; a new leader that gives it its whole TTL again; its end because
 * nobody kept it alive, or by a revocation that a client asked for.
 */
export type LeaseChange = 'created' | 'extended' | 'reset' | 'expired' | 'released';

/**
 * What happened to a key: a request wrote or deleted it, or its lease ended (`expired`,
 * `released`).
 */
export type KeyChange = 'created' | 'overwritten' | 'deleted' | 'expired' | 'released';

export interface EtcdPort {
  /** The monotonic clock of the leader, in microseconds: leases run on it (Go's `time.Until`). */
  monoUs(): number;
  /**
   * Sends a message on a connection. As on the streams of gRPC an answer may overtake that to an
   * earlier request which waits: `call` tells which one it is. Keep-alives are answered in order.
   */
  send(connection: number, message: EtcdMessage): void;
  /** Asks to be woken by `alarm` at that reading of the clock; replaces the earlier request. */
  setAlarm(clock: 'mono', atUs: number | undefined): void;
  /** Told of every change of a lease, after it took effect; `keys` are those it had until then. */
  leaseChanged(lease: LeaseState, change: LeaseChange): void;
  /** Told of every change of a key, after it took effect. */
  keyChanged(
    key: string,
    before: KeyValue | undefined,
    after: KeyValue | undefined,
    change: KeyChange,
  ): void;
  /** An integer 0 … n − 1: ids of leases, phases of periodic work, lengths of elections. */
  choose(n: number): number;
}

export interface EtcdServerOptions {
  /** `--heartbeat-interval`, in milliseconds; etcd's default is 100. */
  readonly heartbeatMs: number;
  /** `--election-timeout`, in milliseconds; etcd's default is 1000. */
  readonly electionMs: number;
}

/** How a leader comes to be cut off (see `isolateLeader`). */
export type Isolation = 'partition' | 'stall';

/** The simulated cluster: what `createEtcdServer(options, port)` returns. */
export interface EtcdServer {
  /** A connection to a member that follows the leader, or is it. */
  connect(connection: number): void;
  /** The connection ended, by either side: its watches and waiting calls with it. */
  disconnect(connection: number): void;
  /** Applies a request; the answer goes to `port.send`, later if the request has to wait. */
  execute(connection: number, request: EtcdRequest): void;
  /** The clock reached the time asked for: expire leases, feed watches, give up waiting calls. */
  alarm(): void;
  /** All members lose power: connections are gone. What was answered is on disk. */
  crash(): void;
  restart(): void;
  /** Another member becomes the leader, with no time in between, as by `etcdctl move-leader`. */
  leaderChange(): void;
  /**
   * Cuts the leader off from the others, which elect another one after a while; answers the
   * connections that stay with the old leader: those it is told, or by `port.choose`. By
   * `partition` it can reach nobody and notices it; by `stall` its disk hangs, so that it notices
   * nothing. A leader that crashes is one that is cut off and whose connections are reset.
   */
  isolateLeader(how: Isolation, told?: Struck): readonly number[];
  /** The member that was cut off follows the new leader from now on. */
  healLeader(): void;
}
