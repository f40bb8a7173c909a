/**
 * A history, indexed: which records belong to which grant, lease, call and host. One pass over the
 * records, made once for all checkers of a run. A grant here is an acquire, granted or not; what it
 * did not do has the index `NONE`. Everything assumes a well-formed history (well-formed.ts).
 */
import type { HostId, OperationId } from '../fault.js';
import type {
  AckedRecord,
  CallId,
  ClockRecord,
  CompleteRecord,
  EnterRecord,
  ExitRecord,
  History,
  HistoryRecord,
  InvokeRecord,
  LeaseEndRecord,
  LeaseRecord,
  LossDeliveredRecord,
  Mode,
  StepRecord,
} from '../history.js';
import { ById } from './by-id.js';
import type { LeaseChain } from './lease-chains.js';
import { countLeading } from './sorted.js';

/** The index of a record that does not exist. */
export const NONE = -1;

/** A place in the total order of a history: an instant, and the records before it. */
export interface Position {
  readonly atUs: number;
  /** Records with a lower index lie before this position, all others after it. */
  readonly before: number;
}

/** One invocation of the lock and how it ended. */
export interface Call {
  readonly invocation: InvokeRecord;
  readonly invoked: number;
  completion: CompleteRecord | undefined;
  /** Index of the completion; `NONE` while pending. */
  completed: number;
}

/** A lease, what became of it, and the grant it serves. */
export interface Lease {
  readonly record: LeaseRecord;
  /** Index of the lease record: leases were applied in the order of their indices. */
  readonly applied: number;
  /** The grant of the owner; `undefined` if no acquire of this history owns it. */
  readonly grant: Grant | undefined;
  /** Index of the delivery of the reply, and of the end at the server; `NONE` if never. */
  acked: number;
  ended: number;
  end: LeaseEndRecord | undefined;
}

/**
 * An acquire and all that was done under it. Numbers are indices into the records, or `NONE`. A
 * nested grant is no grant of its own but part of the one that it is nested in (R19): its acts are
 * acts there, what it is told its holder is told, and its calls are calls under it.
 */
export interface Grant {
  readonly id: CallId;
  readonly acquire: Call;
  readonly client: HostId;
  readonly incarnation: number;
  readonly operation: OperationId;
  readonly key: string;
  readonly mode: Mode;
  enter: number;
  /** Enter, steps and the completed exit, in order (R2). */
  acts: readonly number[];
  /** The exit, completed or not. */
  exit: number;
  /** First time the lock told of the loss (R11). */
  told: number;
  /** First message of a release that left the host. */
  releaseSent: number;
  /** Leases that this grant's own host made or extended for it, in the order applied (R1). */
  leases: readonly Lease[];
  /** Deliveries of "this server does not hold your lease". */
  losses: readonly number[];
  /** Answers of `validForMs`. */
  validities: readonly number[];
  /** Renews, releases and nested acquires that were called under it, and what is nested in it. */
  calls: readonly Call[];
}

export interface HistoryIndex {
  readonly history: History;
  readonly records: readonly HistoryRecord[];
  /** Servers that must hold a lease for the grant to be promised (R1). */
  readonly quorum: number;
  /** All calls of the lock, and those of them that are acquires, in the order of invocation. */
  readonly calls: readonly Call[];
  readonly grants: readonly Grant[];
  /** Also by the id of a nested one: the grant that it is part of. */
  readonly grantById: Pick<ById<Grant>, 'get'>;
  /** One acquire per operation, so an operation names a grant. */
  readonly grantByOperation: Pick<ByOperation, 'get'>;
  /** Grants under which a client entered, in the order of entering. */
  readonly sections: readonly Grant[];
  /** All leases, whoever owns them, in the order applied. */
  readonly leases: readonly Lease[];
  /** Indices of the host records of each host: pauses, deaths, restarts. */
  readonly hostStates: ReadonlyMap<HostId, readonly number[]>;
  /** Segments of each host's monotonic clock, in order. A wall clock excuses nobody (R3). */
  readonly monoClocks: ReadonlyMap<HostId, readonly ClockRecord[]>;
  /** Indices of all accesses to the resource, and of all requests of renews and releases. */
  readonly accesses: readonly number[];
  readonly requests: readonly number[];
  /** Indices of what hosts left unfinished at the end of the run, and of the edges of faults. */
  readonly pending: readonly number[];
  readonly faults: readonly number[];
  /** What `leaseChains` answers, once it was asked: several checkers do. */
  chains: readonly LeaseChain[] | undefined;
}

