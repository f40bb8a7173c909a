/**
 * The history: all that checkers may see of a run, in position order (docs/semantics.md, R0). A
 * record's index is its order, so (atUs, index) is its position. World time is in integer
 * microseconds; only checkers and reports see it, never the code under test.
 *
 * Whoever makes records writes every field of their type, in the order below, `undefined` where
 * there is nothing to say: objects of one shape are read several times as fast.
 */
import type { FaultClass, HostId, OperationId } from './fault.js';
import type { Cell, Invariant } from './invariant.js';

/** Number of an invocation, unique in a run. The id of an acquire is also the id of its grant. */
export type CallId = number;
/** Number of a lease record, unique in a run. */
export type LeaseId = number;

export type Action = 'acquire' | 'renew' | 'release';
export type Mode = 'exclusive' | 'shared';

/**
 * A client calls the lock. `waitMs` is what the workload allowed; the probe waits without limit.
 */
export interface InvokeRecord {
  readonly type: 'invoke';
  readonly atUs: number;
  readonly call: CallId;
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly action: Action;
  readonly key: string;
  readonly mode: Mode;
  /** Time to live asked for, of acquire and renew. */
  readonly ttlMs?: number | undefined;
  /** How long an acquire may wait; `null` for the probe, which waits without limit. */
  readonly waitMs?: number | null | undefined;
  /** The grant a renew or release is about; of an acquire, the one that it is nested in (R19). */
  readonly grant?: CallId | undefined;
}

/**
 * A call ended. `ok`: it did what was asked (acquire granted, renew extended, release gave back
 * what was still held). `fail`: it certainly did not. `info`: it may or may not have (it threw, or
 * its client died).
 */
export interface CompleteRecord {
  readonly type: 'ok' | 'fail' | 'info';
  readonly atUs: number;
  readonly call: CallId;
  readonly client: HostId;
  readonly operation: OperationId;
  readonly action: Action;
  /** Of an acquire that was granted. */
  readonly ownerId?: string | undefined;
  readonly fencingToken?: number | undefined;
  /** Whether the grant tells of a loss by `signal`, and answers `validForMs` (R11). */
  readonly push?: boolean | undefined;
  readonly pull?: boolean | undefined;
  /** Why not. */
  readonly reason?: string | undefined;
}

/** A client enters its section under a grant; an act (R2). */
export interface EnterRecord {
  readonly type: 'enter';
  readonly atUs: number;
  /** When the call was entered, before any pause of that call. */
  readonly calledAtUs: number;
  readonly grant: CallId;
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly key: string;
  readonly mode: Mode;
  readonly fencingToken?: number | undefined;
}

/** The client acts as holder: an access to the resource leaves, or a marked step; an act (R2). */
export interface StepRecord {
  readonly type: 'step';
  readonly atUs: number;
  readonly calledAtUs: number;
  readonly grant: CallId;
  readonly client: HostId;
  readonly access?: 'read' | 'write' | undefined;
  /** What of the resource it is about; absent: its counter. */
  readonly cell?: Cell | undefined;
}

/** The client leaves its section. Only `completed: true` is an act (R2). */
export interface ExitRecord {
  readonly type: 'exit';
  readonly atUs: number;
  readonly calledAtUs: number;
  readonly grant: CallId;
  readonly client: HostId;
  readonly completed: boolean;
}

/** The resource accepted or refused an access (R12). */
export interface AccessRecord {
  readonly type: 'access';
  readonly atUs: number;
  readonly resource: HostId;
  readonly key: string;
  readonly access: 'read' | 'write';
  readonly client: HostId;
  readonly grant: CallId;
  readonly fencingToken?: number | undefined;
  readonly accepted: boolean;
  /** What of the resource was read or written; absent: its counter. */
  readonly cell?: Cell | undefined;
  /** What was read, or written: into the counter a careful client writes what it read plus one. */
  readonly value?: number | undefined;
}

/** A client process, and the operation it was in: what a lease or its end is ascribed to. */
export interface Actor {
  readonly host: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
}

