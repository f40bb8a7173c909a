/**
 * Faults as plain data: what the nemesis does to a run, where, when and for how long. A fault is
 * part of the scenario, so it can be listed, edited, dragged, shrunk and sent to somebody else.
 * All times are integer microseconds of world time (docs/semantics.md, R4 to R8 and R16).
 */

/** Every fault class a campaign can switch on. `interleaving` is the absence of any fault. */
export const FAULT_CLASSES = [
  'pause',
  'clock-step',
  'clock-drift',
  'client-crash',
  'server-crash',
  'partition',
  'delay',
  'lost-request',
  'lost-reply',
  'half-open',
  'server-error',
  'failover',
  'interleaving',
] as const;

export type FaultClass = (typeof FAULT_CLASSES)[number];

/** Name of a host: clients `A`, `B`, …; servers `r1`, `r2`, …; the protected resource `store`. */
export type HostId = string;

/** Stable id that the scenario gives to a client operation: client and number, `A3`. */
export type OperationId = string;

/**
 * When a fault strikes.
 * - `atUs`: at that instant of world time.
 * - `call`: when the client of `operation` enters its `nth` environment call (from 1) of it.
 * - `delivery`: when the `nth` message (from 1) of that operation has been delivered to its client.
 */
export type Trigger =
  | { readonly atUs: number }
  | { readonly call: { readonly operation: OperationId; readonly nth: number } }
  | { readonly delivery: { readonly operation: OperationId; readonly nth: number } };

interface FaultBase {
  /** Unique within the scenario: `f1`, `f2`, … */
  readonly id: string;
  readonly at: Trigger;
}

/** The client stops for `durationUs` while the world goes on (collector, suspended machine). R4. */
export interface PauseFault extends FaultBase {
  readonly class: 'pause';
  readonly host: HostId;
  readonly durationUs: number;
}

/** The wall clock of a host changes at once by `byUs`, either way. */
export interface ClockStepFault extends FaultBase {
  readonly class: 'clock-step';
  readonly host: HostId;
  readonly byUs: number;
}

/** Both clocks of a host run at rate 1 + ppm/1,000,000 for `durationUs`. */
export interface ClockDriftFault extends FaultBase {
  readonly class: 'clock-drift';
  readonly host: HostId;
  readonly ppm: number;
  readonly durationUs: number;
}

/**
 * The process is killed, or its machine loses power; restarts after `restartAfterUs`, or never. R8.
 */
export interface ClientCrashFault extends FaultBase {
  readonly class: 'client-crash';
  readonly host: HostId;
  readonly mode: 'kill' | 'power';
  readonly restartAfterUs: number | null;
}

/** The server loses power and restarts; what it remembers depends on its persistence option. */
export interface ServerCrashFault extends FaultBase {
  readonly class: 'server-crash';
  readonly host: HostId;
  readonly restartAfterUs: number;
}

/** Bytes between a client and a server are held until the end of the partition. R7. */
export interface PartitionFault extends FaultBase {
  readonly class: 'partition';
  readonly client: HostId;
  readonly server: HostId;
  readonly direction: 'both' | 'to-server' | 'to-client';
  readonly durationUs: number;
}

/** Each message in that direction that leaves during `durationUs` arrives `byUs` later. R7. */
export interface DelayFault extends FaultBase {
  readonly class: 'delay';
  readonly client: HostId;
  readonly server: HostId;
  readonly direction: 'to-server' | 'to-client';
  readonly durationUs: number;
  readonly byUs: number;
}

/** The next request that the client sends to the server is lost with its connection. R7. */
export interface LostRequestFault extends FaultBase {
  readonly class: 'lost-request';
  readonly client: HostId;
  readonly server: HostId;
}

/** The next request is applied, and its reply is lost with its connection. R7. */
export interface LostReplyFault extends FaultBase {
  readonly class: 'lost-reply';
  readonly client: HostId;
  readonly server: HostId;
}

/** The server end of the connection vanishes without a word: silence, no reset. R7. */
export interface HalfOpenFault extends FaultBase {
  readonly class: 'half-open';
  readonly client: HostId;
  readonly server: HostId;
}

/** The server answers every request with an error, and applies none, for `durationUs`. */
export interface ServerErrorFault extends FaultBase {
  readonly class: 'server-error';
  readonly host: HostId;
  readonly durationUs: number;
  readonly error: string;
}

/**
 * A Redis server or a PostgreSQL is replaced by its asynchronous replica number `replica` (from 1).
 * Of an etcd cluster the leader changes (1), is cut off from the other members for a while (2), or
 * stalls (3); of a ZooKeeper ensemble it changes (1) or is cut off (2), or a follower is (3).
 */
export interface FailoverFault extends FaultBase {
  readonly class: 'failover';
  readonly host: HostId;
  readonly replica: number;
}

/** What a failover met in a run, of what its number of a replica leaves open. */
export interface Struck {
  /** Of a ZooKeeper: the server of its ensemble (from 1) that leads now, or is cut off. */
  readonly member?: number;
  /** Of an etcd: the connections that stay with the leader that is cut off. */
  readonly left?: readonly number[];
  /** Of an etcd: how long the other members were without a leader. Default: drawn. */
  readonly electedAfterUs?: number;
}

export type Fault =
  | PauseFault
  | ClockStepFault
  | ClockDriftFault
  | ClientCrashFault
  | ServerCrashFault
  | PartitionFault
  | DelayFault
  | LostRequestFault
  | LostReplyFault
  | HalfOpenFault
  | ServerErrorFault
  | FailoverFault;