/** Grants by the name of their operation, entered when somebody asks: few messages come so late. */
class ByOperation {
  private readonly entered = new Map<OperationId, Grant>();

  constructor(private readonly grants: readonly Grant[]) {}

  get(operation: OperationId): Grant | undefined {
    for (let at = this.entered.size; at < this.grants.length; at++) {
      const grant = this.grants[at]!;
      this.entered.set(grant.operation, grant);
    }
    return this.entered.get(operation);
  }
}

/** What is under construction while the records are read. */
class Indexer implements HistoryIndex {
  readonly records: readonly HistoryRecord[];
  readonly quorum: number;
  readonly calls: Call[] = [];
  readonly grants: Grant[] = [];
  readonly grantById = new ById<Grant>();
  readonly grantByOperation = new ByOperation(this.grants);
  readonly sections: Grant[] = [];
  readonly leases: Lease[] = [];
  readonly hostStates = new Map<HostId, number[]>();
  readonly monoClocks = new Map<HostId, ClockRecord[]>();
  readonly accesses: number[] = [];
  readonly requests: number[] = [];
  readonly pending: number[] = [];
  readonly faults: number[] = [];
  chains: readonly LeaseChain[] | undefined;
  /** Calls of renews and releases, and nested acquires. */
  private readonly callById = new ById<Call>();
  private readonly leaseById = new ById<Lease>();
  /** The latest acquire of each client: what most leases are about. */
  private readonly latest = new Map<HostId, Grant>();

  constructor(readonly history: History) {
    this.records = history.records;
    const { declares, servers } = history.world;
    this.quorum = declares.quorum ?? Math.floor(servers.length / 2) + 1;
  }

  add(record: HistoryRecord, at: number): void {
    switch (record.type) {
      case 'invoke':
        this.addInvocation(record, at);
        break;
      case 'ok':
      case 'fail':
      case 'info':
        this.addCompletion(record, at);
        break;
      case 'enter':
      case 'step':
      case 'exit':
        this.addAct(record, at);
        break;
      case 'lease':
        this.addLease(record, at);
        break;
      case 'acked':
      case 'lease-end':
        this.addToLease(record, at);
        break;
      case 'loss-delivered':
        this.addLoss(record, at);
        break;
      case 'told': {
        const grant = this.grantById.get(record.grant)!;
        if (grant.told === NONE) grant.told = at;
        break;
      }
      case 'release-sent': {
        const grant = this.grantById.get(record.grant)!;
        // The release of a nested grant does not give back the one around it.
        if (grant.releaseSent === NONE && grant.id === record.grant) grant.releaseSent = at;
        break;
      }
      case 'validity':
        this.addValidity(record.grant, at);
        break;
      case 'host':
        append(this.hostStates, record.host, at);
        break;
      case 'clock':
        if (record.clock === 'mono') append(this.monoClocks, record.host, record);
        break;
      case 'access':
        this.accesses.push(at);
        break;
      case 'request':
        this.requests.push(at);
        break;
      case 'pending':
        this.pending.push(at);
        break;
      case 'fault':
        this.faults.push(at);
        break;
    }
  }

  private addInvocation(invocation: InvokeRecord, invoked: number): void {
    const call: Call = { invocation, invoked, completion: undefined, completed: NONE };
    this.calls.push(call);
    if (invocation.grant !== undefined) {
      const grant = this.grantById.get(invocation.grant)!;
      grant.calls = appended(grant.calls, call);
      this.callById.set(invocation.call, call);
      if (invocation.action === 'acquire') this.grantById.set(invocation.call, grant);
      return;
    }
    const grant: Grant = {
      id: invocation.call,
      acquire: call,
      client: invocation.client,
      incarnation: invocation.incarnation,
      operation: invocation.operation,
      key: invocation.key,
      mode: invocation.mode,
      enter: NONE,
      acts: EMPTY,
      exit: NONE,
      told: NONE,
      releaseSent: NONE,
      leases: EMPTY,
      losses: EMPTY,
      validities: EMPTY,
      calls: EMPTY,
    };
    this.grants.push(grant);
    this.grantById.set(grant.id, grant);
    this.latest.set(grant.client, grant);
  }