/**
 * A server accepted a request that creates or extends a lease (R1). `host` is who sent the request;
 * `owner` whose owner id the key now holds, where the lock asked the environment for one. Whose
 * grant it serves is `owner` if known, else the operation of `host` that was in progress.
 */
export interface LeaseRecord {
  readonly type: 'lease';
  /** When the server applied the request. */
  readonly atUs: number;
  readonly lease: LeaseId;
  readonly key: string;
  readonly server: HostId;
  readonly host: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly owner?: Actor | undefined;
  /** When the request left its host. */
  readonly sentAtUs: number;
  /** Time to live asked for, after the server's documented rounding. */
  readonly termUs: number | 'none' | 'session';
  /** Whether the key already held this owner's value: an extension, not a new lease. */
  readonly extends: boolean;
}

/** The reply to the request that made this lease was delivered to the host that sent it. */
export interface AckedRecord {
  readonly type: 'acked';
  readonly atUs: number;
  readonly lease: LeaseId;
}

/** A lease ended at its server. `by`: whose request did it, for released, deleted, overwritten. */
export interface LeaseEndRecord {
  readonly type: 'lease-end';
  readonly atUs: number;
  readonly lease: LeaseId;
  readonly cause: 'expired' | 'released' | 'deleted' | 'overwritten' | 'lost' | 'session';
  readonly by?: Actor | undefined;
}

/**
 * A request of a release or renew reached a server. Its effect on the lease of its sender, or on
 * somebody else's (`lease-end` or `lease` then stand beside it).
 */
export interface RequestRecord {
  readonly type: 'request';
  /** When the server applied it. */
  readonly atUs: number;
  readonly sentAtUs: number;
  readonly action: 'renew' | 'release';
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly server: HostId;
  readonly key: string;
  readonly effect: 'none' | 'ended' | 'extended';
}

/** The first message of a release left its host: the grant is no longer in term (R1, R3). */
export interface ReleaseSentRecord {
  readonly type: 'release-sent';
  readonly atUs: number;
  readonly grant: CallId;
}

/** A reply that says "this server does not hold your lease" was delivered (R3 `knew`, R11). */
export interface LossDeliveredRecord {
  readonly type: 'loss-delivered';
  readonly atUs: number;
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly server: HostId;
}

/** The lock told its holder that the grant is lost, or over (R11). */
export interface ToldRecord {
  readonly type: 'told';
  readonly atUs: number;
  readonly grant: CallId;
  readonly how: 'signal' | 'renew' | 'release' | 'validity';
}

/** The workload asked `validForMs` and got this answer (R11, pull). */
export interface ValidityRecord {
  readonly type: 'validity';
  readonly atUs: number;
  readonly calledAtUs: number;
  readonly grant: CallId;
  readonly validForMs: number;
}

/** A host changed state. `dead` and `restarted` begin or end an incarnation (R8). */
export interface HostRecord {
  readonly type: 'host';
  readonly atUs: number;
  readonly host: HostId;
  readonly incarnation: number;
  readonly state: 'paused' | 'resumed' | 'dead' | 'restarted';
}

/**
 * From here on the host's clock reads `localUs + (t − atUs) × (1 + ratePpm / 1,000,000)`. Before
 * its first segment a clock reads world time: also a wall clock, whose date at the start counts as
 * 0 here.
 */
export interface ClockRecord {
  readonly type: 'clock';
  readonly atUs: number;
  readonly host: HostId;
  readonly clock: 'wall' | 'mono';
  readonly localUs: number;
  readonly ratePpm: number;
}

/**
 * A fault began or ended; `touched`: it met a host or message of an operation in progress (R13).
 */
export interface FaultRecord {
  readonly type: 'fault';
  readonly atUs: number;
  readonly fault: string;
  readonly class: FaultClass;
  readonly edge: 'start' | 'touched' | 'end';
}

/** At the end of the run: release or clean-up requests for the key still on their way (R9). */
export interface PendingRecord {
  readonly type: 'pending';
  readonly atUs: number;
  readonly client: HostId;
  readonly incarnation: number;
  readonly requests: number;
  readonly timers: number;
}