  private addCompletion(completion: CompleteRecord, at: number): void {
    const { call: id } = completion;
    const call = this.callById.get(id) ?? this.grantById.get(id)!.acquire;
    call.completion = completion;
    call.completed = at;
  }

  private addAct(record: EnterRecord | StepRecord | ExitRecord, at: number): void {
    const grant = this.grantById.get(record.grant)!;
    const isOwn = grant.id === record.grant;
    if (record.type === 'enter') {
      if (isOwn) {
        grant.enter = at;
        this.sections.push(grant);
      }
    } else if (record.type === 'exit') {
      if (isOwn) grant.exit = at;
      if (!record.completed) return;
    }
    grant.acts = appended(grant.acts, at);
  }

  private addLease(record: LeaseRecord, applied: number): void {
    const owner = record.owner ?? record;
    const grant = this.ownedBy(owner.host, owner.incarnation, owner.operation);
    const lease: Lease = { record, applied, grant, acked: NONE, ended: NONE, end: undefined };
    this.leases.push(lease);
    this.leaseById.set(record.lease, lease);
    if (grant !== undefined && record.host === grant.client) {
      grant.leases = appended(grant.leases, lease);
    }
  }

  private addToLease(record: AckedRecord | LeaseEndRecord, at: number): void {
    const lease = this.leaseById.get(record.lease)!;
    if (record.type === 'acked') {
      lease.acked = at;
      return;
    }
    lease.ended = at;
    lease.end = record;
  }

  private addLoss(record: LossDeliveredRecord, at: number): void {
    const grant = this.ownedBy(record.client, record.incarnation, record.operation);
    if (grant !== undefined) grant.losses = appended(grant.losses, at);
  }

  private addValidity(id: CallId, at: number): void {
    const grant = this.grantById.get(id)!;
    grant.validities = appended(grant.validities, at);
  }

  private ownedBy(host: HostId, incarnation: number, operation: OperationId): Grant | undefined {
    const latest = this.latest.get(host);
    const grant = latest?.operation === operation ? latest : this.grantByOperation.get(operation);
    const same = grant?.client === host && grant.incarnation === incarnation;
    return same ? grant : undefined;
  }
}

/** Not frozen: loops over lists of which some are frozen are slow. */
const EMPTY: readonly never[] = [];

/**
 * Most lists of most grants stay empty or short. They share one list while they are empty, and an
 * array grows by itself to four times what they need.
 */
function appended<T>(list: readonly T[], item: T): readonly T[] {
  if (list.length === 0) return [item];
  if (list.length === 1) return [list[0]!, item];
  if (list.length === 2) return [list[0]!, list[1]!, item];
  if (list.length === 3) return [list[0]!, list[1]!, list[2]!, item];
  (list as T[]).push(item);
  return list;
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [item]);
  else list.push(item);
}

/** Indexes a well-formed history in one pass. */
export function indexHistory(history: History): HistoryIndex {
  const index = new Indexer(history);
  const { records } = history;
  for (let at = 0; at < records.length; at++) index.add(records[at]!, at);
  return index;
}

/** The position of a record. */
export function positionOf(index: HistoryIndex, record: number): Position {
  return { atUs: index.records[record]!.atUs, before: record };
}

/** The position after everything that happened at an instant. */
export function endOfInstant(index: HistoryIndex, atUs: number): Position {
  return { atUs, before: countLeading(index.records, (record) => record.atUs <= atUs) };
}

export type Act = EnterRecord | StepRecord | ExitRecord;

/** The record of an act, given its index. */
export function actAt(index: HistoryIndex, record: number): Act {
  return index.records[record] as Act;
}

/** Where the call of an act was entered, before any pause of that call (R2, `calledAtUs`). */
export function calledPosition(index: HistoryIndex, record: number): Position {
  const { atUs, calledAtUs } = actAt(index, record);
  if (calledAtUs === atUs) return positionOf(index, record);
  return endOfInstant(index, calledAtUs);
}