/** A client took a place in the queue of a lock at a server (R20). */
export interface EnqueuedRecord {
  readonly type: 'enqueued';
  /** When the server applied it. */
  readonly atUs: number;
  /** The queue, by its name at the server; one server may hold several. */
  readonly key: string;
  readonly server: HostId;
  readonly host: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly mode: Mode;
}

/**
 * A place in the queue ended at its server: taken out because it was granted, given up or given
 * back by its owner, timed out, or removed by somebody else. A queue in which holders keep their
 * places never says `granted`.
 */
export interface DequeuedRecord {
  readonly type: 'dequeued';
  readonly atUs: number;
  readonly key: string;
  readonly server: HostId;
  readonly host: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly cause: 'granted' | 'left' | 'expired' | 'removed';
}

export type HistoryRecord =
  | InvokeRecord
  | CompleteRecord
  | EnterRecord
  | StepRecord
  | ExitRecord
  | AccessRecord
  | LeaseRecord
  | AckedRecord
  | LeaseEndRecord
  | RequestRecord
  | ReleaseSentRecord
  | LossDeliveredRecord
  | ToldRecord
  | ValidityRecord
  | HostRecord
  | ClockRecord
  | FaultRecord
  | PendingRecord
  | EnqueuedRecord
  | DequeuedRecord;

/** What a lock declares of itself, and the rules take from it. */
export interface Declarations {
  /** Taken off the promised end (R1): share of the TTL, and a constant. Default none. */
  readonly driftAllowance?: { readonly ratio: number; readonly constantMs: number };
  /** Servers that must hold the lease. Default: the majority of the lock's servers. */
  readonly quorum?: number;
  /** A loss must be told within this time. Default 1 ms. */
  readonly noticeMs?: number;
  /** How long before the local deadline the lock may tell. Default 10 % of the TTL. */
  readonly guardMs?: number;
  /** Who waits is told by a message when to look again: its own time limit is no retry (R10). */
  readonly wokenByMessage?: true;
  /** Bound of R10, instead of the computed one. */
  readonly progressBoundMs?: number;
  /** The order of grants that is promised; absent: none (R20). */
  readonly fairness?: 'enqueue-order';
  /** It also offers mode `shared`: judged by read-write instead of mutual exclusion (R17). */
  readonly readWrite?: true;
  /** A holder may acquire again what it holds (R19). */
  readonly reentrant?: true;
  /** How many may hold at once: judged by permits instead of mutual exclusion (R18). */
  readonly permits?: number;
}

export interface History {
  /** What is fixed for the whole run. */
  readonly world: {
    readonly key: string;
    readonly ttlMs: number;
    readonly waitMs: number;
    readonly clients: readonly HostId[];
    readonly servers: readonly HostId[];
    /** The client that probes for progress in the healed phase (R10); not one of `clients`. */
    readonly probe: HostId;
    readonly declares: Declarations;
    /** Whether the resource refuses fencing tokens lower than the highest it has seen (R12). */
    readonly fenced: boolean;
    /** What the workload promises of the resource; absent: nothing (R12). */
    readonly invariants?: readonly Invariant[] | undefined;
    /** Largest one-way latency without faults, longest section and retry delay (R10's bound). */
    readonly longestLatencyUs: number;
    readonly longestSectionUs: number;
    readonly longestRetryUs: number;
    /** Sum of the sizes of all clock steps, forwards and backwards (R9, R10). */
    readonly largestClockStepUs: number;
  };
  readonly records: readonly HistoryRecord[];
  /** H: from here on there are no faults (R10). */
  readonly healedAtUs: number;
  readonly endUs: number;
  /** Set if a limit ended the run: which one, in words. The run is then unknown. */
  readonly limit?: string;
  /** Set if an acquire was granted, wrote, and no lease of it was seen: one of the writes. */
  readonly unseen?: UnseenWrite;
}

/** An acquire that was granted wrote this, and it is taken for no lease (R1). */
export interface UnseenWrite {
  readonly server: HostId;
  /** What was written: in ZooKeeper a path. */
  readonly key: string;
  /** What type of value it has, if that alone keeps it from being a lease. */
  readonly holds?: string | undefined;
}
